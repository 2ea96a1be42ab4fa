"""No text of outside acts on the terminal: every command, with every payload in every place that prints one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import Printed, on_terminal
from fault_matrix import fault
from hostile_server import EVENTS, IN_HEADERS, hostile_server
from payloads import PAYLOADS, but, few
from recorded import own_folders
from sink_count import tell
from sink_walks.files import hostile_workspace, in_name

from tui_client.text import safe_line

_LINES = but("nul")


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Hostile replies."""
    with hostile_server() as found:
        yield found


class Console:
    """Runs commands on a terminal, and counts what was seen in what they print."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]) -> None:
        self._monkeypatch = monkeypatch
        self._record = record_property
        self._pairs: set[tuple[str, str]] = set()

    def __call__(self, *arguments: str) -> Printed:
        """Run one; nothing of it may reach the terminal as it was."""
        printed = on_terminal(self._monkeypatch, *arguments)
        assert printed.harm == ()
        return printed

    def see(self, sink: str, printed: Printed, payloads: Any = PAYLOADS, shown: Any = lambda one: one.shown) -> None:
        """These payloads stand there as signs."""
        printed.shows(payloads, shown)
        self._pairs |= {(one.name, sink) for one in payloads}
        tell(self._record, len(self._pairs), 0)


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]) -> Console:
    """Commands with folders of their own."""
    for name, value in own_folders(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Console(monkeypatch, record_property)


@fault("terminal.payloads")
def test_what_a_server_says(console: Console, base_url: str) -> None:
    """Its status, headers and body, as text, as JSON and as it arrives; then the same from the history."""
    text = console("send", f"{base_url}/text", "-i")
    console.see("send: body", text, _LINES)
    console.see("send: status", text, IN_HEADERS[:1])
    head = console("send", f"{base_url}/head", "-i")
    console.see("send: header", head, IN_HEADERS, lambda one: f"X-{one.mark}: {one.shown}")
    console.see("send: JSON", console("send", f"{base_url}/json"), PAYLOADS, lambda one: one.mark)
    console.see("send: events", console("send", f"{base_url}/events"), EVENTS)
    said = console("send", f"{base_url}/head", "--json")
    console.see("send --json: header", said, IN_HEADERS, lambda one: f"X-{one.mark}")
    console("send", f"{base_url}/bad")
    shown = console("history", "show", "1")
    console.see("history: body", shown, _LINES)
    console.see("history: status", shown, IN_HEADERS[:1])
    console.see("history: header", console("history", "show", "2"), IN_HEADERS)
    console.see("history --json", console("history", "show", "1", "--json"), _LINES, lambda one: one.mark)


@fault("terminal.payloads")
def test_what_was_typed_or_pasted(console: Console, tmp_path: Path) -> None:
    """An address, a key, a path, an option: what went wrong quotes it."""
    for one in few(but("nul"), 1, 6):
        console.see("error: address", console("send", f"http://h:9{one.whole}/"), [one], lambda one: one.mark)
        key = one.whole.replace("/", "_")  # else it would be an address
        console.see("error: key", console("send", key, "-C", str(tmp_path)), [one], lambda one: one.mark)
        console.see("error: option", console("send", f"--{one.whole.replace('=', '_')}"), [one], lambda one: one.mark)
        console.see("error: file", console("diff", one.whole, "other"), [one], lambda one: one.mark)


@fault("terminal.payloads")
def test_what_files_say(console: Console, tmp_path: Path) -> None:
    """Names of requests, reasons why one is broken, what is granted, two bodies that differ."""
    root = hostile_workspace(tmp_path)
    listed = console("list", "-C", str(root))
    console.see("list: key", listed, _LINES, lambda one: f"request {safe_line(in_name(one.whole))}")
    console.see("list: reason", listed, _LINES, lambda one: one.mark)
    console.see("check: reason", console("check", "-C", str(root)), _LINES, lambda one: one.mark)
    console.see("list --json", console("list", "-C", str(root), "--json"), _LINES, lambda one: one.mark)
    for name, word in (("a", "old"), ("b", "new")):
        data = {f"key {one.whole}": f"{word} {one.whole}" for one in PAYLOADS}
        (tmp_path / f"{name}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (tmp_path / f"{name}.txt").write_text("".join(f"{word} {one.whole}\n" for one in _LINES), encoding="utf-8")
    console.see("diff: JSON", console("diff", "a.json", "b.json"), PAYLOADS, lambda one: one.mark)
    console.see("diff: text", console("diff", "a.txt", "b.txt"), _LINES)
    console.see("diff --json", console("diff", "a.json", "b.json", "--json"), PAYLOADS, lambda one: one.mark)
    grants = [one for one in _LINES if one.text.isprintable() and "/" not in one.text]
    for one in grants:
        console("trust", "allow", f"env:{one.whole}", "-C", str(root / "first"))
    console.see("trust", console("trust", "list"), grants, lambda one: one.mark)


@fault("terminal.payloads")
def test_what_a_replay_says(console: Console, tmp_path: Path) -> None:
    """Names, reasons and figures: before, while and after it runs, from its journal, and as JSON."""
    root = hostile_workspace(tmp_path)
    names = lambda one: f"request {safe_line(in_name(one.whole))}"  # noqa: E731 - it has a name for what it shows
    target = [f"first:request {in_name(one.whole)}" for one in _LINES]
    quoted = [*target, "-C", str(root)]
    console.see("replay --plan", console("replay", *quoted, "--plan"), _LINES, names)
    ran = console("replay", *quoted)
    console.see("replay: failures", ran, _LINES[:10], names)
    console.see("replay: figures", ran, _LINES[:20], lambda one: f"{names(one)}  ")
    listed = console("replay", "--list")
    run = listed.text.splitlines()[1].split()[0]
    console.see("replay --list", listed, _LINES[:1], lambda one: one.mark)
    console.see("replay --show", console("replay", "--show", run), _LINES[:20], names)
    console.see(
        "replay --json", console("replay", *quoted[:9], "-C", str(root), "--json"), _LINES[:9], lambda one: one.mark
    )
