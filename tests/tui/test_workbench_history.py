"""What was sent, in the workbench: found again, opened, sent again, compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.past import exchange
from tui_client import config
from tui_client.model.request import NameValue, Request
from tui_client.tui.modals.history import HistoryDialog
from tui_client.tui.screens.compare import CompareScreen


def _rows(b: Any) -> list[str]:
    """The rows of the panel: method, path, status."""
    rows = b.screen.past.panel.outline.rows
    return [f"{rows[index].label.partition(' ')[2]} {rows[index].note}" for index in range(len(rows))]


async def _past(b: Any, *keys: str) -> None:
    """Open the search, look for what is typed first, and press keys in the list."""
    await b.press("ctrl+g")
    await b.until(lambda: isinstance(b.top, HistoryDialog) and b.top.entry)
    await b.press(*keys)


async def test_what_was_sent_opens_again_as_it_was(bench: Any, sample: Path) -> None:
    """From the panel and from the search, with a word that it is no new reply."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.send()
        await b.open("users/missing")
        await b.send()
        await b.until(lambda: len(_rows(b)) == 2)
        assert [row.split()[-1] for row in _rows(b)] == ["404", "200"]
        assert b.screen.room.go("history")
        await b.press("down", "enter")
        await b.until(lambda: "from the history" in b.text and "200 OK" in b.text)
        assert b.screen.current.key == "users/list"
        await _past(b, *"missing")
        await b.until(lambda: b.top.entry.status == 404 and len(b.top.outline.rows) == 1)
        await b.press("enter")
        await b.until(lambda: "from the history" in b.text and "404" in b.text)
        assert b.screen.current.key == "users/missing"
        await b.send()
        await b.until(lambda: "from the history" not in b.text)
        await _past(b, "down", "o")
        assert (b.screen.current.key, b.screen.current.folder) == ("", "users")


async def test_it_is_sent_again_and_compared_with_what_comes_now(bench: Any, sample: Path) -> None:
    """The request of its file where that is the same, else a new one as it was."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.send()
        await b.until(lambda: len(_rows(b)) == 1)
        await _past(b, "down", "r")
        await b.until(lambda: len(_rows(b)) == 2)
        assert b.tabs == ["list"]
        await b.type_url("/users?page=2")
        await _past(b, "down", "d")
        await b.until(lambda: isinstance(b.top, CompareScreen))
        assert b.tabs == ["list*", "List users*"]
        assert len(b.screen.workspace.history.recent()) == 3


async def test_a_mask_is_not_sent_for_a_secret_unseen(bench: Any, sample: Path, demo: str) -> None:
    """It is named when the request is opened, and asked for before anything is sent."""
    async with bench(sample) as b:
        request = Request(url=f"{demo}/users", params=(NameValue("key", "•••"),))
        b.screen.workspace.history.record(exchange(0, "GET", "/users"), request, key="", root="", environment="")
        await _past(b, "down", "o")
        await b.until(lambda: "the parameter key" in b.said)
        await b.press("ctrl+r")
        await b.until(lambda: "••• stands where a secret was" in b.text)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen)
        assert not b.screen.sends.ids
        assert b.screen.replies.views == {}
        await b.press("ctrl+r")
        await b.click("#send")
        await b.until(lambda: "200 OK" in b.text)


async def test_what_another_workspace_sent_is_not_sent_from_here_unseen(bench: Any, sample: Path) -> None:
    """Its templates would mean something else here."""
    async with bench(sample) as b:
        request = Request(method="DELETE", url="{{base_url}}/users/1")
        b.screen.workspace.history.record(
            exchange(0, "DELETE", "/users/1"), request, key="users/delete", root="/elsewhere", environment="local"
        )
        await _past(b, "down", "r")
        await b.until(lambda: "another workspace" in b.said)
        assert b.screen.current.draft == request
        assert not b.screen.current.loaded
        assert not b.screen.sends.ids
        assert _rows(b) == []
        await _past(b, "enter")
        await b.until(lambda: "users/delete is not in this workspace" in b.said and "from the history" in b.text)


async def test_without_a_history_it_says_how_to_get_one(bench: Any, sample: Path) -> None:
    """And there is no panel for it."""
    config.config_file().parent.mkdir(parents=True, exist_ok=True)
    config.config_file().write_text("[history]\nenabled = false\n")
    async with bench(sample) as b:
        await b.until(lambda: b.screen.has_class("-no-history") and not b.screen.past.panel.region.area)
        await b.press("ctrl+g")
        await b.until(lambda: "history.enabled = true" in b.text)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen)
