"""No way of writing, reading, moving or removing leads out of a collection, not even while it is under way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from tui_client.errors import BrokenFile, Conflict, OutsideCollection, SaveFailed, TuiClientError
from tui_client.model.collection import Environment
from tui_client.model.request import Request
from tui_client.storage.library import Library, LoadedRequest
from tui_client.storage.saving import check_unchanged

LIST = '# mine\nurl = "/"\n'
FILES = {
    "users/list.toml": LIST,
    "users/deep/folder.toml": "order = ['a']\n",
    "users/deep/a.toml": LIST,
    "top.toml": LIST,
    "environments/local.toml": 'base_url = "http://a"\n',
}

Change = Callable[[Library, LoadedRequest], object]

CHANGES: dict[str, Change] = {
    "save": lambda library, loaded: library.save(loaded, replace(loaded.request, url="/x")),
    "overwrite": lambda library, loaded: library.save(loaded, replace(loaded.request, url="/x"), overwrite=True),
    "merge": lambda library, loaded: library.save_text(loaded, 'url = "/x"\n', LIST),
    "keep mine aside": lambda library, loaded: library.save_text(loaded, 'url = "/x"\n', LIST, aside=True),
    "create": lambda library, loaded: library.create("shop", "users", "new", Request(url="/x")),
    "create below": lambda library, loaded: library.create("shop", "users/more", "new", Request(url="/x")),
    "duplicate": lambda library, loaded: library.duplicate("users/list"),
    "rename": lambda library, loaded: library.rename("users/list", "other"),
    "move away": lambda library, loaded: library.move("users/list", "elsewhere"),
    "move in": lambda library, loaded: library.move("top", "users"),
    "delete": lambda library, loaded: library.delete("users/list"),
    "new folder": lambda library, loaded: library.create_folder("shop", "users", "folder"),
    "rename folder": lambda library, loaded: library.rename_folder("users/deep", "other"),
    "delete folder": lambda library, loaded: library.delete_folder("users/deep"),
}


def snapshot(folder: Path) -> dict[str, bytes]:
    """All that is in a folder."""
    return {path.as_posix(): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the same shape, beside the collection."""
    folder = tmp_path / "outside"
    for name, text in FILES.items():
        if name.startswith("users/"):
            target = folder / name.removeprefix("users/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return folder


@pytest.mark.parametrize("change", CHANGES)
def test_a_folder_that_is_a_link_out_is_left_alone(library: Callable[..., Library], outside: Path, change: str) -> None:
    """Whatever is done through it, nothing outside is made, changed or removed."""
    shop = library(FILES)
    loaded = shop.load("users/list")
    (shop.root / "users").rename(shop.root.parent / "was")
    (shop.root / "users").symlink_to(outside)
    before = snapshot(outside)
    with pytest.raises(TuiClientError):
        CHANGES[change](shop, loaded)
    assert snapshot(outside) == before
    with pytest.raises(BrokenFile, match="leads out of the collection"):
        shop.load("users/list")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("late", range(1, 6))
def test_a_folder_that_becomes_a_link_on_the_way_is_not_followed(
    library: Callable[..., Library], outside: Path, monkeypatch: pytest.MonkeyPatch, change: str, late: int
) -> None:
    """Between the look at a path and its use, however often it was looked at before."""
    shop = library(FILES)
    loaded = shop.load("users/list")
    users, resolve, looks = shop.root / "users", Path.resolve, 0

    def resolved(path: Path, strict: bool = False) -> Path:
        nonlocal looks
        found = resolve(path, strict)
        if path.is_relative_to(users):
            looks += 1
            if looks == late:
                users.rename(shop.root.parent / "was")
                users.symlink_to(outside)
        return found

    monkeypatch.setattr(Path, "resolve", resolved)
    before = snapshot(outside)
    with suppress(TuiClientError):
        CHANGES[change](shop, loaded)
    assert snapshot(outside) == before


def test_an_environment_behind_a_link_is_left_alone(library: Callable[..., Library], outside: Path) -> None:
    """Neither read nor written."""
    shop = library(FILES)
    was = shop.environment("shop", "local")
    (shop.root / "environments").rename(outside / "environments")
    (shop.root / "environments").symlink_to(outside / "environments")
    before = snapshot(outside)
    for name in ("local", "new"):
        with pytest.raises((SaveFailed, BrokenFile)):
            shop.save_environment("shop", Environment(name=name), was if name == "local" else None)
    assert snapshot(outside) == before


def test_an_undo_does_not_follow_a_link(library: Callable[..., Library], outside: Path) -> None:
    """What was deleted comes back where it was, or not at all."""
    shop = library(FILES)
    trashed = shop.delete_folder("users")
    (shop.root / "users").symlink_to(outside)
    before = snapshot(outside)
    with pytest.raises(TuiClientError):
        shop.restore(trashed)
    assert snapshot(outside) == before


@pytest.mark.parametrize("inward", [True, False])
def test_a_link_is_not_deleted(library: Callable[..., Library], outside: Path, inward: bool) -> None:
    """Undo could only make a file of it."""
    shop = library(FILES)
    (shop.root / "link.toml").symlink_to(shop.root / "top.toml" if inward else outside / "list.toml")
    with pytest.raises(SaveFailed, match="a link"):
        shop.delete("link")
    assert (shop.root / "link.toml").is_symlink()


def test_a_conflict_shows_nothing_from_outside(library: Callable[..., Library], outside: Path) -> None:
    """A file that became a link, to one's own keys for example, is not read for the difference."""
    shop = library(FILES)
    loaded = shop.load("top")
    loaded.path.unlink()
    loaded.path.symlink_to(outside / "list.toml")
    with pytest.raises(SaveFailed) as caught:
        check_unchanged(loaded.path, shop.root, loaded.fingerprint)
    assert not isinstance(caught.value, Conflict) and "leads out" in caught.value.reason


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("Admin Area", "admin-area"),
        ("CON", "con-2"),
        ("ends. ", "ends"),
        ("a:b/🎉", "a-b/new-folder"),
        ("users/Deep!", "users/deep"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_new_folder_that_is_typed_gets_a_safe_name(library: Callable[..., Library], typed: str, made: str) -> None:
    """One that is there keeps its own; nothing that another system can't hold is made."""
    shop = library(FILES)
    assert shop.create("shop", typed, "new", Request(url="/x")).key == f"{made}/new"
    assert shop.move("top", typed).key == f"{made}/top"


@pytest.mark.parametrize("folder", ["Environments", "BATCHES/a", "ENVIRONMENTS"])
def test_our_own_folders_are_taken_in_any_case(library: Callable[..., Library], folder: str) -> None:
    """Some disks know one case only."""
    with pytest.raises(OutsideCollection):
        library(FILES).create("shop", folder, "x", Request())
