"""Saving through the library, and making, moving and removing requests."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tui_client.errors import BrokenFile, Conflict, NotFound, OutsideCollection, SaveFailed
from tui_client.kinds.body.json import Json
from tui_client.model.collection import Environment
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant
from tui_client.storage import changes
from tui_client.storage.library import Library

LIST = '# lists\nname = "List"\nurl = "/users"  # all of them\n'
FILES = {
    "collection.toml": 'format = 1\norder = ["users/", "top"] # mine\n',
    "users/folder.toml": "# shared\norder = ['list', 'create']\n",
    "users/list.toml": LIST,
    "users/create.toml": 'url = "/users"\n',
    "top.toml": 'url = "/"\n',
}


@pytest.fixture
def shop(library: Callable[..., Library]) -> Library:
    return library(FILES)


def test_saving_edits_the_document_in_place(shop: Library) -> None:
    """Comments stay; what comes back can be saved again."""
    loaded = shop.load("users/list")
    saved = shop.save(loaded, replace(loaded.request, url="/people"))
    assert saved.path.read_text() == LIST.replace("/users", "/people")
    assert saved.request.url == "/people"
    again = shop.save(saved, replace(saved.request, url="/users"))
    assert again.path.read_text() == LIST


def test_saving_an_unchanged_request_writes_nothing(shop: Library) -> None:
    """Not even the time of the file changes."""
    loaded = shop.load("users/list")
    before = loaded.path.stat()
    assert shop.save(loaded, loaded.request) is loaded
    assert loaded.path.stat() == before


def test_a_save_keeps_mode_bom_and_leaves_no_temporary_file(shop: Library) -> None:
    """What a file is beside its text stays."""
    path = shop.load("users/list").path
    path.write_bytes(b"\xef\xbb\xbf" + LIST.encode())
    path.chmod(0o640)
    loaded = shop.load("users/list")
    shop.save(loaded, replace(loaded.request, url="/x"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# lists")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert {file.name for file in path.parent.iterdir()} == {"folder.toml", "list.toml", "create.toml"}


def test_a_file_that_changed_on_disk_is_not_written_over(shop: Library) -> None:
    """The conflict carries their text; ours is written only when asked for, with its own comments."""
    loaded = shop.load("users/list")
    theirs = 'url = "/theirs"\n'
    loaded.path.write_text(theirs)
    with pytest.raises(Conflict) as caught:
        shop.save(loaded, replace(loaded.request, url="/ours"))
    assert caught.value.theirs == theirs
    assert loaded.path.read_text() == theirs
    shop.save(loaded, replace(loaded.request, url="/ours"), overwrite=True)
    assert loaded.path.read_text() == LIST.replace("/users", "/ours")


def test_a_touched_file_with_the_same_text_is_no_conflict(shop: Library) -> None:
    """What counts is the content, not the time: git checkout touches files."""
    loaded = shop.load("users/list")
    loaded.path.write_text(LIST)
    assert shop.save(loaded, replace(loaded.request, url="/x")).request.url == "/x"


def test_a_file_deleted_on_disk_is_a_conflict(shop: Library) -> None:
    """It comes back only when asked for."""
    loaded = shop.load("users/list")
    loaded.path.unlink()
    with pytest.raises(Conflict) as caught:
        shop.save(loaded, replace(loaded.request, url="/x"))
    assert caught.value.theirs is None
    assert shop.save(loaded, replace(loaded.request, url="/x"), overwrite=True).request.url == "/x"


def test_a_new_file_has_the_documented_layout(shop: Library) -> None:
    """Single values, then the tables in the order of the guide; bodies over several lines."""
    request = Request(
        method="POST",
        url="/users",
        params=(NameValue("expand", "team"), NameValue("expand", "roles")),
        body=Json('{\n  "a": 1\n}\n'),
    )
    created = shop.create("shop", "users", "Create User!", request)
    assert created.key == "users/create-user"
    assert (
        created.path.read_text()
        == """\
name = "Create User!"
method = "POST"
url = "/users"

[params]
expand = ["team", "roles"]

[body]
kind = "json"
content = '''
{
  "a": 1
}
'''
"""
    )


@pytest.mark.parametrize("name", ["list", "LIST", "ｌｉｓｔ", "List!"])
def test_a_new_name_is_never_an_old_one(shop: Library, name: str) -> None:
    """Not in another case or normal form either."""
    assert shop.create("shop", "users", name, Request()).key == "users/list-2"
    assert shop.load("users/list").text == LIST


@pytest.mark.parametrize(
    "folder", ["../x", "/tmp/x", "users/../../x", "environments", "batches/a", ".git", "a\\b", "a\0b"]
)
def test_nothing_is_made_outside_the_collection(shop: Library, folder: str) -> None:
    """Nor where requests are not looked for."""
    with pytest.raises(OutsideCollection):
        shop.create("shop", folder, "x", Request())


def test_a_linked_folder_leads_nowhere(shop: Library, tmp_path: Path) -> None:
    """A link that leads out of the collection is not written through."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim.toml").write_text('url = "/"\n')
    (shop.root / "link").symlink_to(outside)
    with pytest.raises(OutsideCollection):
        shop.create("shop", "link", "x", Request())
    loaded = shop.load("users/list")
    loaded.path.unlink()
    loaded.path.symlink_to(outside / "victim.toml")
    with pytest.raises(SaveFailed):
        shop.save(loaded, replace(loaded.request, url="/x"), overwrite=True)
    assert [file.name for file in outside.iterdir()] == ["victim.toml"]
    assert (outside / "victim.toml").read_text() == 'url = "/"\n'


def test_a_link_inside_the_collection_is_written_through(shop: Library) -> None:
    """The link stays a link."""
    (shop.root / "alias.toml").symlink_to(shop.root / "top.toml")
    loaded = shop.load("alias")
    shop.save(loaded, replace(loaded.request, url="/x"))
    assert (shop.root / "alias.toml").is_symlink()
    assert shop.load("top").request.url == "/x"


def test_a_duplicate_stands_beside_its_original(shop: Library) -> None:
    """With its comments, under a name of its own."""
    copy = shop.duplicate("users/list")
    assert (copy.key, copy.request.name) == ("users/list-copy", "List copy")
    assert "# all of them" in copy.text
    assert shop.duplicate("users/list").key == "users/list-copy-2"


def test_a_rename_changes_file_name_and_place_in_order(shop: Library) -> None:
    """Comments stay in all files touched."""
    renamed = shop.rename("users/list", "All users")
    assert renamed.key == "users/all-users"
    assert renamed.text == LIST.replace('"List"', '"All users"')
    assert (shop.root / "users/folder.toml").read_text() == '# shared\norder = ["all-users", "create"]\n'
    assert shop.keys()[:2] == ("users/all-users", "users/create")
    with pytest.raises(NotFound):
        shop.load("users/list")


def test_a_rename_to_the_same_file_name_changes_only_the_title(shop: Library) -> None:
    """ "LIST!" and "List" are the same file."""
    assert shop.rename("users/list", "LIST!").key == "users/list"
    assert shop.load("users/list").request.name == "LIST!"


def test_a_move_keeps_the_document(shop: Library) -> None:
    """And takes another name where its own is taken."""
    assert shop.move("users/list", "").key == "list"
    assert shop.load("list").text == LIST
    (shop.root / "users/top.toml").write_text('url = "/other"\n')
    assert shop.move("users/top", "").key == "top-2"
    assert shop.load("top").request.url == "/"
    assert shop.move("list", "new/deep").key == "new/deep/list"


def test_a_delete_can_be_undone(shop: Library) -> None:
    """Byte for byte; not over something that took the name."""
    trashed = shop.delete("users/list")
    with pytest.raises(NotFound):
        shop.load("users/list")
    shop.restore(trashed)
    assert shop.load("users/list").text == LIST
    (shop.root / "users/list.toml").write_text('url = "/theirs"\n')
    with pytest.raises(SaveFailed):
        shop.restore(trashed)
    assert shop.load("users/list").request.url == "/theirs"


def test_a_folder_comes_back_but_for_a_name_that_was_taken(shop: Library) -> None:
    """Nothing is written over; once the name is free, a second try brings back the rest."""
    trashed = shop.delete_folder("users")
    theirs = shop.root / "users/folder.toml"
    theirs.parent.mkdir()
    theirs.write_text("# theirs\n")
    with pytest.raises(SaveFailed, match=r"folder\.toml"):
        shop.restore(trashed)
    assert shop.load("users/list").text == LIST and theirs.read_text() == "# theirs\n"
    theirs.rename(shop.root / "users/theirs.txt")
    shop.restore(trashed)
    assert theirs.read_text() == FILES["users/folder.toml"]


def test_a_folder_that_cant_be_removed_whole_stays_whole(shop: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system keeps costs none of those before it: nobody could bring them back."""
    before = {path: path.read_bytes() for path in shop.root.rglob("*.toml")}
    unlink = os.unlink

    def refused(name: str, *, dir_fd: int) -> None:
        if name == "list.toml":
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(SaveFailed, match="not permitted"):
        shop.delete_folder("users")
    assert {path: path.read_bytes() for path in shop.root.rglob("*.toml")} == before


def test_a_folder_can_be_made_renamed_removed_and_restored(shop: Library) -> None:
    """All files in it go along and come back."""
    assert shop.create_folder("shop", "users", "Admins") == "users/admins"
    assert shop.rename_folder("users", "People") == "people"
    assert shop.keys()[:2] == ("people/list", "people/create")
    trashed = shop.delete_folder("people/")
    assert shop.keys() == ("top",)
    shop.restore(trashed)
    assert shop.load("people/list").text == LIST
    assert (shop.root / "people/admins").is_dir()
    with pytest.raises(NotFound):
        shop.delete_folder("people/none")


def test_a_new_collection_keeps_secrets_out_of_git(tmp_path: Path) -> None:
    """The first one in a workspace that did not exist; a second gets another name."""
    library = Library(tmp_path / "work")
    made = library.create_collection("My Shop")
    assert (made.id, made.name) == ("my-shop", "My Shop")
    assert (made.root / ".gitignore").read_text() == "*.secret.toml\n.tui-client-*.tmp\n"
    assert library.create_collection("my shop").id == "my-shop-2"
    created = library.create("my-shop", "", "名前", Request(url="/a"))
    assert created.key == "my-shop:名前"
    with pytest.raises(SaveFailed):
        Library(made.root).create_collection("inner")


def test_an_environment_is_written_and_edited(shop: Library) -> None:
    """A new one is laid out as documented; an old one keeps its comments."""
    made = shop.save_environment("shop", Environment(name="local", base_url="http://a", variables={"n": Constant(1)}))
    path = shop.root / "environments/local.toml"
    assert path.read_text() == 'base_url = "http://a"\n\n[variables]\nn = 1\n'
    path.write_text("# mine\n" + path.read_text())
    shop.save_environment("shop", replace(made, base_url="http://b"), made)
    assert path.read_text().startswith('# mine\nbase_url = "http://b"\n')
    with pytest.raises(OutsideCollection):
        shop.save_environment("shop", Environment(name="../local"))


def test_an_environment_that_changed_on_disk_is_not_written_over(shop: Library) -> None:
    """Neither one that was read before, nor one that is there when a new one is made; comments alone don't count."""
    made = shop.save_environment("shop", Environment(name="local", base_url="http://a"))
    path = shop.root / "environments/local.toml"
    path.write_text('base_url = "http://theirs"\n')
    for was in (made, None):
        with pytest.raises(Conflict) as caught:
            shop.save_environment("shop", replace(made, base_url="http://mine"), was)
        assert caught.value.theirs == 'base_url = "http://theirs"\n'
    path.write_text('# theirs\nbase_url = "http://a"\n')
    shop.save_environment("shop", replace(made, base_url="http://mine"), made)
    assert path.read_text() == '# theirs\nbase_url = "http://mine"\n'


def test_an_order_that_changes_during_a_rename_is_read_again(shop: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program wrote to it in the last moment stays."""
    path = shop.root / "users/folder.toml"
    write, theirs = changes.write_text, "# theirs\norder = ['create', 'list']\n"

    def late(target: Path, *more: Any, **options: Any) -> Any:
        if target == path and path.read_text() != theirs:
            path.write_text(theirs)
        return write(target, *more, **options)

    monkeypatch.setattr(changes, "write_text", late)
    shop.rename("users/list", "All users")
    assert path.read_text() == '# theirs\norder = ["create", "all-users"]\n'


def test_a_whole_text_takes_the_place_of_what_was_looked_at(shop: Library) -> None:
    """It must be a request, and what is on disk must be that; then it is written as it is, aside what was there."""
    loaded = shop.load("users/list")
    with pytest.raises(BrokenFile) as broken:
        shop.save_text(loaded, LIST + "<<<<<<< a\n=======\n>>>>>>> b\n", LIST)
    assert broken.value.line == 4
    for theirs in ("", None):
        with pytest.raises(Conflict) as caught:
            shop.save_text(loaded, 'url = "/x"\n', theirs, aside=True)
        assert caught.value.theirs == LIST
    assert loaded.path.read_text() == LIST
    for number in ("", "1"):
        shop.save_text(loaded, f'url = "/{number}"\n', loaded.path.read_text(), aside=True)
        assert loaded.path.with_name(f"list.toml.theirs{number}").exists()
    assert loaded.path.with_name("list.toml.theirs").read_text() == LIST
    saved = shop.save_text(loaded, "\r\n".join(("# new", 'url = "/y"', "")), 'url = "/1"\n')
    assert loaded.path.read_bytes() == b'# new\r\nurl = "/y"\r\n'
    assert shop.save(saved, replace(saved.request, url="/z")).request.url == "/z"
