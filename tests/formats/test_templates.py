"""Foreign text as templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.formats._templates import converted, json_converted, literal, query_rows, variable, variable_name
from tui_client.model.effective import Layer, Scope
from tui_client.model.variables import Constant
from tui_client.template.preview import preview


def value_of(template: str) -> str:
    scope = Scope((Layer("env", {"a": Constant("VALUE"), "base_url": Constant("URL")}),))
    return "".join(piece.text for piece in preview(template, scope))


@given(st.text(alphabet="{}'ab$ ") | st.text())
def test_literal_text_means_itself(text: str) -> None:
    """Whatever braces are in it."""
    assert value_of(literal(text)) == text


@pytest.mark.parametrize(
    ("name", "ours"), [("a", "a"), ("base url", "base_url"), ("x{y}", "x_y_"), ("", "_"), ("ä.b-c", "ä.b-c")]
)
def test_names_become_ours(name: str, ours: str) -> None:
    """Letters, digits, _, - and . stay."""
    assert variable_name(name) == ours


def test_holes_become_variables_and_the_rest_stays() -> None:
    """A hole that is left alone is text, braces too."""
    hole = re.compile(r"\$\{(\w+)\}")
    text = converted("{{x}} ${a} ${no}", hole, lambda match: variable(match[1]) if match[1] == "a" else None)
    assert value_of(text) == "{{x}} VALUE ${no}"


HOLE = re.compile(r"\{\{(\w+)\}\}")


def same(match: re.Match[str]) -> str:
    return variable(match[1])


def test_a_variable_outside_of_the_strings_of_json_is_json_itself() -> None:
    """Others put it in as it is; inside a string it is text, behind an escaped quote too."""
    text = r'{"a": {{n}}, "b\"{{s}}": ["{{s}}", {{n}}]}'
    assert json_converted(text, HOLE, same) == r'{"a": {{json(n)}}, "b\"{{s}}": ["{{s}}", {{json(n)}}]}'


@pytest.mark.parametrize(
    ("url", "kept", "rows"),
    [
        ("http://a/x?a=1&b=c%20d", "http://a/x", [("a", "1"), ("b", "c d")]),
        ("http://a/x?a=1,2&b={{v}}#f", "http://a/x?a=1,2#f", [("b", "{{v}}")]),
        ("http://a/x?a=%7e&b", "http://a/x?a=%7e&b", []),
        ("http://a/x?q=ü d", "http://a/x", [("q", "ü d")]),
        ("http://a/x?", "http://a/x?", []),
        ("http://a/x?&b=1", "http://a/x?&b=1", []),
        ("http://a/x?a&&b=1&c=2", "http://a/x?a&&b=1", [("c", "2")]),
        ("{{a}}/x?a={{b}}c", "{{a}}/x", [("a", "{{b}}c")]),
    ],
)
def test_the_end_of_a_query_that_is_sent_alike_becomes_rows(url: str, kept: str, rows: list[tuple[str, str]]) -> None:
    """What our encoding would change stays in the URL, and all that stands before it."""
    base, found = query_rows(url, HOLE, same)
    assert (base, [(row.name, row.value) for row in found]) == (kept, rows)
