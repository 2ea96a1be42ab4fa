"""With what a reply is compared: another open one, one of before, one of the history, or a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tui_client.errors import TuiClientError
from tui_client.history.entry import Entry
from tui_client.model.exchange import Exchange
from tui_client.replay.comparison.side import Side, side_of, side_of_file, side_of_kept
from tui_client.text import format_bytes, format_duration_ms
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.panels.response_viewer.view import shown_of
from tui_client.tui.screens.compare import CompareScreen

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

__all__ = ["Side", "compare", "compare_sides", "side_of", "side_of_file", "side_of_kept"]

_ENTRIES: Final = 100
_FILE: Final = "file"
_PREVIOUS: Final = "previous"
_TAB: Final = "tab:"
_HISTORY: Final = "history:"


def compare_sides(screen: WorkbenchScreen, left: Side, right: Side) -> None:
    """Show what differs between two sides; what is ignored of a request is remembered by the workbench."""
    screen.app.push_screen(CompareScreen(left, right, screen.keys, screen.reply_desk.ignored))


async def compare(screen: WorkbenchScreen, exchange: Exchange) -> None:
    """Ask with what, and compare: the other one is left, this reply right."""
    this = _this_side(screen, exchange)
    entries = await _entries(screen)
    items = tuple(_items(screen, exchange, this, entries))
    chosen = await screen.app.push_screen_wait(Pick(f"Compare {this.title} with", items))
    if not chosen:
        return
    try:
        other = await _chosen_side(screen, exchange, chosen)
    except TuiClientError as error:
        screen.say(error)
        return
    if other is not None:
        compare_sides(screen, other, this)


def _this_side(screen: WorkbenchScreen, exchange: Exchange) -> Side:
    for item in screen.requests.items:
        if shown_of(screen.replies.view(item.id)).exchange is exchange:
            return side_of(exchange, item.key or item.title, item.key)
    return side_of(exchange)


async def _entries(screen: WorkbenchScreen) -> tuple[Entry, ...]:
    """The newest of the history; none where it is switched off, or can't be read."""
    try:
        if (history := screen.workspace.history) is None:
            return ()
        return await asyncio.to_thread(history.recent, _ENTRIES)
    except TuiClientError as error:
        screen.say(error)
        return ()


def _items(screen: WorkbenchScreen, exchange: Exchange, this: Side, entries: tuple[Entry, ...]) -> Iterator[PickItem]:
    """What is likeliest first: the reply before, open tabs, the same request's in the history, then the rest."""
    if (previous := screen.replies.before(exchange)) is not None:
        yield PickItem(_PREVIOUS, "The previous reply of this request", _note(side_of(previous)))
    for item in screen.requests.items:
        other = shown_of(screen.replies.view(item.id)).exchange
        if other is not None and other is not exchange and other.response is not None:
            yield PickItem(f"{_TAB}{item.id}", item.key or item.title, f"open · {_note(side_of(other))}")
    yield PickItem(_FILE, "A file…")
    replies = [entry for entry in entries if entry.status is not None and not _is(entry, exchange)]
    for entry in sorted(replies, key=lambda entry: entry.key != this.key):
        yield PickItem(f"{_HISTORY}{entry.id}", entry.key or f"{entry.method} {entry.url}", _entry_note(entry))


def _is(entry: Entry, exchange: Exchange) -> bool:
    return entry.when == exchange.started and entry.url == exchange.request.url


def _note(side: Side) -> str:
    status = str(side.response.status) if side.response else "no reply"
    when = side.when.astimezone().strftime("%H:%M:%S") if side.when else ""
    return f"{status} · {format_bytes(side.body.size)} · {when}"


def _entry_note(entry: Entry) -> str:
    when = entry.when.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    took, size = format_duration_ms(entry.total_ms), format_bytes(entry.body_bytes)
    return f"{entry.status} · {took} · {size} · {when} · {entry.environment or 'no environment'}"


async def _chosen_side(screen: WorkbenchScreen, exchange: Exchange, chosen: str) -> Side | None:
    """None where nothing came of it. Raises BrokenFile for a file, and what the history raises."""
    if chosen == _PREVIOUS:
        previous = screen.replies.before(exchange)
        title = f"{_this_side(screen, exchange).title}, the reply before"
        return side_of(previous, title) if previous else None
    if chosen.startswith(_TAB):
        item = screen.requests.get(chosen.removeprefix(_TAB))
        other = shown_of(screen.replies.view(item.id)).exchange if item else None
        return side_of(other, item.key or item.title, item.key) if item and other else None
    if chosen.startswith(_HISTORY):
        history = screen.workspace.history
        if history is None:
            return None
        return side_of_kept(await asyncio.to_thread(history.load, int(chosen.removeprefix(_HISTORY))))
    name = await screen.app.push_screen_wait(AskText("Compare with a file", "A path; ~ is your home."))
    return await asyncio.to_thread(side_of_file, name) if name else None
