"""No text of outside acts on the terminal: every screen, with every payload in every place that shows one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import pytest
from fault_matrix import fault
from recorded import Walk, own_folders
from settled import use_settled
from sink_count import tell
from sink_walks import bodies, decisions, dialogs, files, imports, replays, reply
from textual._styles_cache import StylesCache
from textual.widget import Widget

import tui_client.tui

use_settled()

Way: TypeAlias = Callable[[Path], Awaitable[Walk]]


class Gone(NamedTuple):
    """What came of a way. classes: of all that was mounted. harm: what a terminal would have obeyed. raw: in bytes."""

    pairs: frozenset[tuple[str, str]]
    classes: frozenset[type]
    harm: tuple[str, ...]
    raw_bytes: int


WAYS: Final[dict[str, Way]] = {
    "the line over a reply": reply.walk_lines,
    "the tabs of a reply": reply.walk_tabs,
    "bodies": bodies.walk,
    "names of files": files.walk,
    "a request": files.walk_builder,
    "dialogs": dialogs.walk,
    "decisions": decisions.walk,
    "imports": imports.walk,
    "replays": replays.walk,
    "comparisons": replays.walk_compare,
}
# Ways are gone once in a process.
_GONE: Final[dict[str, Gone]] = {}


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes what belongs to whoever runs it, or keeps what was drawn."""
    for name, value in own_folders(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    StylesCache.get_inner_outer.cache_clear()


async def _gone(name: str, base: Path) -> Gone:
    if name not in _GONE:
        walk = await WAYS[name](base)
        raw = sum(len(leak.encode("utf-8", "replace")) for leak in walk.recorder.leaks)
        _GONE[name] = Gone(frozenset(walk.pairs), frozenset(walk.classes), tuple(walk.recorder.harm), raw)
    return _GONE[name]


@fault("terminal.payloads")
@pytest.mark.parametrize("name", WAYS)
async def test_payloads_are_shown_as_signs_and_do_nothing(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Each is read where it was put; no byte of it comes through, and the terminal's title and modes stay."""
    found = await _gone(name, tmp_path)
    tell(record_property, len(found.pairs), found.raw_bytes)
    assert found.harm == ()
    assert len(found.pairs) >= 50


def _ours(base: type[Widget] = Widget) -> Iterator[type[Widget]]:
    for child in base.__subclasses__():
        if child.__module__.startswith("tui_client."):
            yield child
        yield from _ours(child)


async def test_every_widget_was_looked_at_with_hostile_text(tmp_path: Path) -> None:
    """One that is new fails here until a way leads past it: tests/support/sink_walks/ has a file for each part."""
    for module in pkgutil.walk_packages(tui_client.tui.__path__, "tui_client.tui."):
        importlib.import_module(module.name)
    seen = {
        one
        for name in WAYS
        for kind in (await _gone(name, tmp_path / name.replace(" ", "-"))).classes
        for one in kind.__mro__
    }
    assert {kind.__qualname__ for kind in _ours() if kind not in seen} == set()
