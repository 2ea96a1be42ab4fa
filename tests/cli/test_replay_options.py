"""The options of `replay`: what each means, and what can't be meant together."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from tui_client.cli import replay_values as values
from tui_client.cli.replay import command
from tui_client.cli.replay_merge import command as merge
from tui_client.cli.replay_options import Wanted
from tui_client.replay.plan import Stage
from tui_client.storage.batch import Threshold

Cli = Callable[..., Any]
Shop = Callable[..., Path]

BATCH = """\
requests = ["a"]
concurrency = 3
rate = 500
iterations = 4
duration = "1h"
retry = { count = 2, on = ["connect"] }
diff = { ignore = ["$.id"], headers = ["etag"] }
[[stage]]
duration = "1s"
rate = 9
[[threshold]]
metric = "failures"
op = "<"
value = 0.5
"""


def test_the_value_has_a_field_for_every_parameter() -> None:
    """Nothing that is said on the command line is lost."""
    assert {param.name for param in command.params} == set(Wanted.__struct_fields__)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("latency p95 < 300", Threshold(metric="latency", agg="p95", op="<", value=300.0)),
        ("latency p95<0.3s", Threshold(metric="latency", agg="p95", op="<", value=300.0)),
        ("latency p99.9 <= 300ms", Threshold(metric="latency", agg="p99.9", op="<=", value=300.0)),
        ("failures < 1%", Threshold(metric="failures", op="<", value=0.01)),
        ("checks count == 0", Threshold(metric="checks", agg="count", op="==", value=0.0)),
        ("throughput >= 50/s", Threshold(metric="throughput", op=">=", value=50.0)),
        (
            "latency max < 9 tag=checkout request=users/*",
            Threshold(metric="latency", agg="max", op="<", value=9.0, select={"tag": "checkout", "request": "users/*"}),
        ),
    ],
)
def test_a_threshold_is_a_sentence(text: str, limit: Threshold) -> None:
    """Metric, what of it, limit and unit, and of which requests."""
    assert values.threshold(text) == limit


@pytest.mark.parametrize("text", ["", "latency", "latency < fast", "latency < 3 kg", "failures < 3ms", "size > 3"])
def test_what_is_no_threshold_is_said_so(text: str) -> None:
    """With an example."""
    with pytest.raises(click.BadParameter):
        values.threshold(text)


@pytest.mark.parametrize(
    ("text", "stage"),
    [("30s:50/s", Stage(30.0, rate=50.0)), ("1m30s:16", Stage(90.0, concurrency=16)), ("0s:0.5/s", Stage(0, rate=0.5))],
)
def test_a_stage_has_a_time_and_a_goal(text: str, stage: Stage) -> None:
    """A rate with its unit, a number of sessions without."""
    assert values.stage(text) == stage


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.stage, "30s"),
        (values.stage, "30:16"),
        (values.stage, "30s:fast"),
        (values.stage, "30s:x/s"),
        (values.duration, "10"),
        (values.duration, "soon"),
        (values.rate, "50/m"),
        (values.retry_on, ","),
        (values.host, "localhost:8000"),
        (values.host, "=localhost"),
    ],
)
def test_what_can_not_be_read_is_refused(read: Callable[[str], object], text: str) -> None:
    """Before anything is sent."""
    with pytest.raises(click.BadParameter):
        read(text)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give a TARGET"),
        (("a", "--list"), "--list takes no TARGET"),
        (("--list", "--show", "last"), "--list and --show"),
        (("--resume", "last", "--rate", "5"), "--rate can't be changed with --resume"),
        (("--only", "failed", "last", "-e", "local"), "-e can't be changed with --only"),
        (("--show", "last", "--bail"), "--bail has no effect on --show"),
        (("--only", "bad", "last"), "'bad' is not one of"),
        (("a", "--speed", "2"), "--speed is for recordings"),
        (("a", "b.har"), "A recording is replayed alone"),
        (("b.har", "--rate", "5", "--data", "x.csv"), "--data, --rate means nothing to a recording"),
        (("a", "--diff", "last", "--against", "local"), "Give one"),
        (("a", "--diff-ignore", "$.id"), "--diff RUN"),
        (("a", "--diff", "last", "--diff-ignore", "id["), "can't be used"),
        (("a", "--plan", "--report", "r.html"), "--plan sends nothing"),
        (("a", "--retry-on", "timeout"), "--retry N"),
        (("a", "--retry", "2", "--retry-on", "sadness"), "'sadness'"),
        (("a", "batches/x"), "alone"),
    ],
)
def test_contradictions_are_told(cli: Cli, mine: Shop, arguments: tuple[str, ...], words: str) -> None:
    """Code 2, and a sentence that says what to do; nothing is sent."""
    mine({"a": 'url = "/a"\n', "batches/x": BATCH})
    cli("replay", "a")
    ran = cli("replay", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def plan_of(cli: Cli, *arguments: str) -> dict[str, Any]:
    ran = cli("replay", *arguments, "--plan", "--json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = ran.json["plan"]
    return found


def test_options_say_more_than_a_batch(cli: Cli, mine: Shop) -> None:
    """What is not said stays as the batch has it; limits and what is ignored are added to its own."""
    mine({"a": 'url = "/a"\n', "b": 'url = "/b"\n', "batches/x": BATCH})
    own = plan_of(cli, "batches/x")
    assert (own["title"], own["concurrency"], own["rate"], len(own["stages"])) == ("batches/x", 3, 500, 1)
    said = plan_of(
        cli,
        "batches/x",
        *("--rate", "7", "--iterations", "9", "--duration", "10m", "--delay", "200ms", "--setup", "b"),
        *("--overflow", "drop", "--on-exhausted", "wrap", "--retry", "5", "--retry-unsafe", "--idempotency-key"),
        *("--threshold", "checks > 0.9", "--bail", "--allow-http-errors"),
    )
    assert (said["concurrency"], said["rate"], said["stages"]) == (3, 7, [])
    assert (said["iterations"], said["duration_s"], said["delay_s"], said["setup"]) == (9, 600, 0.2, ["b"])
    assert (said["overflow"], said["on_exhausted"]) == ("drop", "wrap")
    assert (said["retry"], said["retry_unsafe"]) == ({"count": 5, "on": ["connect"]}, True)
    assert (said["idempotency_key"], said["bail"], said["allow_http_errors"]) == (True, True, True)
    assert [one["metric"] for one in said["thresholds"]] == ["failures", "checks"]
    assert said["diff"] == {"ignore": ["$.id"], "headers": ["etag"]}


def test_a_rate_brings_sessions_enough(cli: Cli, mine: Shop) -> None:
    """One after the other would hold up the schedule; who says a number gets that."""
    mine({"a": 'url = "/a"\n'})
    lasting = ("a", "--duration", "1m")
    assert plan_of(cli, *lasting)["concurrency"] == 1
    assert plan_of(cli, *lasting, "--rate", "50/s")["concurrency"] == 50
    assert plan_of(cli, *lasting, "--rate", "50", "--concurrency", "2")["concurrency"] == 2
    ramp = plan_of(cli, *lasting, "--stage", "1s:30/s", "--stage", "2s:8")
    assert (ramp["concurrency"], len(ramp["stages"])) == (30, 2)


def test_the_guide_names_no_option_that_is_not_there() -> None:
    """What docs/replay.md tells of can be typed."""
    guide = (Path(__file__).parents[2] / "docs" / "replay.md").read_text(encoding="utf-8")
    options = {name for param in (*command.params, *merge.params) for name in param.opts}
    told = set(re.findall(r"--[a-z][a-z-]*", guide))
    assert told and not told - options


def test_the_help_begins_with_what_is_needed_first(cli: Cli) -> None:
    """What is sent, what comes out, earlier runs; no option is left out."""
    ran = cli("replay", "--help")
    titles = [line.removesuffix(":") for line in ran.out.splitlines() if line.endswith(":") and line[0] != " "]
    assert titles[:3] == ["What is sent", "What comes out", "Earlier runs"]
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.opts[-1] in ran.out
