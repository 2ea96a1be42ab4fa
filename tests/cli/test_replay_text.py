"""The lines of a replay."""

from __future__ import annotations

import pytest

from tui_client.cli.replay_text import failure_line, progress_line, summary_lines
from tui_client.errors import Failure, FailureKind
from tui_client.model.step import Errored, Skipped, StepId, StepResult
from tui_client.replay.generator import Load
from tui_client.replay.report import Group, Latency, Summary, Verdict
from tui_client.storage.batch import Threshold

LATENCY = Latency(1.0, 2.0, 3.0, 4.0, 5.0)


def lines(summary: Summary) -> list[str]:
    return list(summary_lines(summary))


def test_progress_counts_and_foretells() -> None:
    """Done of planned, rate, what went wrong, time left."""
    summary = Summary(run="r", planned=10_000, done=2_500, passed=2_490, failed=7, errors=3, seconds=5.0)
    assert progress_line(summary) == "2,500 / 10,000 · 500/s · 7 failed · 3 errors · ETA 15.0 s"


def test_progress_without_a_known_end_says_so() -> None:
    """No invented time left while the rows are still being counted."""
    assert progress_line(Summary(run="r", done=5, passed=5, seconds=1.0)) == "5 / … · 5/s"


def test_progress_names_all_that_is_not_nothing() -> None:
    """The rate of late and the one that is wanted; what is sent again, late or not at all; how long replies take."""
    summary = Summary(
        run="r",
        done=9,
        errors=1,
        retried=2,
        late=3,
        dropped=4,
        in_doubt=5,
        seconds=1.0,
        recent_per_second=48.6,
        target_rate=50.0,
        latency=LATENCY,
    )
    assert progress_line(summary) == (
        "9 / … · 49/s of 50 · 1 error · 2 retried · 3 late · 4 dropped · 5 in doubt · p50 1.00 ms · p95 3.00 ms"
    )


def test_progress_says_why_a_run_holds() -> None:
    """Near the front, where a narrow terminal shows it, and without a time left."""
    summary = Summary(run="r", planned=10, done=5, seconds=1.0, held="the disk is full\x1b[2J")
    assert progress_line(summary) == "5 / 10 · held: the disk is full␛[2J · 5/s"


def test_a_failure_names_row_step_and_reason() -> None:
    """One line leads to the row in the data file."""
    failure = Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:9")
    result = StepResult(StepId(118, 0, 2, "users/create"), Errored(failure), 1.0, "POST http://127.0.0.1:9/users")
    line = failure_line(result)
    assert line.startswith("row 118  users/create  POST http://127.0.0.1:9/users  connect.refused: Could not connect")
    assert failure_line(StepResult(StepId(0, 4, -1, "login"), Skipped("a"), 0.0, "login")) == (
        "iteration 5  setup  login  login  Not sent: a did not pass before it."
    )


def test_the_summary_shows_what_there_is() -> None:
    """Figures with units; nothing about latency when nothing answered."""
    shown = lines(Summary(run="r", planned=5, done=3, errors=3, skipped=2, seconds=0.5, interrupted=True))
    assert shown[0] == "3 of 5 done: 0 passed, 0 failed, 3 errors, 2 skipped"
    assert not any(line.startswith("latency") for line in shown)
    assert shown[-1].startswith("Interrupted")
    shown = lines(Summary(run="r", planned=1, done=1, passed=1, seconds=0.5, latency=LATENCY))
    assert "latency p50 1.00 ms, p90 2.00 ms, p95 3.00 ms, p99 4.00 ms, max 5.00 ms" in shown


def test_a_run_in_which_all_went_well_has_few_lines() -> None:
    """Nothing to do is not said."""
    group = Group(name="a", done=1, passed=1)
    assert lines(Summary(run="r", planned=1, done=1, passed=1, seconds=0.5, by_request=(group,), ended="finished")) == [
        "1 done: 1 passed, 0 failed, 0 errors",
        "500 ms, 2.0 requests/s",
    ]


def test_the_summary_counts_what_was_not_plainly_sent() -> None:
    """Retried and late beside the rate, dropped and in doubt beside the outcomes, checks and the scheduled latency."""
    summary = Summary(
        run="r",
        planned=9,
        done=3,
        passed=2,
        errors=1,
        dropped=4,
        in_doubt=2,
        retried=1200,
        late=1,
        seconds=1.0,
        latency=LATENCY,
        scheduled=Latency(p50=250.0, max=12_000.0),
        checks_passed=5,
        checks_failed=1,
    )
    shown = lines(summary)
    assert shown[0] == "3 of 9 done: 2 passed, 0 failed, 1 error, 4 dropped, 2 in doubt"
    assert shown[1] == "1,000 ms, 3.0 requests/s, 1,200 retried, 1 late"
    assert "scheduled latency p50 250 ms, max 12.0 s" in shown
    assert "checks 5 of 6 passed" in shown


def test_requests_and_tags_stand_in_tables() -> None:
    """One line each, figures under each other; a request alone has all its figures above."""
    requests = (
        Group(name="users/list", done=1200, failed=2, errors=1, latency=Latency(p50=12.4, p95=40.1, max=960.0)),
        Group(name="pay", done=1, errors=1),
    )
    shown = lines(Summary(run="r", done=1201, seconds=1.0, by_request=requests, by_tag=requests[:1]))
    start = shown.index("request      done  failed      p50      p95     max")
    assert shown[start - 1] == ""
    assert shown[start + 1 : start + 3] == [
        "users/list  1,200       3  12.4 ms  40.1 ms  960 ms",
        "pay             1       1        –        –       –",
    ]
    assert any(line.startswith("tag   ") for line in shown)


def test_a_table_is_cut_with_a_sign() -> None:
    """Twenty rows, and names that end in what tells them apart; nothing in a name acts on the terminal."""
    groups = [Group(name="x" * 60 + "/end"), Group(name="a\x1b[31m\nb"), *[Group(name=str(n)) for n in range(23)]]
    shown = lines(Summary(run="r", by_request=tuple(groups)))
    assert shown[-1] == "and 5 more; --json has them all."
    assert any(line.startswith("…" + "x" * 43 + "/end  ") for line in shown)
    assert any(line.startswith("a␛[31m␊b ") for line in shown)


def test_thresholds_have_a_sign_and_the_actual_figure() -> None:
    """Which limit was kept, which was not, and by how much."""
    p95 = Threshold(metric="latency", op="<", value=300.0, agg="p95", select={"tag": "a\x1bb"})
    failures = Threshold(metric="failures", op="<", value=0.01)
    verdicts = (Verdict(p95, 281.2, True), Verdict(failures, 0.04, False), Verdict(p95, None, False))
    assert lines(Summary(run="r", thresholds=verdicts))[-3:] == [
        "✓ p95 latency < 300 ms (tag a␛b): 281 ms",
        "✗ failures < 1 %: 4 %",
        "✗ p95 latency < 300 ms (tag a␛b): nothing was measured",
    ]


@pytest.mark.parametrize(
    ("summary", "last"),
    [
        (
            Summary(run="R", in_doubt=2),
            "2 steps in doubt: sent, perhaps done, and not sent again. "
            "See what the server has, then send them with: tui-client replay --only in-doubt R",
        ),
        (
            Summary(run="R", dropped=1),
            "1 step dropped, since all sessions were busy. Send them with: tui-client replay --only dropped R",
        ),
        (
            Summary(run="R", failed=1200, errors=30, skipped=4),
            "1,234 steps did not pass. Send them again with: tui-client replay --only failed R",
        ),
        (
            Summary(run="R", planned=5, done=2, interrupted=True, ended="stopped"),
            "Interrupted, 3 steps not sent. Go on with: tui-client replay --resume R",
        ),
        (Summary(run="R", done=2, interrupted=True), "Interrupted. Go on with: tui-client replay --resume R"),
        (
            Summary(run="R", planned=2, done=1, ended="bail"),
            "Stopped at the first step that did not pass, 1 step not sent. Go on with: tui-client replay --resume R",
        ),
        (Summary(run="R", ended="duration"), "The time was up."),
        (
            Summary(run="R", planned=9, done=2, ended="duration"),
            "The time was up, 7 steps not sent. Go on with: tui-client replay --resume R",
        ),
        (Summary(run="R", generator=Load(1.0, 0.0, True, "The generator.")), "The generator."),
    ],
)
def test_what_to_do_is_said_where_it_applies(summary: Summary, last: str) -> None:
    """With the command that does it."""
    shown = lines(summary)
    assert shown[-1] == last
    assert shown[-2] == ""
