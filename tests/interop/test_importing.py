"""From a source to the disk: all of it where it belongs, or nothing."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tui_client.errors import SaveFailed, UsageError
from tui_client.formats._format import FormatError
from tui_client.formats._found import Found, FoundCollection, FoundFolder, FoundRequest, Line, Outcome, Script
from tui_client.interop import importing, writing
from tui_client.interop.recognise import importer_of, read_source
from tui_client.interop.shape import as_json
from tui_client.interop.source import FilesBeside, of_text, open_source
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.query.status import Status
from tui_client.model.collection import Environment, Folder
from tui_client.model.request import Capture, NameValue, Request
from tui_client.model.variables import Constant, FromRequest, Secret
from tui_client.storage.library import Library

SCRIPT = Script("test", "javascript", "if (1) {\n  x = '''\"\"\"';\n}\n")


def request(name: str, *folder: str, **fields: object) -> FoundRequest:
    return FoundRequest(request=Request(name=name, url="/x", **fields), folder=folder)  # type: ignore[arg-type]


SHOP = FoundCollection(
    title="Shop: API",
    base_url="https://shop.example",
    shared=Folder(auth=Bearer(token="{{token}}"), headers=(NameValue("X-A", "1"),)),
    folders=(
        FoundFolder(path=("Users",), shared=Folder(auth=Basic(username="ann")), scripts=(SCRIPT,)),
        FoundFolder(path=("Users", "Admin")),
        FoundFolder(path=("Empty",)),
    ),
    requests=(
        request("Get", "Users", "Admin"),
        request("Get", "Users", "Admin", params=(NameValue("off", "1", enabled=False),)),
        request("Top", auth=NoAuth()),
        FoundRequest(request=Request(name="Скрипт", url="/s"), scripts=(SCRIPT,), extensions={"x-openapi": {"a": "b"}}),
        request("Last", "Later"),
    ),
    environments=(Environment(name="Local!", variables={"token": Secret(), "a": Constant("b")}),),
    secrets={"Local!": {"token": 's3"cret'}},
)
FOUND = Found(format="postman", collections=(SHOP,), report=(Line("Top", "auth: hawk", Outcome.DROPPED, "none here"),))


def write(workspace: Path, found: Found = FOUND, into: str = "") -> Library:
    library = Library(workspace)
    target = importing.target_of(library, found, into)
    importing.write(importing.place(found, target), target)
    return Library(workspace)


def test_a_collection_stands_beside_the_others(tmp_path: Path) -> None:
    """Titles become safe names that are free; what is shared, the order, scripts and secrets are there."""
    write(tmp_path)
    library = write(tmp_path)
    assert [one.id for one in library.collections()] == ["shop-api", "shop-api-2"]
    assert library.keys("shop-api") == tuple(
        f"shop-api:{key}" for key in ("users/admin/get", "users/admin/get-2", "top", "скрипт", "later/last")
    )
    assert [entry.name for entry in library.entries("shop-api")] == ["users", "top", "скрипт", "later", "empty"]
    assert list(library.problems()) == list(library.warnings()) == []
    found = library.effective("shop-api:users/admin/get", "local")
    assert (found.auth, found.headers) == (Basic(username="ann"), (NameValue("X-A", "1"),))
    assert library.environments("shop-api") == ("local",)
    secret = tmp_path / "shop-api/environments/local.secret.toml"
    assert (
        stat.S_IMODE(secret.stat().st_mode) == 0o600
        and "*.secret.toml" in (tmp_path / "shop-api/.gitignore").read_text()
    )
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_scripts_stand_as_text_in_the_file_and_stay_through_a_save(tmp_path: Path) -> None:
    """A table of a name of its own, which a later edit leaves alone."""
    library = write(tmp_path)
    loaded = library.load("скрипт")
    assert "[[x-scripts]]" in loaded.text and "[x-openapi]" in loaded.text
    saved = library.save(loaded, Request(name="Скрипт", url="/other"))
    assert "[[x-scripts]]" in saved.text and '"/other"' in saved.text


def test_a_collection_goes_into_a_folder_of_one_that_is_there(tmp_path: Path) -> None:
    """With its base_url and its auth; nothing that is there is touched."""
    root = tmp_path / "mine"
    root.mkdir()
    (root / "collection.toml").write_text('format = 1\nbase_url = "http://mine"\n')
    (root / "a.toml").write_text('url = "/a"\n')
    write(root)
    library = write(root, into="a/b")
    keys = library.keys()
    assert sorted({key.rpartition("shop-api")[0] for key in keys}) == ["", "a/b/"] and "a" in keys
    assert library.effective("shop-api/top", "").scope.find("base_url") == (
        "folder shop-api",
        Constant("https://shop.example"),
    )
    assert library.effective("a/b/shop-api/later/last", "").auth == Bearer(token="{{token}}")
    assert library.environments("mine") == ("local", "local-2")
    for name in library.environments("mine"):
        assert stat.S_IMODE((root / f"environments/{name}.secret.toml").stat().st_mode) == 0o600
    assert list(library.problems()) == []


@pytest.mark.parametrize(("into", "key"), [("", "deep/log-in"), ("x", "x/shop/deep/log-in")])
def test_a_variable_from_a_request_names_its_key(tmp_path: Path, into: str, key: str) -> None:
    """The source names it by its title."""
    shared = Folder(variables={"token": FromRequest("Log in")})
    shop = FoundCollection(
        title="Shop",
        shared=shared,
        requests=(request("Log in", "Deep", captures=(Capture("token", Status()),)), request("Use")),
    )
    if into:
        Library(tmp_path).create_collection("mine")
    library = write(tmp_path, Found(format="http", collections=(shop,)), into)
    use = next(key for key in library.keys() if key.endswith("use"))  # noqa: SIM118 - no mapping
    found = library.effective(use, "").scope.find("token")
    assert found is not None and found[1] == FromRequest(key)
    assert list(library.problems()) == []


@pytest.mark.parametrize("into", ["", "fresh"])
def test_a_failed_import_leaves_the_workspace_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, into: str
) -> None:
    """The disk refuses the last file."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one/collection.toml").write_text("format = 1\n")
    before = sorted(tmp_path.rglob("*"))
    broken = OSError(28, "No space left on device")
    count = len(importing.place(FOUND, importing.Target(tmp_path)).files)

    def refusing(name: str) -> None:
        real, calls = getattr(writing, name), iter(range(1, count + 1))

        def run(*args: object, **options: object) -> None:
            if next(calls) == count - 2:
                raise SaveFailed(tmp_path, str(broken)) if name == "write_atomically" else broken
            real(*args, **options)

        monkeypatch.setattr(writing, name, run)

    refusing("_write_plain")
    refusing("write_atomically")
    with pytest.raises(SaveFailed):
        write(tmp_path, into=into)
    after = sorted(path for path in tmp_path.rglob("*") if ".tui-client" not in path.name)
    assert after == before


@pytest.mark.parametrize("loose", [False, True])
@pytest.mark.parametrize("place", ["collection", "users/folder"])
def test_what_comes_never_inherits_the_auth_that_is_there(tmp_path: Path, loose: bool, place: str) -> None:
    """A token of mine is not for the hosts of a document that somebody gave me."""
    (tmp_path / "users").mkdir()
    (tmp_path / "collection.toml").write_text("format = 1\n")
    with (tmp_path / f"{place}.toml").open("a") as file:
        file.write('[auth]\nkind = "bearer"\ntoken = "mine"\n')
    shop = FoundCollection(title="Shop", requests=(request("A"), request("B", auth=Basic("ann"))))
    library = write(tmp_path, Found(format="curl", collections=(shop,), loose=loose), "users")
    auths = [library.effective(key, "").auth for key in library.keys()]  # noqa: SIM118 - no mapping
    assert auths == [NoAuth(), Basic("ann")]


def test_of_several_collections_all_come_or_none(tmp_path: Path) -> None:
    """The second one's name is taken while the first is put in its place."""
    two = Found(format="insomnia", collections=(SHOP, FoundCollection(title="Other", requests=(request("A"),))))
    placed = importing.place(two, target := importing.Target(tmp_path))
    (tmp_path / "other").mkdir()
    with pytest.raises(SaveFailed, match="there by now"):
        importing.write(placed, target)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_a_request_that_no_file_can_hold_costs_no_other(tmp_path: Path) -> None:
    """It is reported with the reason, and stands in no order."""
    shop = FoundCollection(title="Shop", requests=(request("Odd", "Deep", method="no method"), request("Good", "Deep")))
    library = write(tmp_path, found := Found(format="http", collections=(shop,)))
    assert library.keys() == ("deep/good",)
    assert list(library.problems()) == list(library.warnings()) == []
    (line,) = importing.place(found, importing.Target(tmp_path)).report
    assert (line.origin, line.outcome) == ("Deep / Odd", Outcome.DROPPED) and "is not a method" in line.why


@pytest.mark.parametrize("loose", [False, True])
def test_where_it_would_go_is_asked_without_making_anything(tmp_path: Path, loose: bool) -> None:
    """A dry run asks so; a folder that no collection could have is refused."""
    found = Found(format="curl", collections=(SHOP,), loose=loose)
    workspace = tmp_path / "none"
    library = Library(workspace)
    importing.place(found, importing.target_of(library, found))
    with pytest.raises(UsageError, match="Leave --into out"):
        importing.target_of(library, found, "users")
    assert not workspace.exists()


def test_an_import_as_json_has_all_of_it(tmp_path: Path) -> None:
    """The auth in force and where it stands, flags of the query, scripts and the report."""
    placed = importing.place(FOUND, importing.Target(tmp_path))
    said = json.loads(json.dumps(as_json(FOUND, placed)))
    first, second, top, script, _ = said["requests"]
    assert (first["key"], first["auth"]["kind"], first["auth_origin"]) == ("shop-api/users/admin/get", "basic", "Users")
    assert second["query"] == [["off", "1", False]]
    assert (top["auth"]["kind"], top["auth_origin"], top["body"]) == ("none", "request", {"kind": "none"})
    assert script["scripts"] == [{"phase": "test", "language": "javascript", "content": SCRIPT.content}]
    assert said["report"][:1] == [
        {"origin": "Top", "construct": "auth: hawk", "outcome": "dropped", "why": "none here"}
    ]


def test_what_nobody_knows_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Empty, of no format, of a format that there is not, not there, a pipe."""
    for text, reason in (("  ", "empty"), ("just words", "of no format that is known")):
        with pytest.raises(UsageError, match=reason):
            importer_of(of_text(text))
    with pytest.raises(UsageError, match="There is no format 'soap'"):
        importer_of(of_text("{}"), "soap")
    with pytest.raises(UsageError, match="is no Postman collection: it "):
        read_source(of_text("{"), "postman")
    with pytest.raises(UsageError, match="can't be read"):
        open_source(str(tmp_path / "none"))
    for word in ("~nobody-of-this-name/a.json", "a\0b"):
        with pytest.raises(UsageError, match="can't be read"):
            open_source(word)


def test_what_a_killed_import_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """It may hold secrets, under a name that git does not ignore."""
    left = tmp_path / ".tui-client-import-0123" / "shop"
    left.mkdir(parents=True)
    (left / "local.secret.toml").write_text("token = 's3cret'")
    write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["shop-api"]


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    """Names that lead out, links, hidden files."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (folder / "a.yml").write_text("a")
    (folder / ".hidden").write_text("h")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    beside = FilesBeside(folder)
    assert beside.names() == ("a.yml",) and beside.read("a.yml") == b"a"
    for name in ("../secret", "link", "/etc/passwd", "", "x/../../secret", "a\0b", "none", "out/secret", "pipe"):
        with pytest.raises(FormatError):
            beside.read(name)
