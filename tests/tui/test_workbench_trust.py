"""What the collection that is shown may reach, from the workbench."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui_client.config import state_dir
from tui_client.trust.grants import Grant, GrantKind
from tui_client.trust.store import GrantStore
from tui_client.tui.modals.trust import TrustDialog

MINE = Grant(GrantKind.ENV, "BENCH_ID")


@pytest.fixture
def asking(sample: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample with a request that reads a variable of this machine."""
    monkeypatch.setenv("BENCH_ID", "5")
    (sample / "env").mkdir()
    (sample / "env" / "folder.toml").write_text('[variables]\nid = { env = "BENCH_ID" }\n')
    (sample / "env" / "it.toml").write_text('url = "/users/{{id}}"\n')
    return sample


async def _look(b: Any) -> None:
    """Open the dialog as the palette does."""
    b.screen.action_trust()
    await b.until(lambda: isinstance(b.top, TrustDialog) and b.top._found is not None)


@pytest.mark.parametrize(("answer", "words"), [("#yes", "may read"), ("#no", "may not read")])
async def test_what_was_answered_is_taken_back_at_once(bench: Any, asking: Path, answer: str, words: str) -> None:
    """A yes, or a no by mistake: the next send asks again, and what was undone holds again."""
    store = GrantStore(state_dir() / "grants.json")
    async with bench(asking, size=(80, 24)) as b:
        await b.open("env/it")
        await b.press("ctrl+r")
        await b.click(answer)
        await b.until(lambda: not b.screen.sends.ids)
        await b.press("ctrl+r")
        await b.until(lambda: not b.screen.sends.ids)
        await _look(b)
        assert f"{words} the environment variable BENCH_ID" in b.text
        await b.press("delete", "u", "delete")
        await b.until(lambda: "Nothing was granted to demo" in b.text)
        await b.until(lambda: store.list(asking) == ())
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        await b.press("ctrl+r")
        await b.click("#yes")
        await b.until(lambda: not b.screen.sends.ids)
        assert store.list(asking) == (MINE,)


async def test_only_the_collection_that_is_shown_is_told_of(bench: Any, asking: Path) -> None:
    """Another one's grants are not its own; a damaged file is said, and nothing breaks."""
    store = GrantStore(state_dir() / "grants.json")
    store.add(asking.parent / "other", MINE)
    store.add(asking, Grant(GrantKind.HOST, "api.example.com:443"))
    async with bench(asking) as b:
        await _look(b)
        assert "may send secrets to api.example.com:443" in b.text
        assert "BENCH_ID" not in b.text
        await b.press("escape")
        (state_dir() / "grants.json").write_text("{")
        b.screen.action_trust()
        await b.until(lambda: "grants.json can't be read" in b.said)


async def test_a_secret_that_was_saved_in_plain_is_told_once(bench: Any, asking: Path) -> None:
    """With its place and what to do, never with its value; the next save of the same says nothing."""
    value = "ghp" + "_" + "q8Zr2Lx7Vb" * 4
    (asking / "env" / "it.toml").write_text(f'url = "/a"\n[auth]\nkind = "bearer"\ntoken = "{value}"\n')
    async with bench(asking) as b:
        await b.open("env/it")
        for url in ("/users/1", "/users/2"):
            await b.type_url(url)
            await b.press("ctrl+s")
            await b.until(lambda url=url: b.screen.current.loaded.request.url == url)
            await b.until(lambda: "$.auth.token: a GitHub token stands in plain in it.toml." in b.said)
            await b.until(lambda: not [one for one in b.screen.workers if one.group == "secrets"])
        assert "NAME = { secret = true } among the variables, {{NAME}} here." in b.said
        assert b.said.count("stands in plain") == 1
        assert value[4:] not in b.said
