"""The first look at a workspace: full, empty, missing, broken, small."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest


async def test_a_sample_opens_with_a_request_to_type_into(bench: Any, sample: Path) -> None:
    """Folders on the left, the first environment chosen, the cursor in the URL."""
    async with bench(sample) as b:
        await b.until(lambda: "users" in b.text)
        assert "env local" in b.text
        assert b.tabs == ["new"]
        assert b.top.focused is not None and b.top.focused.id == "url"


async def test_a_request_can_be_named_to_open_first(bench: Any, sample: Path) -> None:
    """The demo begins with one."""
    async with bench(sample, first="users/list") as b:
        assert b.tabs == ["list"]


@pytest.mark.parametrize("made", [True, False])
async def test_an_empty_workspace_says_what_to_do_and_does_it(
    bench: Any, own_folders: None, tmp_path: Path, demo: str, made: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request can be typed, sent and saved; saving makes the first collection. Also where no directory is yet."""
    monkeypatch.chdir(tmp_path)
    if made:
        (tmp_path / "work").mkdir()
    async with bench(tmp_path / "work" if made else None) as b:
        await b.until(lambda: "No requests yet" in b.text)
        await b.type_url(f"{demo}/users/1")
        await b.send()
        await b.until(lambda: "Ada Okafor" in b.text)
        await b.press("ctrl+s")
        await b.answer("users/mine")
        await b.until(lambda: b.in_tree("users/mine"))
        root = b.screen.workspace.library.root / "requests"
        assert f'url = "{demo}/users/1"' in (root / "users" / "mine.toml").read_text()
        assert (root / "collection.toml").is_file()
        await b.press("ctrl+n")
        await b.type_url("/two")
        await b.press("ctrl+s")
        await b.answer("two")
        assert (root / "two.toml").is_file()


async def test_a_broken_file_says_where_and_others_work(bench: Any, sample: Path) -> None:
    """File and line are named; nothing else suffers."""
    (sample / "users" / "broken.toml").write_text('url = "/"\nmethod = \n')
    async with bench(sample) as b:
        assert not b.screen.open_key("users/broken")
        await b.until(lambda: "broken.toml:2" in b.said)
        await b.open("users/list")


async def test_a_broken_collection_file_leaves_the_app_usable(bench: Any, sample: Path) -> None:
    """A request with its own URL can be written; one that inherits says why it can't be sent."""
    (sample / "collection.toml").write_text("format = 1\n[headers\n")
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("ctrl+r")
        await b.until(lambda: "collection.toml:2" in b.said)


async def test_several_collections_have_environments_of_their_own(bench: Any, sample: Path, tmp_path: Path) -> None:
    """Switching the request switches the environment with it."""
    work = tmp_path / "work"
    shutil.copytree(sample, work / "demo")
    (work / "other" / "environments").mkdir(parents=True)
    (work / "other" / "collection.toml").write_text("format = 1\n")
    (work / "other" / "environments" / "far.toml").write_text('base_url = "http://127.0.0.1:9"\n')
    (work / "other" / "ping.toml").write_text('url = "/ping"\n')
    async with bench(work) as b:
        assert b.screen.open_key("demo:users/list")
        assert b.screen.environment == "local"
        assert b.screen.open_key("other:ping")
        assert b.screen.environment == "far"
        await b.until(lambda: "http://127.0.0.1:9/ping" in b.text)
        await b.press("f7")
        assert b.screen.environment == "local"


async def test_jumping_finds_one_among_thousands(bench: Any, sample: Path) -> None:
    """Typed letters narrow the list; Enter opens."""
    (sample / "many").mkdir()
    for number in range(3000):
        (sample / "many" / f"r{number}.toml").write_text('url = "/"\n')
    async with bench(sample) as b:
        await b.press("ctrl+o")
        await b.answer("many r2718")
        await b.until(lambda: b.tabs == ["r2718"])


@pytest.mark.parametrize("size", [(1, 1), (40, 10)])
async def test_any_size_of_terminal_works(bench: Any, sample: Path, size: tuple[int, int]) -> None:
    """Nothing to see on a stamp, but nothing breaks."""
    async with bench(sample, size=size) as b:
        await b.open("users/list")
        await b.send()
        await b.press("f6", "f6", "f3", "f11", "f11", "f1", "escape")
        await b.pilot.resize_terminal(160, 48)
        await b.until(lambda: "200 OK" in b.text)
