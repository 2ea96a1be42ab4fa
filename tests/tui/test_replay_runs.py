"""Past runs on the replay screen: shown, resumed, repeated in part, deleted, reported."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handmade_journal import HandmadeJournal, failed, passed
from replaying import at_replay, ended, listed, replayed, rows_file, title, write

from tui_client import config
from tui_client.model.step import StepId
from tui_client.replay.plan import Plan
from tui_client.tui.modals.runs import RunsDialog

CUT_OFF = "20261122-093012-a1b2"


def cut_off(workspace: Path, run: str = CUT_OFF) -> None:
    """A run that died: one step passed, one failed, one may have been sent."""
    folder = config.state_dir() / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(title="batches/nightly", steps=("users/list",), iterations=10, environment="local")
    journal = HandmadeJournal(
        folder / f"{run}.sqlite", plan, run=run, root=run, workspace=str(workspace), tags="{}", started=_now()
    )
    journal.add(passed(StepId(0, 0, 0, "users/list")), failed(StepId(0, 1, 0, "users/list")))
    journal.claim(StepId(0, 2, 0, "users/list"))
    journal.connection.close()


def _now() -> str:
    return datetime.now(UTC).isoformat()


async def at_runs(b: Any) -> RunsDialog:
    """Open the list of runs."""
    await b.press("l")
    await b.until(lambda: isinstance(b.top, RunsDialog) and b.top.focused)
    await b.pilot.pause()
    found: RunsDialog = b.top
    return found


async def test_a_past_run_is_shown_as_it_was(bench: Any, sample: Path) -> None:
    """Its figures, its rows, and their exchanges; the list says what it was."""
    write(sample, "users/fails.toml", 'url = "/users"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 201\n')
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list users/fails", iterations="3")
        before = screen.dashboard.run.summary
        screen.setup.target.value = "users/list"
        screen.setup.iterations.value = ""
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.summary.planned == 1 and screen._going is None)
        await at_runs(b)
        assert "users/list users/fails · local" in b.text
        assert "6 / 6" in b.text
        assert "3 failed" in b.text
        await b.press("down", "enter")
        await listed(b, screen, 6)
        view = screen.dashboard.run
        assert (view.summary.run, view.summary.done, view.summary.failed) == (before.run, 6, 3)
        assert view.summary.latency == before.latency
        assert title(screen).startswith("Rows · 6 · f shows")
        await b.press("f")
        await listed(b, screen, 3)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen and b.screen.current.key == "users/fails")


async def test_a_stopped_run_goes_on(bench: Any, sample: Path) -> None:
    """With one key; it stays the same run, and what was done is not done again."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample, 30)), concurrency="4")
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.summary.done > 2)
        await b.press("s")
        await ended(b, screen)
        assert screen.dashboard.run.state == "stopped"
        run, done = screen.dashboard.run.summary.run, screen.dashboard.run.summary.done
        await b.press("r")
        await b.until(lambda: screen.dashboard.run.state == "done")
        summary = screen.dashboard.run.summary
        assert (summary.run, summary.done, summary.planned) == (run, 30, 30)
        assert 0 < done < 30
        assert screen._live is not None
        assert screen._live.kept.count == 30 - done


async def test_what_failed_is_done_again_as_a_new_run(bench: Any, sample: Path) -> None:
    """Those sessions alone."""
    write(sample, "code.toml", 'url = "/status/{{code}}"\n')
    write(sample, "codes.csv", "code\n200\n500\n200\n500\n")
    async with bench(sample) as b:
        screen = await replayed(b, target="code", data=str(sample / "codes.csv"))
        first = screen.dashboard.run.summary.run
        await at_runs(b)
        assert "a new run of the sessions of 2 failed steps" in b.text
        await b.press("f")
        await b.until(lambda: screen._going is None and screen.dashboard.run.summary.run != first)
        assert screen.dashboard.run.summary.done == 2
        assert screen.header is not None
        assert screen.header.parent == first


async def test_a_run_that_was_cut_off_is_told_at_the_start(bench: Any, sample: Path) -> None:
    """With how far it was and how to go on; going on does so."""
    cut_off(sample)
    async with bench(sample) as b:
        screen = await at_replay(b)
        await b.until(lambda: "The last replay, nightly, was interrupted: 2 of 10 done, 1 in doubt." in b.text)
        screen.dashboard.outline.focus()
        await b.press("r")
        await b.until(lambda: screen._live is not None and screen._going is None)
        assert screen.dashboard.run.summary.run == CUT_OFF
        # What may have been done already is not sent a second time.
        assert (screen.dashboard.run.summary.done, screen.dashboard.run.summary.in_doubt) == (9, 1)


async def test_what_is_in_doubt_can_be_looked_at(bench: Any, sample: Path) -> None:
    """Though nothing is known of what came of it."""
    cut_off(sample)
    async with bench(sample) as b:
        screen = await at_replay(b)
        await b.pilot.click("#past-runs")
        await b.until(lambda: isinstance(b.top, RunsDialog) and b.top.focused)
        assert "⚠" in b.text
        assert "interrupted" in b.text
        assert "1 in doubt" in b.text
        assert "sends the 8 steps left" in b.text
        await b.press("enter")
        await b.until(lambda: screen.dashboard.run.state == "interrupted")
        assert screen.dashboard.run.summary.in_doubt == 1
        await b.press("o", "right", "right", "right", "enter")
        await listed(b, screen, 1)
        assert "in doubt" in title(screen)
        screen.dashboard.outline.focus()
        await b.press("enter")
        await b.until(lambda: "Nothing is known of what came of this step." in b.text)


async def test_a_run_of_another_workspace_is_shown_but_not_sent(bench: Any, sample: Path, tmp_path: Path) -> None:
    """Its keys may mean other requests here."""
    cut_off(tmp_path / "elsewhere")
    async with bench(sample) as b:
        screen = await at_replay(b)
        screen.dashboard.outline.focus()
        await at_runs(b)
        assert "Resume" not in b.text
        assert "elsewhere" in b.text
        await b.press("r")
        assert isinstance(b.top, RunsDialog)
        await b.press("enter")
        await listed(b, screen, 2)
        await b.until(lambda: b.top is screen and screen.dashboard.outline.has_focus)
        await b.press("enter")
        await b.until(lambda: "Open that workspace" in " ".join(b.text.split()))
        await b.press("r")
        await b.pilot.pause()
        assert screen._going is None


async def test_deleting_a_run_is_asked_for(bench: Any, sample: Path) -> None:
    """Keeping it is the first answer; afterwards the list is there again."""
    cut_off(sample)
    async with bench(sample) as b:
        screen = await at_replay(b)
        screen.dashboard.outline.focus()
        await at_runs(b)
        await b.press("delete")
        await b.until(lambda: b.top.query("#keep"))
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, RunsDialog) and "1 in doubt" in b.text)
        await b.press("delete")
        await b.until(lambda: b.top.query("#delete"))
        await b.pilot.click("#delete")
        await b.until(lambda: isinstance(b.top, RunsDialog) and "No runs yet." in b.text)
        assert not list((config.state_dir() / "runs").glob("*.sqlite"))


async def test_a_report_is_written_in_the_format_of_its_suffix(bench: Any, sample: Path, tmp_path: Path) -> None:
    """An unknown one is refused while it is typed."""
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list", iterations="4")
        await b.press("w")
        await b.until(lambda: b.top is not screen and b.top.focused)
        await b.fill("report.pdf")
        await b.until(lambda: "No report format is known for report.pdf." in b.text)
        await b.fill(str(tmp_path / "report.json"))
        await b.press("enter")
        await b.until(lambda: "The report is in" in b.text)
        assert json.loads((tmp_path / "report.json").read_text())["done"] == 4


async def test_a_report_is_written_over_a_file_only_when_told_so(bench: Any, sample: Path, tmp_path: Path) -> None:
    """Enter alone keeps what is there."""
    theirs = tmp_path / "theirs.json"
    theirs.write_text("theirs")
    async with bench(sample) as b:
        screen = await replayed(b, target="users/list", iterations="4")
        for answer in ("keep", "replace"):
            await b.press("w")
            await b.until(lambda: b.top is not screen and b.top.focused)
            await b.fill(str(theirs))
            await b.press("enter")
            await b.until(lambda answer=answer: b.top.query(f"#{answer}"))
            assert theirs.read_text() == "theirs" and b.top.focused.id == "keep"
            await b.pilot.click(f"#{answer}")
            await b.until(lambda: b.top is screen)
        await b.until(lambda: "The report is in" in b.text)
    assert json.loads(theirs.read_text())["done"] == 4


async def test_the_rate_is_what_plus_and_minus_change_where_there_is_one(bench: Any, sample: Path) -> None:
    """By a tenth, at least by one, and it shows at once."""
    async with bench(sample) as b:
        screen = await at_replay(
            b, target="slow", data=str(rows_file(sample)), rate_wanted="20", duration="5m", concurrency="8"
        )
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.state == "running")
        assert screen._going is not None
        plan = screen._going.plan
        assert (plan.rate, plan.duration_s, plan.title) == (20.0, 300.0, "slow")
        await b.press("plus")
        assert screen._going.controls.rate == 22.0
        await b.until(lambda: "/s of 22" in b.text)
        await b.press("minus", "minus")
        assert screen._going.controls.rate == 17.82
        assert screen.dashboard.run.concurrency == 8
        await b.press("s", "s")
        await ended(b, screen)


async def test_a_run_that_is_held_says_why(bench: Any, sample: Path) -> None:
    """Until it goes on."""
    async with bench(sample) as b:
        screen = await at_replay(b, target="slow", data=str(rows_file(sample)))
        await b.press("ctrl+r")
        await b.until(lambda: screen.dashboard.run.state == "running")
        assert screen._going is not None
        screen._going.controls.hold("journal", "There is no room on the disk.")
        await b.until(lambda: "‖ held" in b.text and "Held: There is no room on the disk." in b.text)
        screen._going.controls.release("journal")
        await b.until(lambda: "▶ running" in b.text and "Held:" not in b.text)
        await b.press("s", "s")
        await ended(b, screen)
