"""Finding, choosing and reading requests of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui_client.errors import BrokenFile, NotFound
from tui_client.model.options import SendOptions
from tui_client.model.request import NameValue
from tui_client.storage.library import EntryKind, Library

SHOP = {
    "collection.toml": (
        'format = 1\nname = "The shop"\nbase_url = "http://c"\norder = ["users/"]\n[headers]\nX-A = "c"\n'
    ),
    "auth/login.toml": 'url = "/login"\nmethod = "POST"\ntags = ["smoke"]\n',
    "users/folder.toml": 'order = ["list"]\n[headers]\nX-A = "f"\n[options]\ntimeout = { read = 3 }\n',
    "users/create.toml": 'url = "/users"\nmethod = "POST"\n',
    "users/list.toml": 'url = "/users"\nname = "List"\ntags = ["smoke", "fast"]\n',
    "users/admin/ban.toml": 'url = "/ban"\n',
    "users/folder2.secret.toml": 'x = "never read"\n',
    "environments/local.toml": 'base_url = "http://l"\n[headers]\nX-B = "e"\n',
    "environments/local.secret.toml": 'token = "never listed"\n',
    "batches/nightly.toml": 'requests = ["users/*"]\ndata = "rows.csv"\ndelay = "1s"\n',
    "notes.md": "not ours",
}

ALL = ("users/list", "users/admin/ban", "users/create", "auth/login")


@pytest.fixture
def shop(library: Callable[..., Library]) -> Library:
    return library(SHOP)


def test_keys_follow_order_then_natural_order(shop: Library) -> None:
    """`order` first, the rest by name; environments, batches and other files are no requests."""
    assert shop.keys() == ALL
    assert [entry.key for entry in shop.entries("shop")] == ["users", "auth"]
    assert [entry.kind for entry in shop.entries("shop", "users")] == [
        EntryKind.REQUEST,
        EntryKind.FOLDER,
        EntryKind.REQUEST,
    ]


def test_numbers_in_names_sort_as_numbers(library: Callable[..., Library]) -> None:
    """ "step 2" stands before "step 10"."""
    files = {f"step {number}.toml": "" for number in (10, 2, 1)}
    assert library(files).keys() == ("step 1", "step 2", "step 10")


@pytest.mark.parametrize(
    ("targets", "keys"),
    [
        (["."], ALL),
        (["users"], ALL[:3]),
        (["users/"], ALL[:3]),
        (["users/*"], ("users/list", "users/create")),
        (["users/**"], ALL[:3]),
        (["**/b?n"], ("users/admin/ban",)),
        (["users/[cl]*"], ("users/list", "users/create")),
        (["users/[!c]*"], ("users/list",)),
        (["**/" * 20 + "*i*s*"], ("users/list",)),
        (["u*r*/**a*/b**n"], ("users/admin/ban",)),
        (["tag:smoke"], ("users/list", "auth/login")),
        (["auth/login", "users/list", "auth/login"], ("auth/login", "users/list")),
        (["users/list.toml"], ("users/list",)),
        (["shop:users/list"], ("users/list",)),
        ([], ()),
    ],
)
def test_targets_choose_requests(shop: Library, targets: list[str], keys: tuple[str, ...]) -> None:
    """Keys, folders, globs and tags, each in collection order, none twice."""
    assert shop.select(targets) == keys


@pytest.mark.parametrize("glob", ["**/" * 20 + "nope", "*a" * 20 + "b", "**a" * 20 + "b", "a?" * 20 + "*"])
def test_stars_end(library: Callable[..., Library], glob: str) -> None:
    """Twenty of them for twenty folders, or letters, are no work of years."""
    files = {"/".join("a" * 20) + "/a.toml": "", "a" * 200 + ".toml": ""}
    with pytest.raises(NotFound):
        library(files).select([glob + "/none"])


@pytest.mark.parametrize(
    ("target", "near"), [("users/lsit", "users/list"), ("user/", "users/"), ("list", "users/list")]
)
def test_an_unknown_target_names_near_ones(shop: Library, target: str, near: str) -> None:
    """A typing error says what may have been meant."""
    with pytest.raises(NotFound) as caught:
        shop.select([target])
    assert near in caught.value.near


@pytest.mark.parametrize(
    "target", ["", "tag:none", "x/*", "environments", "batches/nightly", "users/folder", "../shop/users/list"]
)
def test_what_is_no_request_is_not_found(shop: Library, target: str) -> None:
    """Environments, batches, folder files and paths outside are never requests."""
    with pytest.raises(NotFound):
        shop.select([target])
    with pytest.raises(NotFound):
        shop.load(target)


def test_a_request_inherits_from_collection_folder_and_environment(shop: Library) -> None:
    """Headers of the nearest win; options fall back; base_url of the environment comes first."""
    effective = shop.effective("users/list", "local")
    assert effective.headers == (NameValue("X-A", "f"), NameValue("X-B", "e"))
    assert effective.options.timeouts.read == 3.0
    assert effective.scope.find("base_url") is not None
    assert [layer.origin for layer in effective.scope.layers] == ["env local", "collection shop"]
    assert effective.key == "users/list"


def test_defaults_stand_where_no_file_speaks(write: Callable[..., Path]) -> None:
    """The user's own options are the last fallback."""
    library = Library(write(SHOP), SendOptions(max_redirects=3))
    assert library.effective("auth/login", "").options.max_redirects == 3


def test_an_unknown_environment_names_near_ones(shop: Library) -> None:
    """Secret files are not environments."""
    assert shop.environments("shop") == ("local",)
    with pytest.raises(NotFound) as caught:
        shop.effective("users/list", "lokal")
    assert caught.value.near == ("local",)


def test_keys_carry_their_collection_in_a_workspace_of_several(write: Callable[..., Path]) -> None:
    """ "shop:users/list" among several; without the collection where only one has it."""
    root = write(SHOP)
    write({"users/list.toml": "", "other.toml": ""}, name="blog")
    library = Library(root.parent)
    assert [ref.id for ref in library.collections()] == ["blog", "shop"]
    assert library.collections()[1].name == "The shop"
    assert library.keys("blog") == ("blog:other", "blog:users/list")
    assert library.find("other") == "blog:other"
    assert library.load("shop:users/list").request.name == "List"
    assert library.effective("auth/login", "local").key == "shop:auth/login"
    assert library.select(["shop:users", "blog:."]) == (
        "shop:users/list",
        "shop:users/admin/ban",
        "shop:users/create",
        "blog:other",
        "blog:users/list",
    )
    with pytest.raises(NotFound) as caught:
        library.find("users/list")
    assert set(caught.value.near) == {"blog:users/list", "shop:users/list"}
    assert library.collection_root("shop:users/list") == root


def test_a_missing_workspace_is_empty(tmp_path: Path) -> None:
    """Nothing is there yet, and nothing is written by looking."""
    library = Library(tmp_path / "none")
    assert library.collections() == ()
    assert library.default_collection is None
    assert library.keys() == () == library.select(["."])
    assert not (tmp_path / "none").exists()


def test_a_changed_file_is_read_again(shop: Library) -> None:
    """What is kept of a file is dropped when the file changes."""
    path = shop.load("users/list").path
    path.write_text('url = "/users"\nname = "LIST"\n')
    assert shop.summary("users/list").name == "LIST"


def test_names_like_a_missing_one_are_looked_for_when_asked(shop: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree asks for thousands of files that are gone or can't be read, and wants no advice."""
    asked: list[str] = []
    monkeypatch.setattr(Library, "keys", lambda self: asked.append("all") or ("users/list",))
    with pytest.raises(NotFound) as caught:
        shop.summary("users/lst")
    assert not asked
    assert (caught.value.near, caught.value.near, asked) == (("users/list",), ("users/list",), ["all"])


def test_names_are_listed_without_opening_a_file(library: Callable[..., Library]) -> None:
    """5,000 unreadable files are listed all the same: listing opens none of them."""
    found = library({})
    for number in range(5000):
        (found.root / f"r{number}.toml").touch(mode=0o000)
    (found.root / "broken.toml").write_bytes(b"\xff\xfe not toml")
    assert len(found.entries("shop")) == 5001
    assert found.entries("shop")[2].key == "r1"


def test_a_directory_of_other_files_is_no_folder(library: Callable[..., Library]) -> None:
    """Data beside the requests is left alone; an empty directory is a folder that waits for its first request."""
    found = library({"collection.toml": "format = 1\n", "data/users.csv": "id\n", "users/list.toml": 'url = "/"\n'})
    (found.root / "new").mkdir()
    assert [entry.name for entry in found.entries(found.collections()[0].id)] == ["new", "users"]


def test_links_that_lead_outside_are_refused(write: Callable[..., Path], tmp_path: Path) -> None:
    """A link to a file outside is a broken row; a link to a directory is not followed."""
    root = write({"a.toml": 'url = "/a"\n'})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.toml").write_text('url = "/b"\n')
    (root / "b.toml").symlink_to(outside / "b.toml")
    (root / "alias.toml").symlink_to(root / "a.toml")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    library = Library(root)
    assert library.keys() == ("a", "alias", "b")
    assert library.load("alias").request.url == "/a"
    for key in ("b", "folder/b"):
        with pytest.raises(BrokenFile, match="out of the collection"):
            library.load(key)


def test_a_batch_is_found_by_name(shop: Library) -> None:
    """Its data file is relative to the batch; its delay is in seconds."""
    batch = shop.batch("nightly")
    assert batch.requests == ("users/*",)
    assert batch.data == shop.root / "batches/rows.csv"
    assert batch.delay_s == 1.0
    with pytest.raises(NotFound):
        shop.batch("nihgtly")
