"""The run as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st
from made_run import DIFF, HOSTILE, MadeRun

from tui_client.replay.record import Recorded
from tui_client.replay.reports._json import to_text
from tui_client.replay.summary import to_json
from tui_client.text import safe

Written = Callable[[str, MadeRun], str]


def test_it_holds_what_the_command_prints_and_the_facts_of_the_run(written: Written) -> None:
    """A program that knows `replay --json` knows this file."""
    run = MadeRun(300, diff=DIFF)
    found = json.loads(written("json", run))
    printed = to_json(run.summary)
    assert {name: found[name] for name in printed} == printed
    assert (found["title"], found["environment"], found["workspace"]) == ("batches/nightly", "staging", "/srv/api")
    assert found["started"] == "2026-11-22T09:30:12+00:00"
    assert found["plan"]["concurrency"] == 16
    assert found["plan"]["data"] == "users.csv"
    assert found["diff"]["changed"] == 2


def test_failures_carry_their_reason(written: Written) -> None:
    """Who reads the file need not look into the journal."""
    run = MadeRun(300)
    found = json.loads(written("json", run))["failures"]
    expected = [(record.step.key, record.outcome.value, reason) for record, reason in run.failures()]
    assert [(one["request"], one["outcome"], one["reason"]) for one in found] == expected


class _FailsOften(MadeRun):
    def failures(self) -> Iterator[tuple[Recorded, str]]:
        return cycle([*super().failures()])


def test_no_more_failures_than_a_thousand_are_listed(written: Written) -> None:
    """A run that fails without end has a report that can be read."""
    assert len(json.loads(written("json", _FailsOften(300)))["failures"]) == 1000


def test_hostile_names_come_back_as_they_were(written: Written) -> None:
    """JSON has escapes for everything but half a character, which is made visible."""
    found = json.loads(written("json", MadeRun(300, HOSTILE)))["by_request"]
    whole = {name.replace("\ud800", "<U+D800>") for name in HOSTILE}
    assert {group["name"] for group in found} == whole


@given(st.text())
def test_any_text_is_the_same_after_reading(text: str) -> None:
    """Escaping changes the file, never the value."""
    written = to_text([text])
    assert json.loads(written) == [text]
    assert safe(written) == written


@given(st.text(st.characters(), min_size=1))
def test_half_characters_are_visible(text: str) -> None:
    """Strict readers take every file."""
    broken = text + "\udcff"
    written = to_text([broken])
    written.encode()
    assert json.loads(written) == ["".join(f"<U+{ord(c):04X}>" if "\ud800" <= c <= "\udfff" else c for c in broken)]
