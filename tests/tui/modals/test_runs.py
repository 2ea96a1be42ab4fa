"""The list of runs: what stands in it, and what can be done with each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.app import App

from tui_client.replay.journal.header import Ended, Only, RunInfo
from tui_client.tui.modals.runs import DELETE, RESUME, SHOW, InfoRows, RunsDialog, RunWanted, offers
from tui_client.tui.widgets.outline import RowState

HERE = Path("/home/me/shop")
HOSTILE = "[/dim] \x1b[31mred\u202e"
DONE = RunInfo(
    run="20261122-093012-a1b2",
    state="done",
    title="batches/nightly",
    environment="staging",
    workspace=str(HERE),
    started=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    ended=Ended.FINISHED,
    planned=10_000,
    done=10_000,
    passed=10_000,
    seconds=60.0,
    bytes=5_500_000,
)
FAILED = msgspec.structs.replace(DONE, passed=9966, failed=30, errors=4)
CUT = msgspec.structs.replace(
    DONE, run="20261121-x", state="interrupted", ended=Ended.NOT, done=3214, passed=3214, in_doubt=2, dropped=3
)


def words(*infos: RunInfo) -> list[list[str]]:
    """Each row in words, without its time, which is a local one."""
    rows = InfoRows(infos)
    return [rows[index].label.split()[3:] for index in range(len(rows))]


def test_a_row_says_how_a_run_stands_and_what_did_not_pass() -> None:
    """In columns, with a sign."""
    assert words(DONE, FAILED, CUT) == [
        ["done", "nightly", "·", "staging", "10,000", "/", "10,000"],
        ["done", "nightly", "·", "staging", "10,000", "/", "10,000", "34", "failed"],
        ["interrupted", "nightly", "·", "staging", "3,217", "/", "10,000", "2", "in", "doubt,", "3", "dropped"],
    ]
    rows = InfoRows((DONE, FAILED, CUT))
    assert [rows[index].state for index in range(3)] == [RowState.PASSED, RowState.FAILED, RowState.ERRORED]
    assert rows.place("20261121-x") == 2


def test_a_run_that_can_not_be_read_says_why() -> None:
    """And can be deleted."""
    broken = RunInfo(run="20261121-x", state="unreadable", problem="is no journal")
    assert "unreadable  is no journal" in InfoRows((DONE, broken))[1].label
    assert [offer.action for offer in offers(broken, HERE)] == [DELETE]


@pytest.mark.parametrize(
    ("info", "actions"),
    [
        (DONE, [SHOW, DELETE]),
        (FAILED, [SHOW, Only.FAILED, DELETE]),
        (CUT, [SHOW, RESUME, Only.IN_DOUBT, Only.DROPPED, DELETE]),
        (msgspec.structs.replace(CUT, workspace="/elsewhere"), [SHOW, DELETE]),
        (msgspec.structs.replace(CUT, state="running"), [SHOW]),
        (msgspec.structs.replace(FAILED, state="interrupted", ended=Ended.BAIL), [SHOW, RESUME, Only.FAILED, DELETE]),
    ],
)
def test_only_what_can_be_done_is_offered(info: RunInfo, actions: list[str]) -> None:
    """Nothing is sent for a run of another workspace, and nothing is done to one that runs."""
    assert [offer.action for offer in offers(info, HERE)] == actions


def test_an_offer_says_what_it_will_do() -> None:
    """In numbers."""
    said = {offer.action: offer.what for offer in offers(CUT, HERE)}
    assert said[RESUME] == "sends the 6,783 steps left; what has a result is not repeated"
    assert "2 steps again, though they may have been done" in said[Only.IN_DOUBT]


class Host(App[int]):
    """Shows the dialog and keeps its answer."""

    def __init__(self, *infos: RunInfo) -> None:
        super().__init__()
        self.answers: list[Any] = []
        self._infos = infos

    def on_mount(self) -> None:
        self.push_screen(RunsDialog(self._infos, HERE), self.answers.append)

    @property
    def text(self) -> str:
        """What is drawn."""
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("enter",), RunWanted(SHOW, FAILED.run)),
        (("f",), RunWanted(Only.FAILED, FAILED.run)),
        (("r", "down", "r"), RunWanted(RESUME, CUT.run)),
        (("down", "i"), RunWanted(Only.IN_DOUBT, CUT.run)),
        (("down", "d"), RunWanted(Only.DROPPED, CUT.run)),
        (("delete",), RunWanted(DELETE, FAILED.run)),
        (("escape",), None),
    ],
)
async def test_each_key_does_what_stands_beside_it(keys: tuple[str, ...], wanted: RunWanted | None) -> None:
    """A key that is not offered does nothing."""
    host = Host(FAILED, CUT)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert host.answers == [wanted]


async def test_a_click_on_an_offer_does_it() -> None:
    """The mouse works everywhere."""
    host = Host(FAILED, CUT)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.click("#act-1")
        await pilot.pause()
        assert host.answers == [RunWanted(Only.FAILED, FAILED.run)]


@pytest.mark.parametrize("size", [(80, 24), (30, 10)], ids=str)
async def test_hostile_titles_are_shown_as_they_are(size: tuple[int, int]) -> None:
    """No markup acts, no control character gets out."""
    hostile = msgspec.structs.replace(CUT, title=HOSTILE * 9, environment=HOSTILE, workspace=HOSTILE)
    host = Host(hostile, msgspec.structs.replace(hostile, state="unreadable", problem=HOSTILE))
    async with host.run_test(size=size) as pilot:
        for _ in range(2):
            await pilot.pause()
            assert not [sign for sign in host.text if (ord(sign) < 32 and sign != "\n") or sign == "\u202e"]
            await pilot.press("down")


async def test_without_any_run_it_says_what_will_be_here() -> None:
    """And no key does anything."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press("r", "f", "enter", "delete")
        await pilot.pause()
        assert "No runs yet." in host.text
        assert host.answers == []
