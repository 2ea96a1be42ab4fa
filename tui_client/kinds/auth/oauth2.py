"""OAuth 2.0 without a browser: client credentials, password, refresh token."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from urllib.parse import quote_plus, urlencode
from weakref import WeakValueDictionary

from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.auth._kind import AuthContext, AuthFlow, AuthKind, Flow, TokenStore
from tui_client.kinds.auth._token import MAX_REPLY_BYTES, Token, read_token, token_failed
from tui_client.kinds.auth._values import header_value

if TYPE_CHECKING:
    import httpx

_GRANTS = ["client_credentials", "password", "refresh_token"]
_CLIENT_AUTH = ["basic", "body"]
_SCHEMES = ("http", "https")


class OAuth2(AuthKind, frozen=True, tag="oauth2"):
    """A bearer token from `token_url`, kept until it expires, and fetched anew if a kept one meets a 401.

    Each grant uses the fields it needs (RFC 6749); the client proves itself by Basic or in the form's body.
    """

    title: ClassVar[str] = "OAuth 2.0"

    grant: Annotated[
        Literal["client_credentials", "password", "refresh_token"],
        Meta(title="Grant", extra={"choices": _GRANTS, "template": "off"}),
    ] = "client_credentials"
    token_url: Annotated[str, Meta(title="Token URL", extra={"placeholder": "https://auth.example/token"})] = ""
    client_id: Annotated[str, Meta(title="Client id")] = ""
    client_secret: Annotated[str, Meta(title="Client secret", extra={"secret": True})] = ""
    username: Annotated[str, Meta(title="User")] = ""
    password: Annotated[str, Meta(title="Password", extra={"secret": True})] = ""
    refresh_token: Annotated[str, Meta(title="Refresh token", extra={"secret": True})] = ""
    scope: Annotated[str, Meta(title="Scope")] = ""
    audience: Annotated[str, Meta(title="Audience")] = ""
    client_auth: Annotated[
        Literal["basic", "body"],
        Meta(title="Client proves itself by", extra={"choices": _CLIENT_AUTH, "template": "off"}),
    ] = "basic"

    def derived_secrets(self) -> tuple[str, ...]:
        return (self.basic_credentials(),) if self.client_secret else ()

    def basic_credentials(self) -> str:
        """Client id and secret as RFC 6749 2.3.1 writes them: form-encoded, then base64."""
        pair = ":".join(quote_plus(part, errors="replace") for part in (self.client_id, self.client_secret))
        return base64.b64encode(pair.encode()).decode()

    def receivers(self) -> tuple[str, ...]:
        import httpx

        try:
            # As it is read when it is sent to: another reader could find another host in it.
            url = httpx.URL(self.token_url)
        except httpx.InvalidURL:
            return ()
        return (f"{url.scheme}://{url.netloc.decode('ascii')}",) if url.host and url.scheme in _SCHEMES else ()

    def flow(self, context: AuthContext) -> AuthFlow:
        return _Flow(self, context.tokens)


_fetching: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def _waited(key: str, turn: AsyncExitStack) -> bool:
    """Take the turn to fetch a token, so that many requests at once fetch one; whether that took waiting."""
    lock = _fetching.setdefault(key, asyncio.Lock())
    waited = lock.locked()
    await turn.enter_async_context(lock)
    return waited


class _Flow(Flow):
    # For whoever drives `auth_flow`; `async_auth_flow` reads only the replies of the token endpoint.
    requires_response_body = True

    def __init__(self, auth: OAuth2, tokens: TokenStore) -> None:
        self.auth = auth
        self.tokens = tokens
        # Every field counts: a token of another client, user or scope is another token.
        self.key = hashlib.sha256(repr(auth).encode("utf-8", "backslashreplace")).hexdigest()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        kept = self.tokens.get(self.key)
        token = kept or self._keep((yield self._token_request(request)))
        _authorize(request, token)
        response = yield request
        if response.status_code == 401 and kept is not None:
            _authorize(request, self._keep((yield self._token_request(request))))
            yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        flow = self.auth_flow(request)
        current = next(flow)
        async with AsyncExitStack() as turn:
            if current is not request and await _waited(self.key, turn):
                # Another request has fetched the token meanwhile; if it could not, all try for themselves.
                await turn.aclose()
                flow = self.auth_flow(request)
                current = next(flow)
            while True:
                if current is request:
                    await turn.aclose()
                response = yield current
                if current is not request:
                    response = await _read(response, _shown(self.auth.token_url))
                try:
                    current = flow.send(response)
                except StopIteration:
                    return

    def _token_request(self, request: httpx.Request) -> httpx.Request:
        import httpx

        auth = self.auth
        content = urlencode(self._form(), errors="replace").encode()
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._by_basic():
            headers["Authorization"] = f"Basic {auth.basic_credentials()}"
        try:
            asked = httpx.Request("POST", auth.token_url, headers=headers, content=content)
        except httpx.InvalidURL as error:
            raise _bad_url(auth.token_url, str(error)) from None
        except ValueError:
            raise _bad_url(auth.token_url, "it is not valid Unicode") from None
        if asked.url.scheme not in _SCHEMES or not asked.url.host:
            raise _bad_url(auth.token_url, "it must begin with http:// or https://")
        asked.extensions = {
            name: value for name, value in request.extensions.items() if name not in ("target", "trace")
        }
        asked.extensions["target"] = asked.url.raw_path
        return asked

    def _by_basic(self) -> bool:
        # A public client has no secret to prove itself with; its id goes into the body.
        return self.auth.client_auth == "basic" and self.auth.client_secret != ""

    def _form(self) -> list[tuple[str, str]]:
        auth = self.auth
        form: dict[str, str] = {"grant_type": auth.grant}
        if auth.grant == "password":
            form |= {"username": auth.username, "password": auth.password}
        if auth.grant == "refresh_token":
            form |= {"refresh_token": self._rotated() or auth.refresh_token}
        form |= {"scope": auth.scope, "audience": auth.audience}
        if not self._by_basic():
            form |= {"client_id": auth.client_id, "client_secret": auth.client_secret}
        return [(name, value) for name, value in form.items() if value]

    def _rotated(self) -> str:
        """The refresh token that came in place of the first one, if any did."""
        return self.tokens.get(f"{self.key}:refresh") or ""

    def _keep(self, response: httpx.Response) -> str:
        auth = self.auth
        secrets = (auth.client_secret, auth.password, auth.refresh_token, *auth.derived_secrets(), self._rotated())
        token: Token = read_token(response.status_code, response.content, _shown(auth.token_url), secrets)
        self.tokens.put(self.key, token.access_token, token.expires_s)
        if auth.grant == "refresh_token" and token.refresh_token:
            # The endpoint may have made the one we sent invalid.
            self.tokens.put(f"{self.key}:refresh", token.refresh_token, None)
        return token.access_token


def _authorize(request: httpx.Request, token: str) -> None:
    request.headers["Authorization"] = f"Bearer {header_value('Authorization', token)}"
    request.extensions["secrets"] = frozenset({token})


async def _read(response: httpx.Response, endpoint: str) -> httpx.Response:
    """The same reply with its body read, up to 1 MiB."""
    import httpx

    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_REPLY_BYTES:
                raise token_failed(endpoint, "the reply is longer than 1 MiB")
    except httpx.DecodingError:
        raise token_failed(endpoint, "the reply could not be decoded") from None
    finally:
        await response.aclose()
    return httpx.Response(response.status_code, content=bytes(body))


def _shown(url: str) -> str:
    """A URL without what may be secret in it."""
    head, _, _ = url.partition("?")
    scheme, joint, rest = head.partition("://")
    return f"{scheme}{joint}{rest.rpartition('@')[2]}"


def _bad_url(url: str, detail: str) -> RequestFailed:
    return RequestFailed(Failure(FailureKind.URL_INVALID, _shown(url) or "token_url", detail=detail))


KIND = OAuth2
