"""Twelve ways to carry credentials, five ways to be redirected to another origin, and what arrives there."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus

import trustme
from faulty_tls import server_context
from loopback import Loopback, Peer, Wire

from tui_client.http.cookies import CookieJar
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2

CANARY: Final = "canary/of the+redirect"
TOKEN: Final = "canary-token"
CHALLENGE: Final = b'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
STATUSES: Final = (301, 302, 303, 307, 308)
CREDENTIALS: Final = (
    "basic",
    "bearer",
    "digest",
    "oauth2",
    "key in header",
    "key in query",
    "key in cookie",
    "user in URL",
    "typed headers",
    "typed cookie",
    "cookie of the jar",
    "client certificate",
)
# What another origin may get to see; every other row is somebody's.
_ALLOWED: Final = {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection", b"content-length"}
_SECRETS: Final = tuple(
    form.encode()
    for form in (
        CANARY,
        quote_plus(CANARY),
        CANARY.replace(" ", "%20").replace("/", "%2F").replace("+", "%2B"),
        base64.b64encode(f"me:{CANARY}".encode()).decode(),
        TOKEN,
    )
)


class Way(NamedTuple):
    """One kind of redirect. host: of the other origin. Both may speak TLS or not."""

    name: str
    host: str
    secure_here: bool
    secure_there: bool
    userinfo: str = ""


WAYS: Final = (
    Way("other port", "127.0.0.1", True, True),
    Way("other host", "localhost", True, True),
    Way("other address", "127.0.0.2", True, True),
    Way("downgrade", "127.0.0.1", True, False),
    Way("userinfo", "127.0.0.1", True, True, "intruder:password@"),
)


class Crossing(NamedTuple):
    """One redirect. used: whether the first origin got the credential. leaked: what the other one should not have."""

    used: bool
    arrived: bool
    leaked: list[bytes]


Get = Callable[[str, dict[str, Any]], Awaitable[Any]]


def given(credential: str, here: Wire, client_cert: str) -> dict[str, Any]:
    """What a request carries: headers, auth, jar or client certificate."""
    jar = CookieJar()
    jar.update(here.url(""), "/", [(b"Set-Cookie", f"session={TOKEN}; Path=/; Secure".encode())])
    typed = ("Authorization", "Proxy-Authorization", "X-API-Key", "X-Custom")
    kinds: dict[str, dict[str, Any]] = {
        "basic": {"auth": Basic(username="me", password=CANARY)},
        "bearer": {"auth": Bearer(token=TOKEN)},
        "digest": {"auth": Digest(username="me", password=CANARY)},
        "oauth2": {"auth": OAuth2(token_url=here.url("/token"), client_id="me", client_secret=CANARY)},
        "key in header": {"auth": ApiKey(value=TOKEN)},
        "key in query": {"auth": ApiKey(name="key", value=CANARY, place="query")},
        "key in cookie": {"auth": ApiKey(name="key", value=TOKEN, place="cookie")},
        "user in URL": {},
        "typed headers": {"headers": tuple((name, TOKEN) for name in typed)},
        "typed cookie": {"headers": (("Cookie", f"session={TOKEN}"),)},
        "cookie of the jar": {"jar": jar},
        "client certificate": {"client_cert": client_cert},
    }
    return kinds[credential]


class Origins:
    """Two origins, the first of which redirects to the other."""

    def __init__(self, loopback: Loopback, authority: trustme.CA) -> None:
        self._loopback = loopback
        self._authority = authority
        self._certified = {True: False, False: False}
        self._token = f'{{"access_token": "{TOKEN}", "token_type": "Bearer"}}'.encode()

    async def open(self, credential: str, way: Way, status: int) -> None:
        self._credential, self._status = credential, status
        self.there = await self._loopback.start(self._answer, tls=self._tls(way.secure_there), host=_address(way.host))
        self.here = await self._loopback.start(self._redirect, tls=self._tls(way.secure_here))
        self._location = f"{self.there.scheme}://{way.userinfo}{way.host}:{self.there.port}/there"

    def _tls(self, secure: bool) -> ssl.SSLContext | None:
        if not secure:
            return None
        context = server_context(self._authority, "127.0.0.1", "127.0.0.2", "localhost")
        context.verify_mode = ssl.CERT_OPTIONAL
        self._authority.configure_trust(context)
        return context

    async def _answer(self, peer: Peer) -> None:
        self._note(peer, there=True)
        while True:
            await peer.head()
            # It asks for credentials, too: nobody may answer.
            peer.send(b"HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\n%b\r\nContent-Length: 2\r\n\r\nhi" % CHALLENGE)

    async def _redirect(self, peer: Peer) -> None:
        self._note(peer, there=False)
        while True:
            head = await peer.head()
            length = next(
                (int(row[15:]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")), 0
            )
            await peer.reader.readexactly(length)
            peer.send(self._reply(head))

    def _reply(self, head: bytes) -> bytes:
        if b" /token " in head:
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(self._token), self._token)
        if self._credential == "digest" and b"\r\nauthorization: digest" not in head.lower():
            return b"HTTP/1.1 401 Who\r\n%b\r\nContent-Length: 0\r\n\r\n" % CHALLENGE
        return b"HTTP/1.1 %d Go\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (self._status, self._location.encode())

    def _note(self, peer: Peer, *, there: bool) -> None:
        if peer.writer.get_extra_info("peercert"):
            self._certified[there] = True

    def crossing(self) -> Crossing:
        """What each of them saw."""
        used = self._certified[False] or any(
            b"\r\nauthorization: digest" in head.lower() or any(secret in head for secret in _SECRETS)
            for head in self.here.heads
        )
        leaked = [row for head in self.there.heads for row in _foreign(head)]
        if self._certified[True]:
            leaked.append(b"the client certificate")
        return Crossing(used, bool(self.there.heads), leaked)


def _address(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else host


def _foreign(head: bytes) -> list[bytes]:
    line, *rows = head.strip().split(b"\r\n")
    found = [row for row in rows if row.partition(b":")[0].lower() not in _ALLOWED]
    return found + [part for part in (line, *rows) if any(secret in part for secret in _SECRETS) and part not in found]


def url_of(credential: str, here: Wire) -> str:
    """Where the request goes first."""
    user = f"me:{quote_plus(CANARY).replace('+', '%20')}@" if credential == "user in URL" else ""
    return f"{here.scheme}://{user}{here.host}:{here.port}/here"


def certificate(authority: trustme.CA, folder: Path) -> str:
    """A client certificate that both origins accept."""
    path = folder / "client.pem"
    authority.issue_cert("me@test").private_key_and_cert_chain_pem.write_to_path(str(path))
    return str(path)


async def cross(
    loopback: Loopback, authority: trustme.CA, get: Get, credential: str, way: Way, client_cert: str
) -> Crossing:
    """Follow one redirect; `get(url, given)` sends."""
    origins = Origins(loopback, authority)
    status = STATUSES[(CREDENTIALS.index(credential) + WAYS.index(way)) % len(STATUSES)]
    await origins.open(credential, way, status)
    async with asyncio.timeout(20):
        await get(url_of(credential, origins.here), given(credential, origins.here, client_cert))
    return origins.crossing()
