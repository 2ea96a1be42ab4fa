"""Plans come back from their JSON as they were; what is none is refused."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import BrokenFile
from tui_client.replay.journal.plans import plan_json, plan_of_json
from tui_client.replay.plan import DiffRules, Exhausted, Overflow, Plan, Recording, Stage
from tui_client.storage.batch import Retry, Threshold

TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
COUNT = st.integers(0, 2**40)
NUMBER = st.floats(0, 1e9)
PATH = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8).map(Path)
PLANS = st.builds(
    Plan,
    title=TEXT,
    steps=TEXTS,
    setup=TEXTS,
    environment=TEXT,
    given=st.just({}),
    data=st.none() | PATH,
    iterations=st.none() | COUNT,
    on_exhausted=st.sampled_from(Exhausted),
    rate=st.none() | NUMBER,
    overflow=st.none() | st.sampled_from(Overflow),
    stages=st.lists(
        st.builds(Stage, duration_s=NUMBER, rate=st.none() | NUMBER, concurrency=st.none() | COUNT), max_size=2
    ).map(tuple),
    retry=st.builds(Retry, count=COUNT, on=st.lists(TEXT | COUNT, max_size=3).map(tuple)),
    thresholds=st.lists(
        st.builds(
            Threshold,
            metric=st.just("latency"),
            op=st.just("<"),
            value=NUMBER,
            agg=TEXT,
            select=st.dictionaries(TEXT, TEXT, max_size=2),
        ),
        max_size=2,
    ).map(tuple),
    diff=st.builds(DiffRules, ignore=TEXTS, headers=TEXTS),
    recording=st.none() | st.builds(Recording, path=PATH, speed=NUMBER, hosts=st.dictionaries(TEXT, TEXT, max_size=2)),
)


@given(PLANS)
def test_a_plan_comes_back_as_it_was(plan: Plan) -> None:
    """A run that is resumed runs what it ran."""
    assert plan_of_json(plan_json(plan)) == plan


def test_values_of_the_command_line_are_left_out() -> None:
    """They may be secrets, and the journal can be read by other programs."""
    text = plan_json(Plan(steps=("a",), given={"token": "canary"}))
    assert "canary" not in text
    assert plan_of_json(text) == Plan(steps=("a",))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": 1}, "plan.colour"),
        ({"retry": {"count": 1, "pause": 2}}, "`pause`"),
        ({"stages": [{"duration_s": 1}, {"duration_s": 1, "shape": "bow"}]}, "plan.stages[1].shape"),
        ({"iterations": "many"}, "iterations"),
        ({"data": 5}, "data"),
    ],
)
def test_a_plan_with_what_no_plan_has_is_refused(change: dict[str, object], named: str) -> None:
    """A field of a newer version is not left out, since something else would be run; its place is named."""
    text = msgspec.json.encode(msgspec.json.decode(plan_json(Plan())) | change).decode()
    with pytest.raises(BrokenFile) as caught:
        plan_of_json(text, Path("/runs/one.sqlite"))
    assert caught.value.path == Path("/runs/one.sqlite")
    assert named in caught.value.reason


@pytest.mark.parametrize("text", ["", "[]", "null", '{"steps": 1', "[" * 100_000])
def test_text_that_is_no_plan_is_refused(text: str) -> None:
    """Whatever stands there, the error names the file."""
    with pytest.raises(BrokenFile):
        plan_of_json(text)
