"""From a request whose templates are resolved to one that can be sent, with every header it will carry."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.headers import TOKEN, assemble_headers
from tui_client.http.hosts import NO_HOSTS, Hosts, Unverified, trusting, trusting_proxy, unverified
from tui_client.http.profile import ConnectionProfile, FrontTls
from tui_client.http.proxy_env import chosen_proxy, environment_proxy, proxy_secrets, proxy_variables, shown_proxy
from tui_client.http.url import Url, parse_url
from tui_client.kinds.auth._kind import AuthKind
from tui_client.kinds.body._kind import BodyKind
from tui_client.kinds.declared import declared_fields
from tui_client.model.content import EncodedBody, Locate
from tui_client.model.effective import ResolvedRequest
from tui_client.model.exchange import RawHeader
from tui_client.model.options import SendOptions

_NO_BODY = EncodedBody()


class PreparedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request ready for the engine; it can be sent any number of times.

    headers: every row, as sent, but those that `auth` and the cookie jar will add.
    proxy: as shown, without its password. warnings: sentences about what could not be obeyed.
    environ: the proxy variables, for redirects to another host; empty when the environment is switched off.
    hosts: the user's own settings of hosts, for the same.
    """

    key: str
    method: str
    address: Url
    headers: tuple[RawHeader, ...]
    body: EncodedBody = _NO_BODY
    auth: AuthKind | None = None
    profile: ConnectionProfile = ConnectionProfile()
    options: SendOptions = SendOptions()
    secrets: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    environ: Mapping[str, str] = {}
    hosts: Hosts = {}

    @property
    def url(self) -> str:
        """The URL as it is sent, without user, password and fragment."""
        return self.address.text

    @property
    def target(self) -> bytes:
        """The exact request target."""
        return self.address.target

    @property
    def proxy(self) -> str:
        """The proxy in use as people may see it, "" for none."""
        return shown_proxy(self.profile.proxy)

    @property
    def unverified(self) -> tuple[Unverified, ...]:
        """Whose certificates nobody will look at."""
        return unverified(self.profile, self.address, self.hosts)


def prepare(
    request: ResolvedRequest, locate: Locate, *, environ: Mapping[str, str] | None = None, hosts: Hosts = NO_HOSTS
) -> PreparedRequest:
    """Check a request and lay out all that will be sent; reads no file but for its size.

    environ: where proxy variables are read, the process's environment by default; empty switches them off. hosts: the
    user's own settings of hosts.
    Raises RequestFailed (method.invalid, url.invalid, header.invalid, proxy.invalid, body.invalid, file.*).
    """
    if not TOKEN.match(request.method):
        detail = "a method is one word of letters, digits and !#$%&'*+-.^_`|~"
        raise RequestFailed(Failure(FailureKind.METHOD_INVALID, subject=request.method, detail=detail))
    address = parse_url(request.url)
    auth = request.auth if isinstance(request.auth, AuthKind) else None
    body = request.body.encode(locate) if isinstance(request.body, BodyKind) else _NO_BODY
    credentials = None if address.userinfo is None or auth is not None else _basic(address.userinfo)
    # No more than is needed: a request may be printed, and an environment is full of secrets.
    variables = proxy_variables(os.environ if environ is None else environ)
    profile, warnings = connection_profile(request.options, address, variables, hosts)
    return PreparedRequest(
        key=request.key,
        method=request.method,
        address=address,
        headers=assemble_headers(request.method, address, request.headers, body, credentials),
        body=body,
        auth=auth,
        profile=profile,
        options=request.options,
        secrets=_known_secrets(request, auth, profile, address, credentials),
        warnings=warnings,
        environ=variables,
        hosts=hosts,
    )


def connection_profile(
    options: SendOptions, address: Url, environ: Mapping[str, str], hosts: Hosts = NO_HOSTS
) -> tuple[ConnectionProfile, tuple[str, ...]]:
    """TLS, proxy and protocol for an address, and warnings. Raises RequestFailed (proxy.invalid)."""
    warnings: tuple[str, ...] = ()
    if options.proxy:
        proxy = chosen_proxy(options.proxy)
    else:
        choice = environment_proxy(address.scheme, address.host, environ)
        proxy, warnings = choice.proxy, (choice.warning,) if choice.warning else ()
    return _with_trust(options, address, hosts, proxy), warnings


def _with_trust(options: SendOptions, address: Url, hosts: Hosts, proxy: str) -> ConnectionProfile:
    trust = trusting(options, hosts, address.host, address.port)
    front = None
    if (towards := trusting_proxy(options, hosts, proxy)) is not None:
        front = FrontTls(towards.verify, towards.ca, towards.client_cert)
        if front == FrontTls(trust.verify, trust.ca, trust.client_cert):
            front = None
    return ConnectionProfile(trust.verify, trust.ca, trust.client_cert, proxy, options.http2, front)


def _basic(userinfo: bytes) -> RawHeader:
    pair = userinfo if b":" in userinfo else userinfo + b":"
    return b"Authorization", b"Basic " + b64encode(pair)


def _known_secrets(
    request: ResolvedRequest,
    auth: AuthKind | None,
    profile: ConnectionProfile,
    address: Url,
    credentials: RawHeader | None,
) -> frozenset[str]:
    # Encoded forms too: a value in a query or a form body stands there percent-encoded.
    found = set(request.secrets)
    if auth is not None:
        found.update(_secret_fields(auth))
    if profile.proxy:
        found.update(proxy_secrets(profile.proxy))
    if address.userinfo is not None:
        found.add(address.userinfo.partition(b":")[2].decode(errors="replace"))
    if credentials is not None:
        found.add(credentials[1].partition(b" ")[2].decode("ascii"))
    found.discard("")
    found.update(*(_in_host(secret, request.url, address.host) for secret in found))
    # A captured token may hold half of a surrogate pair; whoever sends it says so.
    return frozenset(found | {quote(value.encode("utf-8", "surrogatepass"), safe="") for value in found})


def _in_host(secret: str, url: str, host: str) -> tuple[str, ...]:
    """How a secret stands in the host, where it does: in lower case; in another script, the whole host tells it."""
    if secret.isascii():
        return (lower,) if (lower := secret.lower()) != secret and lower in host else ()
    return (host,) if secret in url.partition("://")[2].partition("/")[0] else ()


def _secret_fields(auth: AuthKind) -> list[str]:
    names = (field.name for field in declared_fields(type(auth)) if field.secret)
    return [value for name in names if isinstance(value := getattr(auth, name), str)]
