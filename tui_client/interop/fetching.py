"""A document fetched from a URL, as a source: one GET, with nothing of a collection in it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote

import msgspec

from tui_client.errors import NotFetched, RequestFailed
from tui_client.formats._format import MAX_BYTES, Source
from tui_client.interop.pages import document_of, is_page
from tui_client.model.effective import ResolvedRequest
from tui_client.model.event_stream import event_stream_of
from tui_client.model.exchange import BytesReceived, Event, Exchange, HeadReceived, Response
from tui_client.model.options import SendOptions
from tui_client.model.wording import describe_alone
from tui_client.text import safe_line
from tui_client.text.url_words import as_url

if TYPE_CHECKING:
    from tui_client.http.cancellation import Cancellation
    from tui_client.http.cookies import CookieJar
    from tui_client.http.hosts import Network
    from tui_client.http.prepare import PreparedRequest

_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://\S*\Z")
_OPTIONS: Final = SendOptions()
_ACCEPT: Final = "application/json, application/yaml;q=0.9, text/plain;q=0.8, */*;q=0.5"
_USUAL: Final = "the document itself is often at /openapi.json"


class Sender(Protocol):
    """What sends: an Engine, or its `direct`."""

    async def send(
        self,
        request: PreparedRequest,
        jar: CookieJar | None = None,
        *,
        on_event: Callable[[Event], None],
        cancellation: Cancellation | None = None,
    ) -> Exchange:
        """As `Engine.send`."""


def is_url(word: str) -> bool:
    """Whether a source is to be fetched: http://…, and localhost… or :8000… for short."""
    url = as_url(word.strip())
    return url is not None and _WHOLE.match(url) is not None


def ignore(event: Event) -> None:
    """Take no notice of what happens on the way."""


async def fetch_source(
    url: str,
    engine: Sender,
    *,
    options: SendOptions = _OPTIONS,
    network: Network | None = None,
    on_event: Callable[[Event], None] = ignore,
) -> Source:
    """What is at a URL; redirects are followed, a user and a password in it are sent, but never shown or kept.

    options: the user's own; certificates are verified whatever they say. network: the user's settings of it.
    Cancelling the task ends it at once. Raises NotFetched, a whole sentence.
    """
    from tui_client.http.cancellation import Cancellation
    from tui_client.http.hosts import NETWORK
    from tui_client.http.prepare import prepare

    network = NETWORK if network is None else network
    options = msgspec.structs.replace(options, verify=True, cookies=False, follow_redirects=True)
    wanted = ResolvedRequest(
        key="", method="GET", url=as_url(url.strip()) or url, headers=(("Accept", _ACCEPT),), options=options
    )
    try:
        prepared = prepare(wanted, _no_files, environ=network.environ, hosts=network.hosts)
    except RequestFailed as error:
        raise NotFetched(describe_alone(error.failure)) from None
    limits = _Limits(Cancellation(), on_event)
    exchange = await engine.send(prepared, on_event=limits.on_event, cancellation=limits.cancellation)
    return _source_of(exchange, limits.reason)


class _Limits:
    """Ends a send that brings what can be no document. reason: why, "" where it was not ended."""

    def __init__(self, cancellation: Cancellation, on_event: Callable[[Event], None]) -> None:
        self.cancellation = cancellation
        self.reason = ""
        self._on_event = on_event

    def on_event(self, event: Event) -> None:
        match event:
            # The engine lets a stream last for as long as it likes.
            case HeadReceived(response=response) if event_stream_of(response.headers):
                self._end("is a stream of events, not a document")
            case BytesReceived(received_bytes=received) if received > MAX_BYTES:
                self._end(f"is larger than {MAX_BYTES >> 20} MiB, which no format needs")
        self._on_event(event)

    def _end(self, reason: str) -> None:
        self.reason = self.reason or reason
        # Not at once: for a stream of events the engine sets its limits anew after this.
        asyncio.get_running_loop().call_soon(self.cancellation.cancel)


def _source_of(exchange: Exchange, refused: str) -> Source:
    url = exchange.request.url.partition("?")[0]
    response = exchange.response
    if refused:
        raise NotFetched(safe_line(f"{url} {refused}."))
    if exchange.failure is not None or response is None:
        why = "" if exchange.failure is None else describe_alone(exchange.failure)
        raise NotFetched(safe_line(f"{url} could not be fetched. {why}"))
    if not 200 <= response.status < 300:
        raise NotFetched(
            safe_line(f"{url} answered {response.status} {response.reason}".rstrip() + f".{_hint(response)}")
        )
    data = response.body.read()
    if is_page(data):
        place = document_of(data, url)
        hint = f"it shows the document at {place}" if place else _USUAL
        raise NotFetched(safe_line(f"{url} is HTML: {hint}."))
    return Source(_name(url), data, url=url)


def _hint(response: Response) -> str:
    if response.status in (401, 403):
        return " Fetch it as you may, and give the file."
    return f" {_USUAL.capitalize()}." if response.status == 404 else ""


def _name(url: str) -> str:
    """The last segment of the path, or the host."""
    _, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    return unquote(path).replace("\\", "/").rstrip("/").rpartition("/")[2] or host


def _no_files(path: str) -> Path:
    raise AssertionError(path)  # a GET has no body
