"""Asking for what is to be imported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from tui_client.errors import UsageError
from tui_client.interop.offered import Preview, Unknown
from tui_client.tui.modals.import_source import ImportSource

FOUND = Preview(
    format="F", title="T", requests=0, folders=0, environments=0, files=0, private=0, target="", where="", offers=()
)


class Reading:
    """Something that reads for as long as a test likes."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.go_on = asyncio.Event()
        self.ended = 0
        self.answer: Preview | Unknown | UsageError = FOUND

    async def look(self, source: str, format_name: str, told: Callable[[str], None]) -> Preview | Unknown:
        self.asked.append((source, format_name))
        told("large\x1b.json, 10 MB")
        try:
            await self.go_on.wait()
        finally:
            self.ended += 1
        if isinstance(self.answer, UsageError):
            raise self.answer
        return self.answer


class Host(App[int]):
    """Shows the dialog over nothing."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.answers: list[Preview | None] = []

    def on_mount(self) -> None:
        self.push_screen(ImportSource(self.reading.look), self.answers.append)

    @property
    def dialog(self) -> ImportSource:
        assert isinstance(self.screen, ImportSource)
        return self.screen

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


async def asked(pilot: Pilot[int], host: Host, source: str) -> None:
    await settled(pilot, lambda: host.screen.focused)
    host.dialog.field.value = source
    await pilot.press("enter")
    await settled(pilot, lambda: host.reading.asked)


async def test_what_is_read_is_told_and_esc_ends_it() -> None:
    """Its name with signs for controls, and how long it has taken; the text stays, a second Esc closes."""
    reading = Reading()
    host = Host(reading)
    async with host.run_test(size=(80, 24)) as pilot:
        await asked(pilot, host, "large.json")
        await settled(pilot, lambda: "Reading large␛.json, 10 MB · " in host.text and "Esc stops" in host.text)
        await pilot.press("escape")
        await settled(pilot, lambda: "Stopped. Nothing was written." in host.text and reading.ended == 1)
        assert host.dialog.field.value == "large.json" and not host.answers
        await pilot.press("escape")
        await settled(pilot, lambda: host.answers == [None])


async def test_what_comes_after_it_was_stopped_is_not_shown() -> None:
    """A late answer does not open what nobody waits for any more."""
    reading = Reading()
    host = Host(reading)
    async with host.run_test() as pilot:
        await asked(pilot, host, "large.json")
        host.dialog.post_message(ImportSource._Came("large.json", FOUND))
        host.dialog.action_close()
        await pilot.pause()
        assert not host.answers


async def test_a_second_source_takes_the_place_of_the_first() -> None:
    """Enter again reads what stands there now; the first reading is ended."""
    reading = Reading()
    host = Host(reading)
    async with host.run_test() as pilot:
        await asked(pilot, host, "one.json")
        host.dialog.field.value = "two.json"
        await pilot.press("enter")
        await settled(pilot, lambda: reading.ended == 1)
        reading.go_on.set()
        await settled(pilot, lambda: host.answers == [FOUND])
        assert reading.asked == [("one.json", ""), ("two.json", "")]


async def test_a_refusal_is_shown_until_something_is_typed() -> None:
    """As text: no markup, no control code."""
    reading = Reading()
    reading.answer = UsageError("[bold]x\x1b[2J is larger than 256 MiB.")
    reading.go_on.set()
    host = Host(reading)
    async with host.run_test() as pilot:
        await asked(pilot, host, "x")
        await settled(pilot, lambda: "[bold]x␛[2J is larger than 256 MiB." in host.text)
        await pilot.press("y")
        await settled(pilot, lambda: "256 MiB" not in host.text)


async def test_the_format_that_is_chosen_is_what_it_is_read_as() -> None:
    """Esc in the list of formats keeps the dialog."""
    reading = Reading()
    reading.answer = Unknown("x is of no format.", (("har", "HAR recording"), ("curl", "curl command")))
    reading.go_on.set()
    host = Host(reading)
    async with host.run_test() as pilot:
        await asked(pilot, host, "x")
        await settled(pilot, lambda: "HAR recording" in host.text and host.screen.focused)
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(host.screen, ImportSource) and "x is of no format." in host.text)
        await pilot.press("enter")
        await settled(pilot, lambda: "HAR recording" in host.text and host.screen.focused)
        reading.answer = FOUND
        await pilot.press("down", "enter")
        await settled(pilot, lambda: host.answers == [FOUND])
        assert reading.asked[-1] == ("x", "curl")


async def test_tab_completes_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is offered behind the cursor."""
    (tmp_path / "shop.json").write_text("")
    monkeypatch.chdir(tmp_path)
    host = Host(Reading())
    async with host.run_test() as pilot:
        await settled(pilot, lambda: host.screen.focused)
        await pilot.press("s", "h")
        await settled(pilot, lambda: host.dialog.field._suggestion == "shop.json")
        await pilot.press("tab")
        assert host.dialog.field.value == "shop.json"
