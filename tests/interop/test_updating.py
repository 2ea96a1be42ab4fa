"""A newer OpenAPI document over the requests of an older one."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_client.errors import Conflict, SaveFailed
from tui_client.formats._found import Found
from tui_client.formats.openapi import read_openapi
from tui_client.interop import importing, updating
from tui_client.interop.source import FilesBeside
from tui_client.interop.updating import Change, ChangeKind, Update
from tui_client.kinds.body.json import Json
from tui_client.model.request import NameValue, Request
from tui_client.storage.library import Library

Doc = dict[str, Any]


def _parameter(name: str, **more: object) -> Doc:
    return {"name": name, "in": "query", "schema": {"type": "string"}, **more}


def _operation(summary: str, *parameters: Doc, **more: object) -> Doc:
    return {"summary": summary, "parameters": list(parameters), "responses": {}, **more}


DOCUMENT: Doc = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "http://localhost:1"}],
    "tags": [{"name": "users", "description": "People"}],
    "paths": {
        "/users": {
            "get": _operation("List", _parameter("limit", example="5"), operationId="list", tags=["users"]),
            "post": _operation("Create", tags=["users"]),
        },
        "/users/{id}": {"get": _operation("Get", operationId="one", tags=["users"])},
        "/orders": {"get": _operation("Orders", _parameter("page"))},
    },
}


def read(document: Doc) -> Found:
    return read_openapi(json.dumps(document, indent=1).encode(), name="shop.json")


def imported(workspace: Path, document: Doc = DOCUMENT, *, into: str = "") -> Library:
    library, found = Library(workspace), read(document)
    target = importing.target_of(library, found, into)
    importing.write(importing.place(found, target), target)
    return Library(workspace)


def newer(change: Callable[[Doc], object]) -> Doc:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


def updated(library: Library, document: Doc, *, prune: bool = False) -> Update:
    found = read(document)
    twin = updating.twin_of(library, found)
    assert twin is not None
    changed = updating.update(library, found, twin, prune=prune)
    updating.write(library, changed)
    return changed


def edit(library: Library, key: str, **fields: Any) -> None:
    loaded = library.load(key)
    library.save(loaded, replace(loaded.request, **fields))


def keys(library: Library) -> tuple[str, ...]:
    return library.keys()


def requests(library: Library) -> dict[str, Request]:
    return {key: library.load(key).request for key in keys(library)}


def told(changed: Update, key: str) -> Change:
    (found,) = (change for change in changed.changes if change.key == key)
    return found


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".tui-client" not in path.name
    }


def _limit(document: Doc) -> Doc:
    operation: Doc = document["paths"]["/users"]["get"]
    return operation


def test_the_same_document_again_changes_nothing(tmp_path: Path) -> None:
    """No change is told, and no file written."""
    library = imported(tmp_path)
    before = files(tmp_path)
    changed = updated(library, DOCUMENT)
    assert (changed.changes, changed.files, changed.unchanged) == ((), (), 4)
    assert files(tmp_path) == before


@pytest.mark.parametrize("into", ["", "apis"])
def test_what_was_not_edited_becomes_what_a_new_import_gives(tmp_path: Path, into: str) -> None:
    """Requests and keys are the same; so are what they share and the order of the folders."""

    def change(document: Doc) -> None:
        document["info"]["description"] = "New words"
        document["servers"] = [{"url": "http://localhost:2"}, {"url": "http://test:2", "description": "test"}]
        document["tags"][0]["description"] = "Users"
        document["tags"].append({"name": "pets"})
        _limit(document)["parameters"].append(_parameter("offset"))
        document["paths"]["/users"]["delete"] = _operation("Drop all", tags=["users"])
        document["paths"]["/pets"] = {"get": _operation("Pets", tags=["pets"])}
        document["paths"]["/users/{id}"]["get"]["description"] = "One of them"

    old, new = tmp_path / "old", tmp_path / "new"
    if into:
        Library(old).create_collection("main")
        Library(new).create_collection("main")
    library = imported(old, into=into)
    changed = updated(library, newer(change))
    fresh = imported(new, newer(change), into=into)
    assert requests(Library(old)) == requests(fresh)
    kinds = [change.kind for change in changed.changes]
    assert kinds.count(ChangeKind.ADDED) == 2 + (0 if into else 2) or into
    ours, theirs = files(old), files(new)
    assert set(ours) == set(theirs)
    assert {name for name in ours if ours[name] != theirs[name] and not name.endswith("collection.toml")} == set()
    assert updated(Library(old), newer(change)).files == ()


def test_edits_stay_and_what_is_new_comes(tmp_path: Path) -> None:
    """Each field for itself; where both changed one, the user's stays and is told, and comments stay too."""
    library = imported(tmp_path)
    path = tmp_path / "shop" / "users" / "list.toml"
    path.write_text("# mine\n" + path.read_text())
    params = (NameValue("limit", "99", enabled=True), NameValue("own", "1"))
    edit(library, "users/list", url="/v9/users", params=params)

    def change(document: Doc) -> None:
        _limit(document)["parameters"] = [_parameter("limit", example="7"), _parameter("offset", required=True)]
        _limit(document)["description"] = "All of them"
        document["paths"]["/v2/users"] = {"get": document["paths"]["/users"].pop("get")}

    changed = updated(library, newer(change))
    request = library.load("users/list").request
    assert (request.url, [row.name for row in request.params]) == ("/v9/users", ["limit", "offset", "own"])
    assert request.params[0] == NameValue("limit", "99") and "All of them" in request.description
    assert path.read_text().startswith("# mine\n") and 'operation = "get /v2/users"' in path.read_text()
    what = told(changed, "users/list").what
    assert "parameter offset added" in what and "your URL is kept, the document now says /v2/users" in what
    assert "your parameter limit is kept, the document now says 7" in what
    assert updated(library, newer(change)).files == ()


def test_a_request_that_was_renamed_and_moved_is_found(tmp_path: Path) -> None:
    """By its link, wherever in the collection it is; its name stays."""
    library = imported(tmp_path)
    library.move("orders/orders", "users")
    key = library.rename("users/orders", "Mine").key
    updated(library, newer(lambda document: document["paths"]["/orders"]["get"]["parameters"].append(_parameter("b"))))
    request = library.load(key).request
    assert [row.name for row in request.params] == ["page", "b"] and "orders/orders" not in keys(library)
    assert request.name == "Mine"


def test_what_is_gone_is_told_and_only_pruned_if_nobody_edited_it(tmp_path: Path) -> None:
    """No file is removed without --prune, and with it no edited one; the order no longer names what went."""

    def change(document: Doc) -> None:
        del document["paths"]["/users/{id}"], document["paths"]["/users"]["post"]

    for prune in (False, True):
        library = imported(tmp_path / str(prune))
        edit(library, "users/get", description="Mine")
        changed = updated(library, newer(change), prune=prune)
        assert told(changed, "users/get").kind is ChangeKind.REMOVED
        assert told(changed, "users/create").kind is (ChangeKind.PRUNED if prune else ChangeKind.REMOVED)
        assert ("users/create" in keys(library), "users/get" in keys(library)) == (not prune, True)
        assert [str(warning) for warning in library.warnings()] == []
        assert updated(library, newer(change), prune=prune).changes == ()


def test_a_request_that_the_user_deleted_stays_deleted(tmp_path: Path) -> None:
    """It is told only where the document changed it."""
    library = imported(tmp_path)
    library.delete("users/list")
    assert updated(library, DOCUMENT).changes == ()
    changed = updated(library, newer(lambda document: _limit(document).update(description="New")))
    assert [change.kind for change in changed.changes] == [ChangeKind.KEPT]
    assert "users/list" not in keys(library)


@pytest.mark.parametrize("broken", [None, b"{", b"[]", b"\xff{"])
def test_without_the_old_document_only_what_is_new_comes(tmp_path: Path, broken: bytes | None) -> None:
    """It is said so, and what is there stays byte for byte."""
    library = imported(tmp_path)
    kept = tmp_path / "shop" / ".openapi" / "openapi.json"
    kept.unlink() if broken is None else kept.write_bytes(broken)
    before = files(tmp_path)

    def change(document: Doc) -> None:
        document["paths"]["/users"]["put"] = _operation("Put", tags=["users"])
        _limit(document)["parameters"] = []

    changed = updated(library, newer(change))
    after = files(tmp_path)
    assert [change.kind for change in changed.changes] == [ChangeKind.ADDED] and changed.report
    assert set(after) - set(before) <= {"shop/users/put.toml", "shop/.openapi/openapi.json"}
    assert {name for name in before if before[name] != after[name]} <= {
        "shop/users/folder.toml",
        "shop/.openapi/openapi.json",
    }


def test_a_file_that_changed_since_it_was_looked_at_stops_all(tmp_path: Path) -> None:
    """Nothing is written then, not even the files before it."""
    library, found = imported(tmp_path), read(newer(lambda document: _limit(document).update(description="New")))
    twin = updating.twin_of(library, found)
    assert twin is not None
    changed = updating.update(library, found, twin)
    edit(library, "users/list", description="Meanwhile")
    before = files(tmp_path)
    with pytest.raises(Conflict):
        updating.write(library, changed)
    assert files(tmp_path) == before


def test_a_disk_that_refuses_leaves_all_as_it_was(tmp_path: Path) -> None:
    """What was written before it did is taken back, new folders too."""

    def change(document: Doc) -> None:
        _limit(document)["description"] = "New"
        document["paths"]["/pets"] = {"get": _operation("Pets", tags=["pets"])}

    library, found = imported(tmp_path), read(newer(change))
    twin = updating.twin_of(library, found)
    assert twin is not None
    changed = updating.update(library, found, twin)
    before = files(tmp_path)
    kept = tmp_path / "shop" / ".openapi"
    kept.chmod(0o500)
    try:
        if os.access(kept, os.W_OK):  # the superuser is refused nothing: something else must be in the way
            (kept / "openapi.json").unlink()
            (kept / "openapi.json").mkdir()
        with pytest.raises(SaveFailed):
            updating.write(library, changed)
    finally:
        kept.chmod(0o700)
    after = files(tmp_path)
    assert {name: before[name] for name in before if ".openapi" not in name} == {
        name: after[name] for name in after if ".openapi" not in name
    }
    assert not (tmp_path / "shop" / "pets").exists()


def test_an_update_that_was_killed_is_done_by_the_next(tmp_path: Path) -> None:
    """Wherever it ended: the document is replaced last, so that nothing looks like an edit."""

    def change(document: Doc) -> None:
        document["paths"]["/v2/users"] = {"get": document["paths"]["/users"].pop("get")}
        _limit_of = document["paths"]["/v2/users"]["get"]
        _limit_of["parameters"].append(_parameter("offset"))
        document["paths"]["/pets"] = {"get": _operation("Pets", tags=["pets"])}

    found = read(newer(change))
    whole = imported(tmp_path / "whole")
    updated(whole, newer(change))
    wanted = files(tmp_path / "whole")
    count = len(wanted)
    for stop in range(count):
        library = imported(tmp_path / str(stop))
        twin = updating.twin_of(library, found)
        assert twin is not None
        changed = updating.update(library, found, twin)
        if stop >= len(changed.files):
            break
        updating.write(library, replace(changed, files=changed.files[:stop]))
        again = updated(Library(tmp_path / str(stop)), newer(change))
        assert all(change.kind is not ChangeKind.KEPT for change in again.changes)
        assert files(tmp_path / str(stop)) == wanted


NAMES = st.sampled_from(["limit", "page", "q"])
WORDS = st.sampled_from(["1", "two", "{{three}}", ""])
OPERATIONS = st.builds(
    lambda names, words, described: _operation("Same", *(_parameter(n, example=words) for n in names), tags=described),
    st.lists(NAMES, max_size=3, unique=True),
    WORDS,
    st.sampled_from([["a"], ["b"]]),
)
PATHS = st.dictionaries(
    st.sampled_from(["/a", "/b", "/c/{id}"]), st.fixed_dictionaries({"get": OPERATIONS}), min_size=1
)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "url": st.just("/mine"),
        "description": st.just("Mine"),
        "params": st.just((NameValue("own", "'''", enabled=False),)),
        "body": st.just(Json('{"mine": 1}')),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATHS, PATHS, st.lists(EDITS, min_size=3, max_size=3))
def test_no_edit_is_lost_whatever_the_document_becomes(
    tmp_path_factory: pytest.TempPathFactory, old: Doc, new: Doc, edits: list[dict[str, Any]]
) -> None:
    """On disk, with any documents before and after; a second time there is nothing to do."""
    root = tmp_path_factory.mktemp("any")
    library = imported(root, {**DOCUMENT, "paths": old})
    edited = dict(zip(keys(library), edits, strict=False))
    for key, fields in edited.items():
        edit(library, key, **fields)
    before = requests(library)
    updated(library, {**DOCUMENT, "paths": new})
    after = requests(library)
    for key, fields in edited.items():
        assert {name: getattr(after[key], name) for name in fields if name != "params"} == {
            name: value for name, value in fields.items() if name != "params"
        }
        assert set(fields.get("params", ())) <= set(after[key].params)
    assert set(before) <= set(after)
    assert updated(library, {**DOCUMENT, "paths": new}).files == ()


def test_of_two_of_one_title_the_server_tells(tmp_path: Path) -> None:
    """Where that is the same too, nobody guesses."""
    other = {**DOCUMENT, "servers": [{"url": "/other"}]}
    imported(tmp_path)
    library = imported(tmp_path, other)
    twin = updating.twin_of(library, read(other))
    assert twin is not None and (twin.collection, twin.base_url) == ("shop-2", "/other")
    assert updating.twin_of(imported(tmp_path, other), read(other)) is None
    assert [one.title for one in updating.linked(Library(tmp_path))] == ["Shop"] * 3


def test_a_file_that_can_not_be_read_stays_and_is_told(tmp_path: Path) -> None:
    """Others are updated all the same."""
    library = imported(tmp_path)
    path = tmp_path / "shop" / "users" / "list.toml"
    broken = path.read_text().replace("method", "methodd", 1) + "\n"
    path.write_text(f"unknown = 1\n{broken}")
    before = path.read_bytes()

    def change(document: Doc) -> None:
        _limit(document)["description"] = "New"
        document["paths"]["/orders"]["get"]["description"] = "New"

    changed = updated(Library(tmp_path), newer(change))
    assert told(changed, "users/list").kind is ChangeKind.KEPT and path.read_bytes() == before
    assert told(changed, "orders/orders").what == ("description changed",)
    assert library.load("orders/orders").request.description.startswith("New")


def test_a_document_in_several_files_is_replaced_whole(tmp_path: Path) -> None:
    """Files that it no longer refers to go, and requests follow its name."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "limit.json").write_text(json.dumps(_parameter("limit", example="5")))
    document = newer(lambda made: _limit(made).update(parameters=[{"$ref": "limit.json"}]))
    library, beside = Library(tmp_path / "work"), FilesBeside(source)
    found = read_openapi(json.dumps(document).encode(), name="shop.json", beside=beside)
    target = importing.target_of(library, found)
    importing.write(importing.place(found, target), target)
    kept = tmp_path / "work" / "shop" / ".openapi"
    assert {path.name for path in kept.iterdir()} == {"shop.json", "limit.json"}
    library = Library(tmp_path / "work")
    changed = updated(library, newer(lambda made: _limit(made).update(description="New")))
    assert [change.key for change in changed.changes] == ["users/list"]
    assert {path.name for path in kept.iterdir()} == {"shop.json"}
