"""A reply's body for queries: bytes, text, JSON; read once for all asserts of a check."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, Final, TypeVar

import msgspec

from tui_client.errors import QueryError
from tui_client.kinds.bounded import MAX_QUERY_BYTES
from tui_client.model.charset import decode_body
from tui_client.model.exchange import Exchange, Response, header_values
from tui_client.text import format_bytes

T = TypeVar("T")

# Four times as many would take a second, and a gigabyte.
_MOST_CONTAINERS: Final = 2_000_000
_SMALL: Final = 256 * 1024

# The exchange is kept beside the value, so that its id can't be taken by another one.
_Shared = dict[tuple[int, str], tuple[Exchange, Any]]
_shared: ContextVar[_Shared | None] = ContextVar("shared_readings", default=None)


class reading_once:  # noqa: N801 - reads as a word in `with reading_once():`, and is entered for every step of a replay
    """While this is entered, each body is decoded and parsed once, however many queries ask; may be nested."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = _shared.set({}) if _shared.get() is None else None

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _shared.reset(self._token)


def once(exchange: Exchange, what: str, read: Callable[[], T]) -> T:
    """`read()`, or what it gave or raised (QueryError) before for the same exchange."""
    shared = _shared.get()
    if shared is None:
        return read()
    key = (id(exchange), what)
    if key not in shared:
        try:
            shared[key] = (exchange, read())
        except QueryError as error:
            shared[key] = (exchange, error)
    value = shared[key][1]
    if isinstance(value, QueryError):
        raise QueryError(value.query, value.reason)
    result: T = value
    return result


def refuse(exchange: Exchange, what: str, error: QueryError) -> None:
    """From now on, `once` raises this error instead of giving the value it has."""
    shared = _shared.get()
    if shared is not None:
        shared[id(exchange), what] = (exchange, error)


def response_of(exchange: Exchange, query: str) -> Response:
    """The reply. Raises QueryError if none came."""
    if exchange.response is None:
        raise QueryError(query, "there is no reply")
    return exchange.response


def content_type(response: Response) -> str:
    """The Content-Type as sent, "" without one."""
    values = header_values(response.headers, "content-type")
    return values[-1] if values else ""


def body_bytes(exchange: Exchange, query: str, limit: int = MAX_QUERY_BYTES) -> bytes:
    """The decoded body. Raises QueryError for one over `limit` bytes."""
    body = response_of(exchange, query).body
    if body.size > limit:
        raise QueryError(query, f"the body has {format_bytes(body.size)}; queries read {format_bytes(limit)} at most")
    return once(exchange, "bytes", body.read)


def body_text(exchange: Exchange, query: str) -> str:
    """The body in the reply's charset. Raises QueryError where that does not fit the bytes."""

    def read() -> str:
        decoded = decode_body(body_bytes(exchange, query), content_type(response_of(exchange, query)))
        if decoded.problems:
            raise QueryError(query, f"the body is not text: {'; '.join(decoded.problems)}")
        return decoded.text

    return once(exchange, "text", read)


def parse_json(data: bytes | str, query: str) -> Any:
    """JSON as Python values. Raises QueryError with the reason."""
    size = len(data)
    if size > _MOST_CONTAINERS and _containers(data) > _MOST_CONTAINERS:
        raise QueryError(query, f"the JSON holds more than {_MOST_CONTAINERS:,} lists and objects")
    try:
        with _uncollected() if size > _SMALL else nullcontext():
            return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise QueryError(query, f"not valid JSON: {error}") from error
    except RecursionError as error:
        raise QueryError(query, "the JSON is too deeply nested") from error


def _containers(data: bytes | str) -> int:
    """At most so many lists and objects are in it."""
    if isinstance(data, str):
        return data.count("[") + data.count("{")
    return data.count(b"[") + data.count(b"{")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector, which looks at all that was made so far again and again: seconds for some megabytes.

    The decoder holds the interpreter's lock to its end, so the screen would wait for it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def body_json(exchange: Exchange, query: str) -> Any:
    """The body parsed as JSON, in whatever charset it came."""

    def read() -> Any:
        if not body_bytes(exchange, query):
            raise QueryError(query, "the body is empty, not JSON")
        return parse_json(body_text(exchange, query), query)

    return once(exchange, "json", read)
