"""What a request may reach: decided by the user, asked for before anything is sent."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.http.url import DEFAULT_PORTS, parse_url
from tui_client.model.content import Locate
from tui_client.model.effective import ResolvedRequest
from tui_client.storage.inside import locate_in
from tui_client.trust.grants import Gate, Grant, GrantKind


async def prepared_within(
    resolved: ResolvedRequest, secrets: frozenset[str], root: Path, gate: Gate, environ: Mapping[str, str] | None = None
) -> PreparedRequest:
    """Prepare a request, once all that it reaches is granted to the collection at `root`.

    secrets: values from the secret store; a host that never got one must be granted, loopback aside.
    Raises RequestFailed (trust.refused, file.*, and what `http.prepare` raises).
    """
    collection = str(root)
    prepared = await _with_files(resolved, root, gate, environ)
    # A redirect to another origin is verified again, so only the first address counts.
    if not prepared.options.verify and prepared.address.scheme == "https":
        await _ask(
            gate, collection, GrantKind.INSECURE, _authority(prepared.url), "its certificate would not be verified"
        )
    if any(secret in resolved.secrets for secret in secrets):
        for authority in _receivers(prepared):
            await _ask(gate, collection, GrantKind.HOST, authority, "it would get a secret for the first time")
    return prepared


async def _with_files(
    resolved: ResolvedRequest, root: Path, gate: Gate, environ: Mapping[str, str] | None
) -> PreparedRequest:
    allowed: frozenset[Path] = frozenset()
    while True:
        locate = _no_secret_files(locate_in(root, allowed))
        try:
            return prepare(_with_real_paths(resolved, locate), locate, environ=environ)
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


def _receivers(prepared: PreparedRequest) -> list[str]:
    urls = [prepared.url, prepared.profile.proxy]
    if prepared.auth is not None:
        fields = msgspec.structs.asdict(prepared.auth).values()
        urls += [value for value in fields if isinstance(value, str) and value.startswith(("http://", "https://"))]
    # A proxy may be a Unix socket, or speak SOCKS: no URL with an authority of HTTP.
    web = [
        url.replace("socks5h://", "http://").replace("socks5://", "http://").replace("socks4://", "http://")
        for url in urls
    ]
    found = dict.fromkeys(_authority(url) for url in web if url.startswith(("http://", "https://")))
    return [authority for authority in found if not _is_loopback(authority)]


def _authority(url: str) -> str:
    address = parse_url(url)
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port or DEFAULT_PORTS[address.scheme]}"


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
        detail = f"{why}; --grant {kind}:{subject} allows it"
        raise RequestFailed(Failure(FailureKind.TRUST_REFUSED, subject, detail=detail))
