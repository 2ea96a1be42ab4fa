"""The workbench comes back as it was left."""

from __future__ import annotations

from pathlib import Path
from typing import Any


async def test_the_workbench_comes_back_as_it_was_left(bench: Any, sample: Path) -> None:
    """Tabs, drafts, the environment and the room, after an end that asked for nothing; nothing is sent for it."""
    async with bench(sample, size=(160, 48)) as b:
        await b.open("users/list")
        await b.open("users/get")
        await b.type_url("/unsaved")
        b.screen.use_environment("")
        b.screen.action_grow()
        left = b.tabs
    async with bench(sample, size=(160, 48)) as b:
        await b.until(lambda: b.tabs == left)
        assert b.screen.current.key == "users/get"
        assert b.screen.current.draft.url == "/unsaved"
        assert b.screen.environment == ""
        assert b.screen.room.habits == ("-reply-2",)
        assert not b.screen.sends.ids
        await b.until(lambda: "/unsaved" in b.text)
        # In the tree its row is marked, too.
        await b.until(lambda: b.in_tree("users/get") and "*" in b.tree_row("users/get"))


async def test_a_second_window_starts_fresh_and_says_so(bench: Any, sample: Path) -> None:
    """It neither takes nor overwrites what the first one keeps."""
    async with bench(sample) as first:
        await first.open("users/list")
        async with bench(sample) as second:
            await second.until(lambda: "another window" in second.said)
            assert second.tabs == ["new"]
            await second.type_url("/second")
    async with bench(sample) as b:
        await b.until(lambda: b.tabs == ["list"])
