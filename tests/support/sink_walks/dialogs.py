"""Every dialog, with hostile questions, answers, lists and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from payloads import PAYLOADS, but, few, joined
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from sink_walks.bench import NOW, Bench, exchange, reply, workbench
from tui_client.config import Config
from tui_client.demo.sample import copy_sample
from tui_client.model.exchange import SentRequest
from tui_client.model.request import Request
from tui_client.replay.journal.header import RunInfo
from tui_client.replay.services import Question
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.asking import grant_question
from tui_client.tui.leaving import _Leaving
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.help import Help
from tui_client.tui.modals.history import HistoryDialog
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.modals.questions import Questions
from tui_client.tui.modals.runs import RunsDialog


async def walk(base: Path) -> Bench:
    """One dialog after the other over the workbench."""
    path = copy_sample(base / "demo", "http://127.0.0.1:9")
    keymap = {"send": ",".join(f"ctrl+{one.text}" for one in but("nul")[:3])}
    async with workbench(path, (140, 56), Config(keymap=keymap)) as b:
        for look in (_choose, _ask, _grant, _lists, _help, _runs, _palette, _history):
            await look(b)
        return b


async def over(b: Bench, dialog: ModalScreen[Any]) -> None:
    """Show a dialog."""
    b.app.push_screen(dialog)
    await b.until(lambda: b.top is dialog and dialog.is_mounted)
    await b.pilot.pause()


async def away(b: Bench) -> None:
    """Take it away."""
    await b.app.pop_screen()


async def _choose(b: Bench) -> None:
    for at, one in enumerate(few(first=0, every=9)):
        await over(b, Choose(f"title {one.whole}", joined(), (Choice("a", one.whole),)))
        await b.see("question: title", [one], prefix="title ")
        await b.see("question: answer", [one] if len(one.shown) < 22 else (), b.top.query_one(Button))
        if not at:
            await b.see("question: text", PAYLOADS[:24])
        await away(b)
    leaving = _Leaving("Leave", joined(PAYLOADS[24:]), (Choice("stay", "Stay"),))
    await over(b, leaving)
    await b.see("question: text", PAYLOADS[24:])
    await away(b)


async def _ask(b: Bench) -> None:
    for one in few(first=1, every=9):
        asked = AskText(f"title {one.whole}", joined(), f"value {one.whole}", problem=lambda text: f"wrong: {text}")
        await over(b, asked)
        for part in ("title ", "value "):
            await b.see(f"asked for a text: {part.strip()}", [one], prefix=part)
        asked.query_one(Input).value = one.whole
        await b.see("asked for a text: problem", [one], prefix="wrong: ")
        await away(b)
    await over(b, Questions(tuple(Question(f"v{at}", one.whole) for at, one in enumerate(PAYLOADS[:9]))))
    await b.see("variables asked for", PAYLOADS[:9])
    await away(b)


async def _grant(b: Bench) -> None:
    ask = grant_question(b.app)
    for one, kind in zip(few(but("nul"), 2, 9), 9 * tuple(GrantKind), strict=False):
        b.screen.dialog(ask(Path(f"/of {one.mark}"), Grant(kind, one.whole)))
        await b.until(lambda: isinstance(b.top, Choose) and b.top.is_mounted)
        await b.see("grant", [one], shown=lambda one: one.mark)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)


async def _lists(b: Bench) -> None:
    items = tuple(PickItem(one.name, f"label {one.whole}", f"note {one.whole}") for one in PAYLOADS)
    await over(b, Pick("Open", items, hint=PAYLOADS[0].whole))
    await b.see("list: hint", PAYLOADS[:1])
    await b.see("list: label", prefix="label ")
    await b.see("list: note", [one for one in PAYLOADS if len(one.shown) < 27], prefix="note ")
    await away(b)
    await over(b, Pick("Open", (), empty=PAYLOADS[9].whole))
    await b.see("list: empty", [PAYLOADS[9]])
    await away(b)


async def _help(b: Bench) -> None:
    await over(b, Help(b.app.keys() | {"send": joined(PAYLOADS[:4], " ")}))
    await b.see("help: keys", PAYLOADS[:4])
    await away(b)


async def _runs(b: Bench) -> None:
    infos = [RunInfo(run="x", state="unreadable", problem=PAYLOADS[4].whole)]
    for at, one in enumerate(PAYLOADS):
        where = f"in {one.whole}"
        infos.append(RunInfo(run=f"r{at}", state="done", title=one.whole, workspace=where, started=NOW))
    dialog = RunsDialog(tuple(infos), Path("/here"))
    await over(b, dialog)
    await b.see("runs: title", [one for one in PAYLOADS[:20] if len(one.shown) < 26])
    await b.see("runs: problem", PAYLOADS[4:5])
    for at, one in enumerate(PAYLOADS):
        dialog.outline.cursor = at + 1
        if one in few(first=3, every=9):
            await b.see("runs: workspace", [one], dialog.about, prefix="in ")
    await away(b)


async def _palette(b: Bench) -> None:
    await b.press("ctrl+p")
    await b.until(lambda: b.top is not b.screen and b.top.query(Input))
    b.top.query_one(Input).value = "send"
    await b.pilot.pause()
    b.look()
    await b.press("escape", "escape")
    await b.until(lambda: b.top is b.screen)


async def _history(b: Bench) -> None:
    history = b.screen.workspace.history
    assert history is not None
    root = str(b.screen.workspace.library.shelf(b.screen.collection).root)
    kept = but("nul")
    for one in kept:
        sent = SentRequest("GET", f"http://h/{one.whole}", b"/", ())
        found = exchange(reply(joined(kept).encode(), reason=one.whole, note=one.whole, complete=False), sent)
        history.record(found, Request(url=f"http://h/{one.whole}"), key="", root=root, environment=f"env {one.whole}")
    await history.settled()
    b.screen.past.panel.look_again()
    panel = b.screen.past.panel.outline
    await b.until(lambda: len(panel.rows) == len(kept))
    await b.zoom("history")
    await b.see("history: row", kept, panel, prefix="/")
    await b.press("f11")
    dialog = HistoryDialog(history, PAYLOADS[7].whole)
    await over(b, dialog)
    await b.until(lambda: len(dialog.outline.rows) == len(kept))
    await b.see("history: note", PAYLOADS[7:8])
    for at, one in enumerate(reversed(kept)):
        if one not in few(kept, 1):
            continue
        dialog.outline.cursor = at
        await b.until(lambda: one.shown in "\n".join(b.look(dialog.look)))  # noqa: B023 - called at once
        await b.see("history: address", [one], dialog.look, prefix="http://h/")
    await b.see("history: body", kept[:8], dialog.look)
    await away(b)
