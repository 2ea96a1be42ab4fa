"""A folder that can't be written: a message that says which, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fault_matrix import fault
from msgspec.structs import replace

from tui_client.errors import SaveFailed, TuiClientError
from tui_client.model.collection import Environment
from tui_client.model.request import Request
from tui_client.storage.library import Library
from tui_client.trust.grants import Grant, GrantKind
from tui_client.trust.store import GrantStore
from tui_client.trust.vault import NoKeyring, Vault
from tui_client.tui.session.file import open_session

NOBODY = 65534
LIST = '# mine\nurl = "/"\n'


@contextmanager
def nobody() -> Iterator[None]:
    """Modes hold for everyone but root, so be somebody else meanwhile."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def closed() -> Iterator[Path]:
    """A workspace that can be read and entered, and nothing more; outside of pytest's folders, which are root's."""
    root = Path(tempfile.mkdtemp())
    (root / "environments").mkdir()
    for name, text in {"collection.toml": "format = 1\n", "list.toml": LIST, "environments/local.toml": ""}.items():
        (root / name).write_text(text)
    for path in (*root.rglob("*"), root):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield root
    open_up(root)
    shutil.rmtree(root)


def open_up(root: Path) -> None:
    """Let its owner write there again."""
    for path in (root, *root.rglob("*")):
        path.chmod(0o755)


@fault("disk.read_only")
def test_every_change_says_which_place_refuses(closed: Path) -> None:
    """Saving, making, renaming, moving, deleting, environments, grants, secrets: all stay as they were."""
    library = Library(closed)
    loaded = library.load("list")
    edited = replace(loaded.request, url="/mine")
    with nobody():
        assert library.load("list") == loaded
        for change in (
            lambda: library.save(loaded, edited),
            lambda: library.save_text(loaded, 'url = "/mine"\n', LIST),
            lambda: library.create(closed.name, "", "new", Request(url="/new")),
            lambda: library.create(closed.name, "deep/er", "new", Request(url="/new")),
            lambda: library.rename("list", "other"),
            lambda: library.duplicate("list"),
            lambda: library.move("list", "away"),
            lambda: library.delete("list"),
            lambda: library.create_folder(closed.name, "", "folder"),
            lambda: library.save_environment(closed.name, Environment(name="local", base_url="http://a")),
            lambda: library.save_environment(closed.name, Environment(name="new", base_url="http://a")),
            lambda: GrantStore(closed / "grants.json").add(closed, Grant(GrantKind.ENV, "HOME")),
            lambda: Vault(closed / "secrets.json", NoKeyring()).set("key", "value"),
        ):
            with pytest.raises(SaveFailed) as caught:
                change()
            assert caught.value.path.is_relative_to(closed) and caught.value.reason
        assert open_session(closed, closed / "state").file is None
    found = {path.relative_to(closed).as_posix() for path in closed.rglob("*")}
    assert found == {"collection.toml", "list.toml", "environments", "environments/local.toml"}
    assert (closed / "list.toml").read_text() == LIST


@fault("disk.read_only")
def test_a_read_only_file_in_a_folder_that_can_be_written_is_replaced(tmp_path: Path) -> None:
    """As editors do it: who may write the folder may; its mode stays."""
    (tmp_path / "collection.toml").write_text("format = 1\n")
    (tmp_path / "list.toml").write_text(LIST)
    (tmp_path / "list.toml").chmod(0o400)
    library = Library(tmp_path)
    loaded = library.load("list")
    library.save(loaded, replace(loaded.request, url="/mine"))
    assert (tmp_path / "list.toml").read_text() == LIST.replace('"/"', '"/mine"')
    assert (tmp_path / "list.toml").stat().st_mode & 0o777 == 0o400


@fault("disk.read_only")
def test_a_file_in_the_place_of_a_folder_is_no_place_to_write(tmp_path: Path) -> None:
    """Whoever runs this, root too."""
    (tmp_path / "users").mkdir()
    (tmp_path / "collection.toml").write_text("format = 1\n")
    (tmp_path / "users/list.toml").write_text(LIST)
    library = Library(tmp_path)
    loaded = library.load("users/list")
    shutil.rmtree(tmp_path / "users")
    (tmp_path / "users").write_text("in the way")
    for save in (
        lambda: library.save(loaded, replace(loaded.request, url="/mine")),
        lambda: library.save(loaded, loaded.request, overwrite=True),
        lambda: library.save_text(loaded, LIST, None),
        lambda: library.create(tmp_path.name, "users", "new", Request(url="/new")),
    ):
        with pytest.raises(TuiClientError):
            save()
    assert (tmp_path / "users").read_text() == "in the way"


@fault("disk.read_only")
async def test_the_text_stays_in_the_editor(bench: Any, closed: Path) -> None:
    """The app works on such a workspace; saving says which folder refuses, and works once that does no more."""
    async with bench(closed) as b:
        await b.open("list")
        await b.type_url("/mine")
        with nobody():
            await b.press("ctrl+s")
            await b.until(lambda: f"Could not save {closed / 'list.toml'}: Permission denied" in b.said)
        assert b.tabs == ["list*"] and b.screen.current.draft.url == "/mine"
        open_up(closed)
        await b.press("ctrl+s")
        await b.until(lambda: b.tabs == ["list"])
    assert (closed / "list.toml").read_text() == LIST.replace('"/"', '"/mine"')
