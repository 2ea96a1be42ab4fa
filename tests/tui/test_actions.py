"""The table of actions is where keys, footer, palette and help come from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tui_client.tui.actions import ACTIONS, Action, bindings_for, bound_keys, key_text, unknown_actions
from tui_client.tui.app import WorkbenchApp
from tui_client.tui.panels.collections import CollectionsPanel
from tui_client.tui.panels.history import HistoryPanel
from tui_client.tui.panels.response_viewer import ResponseViewer
from tui_client.tui.screens.compare import CompareScreen
from tui_client.tui.screens.replay import ReplayScreen
from tui_client.tui.screens.workbench import WorkbenchScreen

PLACES: dict[str, type[object]] = {
    "app": WorkbenchApp,
    "workbench": WorkbenchScreen,
    "collections": CollectionsPanel,
    "history": HistoryPanel,
    "reply": ResponseViewer,
    "replay": ReplayScreen,
    "compare": CompareScreen,
}
# What tmux, screen and text fields need, and what terminals can't tell from Tab, Enter or backspace.
FORBIDDEN = {f"ctrl+{letter}" for letter in "hijmabeukwdxcvf"} | {"shift+enter"}


def _keys(action: Action) -> list[str]:
    return [key for key in action.keys.split(",") if key]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_method_where_it_says(action: Action) -> None:
    """A row without a method would do nothing, silently."""
    assert hasattr(PLACES[action.where], f"action_{action.id}")
    assert not action.also or hasattr(PLACES[action.also], f"action_{action.id}")


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_no_action_needs_a_key_that_others_take(action: Action) -> None:
    """Legacy terminals, tmux and fields deliver at least one of its keys."""
    keys = _keys(action)
    assert not keys or any(key not in FORBIDDEN and not key.startswith("alt+") for key in keys)


@pytest.mark.parametrize("place", PLACES)
def test_no_two_actions_of_one_place_share_a_key(place: str) -> None:
    """The app's own count everywhere."""
    actions = [action for action in ACTIONS if {action.where, action.also} & {place, "app"}]
    counts = Counter(key for action in actions for key in _keys(action))
    assert [key for key, count in counts.items() if count > 1] == []


def test_ids_are_unique_and_titles_are_short() -> None:
    """A keymap names actions by id, the palette by title."""
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert all(action.help and len(action.title) <= 16 for action in ACTIONS)


def test_sentences_have_one_tone() -> None:
    """No exclamation marks, no full stop at the end of a row."""
    assert all("!" not in action.help and not action.help.endswith(".") for action in ACTIONS)


def test_every_action_can_be_bound_by_a_keymap() -> None:
    """Those without a key of their own too."""
    for place in PLACES:
        bound = {binding.id for binding in bindings_for(place)}
        assert bound == {action.id for action in ACTIONS if place in (action.where, action.also)}


def test_a_keymap_is_shown_as_it_is_bound() -> None:
    """Help never shows a key that does something else."""
    send = next(action for action in ACTIONS if action.id == "send")
    assert bound_keys(send, {}) == "^r, F5"
    assert bound_keys(send, {"send": "ctrl+g"}) == "^g"
    assert bound_keys(send, {"send": ""}) == ""


def test_names_that_no_action_has_are_found() -> None:
    """A typing error in a keymap is said, not ignored."""
    assert unknown_actions({"send": "f5", "sent": "f6"}) == ("sent",)


@pytest.mark.parametrize(
    ("key", "text"), [("ctrl+r", "^r"), ("f11", "F11"), ("escape", "Esc"), ("question_mark", "?"), ("d", "d")]
)
def test_keys_read_as_people_write_them(key: str, text: str) -> None:
    """The same in footer, palette and help."""
    assert key_text(key) == text


def test_keys_named_in_hints_are_those_of_the_table() -> None:
    """A hint that says ^n means what ^n does."""
    known = {key_text(key) for action in ACTIONS for key in _keys(action)}
    source = Path(__file__).parents[2] / "tui_client" / "tui"
    for path in source.rglob("*.py"):
        hints = re.findall(r"\^[a-z]\b", path.read_text(encoding="utf-8"))
        assert set(hints) <= known, path
