"""An import in steps: read, placed, placed elsewhere, written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_client.errors import UsageError
from tui_client.interop.desk import Desk
from tui_client.interop.offered import NEW, Offer, Preview, Read, Unknown

GOLDEN = Path(__file__).parents[1] / "formats" / "golden"
POSTMAN = str(GOLDEN / "postman" / "shop.postman_collection.json")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two collections, one with a folder."""
    for name in ("shop", "depot/parts"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("shop", "depot"):
        (tmp_path / name / "collection.toml").write_text("format = 1\n")
    (tmp_path / "depot" / "parts" / "list.toml").write_text('url = "/parts"\n')
    return tmp_path


def desk_of(workspace: Path) -> Desk:
    return Desk(workspace, lambda words: None)


def read(desk: Desk, **ask: str) -> Preview:
    found = desk.read(Read(**ask))
    assert isinstance(found, Preview)
    return found


def test_a_preview_says_what_will_be_made_in_the_order_of_the_source(workspace: Path) -> None:
    """Folders before what is in them, by the titles of the source; environments last."""
    told: list[str] = []
    preview = read(Desk(workspace, told.append), word=POSTMAN)
    assert [(row.depth, row.method, row.title) for row in preview.tree] == [
        (0, "", "Shop API"),
        (1, "POST", "Sign in"),
        (1, "", "Users"),
        (2, "", "Admin"),
        (3, "PURGE", "Purge cache"),
        (2, "GET", "Get user"),
        (2, "LINK", "Get user"),
        (1, "", "Upload"),
        (2, "POST", "Photo"),
        (2, "POST", "Form"),
        (2, "POST", "Query"),
        (2, "PUT", "Blob"),
        (1, "", "empty"),
        (1, "", "environments"),
        (2, "", "secrets"),
    ]
    assert (preview.requests, preview.folders, preview.environments, preview.private) == (8, 4, 1, 1)
    assert told[1] == "shop.postman_collection.json, 6.6 kB, Postman collection"


def test_it_may_go_to_every_collection_and_folder(workspace: Path) -> None:
    """By itself a document becomes a collection; where it may go is offered, and what would be there is told."""
    desk = desk_of(workspace)
    preview = read(desk, word=POSTMAN)
    assert preview.target == NEW and preview.where == "to a new collection shop-api"
    assert preview.offers == (
        Offer(NEW, "a new collection"),
        Offer("depot:", "into depot"),
        Offer("depot:parts", "into depot/parts"),
        Offer("shop:", "into shop"),
    )
    moved = desk.place("depot:parts")
    assert moved.target == "depot:parts" and moved.where == "into depot/parts"
    assert [row.path for row in moved.tree[:3]] == ["parts/", "parts/shop-api/", "parts/shop-api/sign-in.toml"]
    written = desk.write()
    assert (written.collection, written.key) == ("depot", "parts/shop-api/sign-in")
    assert (workspace / "depot" / "parts" / "shop-api" / "sign-in.toml").is_file()


def test_nothing_is_written_before_it_is_asked_for(workspace: Path) -> None:
    """However often it is placed."""
    before = sorted(workspace.rglob("*"))
    desk = desk_of(workspace)
    for offer in read(desk, word=POSTMAN).offers:
        desk.place(offer.id)
    assert sorted(workspace.rglob("*")) == before


def test_a_command_goes_into_the_first_collection(workspace: Path) -> None:
    """It is no collection of its own, so none is offered."""
    preview = read(desk_of(workspace), text="curl https://api.example.com/teas")
    assert preview.where == "into depot" and NEW not in [offer.id for offer in preview.offers]
    assert [row.title for row in preview.tree] == ["GET /teas"]


def test_a_workspace_that_is_a_collection_takes_it_as_a_folder(workspace: Path) -> None:
    """Another collection in it can't be."""
    preview = read(desk_of(workspace / "depot"), word=POSTMAN)
    assert preview.target == "depot:" and [offer.id for offer in preview.offers] == ["depot:", "depot:parts"]


def test_a_workspace_that_is_not_there_is_made(tmp_path: Path) -> None:
    """With the first import."""
    desk = desk_of(tmp_path / "new")
    assert read(desk, word=POSTMAN).where == "to a new collection shop-api"
    assert desk.write().key == "sign-in"


def test_an_unknown_document_is_read_as_it_is_said_to_be(workspace: Path, tmp_path: Path) -> None:
    """What it is not is a sentence."""
    desk = desk_of(workspace)
    odd = desk.read(Read(text="nothing known"))
    assert isinstance(odd, Unknown) and odd.reason == "What was pasted is of no format that is known."
    assert ("postman", "Postman collection") in odd.formats
    with pytest.raises(UsageError, match="What was pasted is no Postman collection: it "):
        desk.read(Read(text="nothing known", format="postman"))
    with pytest.raises(UsageError, match=r"empty\.json is empty"):
        (tmp_path / "empty.json").write_text(" \n")
        desk.read(Read(word=str(tmp_path / "empty.json")))


def test_what_was_fetched_belongs_to_where_it_came_from(workspace: Path) -> None:
    """A document that names no server gets that of its URL."""
    document = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {}}}}
    ask = Read(data=json.dumps(document).encode(), name="openapi.json", url="http://127.0.0.1:8000/openapi.json")
    desk = desk_of(workspace)
    assert isinstance(desk.read(ask), Preview)
    desk.write()
    assert "http://127.0.0.1:8000" in (workspace / "t" / "collection.toml").read_text()
