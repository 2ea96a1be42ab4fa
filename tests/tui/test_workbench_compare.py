"""From a reply in the workbench to its comparison and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.widgets import OptionList, Static

from tui_client.tui.modals.pick import Pick
from tui_client.tui.screens.compare import CompareScreen


def _offered(b: Any) -> list[str]:
    """What a reply can be compared with, as it stands in the list."""
    options = b.top.query_one(OptionList)
    return [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]


def _summary(b: Any) -> str:
    return str(b.top.query_one("#summary", Static).render())


async def test_a_reply_is_compared_with_another_one_and_a_file(bench: Any, sample: Path, tmp_path: Path) -> None:
    """The reply before, other open requests, the history and files are offered; Esc goes back."""
    saved = tmp_path / "saved.json"
    saved.write_text('{"page": 9}')
    async with bench(sample) as b:
        await b.open("users/missing")
        await b.send()
        await b.open("users/list")
        await b.send()
        await b.send()
        b.screen.reply.focus_reply()
        await b.press("d")
        await b.until(lambda: isinstance(b.top, Pick) and len(_offered(b)) > 4)
        first, second, third, *rest = _offered(b)
        assert first.startswith("The previous reply of this request  200 ·")
        assert second.startswith("users/missing  open · 404 ·")
        assert third == "A file…"
        assert [row.partition("  ")[0] for row in rest] == ["users/list", "users/missing"]
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, CompareScreen) and b.top.comparison)
        assert _summary(b) == "status same · headers same · body: the same, byte for byte"
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        await b.press("d")
        await b.until(lambda: isinstance(b.top, Pick))
        await b.fill("A file")
        await b.press("enter")
        await b.until(lambda: not isinstance(b.top, Pick) and b.top is not b.screen)
        await b.fill(str(saved))
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, CompareScreen) and b.top.comparison)
        assert "saved.json" in b.text
        assert _summary(b).startswith("body: ")
