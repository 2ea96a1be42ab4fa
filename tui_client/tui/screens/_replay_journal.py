"""What the replay screen reads from journals, and what it writes from them. All of it blocks: call it in a thread.

The reports are imported where they are needed: that takes time which few starts of the app should pay for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from tui_client.model.step import InDoubt, StepId, StepResult
from tui_client.model.wording import why_unsent
from tui_client.replay.journal.filter import Filter
from tui_client.replay.journal.header import RunHeader, RunInfo
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.store import RunStore
from tui_client.replay.record import OutcomeKind, Recorded
from tui_client.replay.summary import Summary
from tui_client.tui.panels.replay_dashboard.dashboard import Listing
from tui_client.tui.panels.replay_dashboard.picks import MOST_LISTED, Picked
from tui_client.tui.panels.replay_dashboard.rows import Explained, JournalRows

# So many steps are folded between two words about how far it is.
_TELL_EVERY: Final = 20_000
_DOUBT: Final = (OutcomeKind.IN_DOUBT,)


class Past(msgspec.Struct, frozen=True):
    """A run of earlier, as its journal has it."""

    header: RunHeader
    info: RunInfo
    summary: Summary


class _TellingReader(JournalReader):
    """Tells now and then how many steps were read."""

    def __init__(self, path: Path, tell: Callable[[int], None]) -> None:
        super().__init__(path)
        self._tell = tell

    def records(self, where: Filter | None = None) -> Iterator[Recorded]:
        """The figures of each step."""
        for number, record in enumerate(super().records(where), 1):
            if number % _TELL_EVERY == 0:
                self._tell(number)
            yield record


def read_past(store: RunStore, run: str, tell: Callable[[int], None]) -> Past:
    """The figures of a run, folded from its journal. tell: is told now and then how many steps were read.

    Raises NotFound, BrokenFile, UsageError, SaveFailed.
    """
    from tui_client.replay.reports.journalled import summary_of

    with _TellingReader(store.path(run), tell) as reader:
        header, running = reader.header(store.sealer()), store.is_running(run)
        return Past(header, reader.info(running), summary_of(reader, header, running))


def read_rows(store: RunStore, run: str, picked: Picked | None, key_cells: int) -> Listing:
    """The newest rows of a run that fit, at most 1,000. Raises NotFound, BrokenFile."""
    with store.reader(run) as reader:
        found = list(_found(reader, picked, running=store.is_running(run)))
    return Listing(run, picked, JournalRows(tuple(found[:MOST_LISTED]), key_cells), len(found) > MOST_LISTED)


def _found(reader: JournalReader, picked: Picked | None, *, running: bool) -> list[Explained]:
    # While a run lives, its claims are what is in flight.
    if picked is not None and picked.where.outcomes == _DOUBT and not running:
        return [_in_doubt(step) for step in islice(reader.in_doubt(), MOST_LISTED + 1)]
    where = Filter() if picked is None else picked.where
    return list(reader.explained(msgspec.structs.replace(where, limit=MOST_LISTED + 1, newest=True)))


def _in_doubt(step: StepId) -> Explained:
    return Recorded(step=step, outcome=OutcomeKind.IN_DOUBT), why_unsent(InDoubt())


def read_result(store: RunStore, run: str, step: StepId) -> StepResult | None:
    """One step with its exchange, bodies up to 64 KiB; None where it has no result. Raises NotFound, BrokenFile."""
    with store.reader(run) as reader:
        return reader.result(step)


def newest_of(store: RunStore, workspace: Path) -> RunInfo | None:
    """The newest run of a workspace."""
    return next((info for info in store.list() if is_of(info, workspace)), None)


def is_of(info: RunInfo, workspace: Path) -> bool:
    """Whether a run was made on this workspace."""
    return Path(info.workspace).absolute() == workspace.absolute()


def write(store: RunStore, run: str, text: str) -> Path:
    """Write a report of a run; text: a path whose suffix says the format.

    Raises UsageError for another path; NotFound, BrokenFile, SaveFailed.
    """
    from tui_client.replay.reports.catalog import parse_wanted, write_report
    from tui_client.replay.reports.journalled import JournalData, summary_of

    format, path = parse_wanted(text)
    path = path.expanduser()
    with store.reader(run) as reader:
        header = reader.header(store.sealer())
        write_report(JournalData(reader, header, summary_of(reader, header, store.is_running(run))), format, path)
    return path
