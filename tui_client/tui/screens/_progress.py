"""From the events of a send to messages for a screen: all that matters, no more than it can draw."""

from __future__ import annotations

from time import monotonic
from typing import Final, assert_never

from textual.message import Message
from textual.message_pump import MessagePump

from tui_client.model.exchange import (
    BytesReceived,
    Event,
    Failed,
    Finished,
    HeadReceived,
    Response,
    SentRequest,
    Started,
)
from tui_client.model.step import StepResult

# More often than this a person sees no difference, and a fast body would drown the screen in messages.
_MIN_GAP_S: Final = 0.08


class SendMoved(Message):
    """A send got further: it was begun, a reply's head is here, or more of its body."""

    def __init__(
        self,
        request_id: str,
        request: SentRequest | None,
        head: Response | None,
        received_bytes: int,
        expected_bytes: int | None,
    ) -> None:
        super().__init__()
        self.request_id = request_id
        self.request = request
        self.head = head
        self.received_bytes = received_bytes
        self.expected_bytes = expected_bytes


class SendEnded(Message):
    """A send is over."""

    def __init__(self, request_id: str, result: StepResult) -> None:
        super().__init__()
        self.request_id = request_id
        self.result = result


class Progress:
    """Called by the engine for each event of one send; posts `SendMoved` for its bytes at most every 80 ms."""

    def __init__(self, screen: MessagePump, request_id: str) -> None:
        self._screen = screen
        self._request_id = request_id
        self._request: SentRequest | None = None
        self._head: Response | None = None
        self._posted_s = 0.0

    def __call__(self, event: Event) -> None:
        """Take one event."""
        match event:
            case Started(request=request):
                self._request, self._head = request, None
                self._post(0, None)
            case HeadReceived(response=response):
                self._head = response
                self._post(0, None)
            case BytesReceived(received_bytes=received, expected_bytes=expected):
                if monotonic() - self._posted_s >= _MIN_GAP_S:
                    self._post(received, expected)
            case Finished() | Failed():
                pass
            case _:
                assert_never(event)

    def _post(self, received: int, expected: int | None) -> None:
        self._posted_s = monotonic()
        self._screen.post_message(SendMoved(self._request_id, self._request, self._head, received, expected))
