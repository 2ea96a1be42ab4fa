"""An import looked at before it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from textual.app import App
from textual.pilot import Pilot

from tui_client.errors import UsageError
from tui_client.formats._found import Outcome
from tui_client.interop.offered import Node, Offer, Preview, Said, Written
from tui_client.tui.modals._import_rows import NodeRows, SaidRows
from tui_client.tui.modals.import_preview import ImportPreview
from tui_client.tui.modals.pick import Pick

OUTCOMES = tuple(Outcome)
COUNT = 10_000
WRITTEN = Written(collection="big", key="", where="/ws/big", done="Imported")


def preview(count: int = COUNT, **changes: object) -> Preview:
    """A collection of folders of a hundred requests, with a line of the report for each."""
    tree = [Node(0, "big", "", "big/", is_folder=True)]
    for number in range(count):
        if number % 100 == 0:
            tree.append(Node(1, f"folder {number // 100}", "", f"big/{number // 100}/", is_folder=True))
        tree.append(Node(2, f"request {number}", "GET", f"big/{number}.toml", "https://h.example/"))
    report = tuple(
        Said(OUTCOMES[number % 4], f"request {number}", "auth: hawk", "there is none") for number in range(count)
    )
    found = Preview(
        format="F", title="Big", requests=count, folders=count // 100, environments=0, files=count, private=0,
        target="", where="to a new collection big", offers=(Offer("", "a new collection"), Offer("a:", "into a")),
        tree=tuple(tree), report=report,
    )  # fmt: skip
    return msgspec.structs.replace(found, **changes)


class Plan:
    """Places and writes when a test says so."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.placed: list[str] = []
        self.writes = 0
        self.stopped = False

    async def place(self, target: str) -> Preview:
        self.placed.append(target)
        return preview(3, target=target, where="into a")

    async def write(self) -> Written:
        self.writes += 1
        await self.go_on.wait()
        if self.stopped:
            raise UsageError("Stopped. Nothing was written.")
        return WRITTEN

    def stop(self) -> None:
        self.stopped = True
        self.go_on.set()


class Host(App[int]):
    """Shows the preview over nothing."""

    def __init__(self, shown: Preview) -> None:
        super().__init__()
        self.plan = Plan()
        self.shown = shown
        self.answers: list[Written | None] = []

    def on_mount(self) -> None:
        self.push_screen(ImportPreview(self.shown, self.plan), self.answers.append)

    @property
    def text(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def settled(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Wait for a worker's message to be shown."""
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.005)
    raise AssertionError("it did not come to that")


async def test_ten_thousand_requests_open_as_rows_that_are_made_when_they_are_drawn() -> None:
    """To the end and back, folded and unfolded, in both lists."""
    host = Host(preview())
    async with host.run_test(size=(160, 48)) as pilot:
        await settled(pilot, lambda: "10,000 requests, 100 folders" in host.text and "will be made 10,101" in host.text)
        assert len(host.screen.query("*")) < 30
        await pilot.press("end")
        await settled(pilot, lambda: "request 9999" in host.text)
        await pilot.press("home", "space")
        await settled(pilot, lambda: "▸ big" in host.text and "folder 0" not in host.text)
        await pilot.press("space", "down", "left")
        await settled(pilot, lambda: "  ▸ folder 0" in host.text and "GET    request 100" in host.text)
        await pilot.press("tab", "f", "end")
        await settled(pilot, lambda: "lost 5,000 of 10,000" in host.text and "✗ dropped" in host.text)
        assert "✓" not in host.text and "GET https://h.example/" not in host.text


async def test_all_of_a_line_is_told_below_the_lists_at_80x24() -> None:
    """What has no room in its row."""
    why = "there is no such auth here; what is no secret of it stands in the description, and the end is here"
    host = Host(preview(1, report=(Said(Outcome.DROPPED, "Users / Get", "auth: hawk", why),)))
    async with host.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "Tab: report 1" in host.text)
        await pilot.press("tab")
        await settled(pilot, lambda: "Tab: will be made 3" in host.text)
        assert "the end is here" in host.text and "Esc cancel" in host.text.replace("  ", " ")


async def test_where_nothing_is_lost_that_is_said() -> None:
    """The report is empty, and Tab goes there all the same."""
    host = Host(preview(1, report=()))
    async with host.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "nothing lost" in host.text)
        await pilot.press("tab", "f", "down")
        await settled(pilot, lambda: "Everything is carried over one to one." in host.text)
        await pilot.press("tab")
        await settled(pilot, lambda: "request 0" in host.text)


async def test_enter_writes_once_however_often_it_is_pressed() -> None:
    """Until it is written, neither another place nor a second write is begun."""
    host = Host(preview(2))
    async with host.run_test() as pilot:
        await settled(pilot, lambda: "Goes to a new collection big" in host.text)
        await pilot.press("enter", "enter", "w", "u")
        await settled(pilot, lambda: "Writing" in host.text)
        assert host.plan.writes == 1 and not host.plan.placed and isinstance(host.screen, ImportPreview)
        host.plan.go_on.set()
        await settled(pilot, lambda: host.answers == [WRITTEN])


async def test_esc_takes_back_what_is_being_written() -> None:
    """It is told, and the preview stays; a second Esc leaves."""
    host = Host(preview(2))
    async with host.run_test() as pilot:
        await settled(pilot, lambda: "Goes to" in host.text)
        await pilot.press("enter", "escape")
        await settled(pilot, lambda: "Stopped. Nothing was written." in host.text)
        await pilot.press("escape")
        await settled(pilot, lambda: host.answers == [None])


async def test_another_place_is_shown_before_it_is_taken() -> None:
    """What is picked is placed; the preview is that from then on."""
    host = Host(preview(5))
    async with host.run_test() as pilot:
        await settled(pilot, lambda: "Goes to" in host.text)
        await pilot.press("w")
        await settled(pilot, lambda: isinstance(host.screen, Pick) and host.screen.focused)
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(host.screen, ImportPreview) and "Goes into a" in host.text)
        assert host.plan.placed == ["a:"] and "will be made 5" in host.text


def test_folded_rows_keep_their_places() -> None:
    """A row's id is its number in the whole tree; what is folded away has no place."""
    rows = NodeRows(preview(200).tree).with_fold("1", fold=True)
    assert len(rows) == 103 and rows[2].id == "102" and rows.place("102") == 2
    assert rows.place("5") is None and rows.at(2) is not None and rows.at(103) is None
    assert len(rows.with_fold("0", fold=True)) == 1 and len(rows.with_fold("1", fold=False)) == 203


def test_rows_of_the_report_keep_their_places() -> None:
    """Those that are left out have none."""
    rows = SaidRows(preview(8).report, lost_only=True)
    assert [rows[index].id for index in range(len(rows))] == ["2", "3", "6", "7"]
    assert rows.place("6") == 2 and rows.place("4") is None and rows.at(4) is None
