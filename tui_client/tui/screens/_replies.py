"""The reply of each open request, as the viewer shows it; frozen, replaced as events come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, assert_never

import msgspec

from tui_client.model.exchange import Exchange
from tui_client.model.step import Dropped, Errored, InDoubt, Replied, Skipped, StepResult
from tui_client.tui.panels.response_viewer import Broke, Done, Empty, ExchangeView, InFlight, view_of

if TYPE_CHECKING:
    from tui_client.tui.screens._progress import SendMoved


class Replies(msgspec.Struct, frozen=True):
    """What to show for each open request, by its id. earlier: the replies before those that are shown."""

    views: Mapping[str, ExchangeView] = {}
    earlier: Mapping[str, Exchange] = {}

    def view(self, request_id: str) -> ExchangeView:
        """What to show; a sentence where nothing was sent yet."""
        return self.views.get(request_id, Empty())

    def begun(self, request_id: str, since_s: float) -> Replies:
        """A send began; the last reply stays behind it. since_s: of `time.monotonic`."""
        previous = self.view(request_id)
        last = previous.previous if isinstance(previous, InFlight) else previous
        return self._with(request_id, InFlight(since_s, previous=last))

    def moved(self, message: SendMoved) -> Replies:
        """A send got further."""
        view = self.view(message.request_id)
        if not isinstance(view, InFlight):
            return self
        moved = msgspec.structs.replace(
            view,
            phase="receiving" if message.head else "waiting",
            received_bytes=message.received_bytes,
            expected_bytes=message.expected_bytes,
            request=message.request or view.request,
            head=message.head,
        )
        return self._with(message.request_id, moved)

    def ended(self, request_id: str, result: StepResult) -> Replies:
        """A send is over."""
        return self.past(request_id, view_of(result.outcome))

    def past(self, request_id: str, view: Done | Broke) -> Replies:
        """Another reply is shown, which came now or is one of the past; the one before is kept for comparing."""
        last = _exchange(self.view(request_id))
        replies = self._with(request_id, view)
        if last is None or last.response is None or last is view.exchange:
            return replies
        return msgspec.structs.replace(replies, earlier={**self.earlier, request_id: last})

    def before(self, exchange: Exchange) -> Exchange | None:
        """The reply before this one to the same open request; None if there was none, or this is not shown."""
        for request_id, view in self.views.items():
            if _exchange(view) is exchange:
                return self.earlier.get(request_id)
        return None

    def only(self, request_ids: Collection[str]) -> Replies:
        """Without those of requests that were closed: a reply may hold a large file."""
        if self.views.keys() <= set(request_ids):
            return self
        return Replies(
            {id_: view for id_, view in self.views.items() if id_ in request_ids},
            {id_: exchange for id_, exchange in self.earlier.items() if id_ in request_ids},
        )

    def _with(self, request_id: str, view: ExchangeView) -> Replies:
        return msgspec.structs.replace(self, views={**self.views, request_id: view})


def _exchange(view: ExchangeView) -> Exchange | None:
    """The last one that is over."""
    settled = view.previous if isinstance(view, InFlight) else view
    return None if isinstance(settled, Empty) else settled.exchange


def status_text(result: StepResult) -> str:
    """What stands beside the request in the tree: its status, or a sign."""
    match result.outcome:
        case Replied(exchange=exchange):
            status = str(exchange.response.status) if exchange.response else "—"
            return status if result.passed else f"✗ {status}"
        case Errored():
            return "⚠"
        case Skipped() | Dropped() | InDoubt():
            return ""
        case _:
            assert_never(result.outcome)
