"""`send` of a stream of events: its text on stdout as it arrives, until its end or Ctrl-C."""

from __future__ import annotations

import asyncio
import codecs
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tui_client.cli import output
from tui_client.cli.send_text import head_lines
from tui_client.http.cancellation import Cancellation
from tui_client.model.event_stream import event_stream_of
from tui_client.model.exchange import BytesReceived, Event, Exchange, HeadReceived, Response, Started

_STEP: Final = 1 << 18


class LiveReply:
    """Prints the body of the reply under way if it is a stream of events; other replies are left alone.

    cancellation: to be given to the same send.
    """

    def __init__(self, *, include_head: bool) -> None:
        self.cancellation = Cancellation()
        self._include_head = include_head
        self._secrets: frozenset[str] = frozenset()
        self._response: Response | None = None
        self._written = 0
        self._text = codecs.getincrementaldecoder("utf-8")("replace")
        self._at_line_start = True
        self._broken: OSError | None = None

    def finish(self, exchange: Exchange) -> bool:
        """Print what came last, and say whether the reply is one that was printed at all.

        Raises OSError for a stdout that broke.
        """
        if self._response is None or exchange.response is None or exchange.response.body is not self._response.body:
            return False
        self._print()
        if self._broken is not None:
            raise self._broken
        if sys.stdout.isatty() and not self._at_line_start:
            output.out("")
        return True

    def on_event(self, event: Event) -> None:
        """What to do at each event of the send."""
        match event:
            case Started(request=request):
                self._secrets = request.secrets
            case HeadReceived(response=response) if event_stream_of(response.headers):
                self._begin(response)
            case BytesReceived() if self._response is not None:
                self._print()

    @contextmanager
    def ended_by_user(self) -> Iterator[None]:
        """While it is open, Ctrl-C ends a stream that has begun; what came of it is kept."""
        try:
            yield
        finally:
            if self._response is not None:
                asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)

    def _begin(self, response: Response) -> None:
        self._response, self._written = response, 0
        # Not sooner: at a question for a value, Ctrl-C means the program.
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self.cancellation.cancel)
        if self._include_head:
            with self._while_read():
                for line in (*head_lines(response, self._secrets), ""):
                    output.out(line)

    def _print(self) -> None:
        assert self._response is not None  # it has begun
        body = self._response.body
        with self._while_read():
            while self._broken is None and (data := body.read(self._written, _STEP)):
                self._written += len(data)
                self._put(data)

    @contextmanager
    def _while_read(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # Whoever read it has left; nothing more is wanted of the server.
            self._broken = error
            self.cancellation.cancel()

    def _put(self, data: bytes) -> None:
        if not sys.stdout.isatty():
            output.out_bytes((data,))
            return
        text = self._text.decode(data).replace("\r\n", "\n")
        if text:
            output.out_part(text)
            self._at_line_start = text.endswith("\n")
