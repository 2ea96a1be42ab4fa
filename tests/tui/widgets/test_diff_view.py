"""The view of two texts compared."""

from __future__ import annotations

import json

from textual.app import App, ComposeResult

from tui_client.replay.comparison.blocks import Layout
from tui_client.replay.comparison.diff_rows import DiffRows
from tui_client.replay.comparison.job import Job, compare_texts
from tui_client.tui.widgets.diff_view import DiffView

LEFT = [{"id": number, "name": f"user {number}"} for number in range(30)]
RIGHT = [*LEFT[:4], {"id": 4, "name": "someone"}, *LEFT[5:20], *LEFT[21:]]
HOSTILE = "\x1b]52;c;QUJD\x07 \x9b31m [@click=app.quit]x[/] \u202e \u200b \r \x00 \ud800"


def compared(left: object, right: object) -> DiffRows:
    return of_texts(json.dumps(left), json.dumps(right))


def of_texts(left: str, right: str) -> DiffRows:
    return DiffRows(memoryview(compare_texts(Job(), left.encode("utf-8", "surrogatepass"), right.encode())))


class Alone(App[None]):
    """A view and nothing else."""

    def __init__(self, rows: DiffRows, arrangement: Layout = Layout.SIDES) -> None:
        super().__init__()
        self._rows = rows
        self.view = DiffView()
        self.view.arrangement = arrangement

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.show(self._rows)


def lines(view: DiffView) -> list[str]:
    """The text of each line on the screen."""
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


def cursor_line(view: DiffView) -> str:
    return view.render_line(view.cursor - view.scroll_offset.y).text.rstrip()


async def test_the_sides_stand_beside_each_other_and_the_rest_is_hidden() -> None:
    """A screen shows what differs, not what does not."""
    app = Alone(compared(LEFT, RIGHT))
    async with app.run_test(size=(80, 14)) as pilot:
        await pilot.pause()
        shown = lines(app.view)
        assert shown[0].split() == ["⋯", "16", "rows", "without", "a", "difference"]
        changed = next(line for line in shown if "someone" in line)
        left, right = changed.split("│")
        assert left.split() == ["›", "20-", '"name":', '"user', '4"']
        assert right.split() == ["20+", '"name":', '"someone"']


async def test_keys_and_layouts_keep_the_difference_under_the_cursor() -> None:
    """Going on, showing all rows and changing the layout never lose the place."""
    app = Alone(compared(LEFT, RIGHT))
    async with app.run_test(size=(80, 14)) as pilot:
        await pilot.pause()
        view = app.view
        assert view.stop == 0
        view.step(1)
        assert view.stop == 1
        assert '"id": 20' in view.render_line(view.cursor + 1 - view.scroll_offset.y).text
        for arrangement, folded in ((Layout.SIDES, False), (Layout.INLINE, False), (Layout.INLINE, True)):
            view.arrangement, view.folded = arrangement, folded
            await pilot.pause()
            assert view.stop == 1
            assert cursor_line(view).split()[1].rstrip("-") == "82"
            assert 0 <= view.cursor - view.scroll_offset.y < 14
        view.step(1)
        assert view.stop == 0
        view.step(-1)
        assert view.stop == 1
        await pilot.press("end", "up", "home", "pagedown")
        assert 0 < view.cursor < view.row_count


async def test_one_under_the_other_shows_what_was_above_what_is() -> None:
    """A narrow terminal shows whole lines."""
    app = Alone(of_texts('{"a": 1.10, "b": 1}', '{"a": 1.1, "b": 2}'), Layout.INLINE)
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        assert [line.strip("› ▁▂▃▄▅▆▇█") for line in lines(app.view)][:6] == [
            "1 1  {",
            '2  ≈   "a": 1.10,',
            '2≈   "a": 1.1,',
            '3  -   "b": 1',
            '3+   "b": 2',
            "4 4  }",
        ]


async def test_nothing_hostile_is_drawn() -> None:
    """No control character of a reply reaches a segment, and markup stays text."""
    left = "\n".join([HOSTILE, "x", HOSTILE])
    app = Alone(of_texts(left, HOSTILE[:-1]))
    async with app.run_test(size=(200, 6)) as pilot:
        await pilot.pause()
        drawn = [segment for y in range(6) for segment in app.view.render_line(y)]
        assert all(segment.text.isprintable() for segment in drawn)
        assert not any(segment.style and segment.style.meta.get("@click") for segment in drawn)


async def test_both_sides_scroll_sideways_together() -> None:
    """What differs far on the right can be seen on both."""
    app = Alone(compared({"a": "x" * 200 + "left"}, {"a": "x" * 200 + "right"}))
    async with app.run_test(size=(80, 6)) as pilot:
        await pilot.pause()
        await pilot.pause()
        app.view.scroll_to(app.view.max_scroll_x, None, animate=False)
        await pilot.pause()
        line = next(line for line in lines(app.view) if "left" in line)
        assert 'right"' in line
        assert all(len(one) <= 80 for one in lines(app.view))


async def test_nothing_to_compare_is_drawn_as_nothing() -> None:
    """Two empty bodies are no error."""
    app = Alone(of_texts("", ""))
    async with app.run_test(size=(40, 4)) as pilot:
        await pilot.press("down", "end", "pageup")
        app.view.step(1)
        app.view.folded = False
        app.view.arrangement = Layout.INLINE
        await pilot.pause()
        assert app.view.stop is None
