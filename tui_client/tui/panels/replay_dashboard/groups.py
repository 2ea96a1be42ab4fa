"""The figures of each worker, each request and each tag of a run as rows."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len

from tui_client.replay.summary import Summary
from tui_client.replay.tally import Group
from tui_client.replay.workers import WorkerFigures, Workers
from tui_client.text import format_count, safe_line
from tui_client.tui.panels.replay_dashboard.figures import milliseconds
from tui_client.tui.widgets.outline import OutlineRow, RowState, cut

REQUEST: Final = "request:"
TAG: Final = "tag:"
WORKER: Final = "worker:"
_LONGEST_NAME: Final = 40


class GroupRows:
    """A row for each worker, then for each request, then for each tag; each is made when it is drawn."""

    def __init__(self, summary: Summary) -> None:
        workers = summary.workers or Workers()
        self._groups: tuple[tuple[str, Group | WorkerFigures | str], ...] = (
            *((f"{WORKER}{one.name}", one) for one in workers.living),
            *((f"{WORKER}refused {number}", reason) for number, reason in enumerate(workers.refused)),
            *((f"{REQUEST}{group.name}", group) for group in summary.by_request),
            *((f"{TAG}{group.name}", group) for group in summary.by_tag),
        )
        names = (cell_len(_name(id_, group)) for id_, group in self._groups if not isinstance(group, str))
        self._name_cells = min(_LONGEST_NAME, max(names, default=0))
        self._places = {id_: place for place, (id_, _) in enumerate(self._groups)}

    def __len__(self) -> int:
        return len(self._groups)

    def __getitem__(self, index: int) -> OutlineRow:
        id_, group = self._groups[index]
        if isinstance(group, str):
            return OutlineRow(id_, safe_line(group), 0, RowState.FAILED)
        if isinstance(group, WorkerFigures):
            return worker_row(id_, group, self._name_cells)
        return group_row(id_, group, self._name_cells)

    def place(self, id_: str) -> int | None:
        """Where the row with this id stands."""
        return self._places.get(id_)


def group_row(id_: str, group: Group, name_cells: int = 0) -> OutlineRow:
    """One row: "users/list    3,214 done     12 failed   p50 12.0   p95 61.5   max 960"."""
    name = cut(_name(id_, group), _LONGEST_NAME)
    bad = group.failed + group.errors
    latency = group.latency
    figures = [
        f"{label} {milliseconds(value):>7}"
        for label, value in (("p50", latency.p50), ("p95", latency.p95), ("max", latency.max))
        if value is not None
    ]
    columns = (
        name + " " * (name_cells - cell_len(name)),
        f"{format_count(group.done):>9} done",
        f"{format_count(bad):>7} failed",
        *figures,
    )
    state = RowState.FAILED if bad else RowState.PASSED if group.done else RowState.LEAF
    return OutlineRow(id_, "  ".join(columns), 0, state)


def worker_row(id_: str, worker: WorkerFigures, name_cells: int = 0) -> OutlineRow:
    """One row: "worker tcp://10.0.0.7:41233    3,214 done      480/s       16 in flight"."""
    name = cut(_name(id_, worker), _LONGEST_NAME)
    columns = (
        name + " " * (name_cells - cell_len(name)),
        f"{format_count(worker.done):>9} done",
        f"{worker.rate:>7,.0f}/s     ",
        f"{worker.in_flight:>4} of {worker.share} in flight",
        f"CPU {worker.load.cpu * 100:.0f} %",
    )
    return OutlineRow(id_, "  ".join(columns), 0, RowState.LEAF)


def _name(id_: str, group: Group | WorkerFigures) -> str:
    # Cut before anything is measured: names come from files, and from other machines.
    name = safe_line(group.name[: _LONGEST_NAME * 2])
    return f"tag {name}" if id_.startswith(TAG) else f"worker {name}" if id_.startswith(WORKER) else name
