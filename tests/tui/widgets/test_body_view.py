"""The view of a body of any size."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.selection import Selection

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.body_rows import BodyDocument
from tui_client.tui.widgets.body_view import BodyView
from tui_client.tui.widgets.find_text import TextScanner
from tui_client.tui.widgets.lexers import Language

HOSTILE = (
    b"\x1b]52;c;QUJD\x07 \x9b31m \xc2\x9b [@click=app.quit]x[/] [/dim]"
    b" \xe2\x80\xae txt \xe2\x80\x8b \r over \x00 \xff end\n"
)


class Alone(App[None]):
    """A body view and nothing else."""

    def __init__(self, document: BodyDocument, *, wrap: bool = True) -> None:
        super().__init__()
        self._document = document
        self._wrap = wrap
        self.view = BodyView()

    def compose(self) -> ComposeResult:
        self.view.wrap = self._wrap
        yield self.view

    def on_mount(self) -> None:
        self.view.show(self._document)


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Wait for a state of the app; fails after five seconds."""
    async with asyncio.timeout(5):
        while not ready():
            await pilot.pause()


def lines(view: BodyView) -> list[str]:
    """The text of each line on the screen."""
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


def segments(view: BodyView) -> list[Segment]:
    """All that is drawn, scrollbars apart."""
    return [segment for y in range(view.size.height) for segment in view.render_line(y)]


async def test_first_rows_are_there_at_once_and_the_rest_is_counted() -> None:
    """A large body shows its first screen before its rows are known."""
    app = Alone(BodyDocument(BytesBody(b'{"id": 1}\n' * 200_000), Language.JSON))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        assert lines(app.view)[1].split() == ["2", '{"id":', "1}"]
        await until(pilot, lambda: app.view.complete and app.view.row_count == 200_000)
        await pilot.press("end")
        await pilot.pause()
        assert app.view.line_position == (200_000, 200_000)
        assert lines(app.view)[-1].split()[0] == "›200000"


@pytest.mark.parametrize("wrap", [True, False])
@pytest.mark.parametrize("charset", ["utf-8", "iso8859-1", "ascii", "cp1252"])
async def test_nothing_hostile_is_drawn(charset: str, wrap: bool) -> None:
    """No control character reaches a segment, and markup stays text."""
    app = Alone(BodyDocument(BytesBody(HOSTILE * 40), Language.JSON, charset), wrap=wrap)
    async with app.run_test(size=(240, 10)) as pilot:
        await pilot.pause()
        drawn = segments(app.view)
        assert all(segment.text.isprintable() for segment in drawn)
        assert not any(segment.style and segment.style.meta.get("@click") for segment in drawn)
        assert "[@click=app.quit]x[/] [/dim]" in lines(app.view)[0]
        assert "␛]52;c;QUJD␇" in lines(app.view)[0]


async def test_invalid_bytes_are_shown_and_known() -> None:
    """A body that is not in its charset is shown as far as it goes, and says so."""
    app = Alone(BodyDocument(BytesBody(b"ab\xffcd\ngr\xc3\xbc\xc3")))
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        assert [line.split()[-1] for line in lines(app.view)[:2]] == ["ab�cd", "grü�"]
        assert app.view.broken_text


@pytest.mark.parametrize("wrap", [True, False])
async def test_a_line_of_ten_megabytes_can_be_walked(wrap: bool) -> None:
    """A body without a line end is shown in rows of the same line, from its start to its end."""
    app = Alone(BodyDocument(BytesBody(b'"' + b"x" * 9_999_990 + b'THE END"'), Language.JSON), wrap=wrap)
    async with app.run_test(size=(80, 12)) as pilot:
        await until(pilot, lambda: app.view.complete and app.view.row_count > 1000)
        await pilot.press("pagedown", "end")
        await pilot.pause()
        assert app.view.line_position == (1, 1)
        if wrap:
            assert any("THE END" in line for line in lines(app.view))


@pytest.mark.parametrize("width", [40, 41, 57, 80])
async def test_wrapped_rows_show_every_character_once(width: int) -> None:
    """Wide and multi-byte characters are neither lost nor doubled where rows are cut."""
    text = "".join(chr(0x4E00 + n % 500) + "aé" * (n % 3) + "🙂" * (n % 2) for n in range(700))
    app = Alone(BodyDocument(BytesBody(text.encode())))
    async with app.run_test(size=(width, 200)) as pilot:
        await pilot.pause()
        assert "".join(line[5:].strip() for line in lines(app.view)) == text


async def test_search_counts_and_goes_round() -> None:
    """Searching selects the first match from the cursor on; next and previous go round."""
    body = b"".join(b'{"name": "Ada %d"}\n' % n if n % 1000 == 7 else b'{"name": "x"}\n' for n in range(20_000))
    app = Alone(BodyDocument(BytesBody(body), Language.JSON))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        app.view.search(TextScanner("ada", "utf-8", any_case=True))
        await until(pilot, lambda: app.view.matches == (1, 20, True))
        assert app.view.line_position[0] == 8
        app.view.next_match()
        assert (app.view.matches, app.view.line_position[0]) == ((2, 20, True), 1008)
        app.view.next_match(-1)
        app.view.next_match(-1)
        assert app.view.matches == (20, 20, True)
        app.view.search(TextScanner("ADA", "utf-8", any_case=False))
        await until(pilot, lambda: app.view.matches == (0, 0, True))
        app.view.search(None)
        assert app.view.matches is None


async def test_the_current_match_is_told_apart_without_colour() -> None:
    """Matches are underlined, the current one is reversed."""
    app = Alone(BodyDocument(BytesBody(b"one two one")))
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        app.view.search(TextScanner("one", "utf-8", any_case=True))
        await until(pilot, lambda: app.view.matches == (1, 2, True))
        ones = [segment for segment in app.view.render_line(0) if segment.text == "one"]
        assert [(bool(one.style and one.style.reverse), bool(one.style and one.style.underline)) for one in ones] == [
            (True, False),
            (False, True),
        ]


async def test_hex_rows_show_every_byte() -> None:
    """The hex view shows offsets, bytes and the printable ones; a search marks the bytes."""
    app = Alone(BodyDocument(BytesBody(bytes(range(256))), hex=True))
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause()
        shown = lines(app.view)
        assert shown[4] == "  00000040 40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO"
        assert app.view.row_count == 16
        app.view.search(TextScanner("abc", "utf-8", any_case=True))
        await until(pilot, lambda: app.view.matches == (1, 2, True))
        assert app.view.line_position[0] == 5


async def test_a_position_survives_wrapping() -> None:
    """The cursor stays on its line when rows are cut anew."""
    app = Alone(BodyDocument(BytesBody(b"".join(b"%d " % n * 60 + b"\n" for n in range(3000)))))
    async with app.run_test(size=(60, 10)) as pilot:
        await until(pilot, lambda: app.view.complete)
        app.view.go_to_line(1500)
        app.view.wrap = False
        await until(pilot, lambda: app.view.complete)
        assert app.view.line_position[0] == 1500
        await pilot.resize_terminal(33, 8)
        app.view.wrap = True
        await until(pilot, lambda: app.view.complete and app.view._wanted is None)
        assert app.view.line_position[0] == 1500
        assert any(line.startswith("›") for line in lines(app.view))


async def test_another_height_does_not_count_again() -> None:
    """A line that opens below leaves rows, place and what is known of them; the cursor stays in view."""
    app = Alone(BodyDocument(BytesBody(b'{"id": 1}\n' * 20_000)))
    async with app.run_test(size=(60, 10)) as pilot:
        await until(pilot, lambda: app.view.complete)
        await pilot.press("end")
        index = app.view._rows.index
        for height in (6, 12):
            await pilot.resize_terminal(60, height)
            await pilot.pause()
            assert app.view._rows.index is index
            assert lines(app.view)[-1].split()[0] == "›20000"
            assert len(lines(app.view)) == height


async def test_the_line_of_a_cursor_beyond_what_is_counted_again_is_the_last_known() -> None:
    """Another width begins the count anew; nothing fails until it is there again."""
    app = Alone(BodyDocument(BytesBody(b"x\n" * 200_000)))
    async with app.run_test(size=(60, 10)) as pilot:
        await until(pilot, lambda: app.view.complete)
        await pilot.press("end")
        app.view._begin(app.view.document)
        assert 0 < app.view.line_position[0] < 200_000
        assert app.view.line_text() == "x"
        await until(pilot, lambda: app.view.complete)


async def test_a_line_that_is_not_counted_yet_is_gone_to_once_it_is() -> None:
    """Unless the cursor is moved before."""
    app = Alone(BodyDocument(BytesBody(b"x\n" * 200_000)))
    async with app.run_test(size=(60, 10)) as pilot:
        app.view.show(app.view.document)
        app.view.go_to_line(150_000)
        assert app.view.line_position[0] < 150_000
        await until(pilot, lambda: app.view.line_position[0] == 150_000)
        app.view.show(app.view.document)
        app.view.go_to_line(150_000)
        app.view.action_top()
        await until(pilot, lambda: app.view.complete)
        await pilot.pause()
        assert app.view.line_position == (1, 200_000)


class Growing:
    """A body that is still arriving."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.path = None

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return self.data[start:] if length is None else self.data[start : start + length]


async def test_a_growing_body_grows_on_screen() -> None:
    """What arrives later is shown without losing the place."""
    body = Growing(b"first\n")
    app = Alone(BodyDocument(body))
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        body.data += b"second\nthi"
        app.view.grow()
        await until(pilot, lambda: app.view.row_count == 3)
        body.data += b"rd\n" + b"more\n" * 50_000
        app.view.grow()
        await until(pilot, lambda: app.view.row_count == 50_003)
        assert [line.split()[-1] for line in lines(app.view)[:4]] == ["first", "second", "third", "more"]
        assert app.view.cursor == 0


async def test_the_end_is_followed_until_one_looks_elsewhere() -> None:
    """End goes on to what arrives; scrolling up or moving the cursor stays there."""
    body = Growing(b"line\n" * 50)
    app = Alone(BodyDocument(body))

    async def more() -> None:
        known = app.view.row_count
        body.data += b"more\n" * 30
        app.view.grow()
        await until(pilot, lambda: app.view.row_count == known + 30)

    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("end")
        await more()
        assert app.view.cursor == 79
        assert app.view.scroll_offset.y == app.view.max_scroll_y == 74
        await pilot.resize_terminal(30, 8)
        await more()
        assert app.view.cursor == 109
        app.view.scroll_to(0, 50, animate=False)
        await more()
        assert (app.view.cursor, app.view.scroll_offset.y) == (109, 50)
        await pilot.press("end", "up")
        await more()
        assert app.view.cursor == 138


async def test_a_growing_body_grows_in_hex() -> None:
    """The hex view follows too, the last row included."""
    body = Growing(b"0123456789")
    app = Alone(BodyDocument(body, hex=True))
    async with app.run_test(size=(100, 6)) as pilot:
        await pilot.pause()
        body.data += b"abcdefghij"
        app.view.grow()
        await until(pilot, lambda: app.view.row_count == 2)
        assert [line.split()[-1] for line in lines(app.view)[:2]] == ["0123456789abcdef", "ghij"]


async def test_selected_text_is_what_is_shown() -> None:
    """A selection over rows copies safe text; a line cut for the view is one line again."""
    app = Alone(BodyDocument(BytesBody(b"a\x1bb\n" + b"y" * 200 + b"\nlast")))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        selected = app.view.get_selection(Selection(None, None))
        assert selected == ("a␛b\n" + "y" * 200 + "\nlast", "\n")


async def test_a_click_moves_the_cursor() -> None:
    """Rows answer the mouse, wrapped ones too."""
    app = Alone(BodyDocument(BytesBody(b"z" * 60 + b"\nsecond")))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        await pilot.click(BodyView, offset=(10, 2))
        assert app.view.line_position[0] == 2


async def test_an_empty_body_does_nothing() -> None:
    """Every key is harmless without rows."""
    app = Alone(BodyDocument())
    async with app.run_test(size=(20, 3)) as pilot:
        app.view.focus()
        await pilot.press("down", "pagedown", "end", "home", "up")
        app.view.go_to_line(4)
        app.view.search(TextScanner("x", "utf-8", any_case=True))
        await pilot.pause()
        assert app.view.row_count == 0
        assert lines(app.view) == ["", "", ""]


@pytest.mark.parametrize("wrap", [True, False])
async def test_the_mouse_selects_text(wrap: bool) -> None:
    """Dragging over rows selects what is seen there, gutter apart."""
    app = Alone(BodyDocument(BytesBody(b'{"first": 1,\n "second": 2}'), Language.JSON), wrap=wrap)
    async with app.run_test(size=(40, 10)) as pilot:
        await until(pilot, lambda: lines(app.view)[1].endswith("2}"))
        await pilot.mouse_down(BodyView, offset=(6, 0))
        await pilot.hover(BodyView, offset=(8, 1))
        await pilot.mouse_up(BodyView, offset=(13, 1))
        assert app.screen.get_selected_text() == '"first": 1,\n "second"'
