"""Several requests open at once; no edit is lost on the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui_client.tui.widgets.rows_editor import RowsEditor, RowSwitch


async def _two_edits(b: Any) -> None:
    await b.open("users/list")
    await b.type_url("/one")
    await b.open("users/get")
    await b.type_url("/two")


async def test_edits_survive_switching(bench: Any, sample: Path) -> None:
    """Each tab has its own draft."""
    async with bench(sample) as b:
        await _two_edits(b)
        await b.press("f7")
        assert b.screen.current.draft.url == "/one"
        await b.until(lambda: b.screen.builder.query_one("#url").value == "/one")
        await b.press("f8")
        assert b.screen.current.draft.url == "/two"
        assert b.tabs == ["list*", "get*"]


async def test_a_click_on_a_tab_shows_it(bench: Any, sample: Path) -> None:
    """The mouse works everywhere."""
    async with bench(sample) as b:
        await _two_edits(b)
        await b.pilot.click("#open", offset=(2, 0))
        await b.until(lambda: b.screen.current.key == "users/list")


async def test_closing_an_untouched_request_asks_nothing(bench: Any, sample: Path) -> None:
    """The last one gives way to a new one in the same collection."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f9")
        await b.until(lambda: b.tabs == ["new"])
        assert b.screen.collection == "demo"


@pytest.mark.parametrize(
    ("answer", "tabs", "url"), [("#save", ["new"], "/one"), ("#discard", ["new"], "/users"), ("", ["list*"], "/users")]
)
async def test_closing_an_edited_request_asks(bench: Any, sample: Path, answer: str, tabs: list[str], url: str) -> None:
    """Save, discard, or Esc to go on editing."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/one")
        await b.press("f9")
        await b.until(lambda: b.top is not b.screen)
        if answer:
            await b.click(answer)
        else:
            await b.press("escape")
        await b.until(lambda: b.tabs == tabs)
        assert f'url = "{url}"' in (sample / "users" / "list.toml").read_text()


async def test_leaving_asks_for_each_edit(bench: Any, sample: Path) -> None:
    """Each is shown while it is asked for; the app ends after the last answer."""
    async with bench(sample) as b:
        await _two_edits(b)
        await b.press("ctrl+q")
        await b.until(lambda: "users/list has an edit" in b.text)
        assert b.screen.current.key == "users/list"
        await b.pilot.click("#save")
        await b.until(lambda: "users/get has an edit" in b.text)
        await b.pilot.click("#discard")
        await b.until(lambda: b.app.return_value == 0)
    assert 'url = "/one"' in (sample / "users" / "list.toml").read_text()
    assert "/two" not in (sample / "users" / "get.toml").read_text()


async def test_escape_while_leaving_stays(bench: Any, sample: Path) -> None:
    """Nothing more is asked, nothing is lost."""
    async with bench(sample) as b:
        await _two_edits(b)
        await b.press("ctrl+q")
        await b.until(lambda: b.top is not b.screen)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        assert b.tabs == ["list*", "get*"]
        assert b.app.return_value is None


async def test_leaving_asks_for_a_request_that_was_never_saved(bench: Any, sample: Path) -> None:
    """A cancelled name stays in the app."""
    async with bench(sample) as b:
        await b.type_url("/new")
        await b.press("ctrl+q")
        await b.until(lambda: b.top is not b.screen)
        await b.pilot.click("#save")
        await b.until(lambda: "It becomes a TOML file" in b.text)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        assert b.tabs == ["new*"] and b.app.return_value is None


async def test_leaving_after_a_conflict_asks_for_the_other_version_too(bench: Any, sample: Path) -> None:
    """Taking theirs puts mine into a tab; that tab is an edit like any other."""
    path = sample / "users" / "list.toml"
    async with bench(sample) as b:
        await b.open("users/list")
        await b.type_url("/mine")
        path.write_text(path.read_text().replace('url = "/users"', 'url = "/theirs"'))
        await b.press("ctrl+q")
        await b.until(lambda: b.top is not b.screen)
        await b.pilot.click("#save")
        await b.until(lambda: b.top.query("#theirs"))
        await b.pilot.click("#theirs")
        await b.until(lambda: b.top.query("#discard"))
        assert b.screen.current.draft.url == "/mine" and b.app.return_value is None


async def test_two_requests_of_one_name_show_their_folders(bench: Any, sample: Path) -> None:
    """Two "list" say which is which."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.open("orders/list")
        assert b.tabs == ["users/list", "orders/list"]


async def test_an_edit_can_be_taken_back(bench: Any, sample: Path) -> None:
    """Rows that were removed come back, one by one, then the request is as its file is."""
    async with bench(sample) as b:
        await b.open("users/list")
        rows = b.screen.builder.query_one(RowsEditor)
        before = b.screen.current.draft
        assert len(before.params) > 1
        await b.until(lambda: rows.rows and rows.rows[0].query(RowSwitch))
        rows.rows[0].query_one(RowSwitch).focus()
        await b.press("delete")
        await b.until(lambda: len(b.screen.current.draft.params) == len(before.params) - 1)
        once = b.screen.current.draft
        await b.press("delete")
        await b.until(lambda: len(b.screen.current.draft.params) == len(before.params) - 2)
        await b.press("ctrl+z")
        await b.until(lambda: b.screen.current.draft == once)
        await b.press("ctrl+z")
        await b.until(lambda: b.screen.current.draft == before and b.screen.builder.draft == before)
        assert tuple(row.row for row in rows.values) == before.params
        assert b.tabs == ["list"]
        await b.press("ctrl+z")
        assert b.tabs == ["list"]


async def test_a_url_is_taken_back_in_its_field(bench: Any, sample: Path) -> None:
    """The key works while typing; what is typed next goes on from there."""
    async with bench(sample) as b:
        await b.open("users/list")
        b.screen.builder.focus_url()
        await b.press("end", "x", "y")
        await b.until(lambda: b.screen.current.draft.url == "/usersxy")
        await b.press("ctrl+z")
        await b.until(lambda: b.screen.current.draft.url == "/users")
        assert b.screen.builder.query_one("#url").value == "/users"
        await b.press("end", "z")
        await b.until(lambda: b.screen.current.draft.url == "/usersz")
