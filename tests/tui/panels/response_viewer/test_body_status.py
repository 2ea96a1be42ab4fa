"""The line under a body."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tui_client.tui.panels.response_viewer.body_status import BodyState, BodyStatus
from tui_client.tui.panels.response_viewer.reading import Mode

KEYS = {"search": "slash", "filter_body": "f", "next_mode": "p", "wrap": "w", "copy": "ctrl+y", "save_body": "s"}


class Alone(App[None]):
    """The line alone."""

    def compose(self) -> ComposeResult:
        yield BodyStatus(KEYS)


@pytest.mark.parametrize(
    ("mode", "hints"),
    [
        (Mode.RAW, ["slash search", "f filter", "p view", "w wrap", "ctrl+y copy", "s save"]),
        (Mode.EVENTS, ["slash search", "f filter", "p view", "ctrl+y copy", "s save"]),
        (Mode.IMAGE, ["p view", "s save"]),
    ],
)
async def test_only_keys_that_do_something_are_hinted_at(mode: Mode, hints: list[str]) -> None:
    """A picture has no lines to search, and nothing to wrap."""
    async with Alone().run_test(size=(160, 3)) as pilot:
        line = pilot.app.query_one(BodyStatus)
        line.state = BodyState(modes=(mode,), mode=mode)
        assert line.render().plain.endswith("  " + "  ".join(hints))
        assert line.render().plain.count("  ") == len(hints)
