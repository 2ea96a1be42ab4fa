"""A JSON Schema as a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tui_client.errors import QueryError
from tui_client.kinds.checks import check, query_expr
from tui_client.kinds.lines import parse_assertion, parse_capture, print_assertion, print_capture
from tui_client.kinds.query.schema import BoundSchema, Schema
from tui_client.model.exchange import Exchange
from tui_client.model.request import Assertion

Make = Callable[..., Exchange]
TYPED = '{"type": "object", "properties": {"id": {"type": "integer"}}}'


def test_its_value_is_the_list_of_problems(exchange: Make) -> None:
    """Empty if the reply fits, so that `isEmpty` is the check; the others filter and compare as any list."""
    assert Schema(text=TYPED).evaluate(exchange(b'{"id": 1}')) == []
    assert Schema(text=TYPED).evaluate(exchange(b'{"id": "x"}')) == ["/id: 'x' is not of type integer"]
    (result,) = check((Assertion(Schema(text=TYPED), "isEmpty"),), exchange(b"[]"))
    assert (result.passed, result.actual, result.error) == (False, ["a list is not of type object"], "")


@pytest.mark.parametrize(
    ("query", "body", "reason"),
    [
        (Schema(text=TYPED), b"<p>", "not valid JSON"),
        (Schema(text=TYPED), b"", "the body is empty"),
        (Schema(text="{"), b"{}", "not valid JSON"),
        (Schema(text='{"type": 1}'), b"{}", "can't be used"),
        (Schema(file="a.json", text="{}"), b"{}", "takes a file or a text"),
        (Schema(), b"{}", "stands in a collection"),
        (Schema(file="a.json"), b"{}", "stands in a collection"),
    ],
)
def test_what_cant_be_asked_is_an_error(exchange: Make, query: Schema, body: bytes, reason: str) -> None:
    """No JSON, no schema: nothing is said about the reply."""
    with pytest.raises(QueryError, match=reason):
        query.evaluate(exchange(body))


def test_a_reply_that_should_have_no_body_has_none(exchange: Make) -> None:
    """What a document says of a 204."""
    bound = BoundSchema(find=lambda _: "")
    assert bound.evaluate(exchange(b"", status=204)) == []
    assert bound.evaluate(exchange(b"{}", status=204)) == ["the reply has a body, and none is documented"]


def test_it_is_told_before_anything_is_sent() -> None:
    """A text that is no schema; a file and a text at once."""
    assert "can't be used" in Schema(text='{"type": 1}').problem()
    assert "not both" in Schema(file="a", text="{}").problem()
    assert Schema(text=TYPED).problem() == Schema().problem() == Schema(file="a").problem() == ""


def test_what_is_bound_goes_into_no_file() -> None:
    """The field is not one of the kind that files, forms and their schema know."""
    bound = BoundSchema("a.json", "", lambda _: TYPED)
    assert bound.unbound() == Schema("a.json")
    assert [field.name for field in msgspec.structs.fields(Schema)] == ["file", "text"]
    assert query_expr(bound) == "a.json"


@pytest.mark.parametrize(
    "line",
    [
        "schema isEmpty",
        "# schema isEmpty",
        'schema file "schemas/a b.json" isEmpty',
        'schema text \'{"type": "object"}\' not isEmpty',
        'schema file "a" text "b" count == 1',
    ],
)
def test_a_line_says_all_of_it(line: str) -> None:
    """What the checks of the workbench show is what the file says."""
    assert print_assertion(parse_assertion(line)) == line


def test_a_bound_one_is_the_same_line() -> None:
    """Nothing of what was bound is shown."""
    bound: Any = Assertion(BoundSchema("a.json", "", lambda _: TYPED), "isEmpty")
    assert print_assertion(bound) == 'schema file "a.json" isEmpty'
    assert print_capture(parse_capture('wrong: schema file "a.json" count')) == 'wrong: schema file "a.json" count'
