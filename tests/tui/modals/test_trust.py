"""What a collection may reach: seen in plain words, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from tui_client.errors import SaveFailed
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.asking import grant_text
from tui_client.tui.modals.trust import Decision, TrustDialog

HOME = Decision(Grant(GrantKind.ENV, "HOME"))
DATA = Decision(Grant(GrantKind.FILE, "/data/users.csv"))
API = Decision(Grant(GrantKind.HOST, "api.example.com:443"))
LOCAL = Decision(Grant(GrantKind.INSECURE, "localhost"))
NO = Decision(Grant(GrantKind.ENV, "TOKEN"), allowed=False, stored=False)
HELD = Decision(Grant(GrantKind.ENV, "LANG"), stored=False)


class Kept:
    """Decisions in memory."""

    def __init__(self, *found: Decision) -> None:
        self.found = list(found)
        self.refuses = False

    def all(self) -> tuple[Decision, ...]:
        return tuple(self.found)

    def forget(self, decision: Decision) -> None:
        if self.refuses:
            raise SaveFailed(Path("/state/grants.json"), "no space left")
        self.found.remove(decision)

    def restore(self, decision: Decision) -> None:
        self.found.append(decision)


class Host(App[int]):
    """Shows the dialog over nothing."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self.kept = kept

    def on_mount(self) -> None:
        self.push_screen(TrustDialog("shop", self.kept))

    @property
    def dialog(self) -> TrustDialog:
        assert isinstance(self.screen, TrustDialog)
        return self.screen

    @property
    def text(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def labels(self) -> list[str]:
        rows = self.dialog.outline.rows
        return [f"{rows[index].label}{rows[index].mark}" for index in range(len(rows))]


async def settled(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Wait for a thread's work to be shown."""
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.005)
    raise AssertionError("it did not come to that")


async def test_each_is_said_in_plain_words_at_80x24() -> None:
    """Sorted by kind, what was refused last; all of the one under the cursor below the list."""
    host = Host(Kept(NO, LOCAL, API, HELD, DATA, HOME))
    async with host.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: len(host.labels) == 6)
        assert host.labels == [
            "may read the environment variable HOME",
            "may read the environment variable LANG (this session)",
            "may read the file or folder /data/users.csv",
            "may send secrets to api.example.com:443",
            "may talk to localhost on any port without verifying its certificate",
            "may not read the environment variable TOKEN (this session)",
        ]
        assert all(label.partition(" (")[0] in host.text for label in host.labels)
        assert "Trust · shop" in host.text and "take back" in host.text
        await pilot.press("end")
        await pilot.pause()
        assert "You said no." in host.text


async def test_what_is_taken_back_is_gone_and_can_be_brought_back() -> None:
    """Delete means the row under the cursor, quick presses one row each; u undoes them, the last one first."""
    kept = Kept(HOME, DATA, API)
    host = Host(kept)
    async with host.run_test() as pilot:
        await settled(pilot, lambda: len(host.labels) == 3)
        await pilot.press("down", "delete", "delete")
        await settled(pilot, lambda: kept.found == [HOME])
        await pilot.press("u")
        await settled(pilot, lambda: kept.found == [HOME, API])
        await pilot.press("u", "u")
        await settled(pilot, lambda: len(host.labels) == 3)
        assert kept.found == [HOME, API, DATA]
        await pilot.press("home", *["delete", "u"] * 10, "delete")
        await settled(pilot, lambda: kept.found == [API, DATA] and len(host.labels) == 2)


async def test_without_any_the_dialog_says_what_it_would_list() -> None:
    """And no key breaks it."""
    host = Host(Kept())
    async with host.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "Nothing was granted to shop." in host.text)
        await pilot.press("delete", "u")
        assert "without verifying its certificate" in " ".join(host.text.split())


async def test_what_can_not_be_taken_back_is_said_and_stays() -> None:
    """A full disk is a message; the list shows what holds."""
    kept = Kept(HOME)
    kept.refuses = True
    host = Host(kept)
    async with host.run_test() as pilot:
        await settled(pilot, lambda: len(host.labels) == 1)
        await pilot.press("delete")
        await settled(pilot, lambda: host._notifications)
        await settled(pilot, lambda: len(host.labels) == 1)
        assert "no space left" in next(iter(host._notifications)).message


async def test_hostile_subjects_stay_text() -> None:
    """Control codes and markup are shown as signs, in the list and below it."""
    host = Host(Kept(Decision(Grant(GrantKind.FILE, "/[/dim]\x1b]0;x\x07\n\u202e" + "a" * 3000 + "/end"))))
    async with host.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: len(host.labels) == 1)
        assert "/[/dim]␛" in host.text
        assert not {"\x1b", "\x07", "\u202e"} & set(host.text)
        assert "take back" in host.text


@pytest.mark.parametrize(
    "subject",
    [
        "h" * 296 + ".evil",
        "a\n" * 40 + ".evil",
        "\u202e" * 30 + ".evil",
        "a" * 100_000 + ".evil",
        "/" + " " * 400 + "etc.evil",
        "x\x1b[2K\r" * 20 + ".evil",
    ],
)
async def test_a_question_always_shows_the_end_of_what_it_is_about(subject: str) -> None:
    """Nothing pushes the end of a subject, the question or its answers out of 80 by 24; nothing is turned around."""
    from tui_client.tui.asking import grant_question

    app: App[int] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        asked: Any = grant_question(app)(Path("/w/sh\u202eop\n\n\n"), Grant(GrantKind.HOST, subject))
        app.run_worker(asked)
        await settled(pilot, lambda: len(app.screen_stack) > 1 and app.screen.query("Button"))
        await pilot.pause()
        text = "\n".join("".join(one.text for one in strip) for strip in app.screen._compositor.render_strips())
        for words in ("The collection sh<U+202E>op␊␊␊ wants to", ".evil", "Allow it from now on?", "Allow "):
            assert words in text, text
        assert not {"\x1b", "\u202e"} & set(text)


def test_what_a_question_leaves_out_is_counted() -> None:
    """A subject of up to 500 signs is shown whole."""
    assert "e" * 500 in grant_text(Path("/shop"), Grant(GrantKind.ENV, "e" * 500))
    text = grant_text(Path("/shop"), Grant(GrantKind.ENV, "a" * 250 + "b" * 1234 + "c" * 250))
    assert "… (1,234 signs are left out here) …" in text
    assert "b" not in text.partition("variable of this machine")[2].partition("Allow")[0].replace(
        "(1,234 signs are", ""
    )
