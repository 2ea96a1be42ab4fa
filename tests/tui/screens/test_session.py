"""What is kept of open requests, and what comes of it at the next start; without a screen."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tui_client.model.request import Request
from tui_client.storage.library import Library
from tui_client.tui.screens._context import effective_draft
from tui_client.tui.screens._following import looked_at
from tui_client.tui.screens._open_requests import OpenRequests
from tui_client.tui.screens._session import joined, reopened, saved_tab
from tui_client.tui.session.codec import decode, encode
from tui_client.tui.session.state import SessionState
from tui_client.tui.state import Disk, OpenRequest


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A collection of two requests."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "collection.toml").write_text("format = 1\n")
    for name in ("one", "two"):
        (root / f"{name}.toml").write_text(f'url = "/{name}"\n')
    return Library(root)


def _opened(library: Library, key: str, url: str = "") -> OpenRequest:
    loaded = library.load(key)
    draft = msgspec.structs.replace(loaded.request, url=url or loaded.request.url)
    return OpenRequest(key, draft, "shop", loaded)


def _after_a_restart(library: Library, *items: OpenRequest, drafts: bool = True) -> tuple[OpenRequest, ...]:
    tabs = [tab for item in items if (tab := saved_tab(item, drafts=drafts))]
    state = decode(encode(SessionState(tuple(tabs))))
    now = Library(library.root)
    requests = joined(OpenRequests(), reopened(now, state.tabs), 0)
    return looked_at(now, requests, requests.items)[0].items


def test_tabs_and_drafts_are_back(library: Library) -> None:
    """Untouched, edited, and never saved."""
    items = (_opened(library, "one"), _opened(library, "two", "/edited"), OpenRequest("x", Request(url="/new"), "shop"))
    back = _after_a_restart(library, *items)
    assert [(item.key, item.draft, item.dirty, item.disk) for item in back] == [
        (item.key, item.draft, item.dirty, Disk.SAME) for item in items
    ]
    assert len({item.id for item in back}) == 3


def test_a_new_request_keeps_its_folder(library: Library) -> None:
    """It is sent with what that gives it, before and after a restart."""
    (library.root / "users").mkdir()
    (library.root / "users" / "folder.toml").write_text('[headers]\nX-Users = "1"\n')
    (back,) = _after_a_restart(library, OpenRequest("x", Request(url="/new"), "shop", folder="users"))
    effective = effective_draft(Library(library.root), back, "")
    assert [row.name for row in effective.headers] == ["X-Users"]


def test_an_untouched_new_request_is_not_worth_keeping(library: Library) -> None:
    """It is there at each start."""
    assert _after_a_restart(library, OpenRequest("x", Request(), "shop")) == ()


def test_edits_that_were_given_up_are_not_kept(library: Library) -> None:
    """Who leaves is asked for each of them."""
    items = _opened(library, "one", "/edited"), OpenRequest("x", Request(url="/new"), "shop")
    (back,) = _after_a_restart(library, *items, drafts=False)
    assert (back.key, back.draft.url, back.dirty) == ("one", "/one", False)


def test_a_draft_whose_file_changed_meanwhile_is_a_conflict(library: Library) -> None:
    """The draft stays, what is on disk stays, and the tab has its sign."""
    item = _opened(library, "one", "/mine")
    (library.root / "one.toml").write_text('url = "/theirs"\n')
    (back,) = _after_a_restart(library, item)
    assert (back.draft.url, back.dirty, back.disk) == ("/mine", True, Disk.CHANGED)


def test_a_draft_whose_file_went_away_is_still_there(library: Library) -> None:
    """An untouched request that went away is not."""
    items = _opened(library, "one", "/mine"), _opened(library, "two")
    for name in ("one", "two"):
        (library.root / f"{name}.toml").unlink()
    (back,) = _after_a_restart(library, *items)
    assert (back.key, back.draft.url, back.disk) == ("one", "/mine", Disk.DELETED)


def test_a_draft_whose_collection_went_away_becomes_a_new_request(library: Library, tmp_path: Path) -> None:
    """Nothing typed is lost."""
    tab = saved_tab(_opened(library, "one", "/mine"))
    assert tab is not None
    (tmp_path / "empty").mkdir()
    (back,) = reopened(Library(tmp_path / "empty"), [tab])
    assert back is not None and back.draft.url == "/mine" and not back.key


def test_a_session_cant_lead_a_save_out_of_its_collection(library: Library) -> None:
    """A path that was changed in the file of the session is not believed."""
    tab = saved_tab(_opened(library, "one", "/mine"))
    assert tab is not None and tab.base is not None
    odd = msgspec.structs.replace(tab, base=msgspec.structs.replace(tab.base, path="/etc/passwd"))
    (back,) = reopened(library, [odd])
    assert back is not None and back.loaded is None and back.draft.url == "/mine"


def test_what_was_opened_since_the_start_stays_in_front(library: Library) -> None:
    """The last session comes beside it; a request that is open already is not opened twice."""
    now = OpenRequests().open(library.load("one"), "shop")
    back = joined(now, (_opened(library, "one"), _opened(library, "two")), 0)
    assert [item.key for item in back.items] == ["two", "one"]
    assert back.current is not None and back.current.key == "one"
    assert len({item.id for item in back.items}) == 2


def test_the_request_that_was_shown_last_is_shown_again(library: Library) -> None:
    """Or, where it is gone, the first that is left."""
    two = _opened(library, "two")
    for active, items in ((1, (_opened(library, "one"), two)), (0, (None, two))):
        back = joined(OpenRequests(), items, active)
        assert back.current is not None and back.current.key == "two"
