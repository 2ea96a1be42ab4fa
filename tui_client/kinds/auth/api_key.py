"""A key in a header, in the query or in a cookie."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from urllib.parse import quote

from msgspec import Meta

from tui_client.kinds.auth._kind import AuthContext, AuthFlow, AuthKind, Flow
from tui_client.kinds.auth._values import header_value

if TYPE_CHECKING:
    import httpx

_PLACES = ["header", "query", "cookie"]


class ApiKey(AuthKind, frozen=True, tag="api_key"):
    """A name and a value, added to the headers, to the end of the query, or to the cookies."""

    title: ClassVar[str] = "API key"

    name: Annotated[str, Meta(title="Name", extra={"placeholder": "X-API-Key"})] = "X-API-Key"
    value: Annotated[str, Meta(title="Value", extra={"secret": True, "placeholder": "{{api_key}}"})] = ""
    place: Annotated[
        Literal["header", "query", "cookie"], Meta(title="Goes into", extra={"choices": _PLACES, "template": "off"})
    ] = "header"

    def flow(self, context: AuthContext) -> AuthFlow:
        return _Flow(self)


class _Flow(Flow):
    def __init__(self, key: ApiKey) -> None:
        self.key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        name = header_value("the name of the API key", self.key.name)
        value = header_value(name, self.key.value)
        match self.key.place:
            case "header":
                request.headers[name] = value
            case "query":
                _add_to_query(request, f"{quote(name, safe='')}={quote(value, safe='')}".encode())
            case "cookie":
                _add_cookie(request, f"{name}={value}")
        yield request


def _add_to_query(request: httpx.Request, pair: bytes) -> None:
    target = request.extensions.get("target", request.url.raw_path)
    request.extensions["target"] = _joined(target, pair)
    query = request.url.query
    request.url = request.url.copy_with(query=query + b"&" + pair if query else pair)


def _joined(target: bytes, pair: bytes) -> bytes:
    if b"?" not in target:
        return target + b"?" + pair
    return target + (b"" if target.endswith((b"?", b"&")) else b"&") + pair


def _add_cookie(request: httpx.Request, pair: str) -> None:
    existing = request.headers.get("Cookie")
    # The row that is there keeps its name's case.
    name = next((raw.decode("ascii") for raw, _ in request.headers.raw if raw.lower() == b"cookie"), "Cookie")
    request.headers[name] = f"{existing}; {pair}" if existing else pair


KIND = ApiKey
