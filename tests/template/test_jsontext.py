"""Values go into JSON so that it stays JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.model.effective import Layer, Scope
from tui_client.model.values import Value
from tui_client.model.variables import Constant
from tui_client.template.evaluate import Evaluator
from tui_client.template.functions import Context
from tui_client.template.jsontext import json_text

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


def filled(template: str, x: Value, *, literal: bool = True) -> str:
    return json_text(template, Evaluator(Scope((Layer("row 1", {"x": Constant(x, literal=literal)}),)), Context()))


@given(ANY_TEXT)
def test_any_text_outside_a_string_becomes_a_json_string(value: str) -> None:
    """No cell of a data file can break the body, or add to it."""
    read = json.loads(filled('{"a": {{x}}, "b": [{{x}}], "c": { {{x}}: 1 }}', value))
    assert set(read) == {"a", "b", "c"}
    assert len(read["c"]) == 1
    assert json.dumps(read["a"]) == json.dumps(read["b"][0])


@given(ANY_TEXT)
def test_any_text_inside_a_string_stays_inside(value: str) -> None:
    """Quotes and backslashes of a value never end the string around them."""
    read = json.loads(filled(r'{"a\"\\": "<{{x}}>", "z": true}', value))
    assert (set(read), read["z"]) == ({'a"\\', "z"}, True)
    assert read['a"\\'][:1] + read['a"\\'][-1:] == "<>"


@pytest.mark.parametrize(
    ("template", "x", "text"),
    [
        ('{"a":{{x}}}', 5, '{"a":5}'),
        ('{"a":{{x}}}', None, '{"a":null}'),
        ('{"a":{{x}}}', [1, {"b": "c"}], '{"a":[1,{"b":"c"}]}'),
        ('{"a":"{{x}}"}', [1], '{"a":"[1]"}'),
        ('{"a":"{{x}}"}', 5, '{"a":"5"}'),
        ('{"a":{{int(x)}}}', "5", '{"a":5}'),
        ('{"a":{{string(x)}}}', 5, '{"a":"5"}'),
        ('{"a":{{json(x)}}}', '{"n": 1.10}', '{"a":{"n": 1.10}}'),
        ('{"a":"{{json(x)}}"}', '{"n":1}', '{"a":"{\\"n\\":1}"}'),
        ('  { "1.10" :1e400 }\n', None, '  { "1.10" :1e400 }\n'),
        ('{"a":"{{\'{{\'}}"}', None, '{"a":"{{"}'),
        ('{"\\\\":{{x}}}', 1, '{"\\\\":1}'),
    ],
)
def test_types_are_kept_and_the_rest_stays_byte_for_byte(template: str, x: Value, text: str) -> None:
    """Typed outside strings, text inside; layout and numbers of the template are not touched."""
    assert filled(template, x) == text


def test_a_variable_that_is_one_expression_keeps_its_type() -> None:
    """An alias of a number is a number."""
    scope = Scope((Layer("env", {"n": Constant("{{m}}"), "m": Constant(3), "t": Constant("<{{m}}>")}),))
    assert json_text("[{{n}},{{t}}]", Evaluator(scope, Context())) == '[3,"<3>"]'


def test_infinity_outside_a_string_is_refused() -> None:
    """TOML has inf, JSON has not."""
    with pytest.raises(RequestFailed) as caught:
        filled("[{{x}}]", float("inf"))
    assert (caught.value.failure.kind, caught.value.failure.subject) == (FailureKind.TEMPLATE_CONVERSION, "x")


def test_a_backslash_before_a_value_is_refused() -> None:
    r"""`"\{{x}}"` would take the first character of the value, and could end the string."""
    with pytest.raises(RequestFailed) as caught:
        filled('{"a":"\\{{x}}"}', '"')
    assert caught.value.failure.kind is FailureKind.TEMPLATE_SYNTAX
