"""JSON with variables in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.tui.panels.request_builder.json_text import format_template, json_problem


@pytest.mark.parametrize(
    "text",
    ["", "  ", "{}", '{"a": {{x}}, "b": "{{y}} z", "c": [{{int(n)}}, -{{n}}]}', "{{body}}", '{"{{k}}": 1}', "1" * 5000],
)
def test_what_may_be_json_has_no_problem(text: str) -> None:
    """Variables stand for any value, inside strings and outside."""
    assert json_problem(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n  "a": 1,\n  "b" 2\n}', "line 3, column 7: expecting ':' delimiter"),
        ('{"a": {{x}} {{y}}}', "line 1, column 13: expecting ',' delimiter"),
        ("[1,", "line 1, column 4: expecting value"),
        ("NaN", "NaN is not JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_problem_has_its_place(text: str, said: str) -> None:
    """Line and column are those of the text as it was typed."""
    assert json_problem(text) == said


def test_braces_are_no_variables_where_templates_are_off() -> None:
    """Without templates {{ is an object in an object, and no JSON."""
    assert json_problem("{{x}}", templates=False).startswith("line 1, column 2: ")


def test_formatting_keeps_variables_numbers_and_order() -> None:
    """Only white space changes."""
    text = '{"b":{{int(n)}},"a":[1.0,"{{x}} \\u00e9"],"c":{{ y }}}\n'
    assert format_template(text) == (
        '{\n  "b": {{int(n)}},\n  "a": [\n    1.0,\n    "{{x}} \\u00e9"\n  ],\n  "c": {{ y }}\n}\n'
    )


@pytest.mark.parametrize("text", ['{"a" 1}', "{{x}} {{y}}", "", "9071000000000" + "1709"])
def test_what_can_not_be_read_is_not_formatted(text: str) -> None:
    """Broken JSON stays as it is."""
    assert format_template(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    """Anything may be typed."""
    assert isinstance(json_problem(text), str)
    formatted = format_template(text)
    assert formatted is None or "".join(formatted.split()) == "".join(text.split()) or json_problem(text)
