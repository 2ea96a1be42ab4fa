"""Copy the open request as code, or for another tool: as `tui-client export` writes it, with the edits in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tui_client.errors import TuiClientError
from tui_client.text import format_count, safe
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.screens._context import effective_draft

if TYPE_CHECKING:
    from tui_client.formats._format import Exported, Exporter
    from tui_client.formats._found import Line
    from tui_client.model.effective import EffectiveRequest
    from tui_client.tui.screens._errands import ErrandsScreen

_NAMED: Final = 3


async def copy_as(screen: ErrandsScreen) -> None:
    """Ask for a format, and copy the request that is shown in it."""
    if (item := screen.current) is None:
        return
    # A draft is a value: what was shown when the question was asked is what is copied.
    environment = screen.environment
    known = await asyncio.to_thread(_exporters)
    ordered = sorted(known.values(), key=lambda one: (one.name != screen.copied_as, one.title.lower()))
    items = tuple(PickItem(one.name, one.title, one.name) for one in ordered)
    name = await screen.app.push_screen_wait(Pick("Copy as", items, hint="format"))
    if not name:
        return
    screen.copied_as = name
    try:
        draft = effective_draft(screen.workspace.library, item, environment)
        exported = await asyncio.to_thread(_exported, known[name], draft)
    except TuiClientError as error:
        screen.say(error)
        return
    _copy(screen, known[name], exported, draft.key)


def _exporters() -> dict[str, Exporter]:
    from tui_client.formats import exporters

    return exporters()


def _exported(exporter: Exporter, draft: EffectiveRequest) -> Exported:
    from tui_client.interop.exporting import export_one

    return export_one(exporter, draft)


def _copy(screen: ErrandsScreen, exporter: Exporter, exported: Exported, key: str) -> None:
    from tui_client.tui.widgets.body_rows import COPY_LIMIT

    text = safe(exported.text.removesuffix("\n"))
    if len(text) > COPY_LIMIT:
        # A part of a program is none.
        where = f" Save it, then: tui-client export {key} --format {exporter.name} -o FILE" if key else ""
        screen.say(
            f"It is too long for a terminal's clipboard, which takes {format_count(COPY_LIMIT)} characters.{where}"
        )
        return
    screen.app.copy_to_clipboard(text)
    screen.tell(f"Copied as {exporter.title}: {format_count(len(text))} characters.{_missing(exported.report)}")


def _missing(report: Sequence[Line]) -> str:
    """What of the request is not in it, or not quite: the first few by their names."""
    from tui_client.formats._found import Outcome

    said = ""
    for words, outcomes in (
        ("Not in it", (Outcome.DROPPED, Outcome.KEPT)),
        ("Nearly the same", (Outcome.APPROXIMATED,)),
    ):
        found = list(dict.fromkeys(line.construct for line in report if line.outcome in outcomes))
        if found:
            more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            said += f" {words}: {', '.join(found[:_NAMED])}{more}."
    return said
