"""Foreign text as templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.formats._templates import converted, literal, variable, variable_name
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
