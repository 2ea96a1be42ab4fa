"""A workspace whose files are hostile: their names, and what stands in them."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from payloads import PAYLOADS, Payload, but, few, seen
from textual.widgets import Input

from sink_walks.bench import Bench, workbench
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.header import Header
from tui_client.model.request import Assertion, Capture, NameValue, Request
from tui_client.text import safe_line, safe_signs
from tui_client.tui.modals.pick import Pick
from tui_client.tui.state import Section
from tui_client.tui.widgets.outline import Outline

# No file system has a zero byte in a name.
_NAMES = but("nul")


def in_name(text: str) -> str:
    """What such a file is called: a slash would be a folder, a colon a collection's, and no key has a backslash."""
    return re.sub(r"[/:\\]", "_", text)


def toml(text: str) -> str:
    """A string of TOML, all but ASCII escaped."""
    return '"' + "".join(s if " " <= s <= "~" and s not in '"\\' else f"\\U{ord(s):08X}" for s in text) + '"'


def hostile_workspace(base: Path) -> Path:
    """Collections, folders, requests and environments named by payloads; broken files, with reasons that quote them."""
    root = base / "work"
    first = root / "collections" / "first"
    for one in _NAMES:
        name = in_name(one.whole)
        for folder, file, text in (
            (first, f"request {name}", 'url = "http://127.0.0.1:9/"'),
            (first, f"broken {one.mark}", f"{toml(one.whole)} = 1"),
            (first / f"folder {name}", "inside", 'url = "/"'),
            (first / "environments", f"env {name}", ""),
            (root / "collections" / f"other {name}", "collection", "format = 1"),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{file}.toml").write_text(text + "\n", encoding="utf-8")
    headers = "\n".join(f"X-{one.mark} = {toml(one.whole)}" for one in PAYLOADS)
    (first / "collection.toml").write_text(f"format = 1\n[headers]\n{headers}\n", encoding="utf-8")
    return root / "collections"


async def walk(base: Path) -> Bench:
    """The tree, open requests, the line of state, the lists of requests and environments."""
    async with workbench(hostile_workspace(base), (200, 140)) as b:
        await _tree(b)
        await _open(b)
        await _environments(b)
        await _lists(b)
        return b


def _shown(one: Payload) -> str:
    return seen(safe_line(in_name(one.whole)))


async def _tree(b: Bench) -> None:
    await b.zoom("collections")
    tree = b.screen.collections.query_one("#tree", Outline)
    await b.until(lambda: len(tree.rows) > len(_NAMES))
    await b.see("tree: collection", _NAMES, tree, prefix="other ", shown=_shown)
    for sink in ("request", "folder"):
        await b.see(f"tree: {sink}", _NAMES, tree, prefix=f"{sink} ", shown=_shown)
    await b.press("f11")


async def _open(b: Bench) -> None:
    names = few(_NAMES, 1)
    for at in range(0, len(names), 3):
        some = names[at : at + 3]
        for one in some:
            assert b.screen.open_key(f"first:request {in_name(one.whole)}")
        await b.see("tabs", some, b.screen.strip, prefix="request ", shown=_shown)
        for one in some:
            b.screen.say(f"said {one.whole}")
            b.screen.tell(f"told {one.whole}")
        for word in ("said ", "told "):
            await b.see(f"notification: {word.strip()}", some, prefix=word)
        b.app.clear_notifications()
        for _ in some:
            b.screen.close(b.screen.requests.active)
    names = few(_NAMES, 2)
    for at in range(0, len(names), 6):
        some = names[at : at + 6]
        for one in some:
            assert not b.screen.open_key(f"first:broken {one.mark}")
        await b.see("notification: why a file is broken", some)
        b.app.clear_notifications()


async def _environments(b: Bench) -> None:
    b.screen.open_key(f"first:request {in_name(_NAMES[0].whole)}")
    for one in few(_NAMES, 3):
        b.screen.use_environment(f"env {in_name(one.whole)}")
        await b.see("line of state: environment", [one], b.screen.status, prefix="env ", shown=_shown)


async def _lists(b: Bench) -> None:
    for key, sink, prefix in (("f4", "environments", "env "), ("ctrl+o", "requests", "request ")):
        await b.press(key)
        await b.until(lambda: isinstance(b.top, Pick) and b.top.is_mounted)
        b.top.query_one(Input).value = prefix
        await b.pilot.pause()
        await b.see(f"list of {sink}", _NAMES, prefix=prefix, shown=_shown)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)


async def walk_builder(base: Path) -> Bench:
    """Every section of a request whose texts are all hostile; fields show a sign for each character."""
    async with workbench(hostile_workspace(base), (180, 70)) as b:
        b.screen.open_key(f"first:request {in_name(_NAMES[0].whole)}")
        await b.zoom("builder")
        rows = tuple(NameValue(f"name {one.whole}", f"value {one.whole}") for one in PAYLOADS)
        draft = Request(
            name=PAYLOADS[0].whole,
            url="/",
            description="\n".join(one.whole for one in _LINES),
            tags=(PAYLOADS[1].whole,),
            params=rows[:_HALF],
            headers=rows[_HALF:],
            path=rows,
            body=Text(content="\n".join(one.whole for one in _LINES)),
            auth=Basic(username=PAYLOADS[2].whole, password=PAYLOADS[3].whole),
            asserts=tuple(Assertion(Header(one.whole), "==", one.whole) for one in PAYLOADS[:8]),
            captures=tuple(Capture(f"n{one.mark}", Header(one.whole)) for one in PAYLOADS[8:16]),
        )
        b.screen.edit(draft)
        await _sections(b, draft)
        await _url(b)
        return b


_LINES = but("overwriting", "line separators")
# A row of fields takes a while to be made.
_HALF = len(PAYLOADS) // 2


async def _sections(b: Bench, draft: Request) -> None:
    async def look(section: Section, sink: str, payloads: tuple[Payload, ...], prefix: str = "") -> None:
        b.screen.builder.show_section(section)
        await b.pilot.pause()
        await b.see(f"builder: {sink}", payloads, b.screen.builder, prefix=prefix, shown=_in_field)

    for section, payloads in ((Section.PARAMS, PAYLOADS[:_HALF]), (Section.HEADERS, PAYLOADS[_HALF:])):
        await look(section, f"{section} name", payloads, "name ")
        await look(section, f"{section} value", payloads, "value ")
    await b.see("builder: inherited header", prefix="X-", shown=lambda one: f"{one.mark}: {one.shown}")
    await look(Section.BODY, "body", _LINES)
    await look(Section.NOTES, "description", _LINES)
    await look(Section.AUTH, "auth", PAYLOADS[2:3])
    part = Part(name=PAYLOADS[4].whole, value=PAYLOADS[5].whole)
    b.screen.edit(msgspec.structs.replace(draft, body=Multipart(parts=(part,))))
    await look(Section.BODY, "part of a body", PAYLOADS[4:6])
    await look(Section.PATH, "path", ())
    await look(Section.CHECKS, "checks", ())
    await b.see("builder: checks", PAYLOADS[:16], shown=lambda one: one.mark)
    await look(Section.OPTIONS, "options", ())


def _in_field(one: Payload) -> str:
    return seen(safe_signs(one.whole))


async def _url(b: Bench) -> None:
    for one in few():
        b.screen.edit(Request(url=f"at {one.whole}", method="GET"))
        await b.see("builder: URL", [one], b.screen.builder, prefix="at ", shown=_in_field)
