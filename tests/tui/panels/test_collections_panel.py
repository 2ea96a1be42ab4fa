"""The tree over real files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_client.storage.library import Library
from tui_client.tui.panels.collections import CollectionsPanel
from tui_client.tui.widgets.outline import RowState

POLL_S = 0.005
GET = 'method = "GET"\nurl = "/x"\n'
POST = 'method = "POST"\nurl = "/x"\n'
FILES = {
    "collection.toml": 'format = 1\nname = "Shop"\n',
    "ping.toml": GET,
    "users/list.toml": GET,
    "users/create.toml": POST,
    "users/admin/list.toml": GET,
    "orders/list.toml": GET,
    "broken.toml": 'method = "GET"\nurl = "/x"\n\noops\n',
}


def write(root: Path, files: dict[str, str]) -> Path:
    """A directory with these files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


class Host(App[None]):
    """Shows the panel and keeps what it posts."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
        self.panel = CollectionsPanel()
        self.opened: list[str] = []
        self.wanted: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.panel

    def on_mount(self) -> None:
        self.panel.show(self.library)
        self.panel.outline.focus()

    def on_collections_panel_opened(self, message: CollectionsPanel.Opened) -> None:
        self.opened.append(message.node.key)

    def on_collections_panel_wanted(self, message: CollectionsPanel.Wanted) -> None:
        self.wanted.append((message.action, message.node.id if message.node else ""))

    @property
    def rows(self) -> list[str]:
        """The rows, by depth."""
        rows = self.panel.outline.rows
        return ["  " * rows[i].depth + rows[i].label for i in range(len(rows))]

    @property
    def here(self) -> str:
        """The id of the row under the cursor."""
        return row.id if (row := self.panel.outline.current) else ""

    @property
    def text(self) -> str:
        """What is drawn."""
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def until(self, condition: Callable[[], object]) -> None:
        """Let threads and messages go on until something is true."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - threads and frames post no event that a test could wait for
                await asyncio.sleep(POLL_S)


@asynccontextmanager
async def shown(root: Path, size: tuple[int, int] = (34, 16)) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    host = Host(Library(root))
    async with host.run_test(size=size) as pilot:
        await host.until(lambda: host.rows or host.panel.has_class("-empty"))
        await pilot.pause()
        yield host, pilot


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A collection with folders, and one file that is broken."""
    return write(tmp_path / "shop", FILES)


async def test_the_tree_shows_the_first_level_with_methods_and_reasons(shop: Path) -> None:
    """A broken file is a row with the line that is wrong; the rest works."""
    async with shown(shop) as (host, _pilot):
        await host.until(lambda: "GET" in host.text and "line 4" in host.text)
        assert host.rows == ["broken", "orders", "ping", "users"]
        assert "! broken" in host.text
        assert host.panel.border_title == "Shop"


async def test_a_folder_is_read_when_it_is_unfolded(shop: Path) -> None:
    """And folds again."""
    async with shown(shop) as (host, pilot):
        write(shop, {"users/late.toml": GET})
        await pilot.press("end", "enter")
        await host.until(lambda: "  late" in host.rows)
        assert host.rows == ["broken", "orders", "ping", "users", "  admin", "  create", "  late", "  list"]
        await pilot.press("enter")
        await host.until(lambda: host.rows == ["broken", "orders", "ping", "users"])
        assert host.here == "shop:users/"


async def test_enter_opens_a_request(shop: Path) -> None:
    """The screen gets its key."""
    async with shown(shop) as (host, pilot):
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert host.opened == ["ping"]


async def test_clicks_unfold_folders_and_open_requests(shop: Path) -> None:
    """As the keys do."""
    async with shown(shop) as (host, pilot):
        await pilot.click("#tree", offset=(4, 3))
        await host.until(lambda: "  list" in host.rows)
        await pilot.pause()
        await pilot.click("#tree", offset=(8, host.rows.index("  list")))
        await pilot.pause()
        assert host.opened == ["users/list"]


async def test_statuses_and_drafts_stand_beside_their_requests(shop: Path) -> None:
    """The last status at the right, a star behind the name."""
    async with shown(shop) as (host, pilot):
        host.panel.mark({"ping": "200"}, {"ping"})
        await pilot.pause()
        line = next(line for line in host.text.splitlines() if "ping" in line)
        assert "ping*" in line
        assert line.rstrip().endswith("200")


async def test_reading_again_keeps_what_is_unfolded_and_where_the_cursor_is(shop: Path) -> None:
    """Whatever another program did meanwhile."""
    async with shown(shop) as (host, pilot):
        await pilot.press("end", "enter")
        await host.until(lambda: "  list" in host.rows)
        await pilot.press("up")
        write(shop, {"alpha.toml": POST, "users/zulu.toml": GET})
        (shop / "broken.toml").write_text(GET)
        host.panel.show(host.library)
        await host.until(lambda: "alpha" in host.rows and "  zulu" in host.rows)
        assert host.here == "ping"
        rows = host.panel.outline.rows
        await host.until(lambda: rows_state(host, "broken") is RowState.LEAF)
        assert len(rows) == 9


def rows_state(host: Host, id_: str) -> RowState:
    """What kind of row stands there for a request."""
    rows = host.panel.outline.rows
    place = rows.place(id_)
    assert place is not None
    return rows[place].state


async def test_details_are_read_again_after_a_change(shop: Path) -> None:
    """A method that was edited elsewhere shows."""
    async with shown(shop) as (host, _pilot):
        await host.until(lambda: "GET    ping" in host.text)
        (shop / "ping.toml").write_text('method = "DELETE"\nurl = "/x"\n')
        host.panel.show(host.library)
        await host.until(lambda: "DELETE ping" in host.text)


async def test_revealing_unfolds_the_folders_above(shop: Path) -> None:
    """All of them, and puts the cursor on the request."""
    async with shown(shop) as (host, _):
        host.panel.reveal("users/admin/list", "shop")
        await host.until(lambda: host.here == "users/admin/list")
        assert host.rows[3:6] == ["users", "  admin", "    list"]


async def test_revealing_finds_a_request_made_since_the_folder_was_read(shop: Path) -> None:
    """As after a save."""
    async with shown(shop) as (host, _):
        write(shop, {"zulu.toml": GET})
        host.panel.reveal("zulu", "shop")
        await host.until(lambda: host.here == "zulu")


async def test_revealing_what_is_gone_leaves_the_cursor(shop: Path) -> None:
    """Nothing waits for it either."""
    async with shown(shop) as (host, pilot):
        await pilot.press("down", "down")
        host.panel.reveal("gone", "shop")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert host.here == "ping"


async def test_the_filter_shows_matches_as_one_types(shop: Path) -> None:
    """In folders that were never opened too; every word counts."""
    async with shown(shop) as (host, pilot):
        await pilot.press("slash", *"LIST us")
        await host.until(lambda: host.rows == ["users/admin/list", "users/list"])
        await host.until(lambda: "GET    users/list" in host.text)
        await pilot.press(*"xyz")
        await host.until(lambda: not host.rows)
        await pilot.pause()
        assert "No request has these words" in host.text


async def test_the_filter_finds_by_url_and_tag_once_files_are_read(shop: Path) -> None:
    """What is read later comes in by itself; a changed file is found by what it says now."""
    write(shop, {"orders/far.toml": 'url = "/Elsewhere"\ntags = ["smoke"]\n'})
    async with shown(shop) as (host, pilot):
        await pilot.press("slash", *"elsewhere tag:smoke")
        await host.until(lambda: host.rows == ["orders/far"])
        write(shop, {"orders/far.toml": 'url = "/x"\n', "ping.toml": 'url = "/elsewhere/2"\ntags = ["smoke"]\n'})
        host.panel.show(host.library)
        await host.until(lambda: host.rows == ["ping"])


async def test_enter_in_the_filter_opens_the_match_that_the_arrows_chose(shop: Path) -> None:
    """The hands stay where they are."""
    async with shown(shop) as (host, pilot):
        await pilot.press("slash", *"list")
        await host.until(lambda: len(host.rows) == 3)
        assert host.here == "orders/list"
        await pilot.press("down", "down", "up", "enter")
        await pilot.pause()
        assert host.opened == ["users/admin/list"]


async def test_escape_leaves_the_filter_and_stays_on_the_match(shop: Path) -> None:
    """Its folders are unfolded around it."""
    async with shown(shop) as (host, pilot):
        await pilot.press("slash", *"admin")
        await host.until(lambda: len(host.rows) == 1)
        await pilot.press("escape")
        await host.until(lambda: host.here == "users/admin/list")
        assert host.rows[:4] == ["broken", "orders", "ping", "users"]
        assert host.focused is host.panel.outline
        assert not host.panel.filter.display


async def test_letters_in_the_filter_are_letters(shop: Path) -> None:
    """Keys of the tree do nothing there."""
    async with shown(shop) as (host, pilot):
        await pilot.press("slash", *"dmu")
        assert host.panel.filter.value == "dmu"
        assert host.wanted == []


async def test_what_the_user_wants_is_posted_with_its_node(shop: Path) -> None:
    """The screen does it."""
    async with shown(shop) as (host, pilot):
        await pilot.press("down", "down", "f2", "d", "m", "delete", "u")
        await pilot.pause()
        assert host.wanted == [
            ("rename", "ping"),
            ("duplicate", "ping"),
            ("move", "ping"),
            ("delete", "ping"),
            ("undo_delete", ""),
        ]


@pytest.mark.parametrize("files", [{}, {"collection.toml": "format = 1\n"}])
async def test_an_empty_workspace_says_what_to_do(tmp_path: Path, files: dict[str, str]) -> None:
    """With no collection at all, too; the first request takes the sentence's place."""
    async with shown(write(tmp_path, files)) as (host, pilot):
        await pilot.pause()
        assert "^n makes one" in " ".join(host.text.split())
        write(tmp_path, {"collection.toml": "format = 1\n", "first.toml": GET})
        host.panel.show(host.library)
        await host.until(lambda: host.rows == ["first"])
        assert not host.panel.has_class("-empty")


async def test_several_collections_fold_like_folders(tmp_path: Path) -> None:
    """The first stands open; keys name their collection."""
    for name in ("one", "two"):
        write(tmp_path / name, {"collection.toml": "format = 1\n", "a/list.toml": GET})
    async with shown(tmp_path) as (host, _pilot):
        assert host.rows == ["one", "  a", "two"]
        host.panel.reveal("two:a/list", "two")
        await host.until(lambda: host.here == "two:a/list")
        assert host.rows == ["one", "  a", "two", "  a", "    list"]
        assert host.panel.border_title == "Collections"


async def test_names_from_a_repository_are_shown_as_they_are(tmp_path: Path) -> None:
    """Files, folders and the collection's own name may hold anything."""
    hostile = "[b] \x1b[31m\u202e[x"
    files = {"collection.toml": 'format = 1\nname = "[/dim] \\u001b[31m"\n', f"{hostile}.toml": GET}
    async with shown(write(tmp_path / "shop", {**files, f"f{hostile}x/a.toml": GET}), (60, 12)) as (host, _pilot):
        await host.until(lambda: "GET" in host.text)
        assert "[b] ␛[31m<U+202E>[" in host.text
        assert not [sign for sign in host.text if (ord(sign) < 32 and sign != "\n") or sign == "\u202e"]


async def test_five_thousand_requests_are_parsed_only_where_they_are_seen(tmp_path: Path) -> None:
    """The last ones when one gets there."""
    files = {"collection.toml": "format = 1\n"} | {f"request-{n}.toml": GET for n in range(2000)}
    async with shown(write(tmp_path, files)) as (host, pilot):
        await host.until(lambda: "GET" in host.text)
        read = host.panel._state.details
        assert len(read) < 100
        await pilot.press("end")
        await host.until(lambda: "GET    request-1999" in host.text)
        assert len(host.panel._state.details) < 200


async def test_a_collection_that_vanishes_leaves_an_empty_tree(shop: Path) -> None:
    """Removed by git, say: no crash, and it comes back."""
    async with shown(shop) as (host, _pilot):
        os.rename(shop, f"{shop}-away")  # noqa: PTH104 - the test is asynchronous
        host.panel.show(host.library)
        await host.until(lambda: host.panel.has_class("-empty"))
        os.rename(f"{shop}-away", shop)  # noqa: PTH104 - the test is asynchronous
        host.panel.show(host.library)
        await host.until(lambda: "ping" in host.rows)
