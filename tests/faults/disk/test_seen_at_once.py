"""What others do to the files while the app is open shows by itself, and no edit in progress is lost by it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from fault_matrix import fault

FILES = 200


def git(folder: Path, *words: str) -> None:
    """Run git as nobody in particular."""
    settings = ("-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "core.hooksPath=/dev/null")
    subprocess.run(("git", *settings, *words), cwd=folder, check=True, capture_output=True, timeout=30)


def write(folder: Path, word: str) -> None:
    """A collection of many requests, all of one mind; two of them only in one version."""
    (folder / "many").mkdir(parents=True, exist_ok=True)
    (folder / "collection.toml").write_text('format = 1\nbase_url = "http://127.0.0.1:9"\n')
    for number in range(FILES):
        (folder / f"many/r{number}.toml").write_text(f'url = "/{word}/{number}"\n')
    (folder / "many" / f"only-{word}.toml").write_text('url = "/only"\n')


def move(old: Path, new: Path) -> None:
    """What another program does."""
    old.rename(new)


@pytest.fixture
def branches(tmp_path: Path) -> Path:
    """A repository with two branches that differ in every file; the first one is checked out."""
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "one")
    for branch in ("one", "two"):
        if branch == "two":
            git(root, "checkout", "-q", "-b", "two")
            (root / "many/only-one.toml").unlink()
        write(root, branch)
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", branch)
    git(root, "checkout", "-q", "one")
    return root


@fault("disk.changed")
async def test_another_branch_of_many_files_is_seen(bench: Any, branches: Path) -> None:
    """What is open and untouched follows, new files appear, those that are gone go, and an edit stays as it was."""
    async with bench(branches) as b:
        for key in ("many/r0", "many/r1", "many/only-one", "many/r2"):
            await b.open(key)
        await b.type_url("/mine")
        git(branches, "checkout", "-q", "two")
        await b.until(lambda: b.tabs == ["r0", "r1", "only-one ✗ disk", "r2* ≠ disk"])
        await b.until(lambda: [item.draft.url for item in b.screen.requests.items][:2] == ["/two/0", "/two/1"])
        await b.until(lambda: b.in_tree("many/only-two") and not b.in_tree("many/only-one"))
        assert b.screen.current.draft.url == "/mine"
        git(branches, "checkout", "-q", "one")
        await b.until(lambda: b.tabs == ["r0", "r1", "only-one", "r2*"])
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["r0", "r1", "only-one", "r2"])
        assert (branches / "many/r2.toml").read_text() == 'url = "/mine"\n'


@fault("disk.changed")
async def test_a_folder_that_is_renamed_keeps_the_edits_in_it(bench: Any, sample: Path) -> None:
    """They stay open; saved again, they are files in their old place, and the renamed ones are as they were."""
    async with bench(sample) as b:
        await b.open("users/get")
        await b.open("users/list")
        await b.type_url("/mine")
        text = (sample / "users/list.toml").read_text()
        move(sample / "users", sample / "people")
        await b.until(lambda: b.tabs == ["get ✗ disk", "list* ✗ disk"])
        await b.until(lambda: not b.in_tree("users/list"))
        assert b.screen.current.draft.url == "/mine"
        await b.press("ctrl+s")
        await b.click("#mine")
        await b.until(lambda: b.tabs == ["get ✗ disk", "list"])
        assert 'url = "/mine"' in (sample / "users/list.toml").read_text()
        assert (sample / "people/list.toml").read_text() == text


@fault("disk.changed")
async def test_a_whole_collection_that_is_gone_keeps_its_edits(bench: Any, sample: Path) -> None:
    """A disk that was pulled out: the app goes on, says why it can't save, and saves when it is back."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        move(sample, away := sample.with_name("away"))
        await b.until(lambda: b.tabs == ["list* ✗ disk"])
        await b.press("ctrl+s")
        await b.until(lambda: "There is no request users/list" in b.said)
        assert b.screen.current.draft.url == "/mine" and b.screen.current.dirty
        await b.until(lambda: not sample.exists())
        move(away, sample)
        await b.until(lambda: b.tabs == ["list*"])
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])
        assert 'url = "/mine"' in (sample / "users/list.toml").read_text()


@fault("disk.changed")
async def test_a_change_in_the_first_second_is_seen(bench: Any, sample: Path) -> None:
    """Between the reading of a request and the first look at the folders: no second look would show it."""
    path = sample / "users/list.toml"
    async with bench(sample) as b:
        b.app.workers.cancel_group(b.screen, "disk")
        loaded = b.screen.workspace.library.load("users/list")
        path.write_text(path.read_text().replace("page = 1 ", "page = 42 "))
        b.screen.change(b.screen.requests.open(loaded, "demo"))
        assert b.screen.current.draft == loaded.request
        b.screen._follow_disk()  # its first look comes now
        await b.until(lambda: "page=42" in b.text)
        assert b.tabs == ["list"]
