"""JSONPath is RFC 9535's, and bounded."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.kinds.jsonpath import locate, select
from tui_client.model.values import MISSING

# RFC 9535, section 1.5.
_STORE = {
    "store": {
        "book": [
            {"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
            {"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
            {"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553", "price": 8.99},
            {"category": "fiction", "author": "J. R. R. Tolkien", "title": "Lord", "isbn": "0-395", "price": 22.99},
        ],
        "bicycle": {"color": "red", "price": 399},
    }
}
_AUTHORS = ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]


@pytest.mark.parametrize(
    ("expr", "found"),
    [
        ("$.store.book[*].author", _AUTHORS),
        ("$..author", _AUTHORS),
        ("$.store..price", [8.95, 12.99, 8.99, 22.99, 399]),
        ("$..book[2].author", ["Herman Melville"]),
        ("$..book[2].publisher", []),
        ("$..book[-1].title", ["Lord"]),
        ("$..book[0,1].price", [8.95, 12.99]),
        ("$..book[:2].price", [8.95, 12.99]),
        ("$..book[?@.isbn].price", [8.99, 22.99]),
        ("$..book[?@.price<10].price", [8.95, 8.99]),
        ("$..book[?count(@.*)==5].isbn", ["0-553", "0-395"]),
        ("$..book[?length(@.title)==4].price", [22.99]),
        ("$..book[?value(@..isbn)=='0-395'].price", [22.99]),
        ("$..book[?match(@.author, '.*Rees')].price", [8.95]),
        ("$..book[?search(@.author, '[R]{1}')].price", [8.95, 22.99]),
        ("$..book[?search(@.author, '')].price", [8.95, 12.99, 8.99, 22.99]),
        ("$..book[?match(@.author, '(?i)nigel rees')].price", []),
        ("$..book[?@.price<10 && @.category=='fiction'].price", [8.99]),
        ("$.store.bicycle.color", "red"),
        ("$.store.bicycle.size", MISSING),
        ("$['store']['book'][9]", MISSING),
    ],
)
def test_the_examples_of_the_standard(expr: str, found: Any) -> None:
    """A singular query gives its value or nothing, any other a list."""
    assert select(expr, _STORE) == found


@pytest.mark.parametrize("deep", [150, 900])
def test_descendants_are_found_as_deep_as_json_goes(deep: int) -> None:
    """Depth is bounded by the parser of JSON alone."""
    document: Any = {"leaf": 1}
    for _ in range(deep):
        document = [document]
    assert select("$..leaf", document) == [1]


def test_descendants_come_in_the_documents_order() -> None:
    """A node before its children, children in order, as the standard says of arrays."""
    document = {"a": [{"b": 1}, {"c": [{"b": 2}]}], "b": 3}
    assert select("$..b", document) == [3, 1, 2]


@pytest.mark.parametrize(
    "expr",
    [
        "$.",
        "store",
        "$..[",
        "$[?",
        "$[?nope(@)]",
        "$[?@.a==]",
        "$[9999999999999999999]",
        "$[?@>1e999]",
        "$.a ",
        "$" * 99,
    ],
)
def test_what_is_no_jsonpath_is_an_error(expr: str) -> None:
    """The error quotes the expression."""
    with pytest.raises(QueryError, match="not a JSONPath") as raised:
        select(expr, _STORE)
    assert expr in raised.value.reason


@pytest.mark.parametrize("expr", ["$[?" + "!" * 5000 + "@]", "$[?" + "(" * 3000 + "@", "$" + "[?@" * 2000])
def test_a_nested_expression_does_not_end_the_program(expr: str) -> None:
    """Depth that Python can't follow is an error like others."""
    with pytest.raises(QueryError):
        select(expr, _STORE)


@pytest.mark.parametrize("expr", ["", "$" + ".a" * 6000])
def test_empty_and_endless_expressions_are_refused(expr: str) -> None:
    """Before anything is parsed."""
    with pytest.raises(QueryError, match=r"needs an expression|longer than"):
        select(expr, _STORE)


@pytest.mark.parametrize(
    ("expr", "document"),
    [
        ("$..[?count($..*) > 1]", [[1, 2]] * 50_000),
        ("$[?search(@, '(a|aa)*[bc]')]", ["a" * 5000]),
        # Each search is fast enough by itself.
        ("$[?search(@, '(a|aa)*[bc]')]", ["a" * 22] * 100_000),
        ("$..[?@..[?@..x]]", [[[1]] * 300] * 300),
    ],
)
def test_a_runaway_query_is_stopped_when_its_time_is_up(expr: str, document: Any) -> None:
    """Neither a pattern nor a search inside a search holds up the rest."""
    with pytest.raises(QueryError, match="took longer than"):
        locate(expr, document, limit_s=0.1)


def test_a_runaway_query_has_a_second() -> None:
    """No more, as its document would keep it busy for minutes."""
    began = time.process_time()
    with pytest.raises(QueryError, match="took longer than 1 s"):
        select("$..[?@..[?@..x]]", [[[1]] * 300] * 300)
    assert time.process_time() - began < 5


_LETTERS = st.text(alphabet="$@.[]*?'\"(),:<>=!&|0123456789-aeb _\\", max_size=30)
_WORDS = (
    "$ @ .a [0] [*] .. [? ] ( ) == < && ! count( match( , 'a' length( 1e400 -0 1.5 true null [::0] [1:2] ' \\u value("
)
_PARTS = st.lists(st.sampled_from(_WORDS.split()), max_size=14).map("".join)
_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=8,
)


@given(st.one_of(_LETTERS.map("$".__add__), _PARTS.map("$".__add__), st.text(max_size=20)), _DOCUMENTS)
@example("$[?@.a==1e400]", [{"a": 1}])
@example("$[?@.a==-1e400]", [{"a": 1}])
def test_any_expression_gives_a_value_or_a_query_error(expr: str, document: Any) -> None:
    """Whatever stands in a file, no exception of the library gets through."""
    try:
        select(expr, document)
    except QueryError as error:
        assert error.query == "json"


def test_places_are_the_names_and_indices_that_lead_there() -> None:
    """What a path finds can be found again by its place; a path that finds nothing has none."""
    assert ("store", "bicycle", "price") in locate("$..price", _STORE)
    assert ("store", "book", 2, "isbn") in locate("$..isbn", _STORE)
    assert locate("$", _STORE) == [()]
    assert locate("$.none", _STORE) == []
    with pytest.raises(QueryError, match="is not a JSONPath"):
        locate("$..[", _STORE, "ignore")
