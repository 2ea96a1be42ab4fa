"""The runs there are: which one to show, go on with, do a part of again, or delete."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final

import msgspec
from rich.cells import cell_len
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui_client.replay.journal.header import Ended, Only, RunInfo
from tui_client.text import format_bytes, format_count, format_duration_ms, safe_line
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.widgets.outline import Outline, OutlineRow, RowState, cut

SHOW: Final = "show"
RESUME: Final = "resume"
DELETE: Final = "delete"
_LONGEST_TITLE: Final = 30


class RunWanted(msgspec.Struct, frozen=True):
    """What should be done with a run. action: SHOW, RESUME, DELETE, or an `Only`: that part again."""

    action: str
    run: str


class Offer(msgspec.Struct, frozen=True):
    """One thing that can be done with a run: its key, its name, what it will do."""

    action: str
    key: str
    title: str
    what: str


def offers(info: RunInfo, workspace: Path) -> tuple[Offer, ...]:
    """What can be done with a run now."""
    if info.state == "unreadable":
        return (Offer(DELETE, "Del", "Delete", f"removes its journal, {format_bytes(info.bytes)}"),)
    found = [Offer(SHOW, "Enter", "Show", "its figures and rows, on the dashboard")]
    if info.state == "running":
        return tuple(found)
    if Path(info.workspace).absolute() == workspace.absolute():
        found += _sending(info)
    return (*found, Offer(DELETE, "Del", "Delete", f"removes its journal, {format_bytes(info.bytes)}; asks first"))


def _sending(info: RunInfo) -> Iterable[Offer]:
    seen = info.done + info.skipped + info.dropped
    if can_resume(info):
        left = "what is left" if info.planned is None else f"the {format_count(max(0, info.planned - seen))} steps left"
        yield Offer(RESUME, "r", "Resume", f"sends {left}; what has a result is not repeated")
    if bad := info.failed + info.errors:
        yield Offer(Only.FAILED, "f", "Failed again", f"a new run of the sessions of {format_count(bad)} failed steps")
    if info.in_doubt:
        what = f"a new run that sends {format_count(info.in_doubt)} steps again, though they may have been done"
        yield Offer(Only.IN_DOUBT, "i", "In doubt again", what)
    if info.dropped:
        what = f"a new run that sends the {format_count(info.dropped)} dropped steps"
        yield Offer(Only.DROPPED, "d", "Dropped again", what)


def can_resume(info: RunInfo) -> bool:
    """Whether a run was cut off, or stopped before its end."""
    return info.state == "interrupted" and info.ended is not Ended.FINISHED


def cells_of(info: RunInfo) -> tuple[str, ...]:
    """When, how it stands, what it was, how far it came, what did not pass: the columns of a row."""
    when = f"{info.started.astimezone():%d %b %H:%M}" if info.started else ""
    if info.state == "unreadable":
        return (when or info.run, "unreadable", safe_line(info.problem))
    seen = format_count(info.done + info.skipped + info.dropped)
    count = f"{seen} / {format_count(info.planned)}" if info.planned is not None else seen
    title = safe_line(info.title.removeprefix("batches/")[:_LONGEST_TITLE]) or "—"
    environment = f" · {safe_line(info.environment[:_LONGEST_TITLE])}" if info.environment else ""
    bad = {"failed": info.failed + info.errors, "in doubt": info.in_doubt, "dropped": info.dropped}
    words = ", ".join(f"{format_count(number)} {word}" for word, number in bad.items() if number)
    return (when, _state_word(info), cut(title + environment, _LONGEST_TITLE), count, words)


def _state_word(info: RunInfo) -> str:
    return "stopped" if info.ended in (Ended.STOPPED, Ended.BAIL, Ended.SETUP) else info.state


def _sign(info: RunInfo) -> RowState:
    if info.state == "running":
        return RowState.LEAF
    if info.state == "interrupted" or info.in_doubt:
        return RowState.ERRORED
    return RowState.FAILED if info.failed or info.errors or info.skipped or info.dropped else RowState.PASSED


class _Act(Static):
    """A line that says what a key does; a click does it too."""

    class Clicked(Message):
        """It should be done."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    offer: Offer | None = None

    def show(self, offer: Offer | None) -> None:
        """Show an offer, or nothing."""
        self.offer = offer
        self.display = offer is not None
        if offer is None:
            return
        key = Content(f"{offer.key:>5} ").stylize("bold $text-accent")
        self.update(key + Content(f"{offer.title:<15}") + Content(offer.what).stylize("$text-muted"))

    def on_click(self, event: events.Click) -> None:
        """Do it."""
        event.stop()
        if self.offer is not None:
            self.post_message(self.Clicked(self.offer.action))


class InfoRows:
    """The runs as rows, in columns as wide as they need to be."""

    def __init__(self, infos: tuple[RunInfo, ...]) -> None:
        self._infos = infos
        self._cells = [cells_of(info) for info in infos]
        readable = [cells for info, cells in zip(infos, self._cells, strict=True) if info.state != "unreadable"]
        self._widths = [max(map(cell_len, column)) for column in zip(*readable, strict=True)]

    def __len__(self) -> int:
        return len(self._infos)

    def __getitem__(self, index: int) -> OutlineRow:
        info, cells = self._infos[index], self._cells[index]
        if info.state == "unreadable":
            return OutlineRow(info.run, "  ".join(cells), 0, RowState.BROKEN)
        *left, count, words = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, self._widths, strict=True)
        )
        label = "  ".join((*left, cells[3].rjust(len(count)), words)).rstrip()
        return OutlineRow(info.run, label, 0, _sign(info))

    def place(self, id_: str) -> int | None:
        """Where this run stands."""
        return next((place for place, info in enumerate(self._infos) if info.run == id_), None)


class RunsDialog(Dialog[RunWanted]):
    """Gives back what should be done with which run. What the keys do stands below the list."""

    AUTO_FOCUS = "Outline"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", f"act('{RESUME}')", "Resume", show=False),
        Binding("f", f"act('{Only.FAILED}')", "Failed again", show=False),
        Binding("i", f"act('{Only.IN_DOUBT}')", "In doubt again", show=False),
        Binding("d", f"act('{Only.DROPPED}')", "Dropped again", show=False),
        Binding("delete,backspace", f"act('{DELETE}')", "Delete", show=False),
    ]
    DEFAULT_CSS = """
    RunsDialog {
        .dialog { width: 130; }
        Outline { height: auto; max-height: 50vh; }
        #about { height: auto; color: $text-muted; margin-top: 1; }
        _Act { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    _ACTS: ClassVar[int] = 6

    outline = getters.query_one(Outline)
    about = getters.query_one("#about", Static)

    def __init__(self, infos: tuple[RunInfo, ...], workspace: Path, current: str = "") -> None:
        super().__init__()
        self._infos = infos
        self._workspace = workspace
        self._current = current

    def compose(self) -> ComposeResult:
        """The list over what can be done."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "Runs"
            box.border_subtitle = "Esc closes"
            yield Outline(id="runs")
            yield Static("", id="about", markup=False)
            for number in range(self._ACTS):
                yield _Act("", id=f"act-{number}", markup=False)

    def on_mount(self) -> None:
        """Show the runs, newest first."""
        rows = InfoRows(self._infos)
        self.outline.styles.height = max(1, len(rows))
        self.outline.rows = rows
        self.outline.cursor = rows.place(self._current) or 0
        self.watch(self.outline, "cursor", self._show_offers)

    @property
    def _info(self) -> RunInfo | None:
        return self._infos[self.outline.cursor] if self._infos else None

    @property
    def _offers(self) -> tuple[Offer, ...]:
        return () if self._info is None else offers(self._info, self._workspace)

    def _show_offers(self) -> None:
        self.about.update(_about(self._info, self._workspace))
        found = self._offers
        for number in range(self._ACTS):
            self.query_one(f"#act-{number}", _Act).show(found[number] if number < len(found) else None)

    def action_act(self, action: str) -> None:
        """Do this with the run the cursor is on, if it can be done."""
        if (info := self._info) and any(offer.action == action for offer in self._offers):
            self.dismiss(RunWanted(action, info.run))

    @on(Outline.Chosen)
    def _chosen(self) -> None:
        self.action_act(SHOW)

    @on(_Act.Clicked)
    def _clicked(self, message: _Act.Clicked) -> None:
        self.action_act(message.action)


def _about(info: RunInfo | None, workspace: Path) -> Content:
    if info is None:
        return Content("No runs yet. Each replay is kept here, to be looked at, gone on with, or repeated in part.")
    if info.state == "unreadable":
        return Content(safe_line(info.problem))
    where = "" if Path(info.workspace).absolute() == workspace.absolute() else f" · of {safe_line(info.workspace)}"
    title = f" · {safe_line(info.title)}" if len(info.title) > _LONGEST_TITLE else ""
    again = f" · again of {safe_line(info.parent)}" if info.parent else ""
    return Content(f"{safe_line(info.run)} · {format_duration_ms(info.seconds * 1000)}{title}{again}{where}")
