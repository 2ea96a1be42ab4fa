"""Asserts and captures as lines of text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import UsageError
from tui_client.kinds import query
from tui_client.kinds.filters import FILTERS
from tui_client.kinds.lines import parse_assertion, parse_capture, print_assertion, print_capture
from tui_client.kinds.operators import OPERATORS, OPERATORS_WITHOUT_VALUE
from tui_client.model.kinds import Query
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.storage.library import Library

DEMO = Path(__file__).parents[2] / "collections" / "demo"
KINDS = query.kinds()
Json, Header, Status, Regex = KINDS["json"], KINDS["header"], KINDS["status"], KINDS["regex"]

texts = st.text(max_size=20)
scalars = st.one_of(
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    texts,
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.times(),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc \"'=", max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    kind = draw(st.sampled_from(list(KINDS.values())))
    return kind(**{name: draw(texts) for name in kind.__struct_fields__})


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    name = draw(st.sampled_from(list(FILTERS)))
    kinds = FILTERS[name].arguments
    return Filter(name, tuple(draw(st.integers(-99, 99)) if kind is int else draw(texts) for kind in kinds))


@st.composite
def assertions(draw: st.DrawFn) -> Assertion:
    op = draw(st.sampled_from(list(OPERATORS)))
    return Assertion(
        draw(queries()),
        op,
        None if op in OPERATORS_WITHOUT_VALUE else draw(values),
        tuple(draw(st.lists(filters(), max_size=2))),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@given(assertions())
def test_a_printed_assert_reads_back_the_same(assertion: Assertion) -> None:
    """Whatever an assert holds, its line says all of it, types included, in one line."""
    line = print_assertion(assertion)
    assert parse_assertion(line) == assertion
    assert "\n" not in line and "\r" not in line


@given(st.text(min_size=1, max_size=12), queries(), st.lists(filters(), max_size=2))
def test_a_printed_capture_reads_back_the_same(name: str, asked: Query, chain: list[Filter]) -> None:
    """The same for captures, whatever the name."""
    capture = Capture(name, asked, tuple(chain))
    assert parse_capture(print_capture(capture)) == capture


@pytest.mark.parametrize("name", ["token", "a b", '"', "'", "'\"", "\\", ":", "a:", "#", "-"])
def test_any_name_of_a_capture_reads_back(name: str) -> None:
    """Names that are no words are quoted."""
    capture = Capture(name, Status())
    assert parse_capture(print_capture(capture)) == capture


@pytest.mark.parametrize("key", Library(DEMO).keys())
def test_every_line_of_the_samples_reads_back_the_same(key: str) -> None:
    """The builder shows what the sample files say."""
    request = Library(DEMO).load(key).request
    assert tuple(parse_assertion(print_assertion(one)) for one in request.asserts) == request.asserts
    assert tuple(parse_capture(print_capture(one)) for one in request.captures) == request.captures


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("status == 200", Assertion(Status(), "==", 200)),
        ("# status == 200", Assertion(Status(), "==", 200, enabled=False)),
        (
            'header "Content-Type" not startsWith text',
            Assertion(Header("Content-Type"), "startsWith", "text", (), True),
        ),
        ("header Content-Type == json", Assertion(Header("Content-Type"), "==", "json")),
        ("json $.id isInteger", Assertion(Json("$.id"), "isInteger")),
        ('status == "200"', Assertion(Status(), "==", "200")),
        ("json $.on == true", Assertion(Json("$.on"), "==", True)),
        ("json $.share > 1.5", Assertion(Json("$.share"), ">", 1.5)),
        ("json $.user == {{username}}", Assertion(Json("$.user"), "==", "{{username}}")),
        ('json $.tags == ["a", 1]', Assertion(Json("$.tags"), "==", ["a", 1])),
        ('json $.user == {"id": 7}', Assertion(Json("$.user"), "==", {"id": 7})),
        ("json $.day == 2026-05-01", Assertion(Json("$.day"), "==", date(2026, 5, 1))),
        ('json $.day == "2026-05-01"', Assertion(Json("$.day"), "==", "2026-05-01")),
        ("json $.at == 2026-05-01T10:00:00Z", Assertion(Json("$.at"), "==", datetime(2026, 5, 1, 10, tzinfo=UTC))),
        ("json $.at == 10:00:00", Assertion(Json("$.at"), "==", time(10))),
        (r'regex "id=(\d+)" == "7"', Assertion(Regex(r"id=(\d+)"), "==", "7")),
        (r"regex '\bid\b' exists", Assertion(Regex(r"\bid\b"), "exists")),
        (r'regex "\bid\b" exists', Assertion(Regex(r"\bid\b"), "exists")),
        (
            r"""json '$["a b"]' split(",") nth(-1) regex('(\d)') == x""",
            Assertion(
                Json('$["a b"]'),
                "==",
                "x",
                (Filter("split", (",",)), Filter("nth", (-1,)), Filter("regex", (r"(\d)",))),
            ),
        ),
    ],
)
def test_lines_as_people_write_them(line: str, expected: Assertion) -> None:
    """Quotes may be left out where nothing is unclear; a backslash in a pattern need not be doubled."""
    assert parse_assertion(line) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Begin with what to look at: "),
        ("statu == 200", "Begin with what to look at: "),
        ("status", "An operator is missing: ==,"),
        ("status = 200", "= is neither a filter nor an operator. Operators: =="),
        ("status ==", "== needs a value."),
        ("status == null", "TOML has no null. Write isNull"),
        ("json $.a == [null]", "TOML has no null"),
        ("json $.a == [1, 2", "This list can't be read"),
        ("json $.a == {a}", "This object can't be read"),
        ("body == two words", "Nothing is expected after this: words. Put text with blanks into quotes."),
        ("status exists 1", "Nothing is expected after this: 1."),
        ('body == "open', "A quote is not closed"),
        ("json == 1", 'json needs expr, as in: json "$.id"'),
        ("json", 'json needs expr, as in: json "$.id"'),
        ("json $.a nth == 1", "nth takes 1 arguments, got 0"),
        ('json $.a nth("x") == 1', "nth takes an integer, got text"),
        ("json $.a nth(,) == 1", "The arguments of nth can't be read"),
    ],
)
def test_what_is_wrong_is_said(line: str, said: str) -> None:
    """A line that can't be read says what was expected, in a sentence."""
    with pytest.raises(UsageError) as caught:
        parse_assertion(line)
    assert said in caught.value.reason


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("token", "Write a name, a colon and a query"),
        (": status", "Write a name, a colon and a query"),
        ("token: ", "Begin with what to look at"),
        ('token: json "$.a" cout', "cout is not a filter. Filters: count"),
    ],
)
def test_what_is_wrong_with_a_capture_is_said(line: str, said: str) -> None:
    """The same for captures."""
    with pytest.raises(UsageError) as caught:
        parse_capture(line)
    assert said in caught.value.reason


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Anything typed is a line or a sentence that says why not."""
    for read in (parse_assertion, parse_capture):
        try:
            read(text)
        except UsageError as error:
            assert error.reason


@given(
    st.sampled_from(["status == ", "json $.a == [", 'json "', "json $.a nth(", "a: json $.a split("]),
    st.text(max_size=20),
)
def test_no_end_of_a_line_breaks_the_reader(begin: str, end: str) -> None:
    """The same in the middle of a line."""
    for read in (parse_assertion, parse_capture):
        try:
            read(begin + end)
        except UsageError as error:
            assert error.reason
