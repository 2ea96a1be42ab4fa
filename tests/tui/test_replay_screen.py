"""Replaying in the app, against the demo API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from replaying import MANY, SLOW, at_replay, labels, listed, replayed, rows_file, write

from tui_client.tui.panels.replay_dashboard.rows import ResultRows
from tui_client.tui.panels.response_viewer import Done
from tui_client.tui.screens.replay import ReplayScreen


async def test_the_folder_under_the_cursor_is_replayed_with_two_keys(bench: Any, sample: Path) -> None:
    """^t offers it, Enter starts; figures and rows say the same."""
    async with bench(sample) as b:
        await b.until(lambda: b.screen.collections.node)
        await b.press("ctrl+t")
        await b.until(lambda: isinstance(b.top, ReplayScreen) and b.top.focused)
        assert b.top.setup.target.value == "auth"
        await b.press("enter")
        await b.until(lambda: b.top.dashboard.run.state == "done")
        await b.pilot.pause()
        summary = b.top.dashboard.run.summary
        assert (summary.planned, summary.passed, summary.failed, summary.errors) == (6, 6, 0, 0)
        assert len(labels(b.top)) == 6
        assert "✓ done  6 / 6" in b.text
        assert "✓ passed 6" in b.text
        assert "200 ×6" in b.text


async def test_a_row_opens_in_the_workbench_with_its_reply(bench: Any, sample: Path) -> None:
    """Enter on a failed row: its request, and what came."""
    write(sample, "users/fails.toml", 'url = "/users"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 201\n')
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list users/fails")
        await b.press("f")
        await listed(b, screen, 1)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen)
        assert b.screen.current.key == "users/fails"
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Done)
        assert view.exchange.response is not None
        assert view.exchange.response.status == 200
        assert screen.dashboard.run.summary.failed == 1


async def test_a_row_opens_with_all_that_the_journal_kept(bench: Any, sample: Path) -> None:
    """More than stands in memory: bodies up to 64 KiB."""
    write(sample, "large.toml", 'url = "/bytes/30000"\n')
    async with bench(sample) as b:
        await replayed(b, target="large")
        await b.press("enter")
        await b.until(lambda: b.top is b.screen)
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Done)
        assert view.exchange.response is not None
        assert view.exchange.response.body.size == 30_000


async def test_f_shows_the_steps_that_did_not_pass_and_why(bench: Any, sample: Path) -> None:
    """And shows all again."""
    write(sample, "users/fails.toml", 'url = "/users"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 201\n')
    write(sample, "users/dead.toml", 'url = "http://127.0.0.1:9/"\n')
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list users/fails users/dead")
        await b.press("f")
        await listed(b, screen, 2)
        dead, failed = labels(screen)
        assert failed.endswith("status == 201, was 200")
        assert "connect.refused" in dead
        await b.press("f")
        await listed(b, screen, 3)
        assert "connect.refused ×1" in b.text


async def test_a_saved_batch_is_replayed(bench: Any, sample: Path) -> None:
    """Its own data and concurrency hold; the fields say whose they are."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="batch:signup")
        assert "batch's" in b.text
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.state == "done")
        await b.pilot.pause()
        assert screen.dashboard.run.summary.passed == 200
        assert screen.dashboard.run.concurrency == 8
        assert "✓ p95 latency < 2,000 ms: " in b.text


async def test_the_run_goes_on_in_the_workbench(bench: Any, sample: Path) -> None:
    """Its progress stands in the top line; coming back shows it."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)), concurrency="4")
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.summary.done > 5)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen and "%" in b.screen.status.replaying)
        before = screen.dashboard.run.summary.done
        await b.press("ctrl+t")
        await b.until(lambda: b.top is screen and screen.dashboard.run.summary.done > before)
        assert screen.dashboard.run.state == "running"
        await b.press("s")
        await b.until(lambda: screen.dashboard.run.state == "stopped")


@pytest.mark.parametrize("there", [True, False], ids=["from the replay", "from the workbench"])
async def test_leaving_while_a_replay_runs_is_asked_for(bench: Any, sample: Path, there: bool) -> None:
    """Staying, by Enter or Esc, changes nothing: the same screen, the run goes on."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)), concurrency="4")
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.summary.done > 5)
        if not there:
            await b.press("escape")
        before = b.top
        for answer in ("enter", "escape"):
            await b.press("ctrl+q", "ctrl+q")
            await b.until(lambda: "of 3,000 done. Leave?" in b.text)
            await b.press(answer)
            await b.until(lambda: b.top is before)
            assert screen.progress
        await b.press("ctrl+q")
        await b.until(lambda: b.top is not before and b.top.query("#leave"))
        await b.pilot.click("#leave")
        await b.until(lambda: b.app.return_code == 0)


async def test_after_the_replay_an_edit_is_asked_for_too(bench: Any, sample: Path) -> None:
    """Neither question swallows the other."""
    async with bench(sample) as b:
        await b.type_url("/edited")
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)))
        await b.press("ctrl+r")
        await b.until(lambda: screen.progress)
        await b.press("ctrl+q")
        await b.until(lambda: b.top.query("#leave"))
        await b.pilot.click("#leave")
        await b.until(lambda: "has an edit that is not saved" in b.text)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        assert screen.progress
        assert b.app.return_code is None


async def test_leaving_after_a_replay_asks_nothing(bench: Any, sample: Path) -> None:
    """What has ended can't be lost."""
    async with bench(sample) as b:
        await replayed(b, target="users/list")
        await b.press("ctrl+q")
        await b.until(lambda: b.app.return_code == 0)


async def test_a_run_that_ends_meanwhile_is_told_in_the_workbench(bench: Any, sample: Path) -> None:
    """Until one has looked."""
    write(sample, "fails.toml", SLOW + '[[assert]]\nquery = "status"\nop = "=="\nvalue = 201\n')
    async with bench(sample) as b:
        screen = await at_replay(b, target="fails", iterations="4", concurrency="1")
        await b.press("ctrl+r", "escape")
        await b.until(lambda: b.screen.status.replaying == "replay ended, 4 did not pass")
        await b.press("ctrl+t")
        await b.until(lambda: b.top is screen and not b.screen.status.replaying)
        assert screen.dashboard.run.summary.failed == 4


async def test_pause_starts_no_more_steps_until_it_goes_on(bench: Any, sample: Path) -> None:
    """What was in flight ends."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)))
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.summary.done > 5)
        await b.press("p")
        assert screen.dashboard.run.state == "paused"
        await b.until(lambda: screen._going is not None and screen._going.controls.in_flight == 0)
        await b.pilot.pause()
        done = len(screen._live.kept.results().recent)
        assert "‖ paused" in b.text
        assert screen._going is not None
        assert screen._going.summary().done < MANY
        await b.press("p")
        await b.until(lambda: screen._going is None or screen._going.summary().done > done)
        await b.press("s")
        await b.until(lambda: screen._going is None)


async def test_plus_and_minus_change_how_many_run_at_once(bench: Any, sample: Path) -> None:
    """While it runs; never below one."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)), concurrency="2")
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.state == "running")
        await b.press("plus", "plus")
        assert screen.dashboard.run.concurrency == 4
        assert screen._going is not None
        assert screen._going.controls.concurrency == 4
        await b.press(*["minus"] * 9)
        assert screen.dashboard.run.concurrency == 1
        await b.press("s")
        await b.until(lambda: screen.dashboard.run.state == "stopped")


async def test_a_second_stop_ends_the_run_at_once(bench: Any, sample: Path) -> None:
    """The first lets what is in flight come to its end."""
    write(sample, "exploration/hang.toml", 'url = "/delay/20000"\n')
    async with bench(sample) as b:
        screen = await at_replay(b, target="exploration/hang")
        await b.press("ctrl+r")
        await b.until(lambda: screen._going is not None and screen._going.controls.in_flight == 1)
        await b.press("s")
        assert screen.dashboard.run.state == "stopping"
        await b.press("s")
        await b.until(lambda: screen.dashboard.run.state == "stopped")
        assert screen._going is None


async def test_letters_in_a_field_are_letters(bench: Any, sample: Path) -> None:
    """The keys that steer a run are none there, also while one goes."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)))
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.state == "running")
        screen.setup.target.focus()
        await b.until(lambda: screen.focused is screen.setup.target)
        await b.fill("")
        await b.press(*"spf", "plus", "minus")
        assert screen.setup.target.value == "spf+-"
        assert screen.dashboard.run.state == "running"
        assert screen.dashboard.picked is None
        screen.dashboard.outline.focus()
        await b.press("s")
        await b.until(lambda: screen.dashboard.run.state == "stopped")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"target": "nope"}, "There is no request nope."),
        ({"target": "users/list", "data": "/nowhere/rows.csv"}, "rows.csv: can't be read: No such file or directory"),
    ],
)
async def test_what_can_not_be_replayed_is_told_in_a_sentence(
    bench: Any, sample: Path, fields: dict[str, str], sentence: str
) -> None:
    """Under the fields; nothing is sent, and one may try again."""
    async with bench(sample) as b:
        screen = await at_replay(b, **fields)
        await b.press("ctrl+r")
        await b.until(lambda: screen.problem.display and screen._going is None)
        await b.until(lambda: sentence in b.text)
        assert not screen.setup.start.disabled


async def test_a_second_start_leaves_the_run_that_goes(bench: Any, sample: Path) -> None:
    """It says how to end it."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)))
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.state == "running")
        run = screen._going
        await b.press("ctrl+r")
        await b.until(lambda: "A replay is going." in b.text)
        assert screen._going is run
        await b.press("s")
        await b.until(lambda: screen._going is None)


async def test_the_list_of_what_there_is_opens_with_a_key_or_a_click(bench: Any, sample: Path) -> None:
    """Batches, folders, everything."""
    async with bench(sample) as b:
        screen = await at_replay(b)
        await b.press("down")
        await b.until(lambda: b.top is not screen)
        await b.fill("signup")
        await b.press("enter")
        await b.until(lambda: b.top is screen)
        assert screen.setup.target.value == "batch:signup"
        await b.pilot.click("#choose")
        await b.until(lambda: b.top is not screen)
        await b.press("escape")
        await b.until(lambda: b.top is screen)
        assert screen.setup.target.value == "batch:signup"


async def test_escape_closes_the_list_of_environments_first(bench: Any, sample: Path) -> None:
    """Only then it leaves."""
    async with bench(sample) as b:
        screen = await at_replay(b)
        screen.setup.environment.focus()
        await b.press("enter")
        assert b.top.setup.environment.expanded
        await b.press("escape")
        assert b.top is screen
        assert not screen.setup.environment.expanded
        await b.press("escape")
        assert b.top is b.screen


async def test_the_environment_of_the_workbench_is_taken_over(bench: Any, sample: Path) -> None:
    """And what was typed stays while one looks elsewhere."""
    async with bench(sample) as b:
        # What is offered depends on the cursor of the tree.
        await b.until(lambda: b.screen.collections.node)
        screen = await at_replay(b, target="users/list")
        assert screen.setup.setup.environment == "local"
        await b.press("escape", "ctrl+t")
        await b.until(lambda: b.top is screen)
        assert screen.setup.target.value == "users/list"


async def test_a_value_that_is_asked_for_is_asked_once(bench: Any, sample: Path) -> None:
    """For all rows of the run."""
    write(sample, "asks/folder.toml", '[variables]\nwho = { prompt = "Who?" }\n')
    write(sample, "asks/who.toml", 'url = "/users?who={{who}}"\n')
    async with bench(sample) as b:
        screen = await at_replay(b, target="asks", iterations="5")
        await b.press("ctrl+r")
        await b.until(lambda: b.top is not screen)
        await b.press(*"ada", "enter")
        await b.until(lambda: screen.dashboard.run.state == "done")
        assert screen.dashboard.run.summary.passed == 5


async def test_what_a_server_says_is_shown_as_it_is(bench: Any, sample: Path) -> None:
    """In the rows, and in names of files."""
    check = '[[assert]]\nquery = "json"\nexpr = "$.query.x[0]"\nop = "=="\nvalue = "y"\n'
    url = 'url = "/echo?x=%1b%5b31m%5b/dim%5d%e2%80%ae%07"\n'
    write(sample, "users/a[b]\x1b[31m.toml", url + check)
    async with bench(sample) as b:
        screen = await replayed(b, target="users/a*")
        await b.pilot.pause()
        assert screen.dashboard.run.summary.done == 1
        assert "a[b]␛[31m" in b.text
        assert not [sign for sign in b.text if (ord(sign) < 32 and sign != "\n") or sign == "\u202e"]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=str)
async def test_figures_fit_the_terminal(bench: Any, sample: Path, size: tuple[int, int]) -> None:
    """Boxes side by side or lines below each other; what is cut has a sign, the rows keep some room."""
    async with bench(sample, size=size) as b:
        screen = await replayed(b, target="auth")
        await b.pilot.pause()
        assert "✓ done  6 / 6" in b.text
        assert "in flight 0 of 8" in b.text
        assert "✓ " in b.text
        if size != (40, 12):
            assert "p50 " in b.text
            assert "max " in b.text
            assert screen.dashboard.outline.size.height >= 10


async def test_the_rows_are_found_behind_their_numbers(bench: Any, sample: Path) -> None:
    """The list is made of what the run gave, in its order."""
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list", iterations="40")
        rows = screen.dashboard.outline.rows
        assert isinstance(rows, ResultRows)
        assert [rows[index].id for index in range(len(rows))] == [str(number) for number in range(1, 41)]
        assert screen.dashboard.outline.cursor == 39
