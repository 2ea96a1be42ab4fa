"""Values become text and JSON exactly."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.values import Value
from tui_client.template.values import JsonText, escaped, json_of, parsed_json, text_of

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "text", "as_json"),
    [
        ("a", "a", '"a"'),
        (True, "true", "true"),
        (5, "5", "5"),
        (1.5, "1.5", "1.5"),
        (None, "null", "null"),
        (b"\xc3\xa9", "é", '"é"'),
        (datetime(2024, 5, 1, 12, tzinfo=UTC), "2024-05-01T12:00:00Z", '"2024-05-01T12:00:00Z"'),
        (date(2024, 5, 1), "2024-05-01", '"2024-05-01"'),
        (time(7, 30), "07:30:00", '"07:30:00"'),
        ([1, "ü", date(2024, 5, 1)], '[1,"ü","2024-05-01"]', '[1,"ü","2024-05-01"]'),
        ({"a": {"b": None}}, '{"a":{"b":null}}', '{"a":{"b":null}}'),
        (JsonText("1.10"), "1.10", "1.10"),
    ],
)
def test_each_type_has_its_text_and_its_json(value: Value, text: str, as_json: str) -> None:
    """Dates are ISO 8601, lists and tables are JSON, checked JSON stays as it was."""
    assert (text_of(value), json_of(value)) == (text, as_json)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), [float("nan")], b"\xff", [object()]])
def test_what_json_cant_say_is_refused(value: Value) -> None:
    """No body becomes invalid JSON behind the user's back."""
    with pytest.raises(ValueError, match=r"."):
        json_of(value)


@given(JSON_VALUES)
def test_json_of_a_value_reads_back_as_that_value(value: Value) -> None:
    """Nothing is lost between a captured value and the body it goes into."""
    assert json.loads(json_of(value)) == value


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_can_stand_inside_a_json_string(text: str) -> None:
    """Quotes, controls and lone surrogates are escaped, so that the result is UTF-8 and reads back."""
    raw = f'"{escaped(text)}"'.encode()
    # JSON joins two surrogate escapes that make a pair.
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(raw) == expected


@pytest.mark.parametrize("text", ["1e400", "1.10", '{"a": 1, "a": 2}', "9" * 5000])
def test_valid_json_is_kept_to_the_letter(text: str) -> None:
    """Numbers, spaces and repeated keys are not printed anew."""
    assert parsed_json(text) == text


@pytest.mark.parametrize("text", ["", "{", "NaN", "[" * 100_000])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    """Also what Python's parser would take, and what would exhaust it."""
    with pytest.raises(ValueError, match=r"."):
        parsed_json(text)
