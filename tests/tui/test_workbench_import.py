"""Import in the workbench: asked for, read beside the screen, looked at, written or left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual import events

from tui_client.tui.modals.import_preview import ImportPreview
from tui_client.tui.modals.import_source import ImportSource
from tui_client.tui.modals.pick import Pick

GOLDEN = Path(__file__).parents[1] / "formats" / "golden"
POSTMAN = GOLDEN / "postman" / "shop.postman_collection.json"
OPENAPI = GOLDEN / "openapi" / "shop-3.0.json"
HOSTILE = "../\x1b[31m\x07\u202eevil[@click=app.quit]x[/]" + "n" * 3000


async def ask(b: Any, source: str) -> None:
    """Open the dialog and give it a source."""
    b.screen.action_import()
    await b.until(lambda: isinstance(b.top, ImportSource) and b.top.focused)
    await b.fill(source)
    await b.press("enter")


async def preview_of(b: Any, source: str) -> None:
    """The same, until the preview stands."""
    await ask(b, source)
    await b.until(lambda: isinstance(b.top, ImportPreview) and "Goes " in b.text and "be made" in b.text)


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def workspace(own_folders: None, tmp_path: Path) -> Path:
    """A workspace with one collection."""
    (tmp_path / "ws" / "mine" / "users").mkdir(parents=True)
    (tmp_path / "ws" / "mine" / "collection.toml").write_text("format = 1\n")
    (tmp_path / "ws" / "mine" / "users" / "list.toml").write_text('url = "/users"\n')
    return tmp_path / "ws"


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_preview_shows_the_tree_and_what_is_lost(bench: Any, workspace: Path, size: tuple[int, int]) -> None:
    """Figures, the tree and the report, which can be cut down to what is lost; Esc leaves the disk as it was."""
    before = files_of(workspace)
    async with bench(workspace, size=size) as b:
        await preview_of(b, str(POSTMAN))
        for words in ("Postman collection · Shop API", "8 requests, 4 folders", "a new collection shop-api", "PURGE"):
            assert words in b.text
        await b.press("tab")
        await b.until(lambda: "saved examples: 2 of them are left out" in b.text and "✓ imported" in b.text)
        await b.press("f")
        await b.until(lambda: "lost 9 of 13" in b.text and "✓ imported" not in b.text)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
    assert files_of(workspace) == before


async def test_an_import_is_written_and_shown_in_the_tree(bench: Any, workspace: Path) -> None:
    """Enter writes; the first request has the cursor of the tree."""
    async with bench(workspace) as b:
        await preview_of(b, f"'{POSTMAN}'")
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and b.in_tree("shop-api:sign-in"))
        await b.until(lambda: b.screen.collections.node and b.screen.collections.node.key == "shop-api:sign-in")
        assert f"Imported 8 requests to {workspace / 'shop-api'}" in b.said
    assert (workspace / "shop-api" / "users" / "get-user.toml").is_file()
    assert oct((workspace / "shop-api/environments/secrets.secret.toml").stat().st_mode)[-3:] == "600"


async def test_the_same_again_gets_a_second_name(bench: Any, workspace: Path) -> None:
    """Nothing that is there is touched."""
    (workspace / "shop-api").mkdir()
    (workspace / "shop-api" / "collection.toml").write_text("format = 1 # mine\n")
    async with bench(workspace) as b:
        await preview_of(b, POSTMAN.as_uri())
        assert "a new collection shop-api-2" in b.text
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and b.in_tree("shop-api-2:sign-in"))
    assert (workspace / "shop-api" / "collection.toml").read_text() == "format = 1 # mine\n"


async def test_it_goes_where_it_is_sent(bench: Any, workspace: Path) -> None:
    """A folder of a collection instead of a collection of its own: what is shown is what would be there."""
    async with bench(workspace) as b:
        await preview_of(b, str(OPENAPI))
        await b.press("w")
        await b.until(lambda: isinstance(b.top, Pick) and b.top.focused)
        await b.fill("mine/users")
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, ImportPreview) and "Goes into mine/users" in b.text)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen)
        await b.until(lambda: b.screen.collections.node and b.screen.collections.node.key.startswith("users/"))
    assert {name.partition("/")[0] for name in files_of(workspace)} == {"mine"}
    assert len(files_of(workspace / "mine" / "users")) > 5


async def test_a_pasted_command_goes_into_the_collection_that_is_there(bench: Any, workspace: Path) -> None:
    """What is pasted is read at once, of any number of lines."""
    async with bench(workspace) as b:
        b.screen.action_import()
        await b.until(lambda: isinstance(b.top, ImportSource) and b.top.focused)
        b.top.focused.post_message(events.Paste("curl https://api.example.com/teas \\\n  -d green=1\n"))
        await b.until(lambda: isinstance(b.top, ImportPreview) and "Goes into mine" in b.text)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and "Imported 1 request to" in b.said)
    assert "green" in (workspace / "mine" / "post-teas.toml").read_text()


async def test_what_can_not_be_read_keeps_the_dialog_and_its_text(bench: Any, workspace: Path, tmp_path: Path) -> None:
    """The reason is a sentence; another source can be tried at once."""
    async with bench(workspace) as b:
        await ask(b, str(tmp_path / "nowhere.json"))
        await b.until(lambda: "No such file or directory." in b.text)
        assert b.top.focused.value == str(tmp_path / "nowhere.json")
        await b.fill(str(POSTMAN))
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, ImportPreview))


async def test_an_unknown_document_offers_the_formats(bench: Any, workspace: Path, tmp_path: Path) -> None:
    """What it is can be said; where it is not that either, the dialog stays."""
    odd = tmp_path / "odd.txt"
    odd.write_text("no format at all")
    async with bench(workspace) as b:
        await ask(b, str(odd))
        await b.until(lambda: isinstance(b.top, Pick) and b.top.focused and "Postman collection" in b.text)
        await b.fill("postman")
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, ImportSource) and "odd.txt is no Postman collection" in b.text)


async def test_hostile_names_are_shown_as_signs_and_written_inside(bench: Any, tmp_path: Path, workspace: Path) -> None:
    """Control codes, markup, turned text and paths that lead out do nothing, on the screen or on the disk."""
    document = tmp_path / "evil.json"
    request = {"method": "GET", "url": f"https://h.example/{HOSTILE}"}
    items = [{"name": HOSTILE, "item": [{"name": HOSTILE, "request": request, "event": [{"listen": HOSTILE}]}]}]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    document.write_text(json.dumps({"info": {"name": HOSTILE, "schema": schema}, "item": items}))
    before = files_of(tmp_path)
    async with bench(workspace, size=(80, 24)) as b:
        await preview_of(b, str(document))
        for keys in ((), ("down", "down"), ("tab",)):
            await b.press(*keys)
            assert not {"\x1b", "\x07", "\u202e"} & set(b.text)
            assert "␛" in b.text
        assert "cancel" in b.text
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and "Imported 1 request" in b.said)
    new = files_of(tmp_path) - before
    assert sum(name.startswith("ws/") and name.endswith("/collection.toml") for name in new) == 1
    assert not [name for name in new if not name.startswith(("ws/", "data/", "state/", "config/", "cache/"))]


async def test_a_write_that_fails_says_so_in_the_preview(bench: Any, workspace: Path) -> None:
    """Someone took the name meanwhile: the preview stays, and what is there is left alone."""
    async with bench(workspace) as b:
        await preview_of(b, str(POSTMAN))
        (workspace / "shop-api").write_text("mine")
        before = files_of(workspace)
        await b.press("enter")
        await b.until(lambda: "it is there by now" in " ".join(b.text.replace("│", " ").split()))
        assert isinstance(b.top, ImportPreview)
    assert files_of(workspace) == before


async def test_an_import_is_taken_back_while_nothing_of_it_was_changed(bench: Any, workspace: Path) -> None:
    """Its files and folders go, its tabs close; an edit keeps all of it."""
    before = files_of(workspace)
    async with bench(workspace) as b:
        b.screen.action_undo_import()
        await b.until(lambda: "Nothing was imported" in b.said)
        await preview_of(b, str(POSTMAN))
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and b.in_tree("shop-api:sign-in"))
        await b.open("shop-api:sign-in")
        file = workspace / "shop-api" / "sign-in.toml"
        text = file.read_text()
        file.write_text(text + "# mine\n")
        b.screen.action_undo_import()
        await b.until(lambda: "shop-api/sign-in.toml was changed since, so the import stays." in b.said)
        file.write_text(text)
        b.screen.action_undo_import()
        await b.until(lambda: "shop-api is taken back." in b.said and not b.in_tree("shop-api:sign-in"))
        assert b.tabs == ["new"]
    assert files_of(workspace) == before and not (workspace / "shop-api").exists()


def pets(path: Path, *names: str) -> str:
    """A document with an operation for each name."""
    paths = {f"/{name}": {"get": {"summary": name, "tags": ["all"], "responses": {}}} for name in names}
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": paths}))
    return str(path)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_newer_version_goes_over_the_older_one(
    bench: Any, workspace: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    """It is offered beside a new collection, each change told before it is made; what was edited stays."""
    async with bench(workspace, size=size) as b:
        await preview_of(b, pets(tmp_path / "one.json", "cats", "dogs"))
        assert "older version" not in b.text
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and b.in_tree("pets:all/cats"))
        cats = workspace / "pets" / "all" / "cats.toml"
        cats.write_text(cats.read_text().replace('["all"]', '["all", "mine"]'))
        await preview_of(b, pets(tmp_path / "two.json", "cats", "birds"))
        assert "to a new collection pets-2" in b.text and "u to update pets" in b.text
        await b.press("u")
        await b.until(lambda: "Goes over pets" in b.text and "1 added, 1 removed, 1 unchanged" in b.text)
        assert "birds" in b.text and "no longer in the document" in b.text
        assert not (workspace / "pets" / "all" / "birds.toml").exists()
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and "Updated pets: 1 added, 1 removed." in b.said)
        await b.until(lambda: b.in_tree("pets:all/birds"))
    assert (workspace / "pets" / "all" / "dogs.toml").is_file()
    assert '"mine"' in cats.read_text() and not (workspace / "pets-2").exists()


async def test_a_url_is_fetched_and_its_server_kept(bench: Any, workspace: Path, demo: str) -> None:
    """A page that is none is a sentence, and the URL stays to be changed."""
    async with bench(workspace) as b:
        await ask(b, f"{demo}/nowhere")
        await b.until(lambda: "answered 404" in b.text)
        await b.fill(f"{demo}/openapi.json")
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, ImportPreview) and "OpenAPI" in b.text)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and "Imported" in b.said)
    new = next(name for name in files_of(workspace) if name.endswith("/collection.toml") and name[:5] != "mine/")
    assert demo in (workspace / new).read_text()
