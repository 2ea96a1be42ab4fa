"""JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable

from made_run import MadeRun

from tui_client.replay.reports._steps import COLUMNS

Written = Callable[[str, MadeRun], str]


def test_each_step_is_an_object_on_its_line(written: Written) -> None:
    """All steps are there in their order, and those that did not pass say why."""
    run = MadeRun(300)
    lines = [json.loads(line) for line in written("jsonl", run).splitlines()]
    reasons = {(record.step.row, record.step.index): reason for record, reason in run.failures()}
    assert reasons
    for line, record in zip(lines, run.records(), strict=True):
        step = record.step
        assert tuple(line) == COLUMNS
        assert (line["row"], line["iteration"], line["step"], line["request"]) == (step.row, 0, step.index, step.key)
        assert line["outcome"] == record.outcome.value
        assert line["status"] == record.status
        assert line["reason"] == reasons.get((step.row, step.index), "")
