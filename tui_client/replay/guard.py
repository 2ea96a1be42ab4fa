"""What a request may reach: decided by the user, asked for before anything is sent."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.hosts import NETWORK, Network
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.http.route import HttpProxy, SocksProxy, UnixSocket, parse_route
from tui_client.http.url import parse_url
from tui_client.model.content import Locate
from tui_client.model.effective import ResolvedRequest
from tui_client.storage.inside import is_inside, locate_in
from tui_client.text import redact
from tui_client.trust.grants import Gate, Grant, GrantKind, how_to_allow

_FIRST_SECRET: Final = "it would get a secret, or what came of one, for the first time"


async def prepared_within(
    resolved: ResolvedRequest,
    bound: bool,
    root: Path,
    gate: Gate,
    network: Network = NETWORK,
    *,
    own_proxy: str = "",
    cookies: bool = False,
) -> PreparedRequest:
    """Prepare a request, once all that it reaches is granted to the collection at `root`.

    bound: it carries a secret, or what came of one (`replay.bound`): a host that never got any must be granted,
    loopback aside. cookies: it may carry some, which a proxy that a file names would get to see. own_proxy: of the
    user's own settings; network: likewise. Raises RequestFailed (trust.refused, file.*, and what `http.prepare` does).
    """
    collection = str(root)
    prepared = await _with_files(resolved, root, gate, network)
    if prepared.profile.proxy != own_proxy:
        await _ask_for_socket(prepared.profile.proxy, root, gate)
    try:
        await _ask_for_unverified(prepared, collection, gate)
        told = _receivers(prepared) if bound else ()
        if cookies and resolved.options.proxy not in ("", own_proxy):
            told = (*told, *_proxies(prepared))
        for authority in dict.fromkeys(told):
            if not _is_loopback(authority):
                await _ask(gate, collection, GrantKind.HOST, authority, _FIRST_SECRET)
    except RequestFailed as error:
        raise RequestFailed(masked_failure(error.failure, prepared.secrets)) from None
    return prepared


def masked_failure(failure: Failure, secrets: frozenset[str]) -> Failure:
    """The failure without these values."""
    if not secrets:
        return failure
    texts = {name: redact(getattr(failure, name), secrets) for name in ("subject", "place", "detail")}
    return msgspec.structs.replace(failure, **texts)


async def _ask_for_unverified(prepared: PreparedRequest, collection: str, gate: Gate) -> None:
    # What redirects lead to is verified again. What the user's own settings say needs no asking.
    for one in prepared.unverified:
        if not one.own:
            await _ask(gate, collection, GrantKind.INSECURE, one.authority, "its certificate would not be verified")


async def _ask_for_socket(proxy: str, root: Path, gate: Gate) -> None:
    """A socket of this machine is a file: behind it may be whoever rules over the machine."""
    path = _socket(proxy)
    if path is None or is_inside(path, root):
        return
    if not await gate.allow(str(root), Grant(GrantKind.FILE, str(path))):
        raise RequestFailed(Failure(FailureKind.FILE_OUTSIDE, proxy, detail=str(path)))


def _socket(proxy: str) -> Path | None:
    route = parse_route(proxy)
    if not isinstance(route, UnixSocket):
        return None
    try:
        return Path(route.path).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise RequestFailed(Failure(FailureKind.PROXY_INVALID, proxy, detail=str(error))) from error


async def _with_files(resolved: ResolvedRequest, root: Path, gate: Gate, network: Network) -> PreparedRequest:
    allowed: frozenset[Path] = frozenset()
    while True:
        locate = _no_secret_files(locate_in(root, allowed))
        try:
            real = _with_real_paths(resolved, locate)
            return prepare(real, locate, environ=network.environ, hosts=network.hosts)
        except RequestFailed as error:
            outside = Path(error.failure.detail)
            if error.failure.kind is not FailureKind.FILE_OUTSIDE or outside in allowed:
                raise
            if not await gate.allow(str(root), Grant(GrantKind.FILE, str(outside))):
                raise
            allowed |= {outside}


def _with_real_paths(resolved: ResolvedRequest, locate: Locate) -> ResolvedRequest:
    options = resolved.options
    paths = {name: str(locate(path)) for name in ("ca", "client_cert") if (path := getattr(options, name))}
    if not paths:
        return resolved
    return msgspec.structs.replace(resolved, options=msgspec.structs.replace(options, **paths))


def _no_secret_files(locate: Locate) -> Locate:
    def refusing(written: str) -> Path:
        path = locate(written)
        # It lies inside the collection, and a request could carry it to anyone.
        if path.name.endswith(".secret.toml"):
            raise RequestFailed(Failure(FailureKind.FILE_MISSING, written, detail="files of secrets are never sent"))
        return path

    return refusing


def _receivers(prepared: PreparedRequest) -> tuple[str, ...]:
    origins = prepared.auth.receivers() if prepared.auth is not None else ()
    return (
        prepared.address.authority,
        *_proxies(prepared),
        *(parse_url(origin).authority for origin in origins),
    )


def _proxies(prepared: PreparedRequest) -> tuple[str, ...]:
    route = parse_route(prepared.profile.proxy)
    return (route.subject,) if isinstance(route, HttpProxy | SocksProxy) else ()


def _is_loopback(authority: str) -> bool:
    host = authority.rpartition(":")[0].strip("[]").partition("%")[0]
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _ask(gate: Gate, collection: str, kind: GrantKind, subject: str, why: str) -> None:
    if not await gate.allow(collection, Grant(kind, subject)):
        detail = f"{why}; {how_to_allow(Grant(kind, subject))}"
        raise RequestFailed(Failure(FailureKind.TRUST_REFUSED, subject, detail=detail))
