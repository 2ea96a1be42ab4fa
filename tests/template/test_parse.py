"""Templates are read as they are written, and written as they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.template.parse import (
    MAX_DEPTH,
    MAX_EXPRESSION,
    Broken,
    Call,
    Literal,
    Text,
    Variable,
    parse,
    scan,
    unparse,
    variables_in,
)

NAMES = st.text("abcXYZ019_-.é", min_size=1, max_size=8)
# In an argument, "-1.5" is a number.
ARGUMENT_NAMES = NAMES.map(lambda name: f"v{name}")
LITERALS = (
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=8)
    | st.integers(-(10**20), 10**20)
    | st.decimals(-1000, 1000, places=3).map(float).filter(lambda number: "e" not in str(number))
).map(Literal)
ARGUMENTS = st.recursive(
    LITERALS | ARGUMENT_NAMES.map(Variable),
    lambda inner: st.builds(Call, NAMES, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
CALLS = st.builds(Call, NAMES, st.lists(ARGUMENTS, max_size=3).map(tuple))
TEXTS = st.text("{}'\"ab(\n", min_size=1, max_size=12).map(Text)


def merged(segments: list[Text | Variable | Call]) -> tuple[Text | Variable | Call, ...]:
    found: list[Text | Variable | Call] = []
    for segment in segments:
        if isinstance(segment, Text) and found and isinstance(last := found[-1], Text):
            found[-1] = Text(last.value + segment.value)
        else:
            found.append(segment)
    return tuple(found)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", ()),
        ("plain } text }}", (Text("plain } text }}"),)),
        ("{{name}}", (Variable("name"),)),
        ("a{{ user-id.x_1 }}b", (Text("a"), Variable("user-id.x_1"), Text("b"))),
        ("{{größe}}", (Variable("größe"),)),
        ("{{7}}", (Variable("7"),)),
        ("{{uuid()}}", (Call("uuid"),)),
        ("{{ random_int( -1 , 9.5 ) }}", (Call("random_int", (Literal(-1), Literal(9.5))),)),
        ("{{default(x, 'a \"b')}}", (Call("default", (Variable("x"), Literal('a "b'))),)),
        ("{{a(b(c))}}", (Call("a", (Call("b", (Variable("c"),)),)),)),
        ("{{'{{'}}", (Text("{{"),)),
        ("x{{'{{'}}y", (Text("x{{y"),)),
        ("{{{a}}}", (Text("{"), Variable("a"), Text("}"))),
        ('{"a":{{a}}}', (Text('{"a":'), Variable("a"), Text("}"))),
        ("{{'}}'}}", (Text("}}"),)),
    ],
)
def test_a_template_is_read_into_segments(text: str, segments: tuple[object, ...]) -> None:
    """The grammar at the top of the file, example by example."""
    assert parse(text) == segments


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("{{}}", "expected a name, at character 1"),
        ("ab{{", "expected a name, found the end, at character 3"),
        ("{{name", "expected }}, found the end, at character 1"),
        ("{{a b}}", "expected }}, at character 1"),
        ("{{f(}}", "expected a name, at character 1"),
        ("{{f(a b)}}", "expected ,, at character 1"),
        ("{{f('x)}}", "a string without its closing quote, at character 1"),
        ("{{a}} {{$b}}", "expected a name, at character 7"),
        ("{{" + "f(" * (MAX_DEPTH + 2) + ")" * (MAX_DEPTH + 2) + "}}", f"calls nest deeper than {MAX_DEPTH}"),
        ("{{" + "a" * (MAX_EXPRESSION + 1) + "}}", f"longer than {MAX_EXPRESSION} characters"),
    ],
)
def test_a_hole_that_cant_be_read_says_why_and_where(text: str, detail: str) -> None:
    """A syntax error carries its place, the character, and what was expected."""
    with pytest.raises(RequestFailed) as caught:
        parse(text, "users/list: $.url")
    failure = caught.value.failure
    assert (failure.kind, failure.place) == (FailureKind.TEMPLATE_SYNTAX, "users/list: $.url")
    assert failure.detail.startswith(detail)


@given(st.lists(TEXTS | NAMES.map(Variable) | CALLS, max_size=6).map(merged))
def test_what_is_written_is_read_again(segments: tuple[Text | Variable | Call, ...]) -> None:
    """unparse is the inverse of parse, for any segments."""
    assert parse(unparse(segments)) == segments


@given(st.text("{}'\"ab(, \n1", max_size=60))
def test_a_scan_loses_nothing_and_never_fails(text: str) -> None:
    """The sources of a scan put together are the text, whatever it is."""
    assert "".join(located.source for located in scan(text)) == text


def test_a_scan_goes_on_after_a_broken_hole() -> None:
    """One mistake hides no other variable."""
    kinds = [type(located.segment) for located in scan("{{a b}}{{c}}{{ {{d}}")]
    assert kinds == [Broken, Variable, Broken, Variable]


def test_many_broken_holes_are_read_in_bounded_steps() -> None:
    """A hostile text of unclosed strings costs a bounded look-ahead for each hole, not the whole rest."""
    assert len(scan("{{'" * 20_000)) == 20_000


def test_the_variables_of_a_template_come_once_and_in_order() -> None:
    """Completion and hints get names, also out of calls and beside broken holes."""
    assert variables_in("{{b}}{{f(a, 'x', g(b, c))}}{{ oh no }}") == ("b", "a", "c")
