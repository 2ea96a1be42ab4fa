"""Replays and comparisons whose names, reasons and replies are hostile."""

from __future__ import annotations

import json
from pathlib import Path

from payloads import PAYLOADS, Payload, but, few, joined
from textual.widgets import Input, Select, Static

from sink_walks.bench import NOW, Bench, exchange, reply, workbench
from tui_client.demo.sample import copy_sample
from tui_client.errors import Failure, FailureKind
from tui_client.model.step import CheckResult, Errored, Replied, StepId, StepResult
from tui_client.replay.comparison.side import Side
from tui_client.replay.journal.header import Ended
from tui_client.replay.summary import Summary
from tui_client.replay.tally import Group, Latency
from tui_client.replay.thresholds import Verdict
from tui_client.storage.batch import Threshold
from tui_client.text import safe_line
from tui_client.tui.panels.replay_dashboard.figures import RunView
from tui_client.tui.panels.replay_dashboard.picks import request_picked
from tui_client.tui.panels.replay_dashboard.rows import Results
from tui_client.tui.screens._compare_desk import compare_sides
from tui_client.tui.screens.compare import CompareScreen
from tui_client.tui.screens.replay import ReplayScreen

# A zero byte would make it no text.
_LINES = but("nul")


async def walk(base: Path) -> Bench:
    """The screen of replays, its figures, rows and groups."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (200, 60)) as b:
        await b.press("ctrl+t")
        await b.until(lambda: isinstance(b.top, ReplayScreen) and b.top.is_mounted)
        screen = b.top
        await _setup(b, screen)
        await _figures(b, screen)
        await _rows(b, screen)
        return b


async def _setup(b: Bench, screen: ReplayScreen) -> None:
    for one in few(first=2):
        screen.setup.fill(f"target {one.whole}", (f"env {one.whole}",), f"env {one.whole}")
        screen.setup.query_one("#data", Input).value = f"data {one.whole}"
        screen.say(f"problem {one.whole}")
        for part in ("target ", "env ", "data ", "problem "):
            await b.see(f"replay: {part.strip()}", [one], prefix=part)
    screen.setup.environment.set_options([])
    screen.setup.fill("", tuple(f"env {one.whole}" for one in PAYLOADS[:8]), "")
    screen.query_one(Select).expanded = True
    await b.see("replay: list of environments", PAYLOADS[:8], prefix="env ")
    screen.query_one(Select).expanded = False


def _view(at: int) -> RunView:
    one = PAYLOADS[at]
    limits = (Threshold(metric="latency", agg="p95", op="<", value=1.0, select={"tag": one.whole}),)
    summary = Summary(
        run="r",
        planned=9,
        done=9,
        errors=9,
        seconds=1.0,
        latency=Latency(),
        by_error={one.whole: 9},
        by_request=tuple(Group(name=each.whole, done=1) for each in PAYLOADS),
        by_tag=tuple(Group(name=f"tag {each.whole}", done=1) for each in PAYLOADS),
        thresholds=tuple(Verdict(limit, 2.0, passed=False) for limit in limits),
        bars=((1.0, 9),),
        held=one.whole,
    )
    return RunView(summary, "stopped", 0, 1, f"title {one.whole}", f"env {one.whole}", Ended.STOPPED)


async def _figures(b: Bench, screen: ReplayScreen) -> None:
    board = screen.dashboard
    for one in few(first=3):
        board.run = _view(PAYLOADS.index(one))
        await b.see("replay: title", [one], board.progress, prefix="title ")
        await b.see("replay: threshold", [one], board.thresholds)
        await b.see("replay: kind of error", [one], board.outcome)
        board.pick(request_picked(f"rows {one.whole}"))
        await b.see("replay: what rows are of", [one], board.outline, prefix="rows ")
        board.pick(None)
    board.grouped = True
    await b.see("replay: request", PAYLOADS, board.groups)
    board.groups.action_last()
    await b.see("replay: tag", PAYLOADS[-8:], board.groups, prefix="tag ")
    board.grouped = False


async def _rows(b: Bench, screen: ReplayScreen) -> None:
    def result(at: int) -> StepResult:
        one = PAYLOADS[at]
        step = StepId(at, 0, 0, f"key {one.whole}")
        if at % 2:
            failure = Failure(FailureKind.CONNECT_FAILED, f"at {one.whole}", detail=one.whole)
            return StepResult(step, Errored(failure), label=f"GET http://{one.whole}")
        check = CheckResult("body", "", "==", 1, f"was {one.whole}", passed=False)
        return StepResult(step, Replied(exchange(reply(b"x")), (check,)))

    screen.dashboard.key_cells = 40
    screen.dashboard.results = Results(tuple((at, result(at)) for at in range(len(PAYLOADS))))
    await b.see("replay: row's request", widget=screen.dashboard.outline, prefix="key ")
    found = PAYLOADS[::2]
    await b.see("replay: why a row failed", found, screen.dashboard.outline, prefix="was was ")
    await b.see("replay: why a row got no reply", PAYLOADS[1::2], screen.dashboard.outline, prefix="connect to at ")


async def walk_compare(base: Path) -> Bench:
    """Two replies that differ in everything."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (200, 80)) as b:
        await _texts(b)
        await _objects(b)
        return b


def _side(word: str, at: int, body: bytes, kind: str) -> Side:
    one = PAYLOADS[at]
    names = tuple((b"X-" + each.whole.encode(), f"{word} {each.whole}".encode()) for each in PAYLOADS)
    response = reply(body, ((b"Content-Type", kind.encode()), *names))
    remark = f"remark {one.whole}"
    return Side(title=f"{word} {one.whole}", key=word, response=response, body=response.body, when=NOW, remark=remark)


async def _compared(b: Bench, left: Side, right: Side) -> CompareScreen:
    compare_sides(b.screen, left, right)
    await b.until(lambda: isinstance(b.top, CompareScreen) and b.top.comparison)
    await b.pilot.pause()
    screen = b.top
    assert isinstance(screen, CompareScreen)
    return screen


async def _texts(b: Bench) -> None:
    for one in few(first=0)[:4]:
        at = PAYLOADS.index(one)
        bodies = {word: "".join(f"{word} {each.whole}\n" for each in _LINES).encode() for word in ("old", "new")}
        left, right = (_side(word, at, body, "text/plain") for word, body in bodies.items())
        screen = await _compared(b, left, right)
        for word, side in (("old", "#left-side"), ("new", "#right-side")):
            await b.see(f"compare: {word} title", [one], screen.query_one(side, Static), prefix=f"{word} ")
            await b.see(f"compare: {word} remark", [one], screen.query_one(side, Static), shown=_ended)
        if not at:
            for word in ("old", "new"):
                await b.see(f"compare: {word} line", _LINES, screen.body, prefix=f"{word} ")
            await b.press("h")
            await b.see("compare: header's name", prefix="X-")
            for word in ("old", "new"):
                await b.see(f"compare: {word} header", prefix=f"{word} ")
        screen.dismiss()
        await b.until(lambda: b.top is b.screen)
    zeros = [b"\0\1" + joined(PAYLOADS[at:]).encode() for at in (0, 1)]
    screen = await _compared(b, _side("old", 0, zeros[0], "x/y"), _side("new", 1, zeros[1], "x/y"))
    b.look()
    screen.dismiss()
    await b.until(lambda: b.top is b.screen)


def _ended(one: Payload) -> str:
    return f"{one.shown}."


async def _objects(b: Bench) -> None:
    bodies = [
        json.dumps({f"key {one.whole}": f"{word} {one.whole}" for one in PAYLOADS}, ensure_ascii=False).encode()
        for word in ("old", "new")
    ]
    kind = "application/json"
    screen = await _compared(b, _side("old", 0, bodies[0], kind), _side("new", 0, bodies[1], kind))
    short = [one for one in PAYLOADS if len(_in_json(one)) < 40]  # each has a third of the width
    for word in ("key ", "old ", "new "):
        await b.see(f"compare: JSON, {word.strip()}", short, screen.body, prefix=word, shown=_in_json)
    for one in PAYLOADS[1:7]:
        await b.press("n")
        await b.see("compare: path", [one], screen.place, shown=lambda one: one.mark)
    await b.press("c", "y", "i")
    await b.until(lambda: "Ignored" in b.notes())
    b.drain()
    assert len(b.recorder.copied) == 2
    screen.dismiss()
    await b.until(lambda: b.top is b.screen)


def _in_json(one: Payload) -> str:
    return safe_line(json.dumps(one.whole, ensure_ascii=False)[1:-1])
