"""The sends of one workbench: any number at once, at most one for each open request."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from tui_client.errors import Failure, FailureKind, TuiClientError
from tui_client.http.cancellation import Cancellation
from tui_client.model.crash import internal
from tui_client.model.effective import EffectiveRequest
from tui_client.model.step import Errored, StepId, StepResult
from tui_client.model.wording import describe_error
from tui_client.tui.screens._context import effective_draft
from tui_client.tui.screens._progress import Progress, SendEnded
from tui_client.tui.state import OpenRequest
from tui_client.tui.widgets.status_bar import InFlight

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen


# Nothing is drawn in the first moments of a send: a quick reply would wait for the drawing, and its time with it.
QUIET_S: Final = 0.05


class Sends:
    """Starts sends as workers of the screen, which get back to it as `SendMoved` and `SendEnded`."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._going: dict[str, tuple[Cancellation, float]] = {}
        self._quiet: set[str] = set()

    @property
    def ids(self) -> frozenset[str]:
        """The open requests that are being sent."""
        return frozenset(self._going)

    @property
    def in_flight(self) -> InFlight:
        """How many, and since when."""
        return InFlight(len(self._going), min((since for _, since in self._going.values()), default=0.0))

    def is_quiet(self, request_id: str) -> bool:
        """Whether a send is going of which nothing is drawn yet."""
        return request_id in self._quiet

    def drawn(self, request_id: str) -> bool:
        """From now on a send is drawn, `QUIET_S` after it began; False if it is over. A busy app comes to it later."""
        self._quiet.discard(request_id)
        return request_id in self._going

    def start(self, item: OpenRequest, environment: str) -> float | None:
        """Send a draft; gives when it began, None if it is being sent already. Raises BrokenFile, NotFound."""
        if item.id in self._going:
            return None
        draft = effective_draft(self._screen.workspace.library, item, environment)
        cancellation, since = Cancellation(), monotonic()
        self._going[item.id] = cancellation, since
        self._quiet.add(item.id)
        work = self._send(item, draft, environment, cancellation)
        self._screen.run_worker(work, name=item.id, group="sends", exit_on_error=False)
        return since

    async def _send(
        self, item: OpenRequest, draft: EffectiveRequest, environment: str, cancellation: Cancellation
    ) -> None:
        progress = Progress(self._screen, item.id)
        try:
            result = await self._screen.workspace.send(
                draft.key,
                environment,
                draft=draft,
                written=item.draft,
                on_event=progress,
                cancellation=cancellation,
            )
        except TuiClientError as error:
            result = _unsent(draft.key, Failure(FailureKind.COLLECTION_FILE, draft.key, detail=describe_error(error)))
        self._screen.post_message(SendEnded(item.id, result))

    def broke(self, request_id: str, error: BaseException) -> bool:
        """A worker ended in a bug of ours. If it was a send, that is over all the same, and says so."""
        if request_id not in self._going:
            return False
        self._screen.post_message(SendEnded(request_id, _unsent("", internal(error))))
        return True

    def cancel(self, request_id: str) -> bool:
        """End a send; what arrived is kept. False if it is not being sent."""
        if (going := self._going.get(request_id)) is None:
            return False
        going[0].cancel()
        return True

    def ended(self, request_id: str) -> None:
        """A send is over."""
        self._going.pop(request_id, None)
        self._quiet.discard(request_id)


def _unsent(key: str, failure: Failure) -> StepResult:
    return StepResult(StepId(0, 0, 0, key), Errored(failure))
