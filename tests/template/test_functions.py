"""Each function does what its line in the table says."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.effective import Layer, Scope
from tui_client.model.values import Value
from tui_client.model.variables import Constant
from tui_client.template.evaluate import Evaluator
from tui_client.template.functions import FUNCTIONS, Context


def context() -> Context:
    return Context(clock=lambda: datetime(2024, 5, 1, 12, 30, 15, 999, tzinfo=UTC), rng=random.Random(7))


def evaluated(template: str, x: Value = None) -> Value:
    scope = Scope((Layer("row 7", {"x": Constant(x, literal=True)}),))
    return Evaluator(scope, context()).value(template).value


def refusal(template: str, x: Value = None) -> Failure:
    with pytest.raises(RequestFailed) as caught:
        evaluated(template, x)
    return caught.value.failure


@pytest.mark.parametrize(
    ("template", "x", "value"),
    [
        ("{{now()}}", None, "2024-05-01T12:30:15Z"),
        ("{{now('%d.%m.%Y')}}", None, "01.05.2024"),
        ("{{timestamp()}}", None, 1714566615),
        ("{{int(x)}}", "007", 7),
        ("{{int(x)}}", " -3 ", -3),
        ("{{int(x)}}", 4.0, 4),
        ("{{float(x)}}", "1e3", 1000.0),
        ("{{float(x)}}", 2, 2.0),
        ("{{bool(x)}}", "Yes", True),
        ("{{bool(x)}}", "off", False),
        ("{{bool(x)}}", True, True),
        ("{{json(x)}}", '{"a": 1.10}', '{"a": 1.10}'),
        ("{{json(x)}}", [1], "[1]"),
        ("{{string(x)}}", 5, "5"),
        ("{{base64(x)}}", "é", "w6k="),
        ("{{base64(x)}}", b"\xff", "/w=="),
        ("{{base64_decode(x)}}", "w6k", "é"),
        ("{{sha256(x)}}", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("{{url(x)}}", "a/b c~é", "a%2Fb%20c~%C3%A9"),
        ("{{lower(x)}}", "AbÉ", "abé"),
        ("{{upper(x)}}", "ab", "AB"),
        ("{{trim(x)}}", "  a b\n", "a b"),
        ("{{default(x, 'b')}}", "a", "a"),
        ("{{default(x, 'b')}}", "", "b"),
        ("{{default(x, 'b')}}", None, "b"),
        ("{{default(nowhere, 5)}}", None, 5),
        ("{{upper(trim(base64_decode(x)))}}", "IGEg", "A"),
    ],
)
def test_a_function_gives_its_value(template: str, x: Value, value: Value) -> None:
    """Every pure function, and those of the clock with the clock pinned."""
    assert evaluated(template, x) == value


def test_dice_come_from_the_context() -> None:
    """With the same dice the same values; both ends of a range are possible."""
    assert evaluated("{{uuid()}}") == evaluated("{{uuid()}}")
    assert str(evaluated("{{uuid()}}"))[14] == "4"
    evaluator = Evaluator(Scope(), context())
    assert {evaluator.value("{{random_int(1, 3)}}").value for _ in range(60)} == {1, 2, 3}


def test_the_real_clock_and_dice_are_the_default() -> None:
    """Two ids differ, the time is now."""
    evaluator = Evaluator(Scope(), Context())
    assert evaluator.value("{{uuid()}}") != evaluator.value("{{uuid()}}")
    stamp = evaluator.value("{{timestamp()}}").value
    assert isinstance(stamp, int)
    assert abs(stamp - datetime.now(UTC).timestamp()) < 60


@pytest.mark.parametrize(
    ("template", "x", "detail"),
    [
        ("{{int(x)}}", "12a", "'12a' is not a whole number (row 7)"),
        ("{{int(x)}}", "1_000", "'1_000' is not a whole number (row 7)"),
        ("{{int(x)}}", 1.5, "1.5 is not a whole number (row 7)"),
        ("{{int(x)}}", "9" * 5000, "'999999"),
        ("{{int(trim(x))}}", " ", "'' is not a whole number (row 7)"),
        ("{{float(x)}}", "nan", "'nan' is not a number (row 7)"),
        ("{{bool(x)}}", "perhaps", "'perhaps' is neither true nor false (row 7)"),
        ("{{json(x)}}", "{", "'{' is not JSON (row 7)"),
        ("{{base64_decode(x)}}", "é!", "'é!' is not base64 of text (row 7)"),
        ("{{random_int(x, 1)}}", 2, "2 is more than 1 (row 7)"),
    ],
)
def test_a_conversion_that_fails_names_variable_and_row(template: str, x: Value, detail: str) -> None:
    """The user can find the cell of the data file."""
    failure = refusal(template, x)
    assert (failure.kind, failure.subject) == (FailureKind.TEMPLATE_CONVERSION, "x")
    assert failure.detail.startswith(detail)


def test_a_function_that_isnt_there_is_named() -> None:
    """There is no code in templates but the table."""
    failure = refusal("{{shell('ls')}}")
    assert (failure.kind, failure.subject) == (FailureKind.TEMPLATE_UNKNOWN_FUNCTION, "shell")


@pytest.mark.parametrize("template", ["{{int()}}", "{{int(x, x)}}", "{{uuid(x)}}", "{{now('a', 'b')}}"])
def test_a_wrong_number_of_arguments_shows_the_usage(template: str) -> None:
    """The message says how the function is used."""
    failure = refusal(template)
    assert failure.kind is FailureKind.TEMPLATE_SYNTAX
    assert failure.detail.startswith("it is used as ")


def test_every_function_has_a_line_for_people() -> None:
    """The help screen and the docs list them from the table."""
    assert all(function.doc.endswith(".") and "(" in function.usage for function in FUNCTIONS.values())
    assert {"uuid", "now", "timestamp", "random_int", "int", "float", "bool", "json", "base64"} <= set(FUNCTIONS)
