"""Where keys stand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.errors import BrokenFile
from tui_client.storage.document import Document
from tui_client.storage.literals import key_literal, literal
from tui_client.storage.positions import Place, line_column, outline, toml_path

TEXT = """\
a = 1
"b c".d = { e = [1, "x", { f = '''
]''' }] } # c
[t] # t
  g = \"\"\"
a = "no key" \"\"\"\"
[[u]]
h = 1979-05-27 07:32:00
[[u]]
[u.v]
'i' = [
  # here
  1,
]
"""


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (("a",), (1, 1)),
        (("b c",), (2, 1)),
        (("b c", "d"), (2, 1)),
        (("b c", "d", "e"), (2, 13)),
        (("b c", "d", "e", 1), (2, 21)),
        (("b c", "d", "e", 2, "f"), (2, 28)),
        (("t",), (4, 1)),
        (("t", "g"), (5, 3)),
        (("u", 0), (7, 1)),
        (("u", 0, "h"), (8, 1)),
        (("u", 1), (9, 1)),
        (("u", 1, "v", "i"), (11, 1)),
        (("u", 1, "v", "i", 0), (13, 3)),
        (("t", "missing"), (4, 1)),
        (("nowhere",), (1, 1)),
    ],
)
def test_a_place_has_a_line_and_a_column(place: Place, at: tuple[int, int]) -> None:
    """Of the key, the item or the header; of the nearest table where there is none."""
    assert line_column(TEXT, outline(TEXT).find(place)) == at


def test_a_path_is_quoted_where_toml_would_quote() -> None:
    """So that it can be searched for."""
    assert toml_path(("assert", 0, "a b", "c")) == '$.assert[0]."a b".c'


def leaves(value: Any, place: Place = ()) -> list[Place]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in leaves(item, (*place, key))]
    if isinstance(value, list) and value:
        return [found for index, item in enumerate(value) for found in leaves(item, (*place, index))]
    return [place]


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
keys = anything | st.sampled_from(["a", "b", "a.b", '"', "'", "\\"])
scalars = keys | st.integers(-99, 99) | st.booleans() | st.just("x\n'''\n\"\"\"")
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, min_size=1, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(keys, trees, max_size=4))
@settings(max_examples=100, deadline=None)
def test_every_value_is_found_where_it_is_written(tree: dict[str, Any]) -> None:
    """The text between its offsets is the value itself."""
    text = "".join(f"{key_literal(key)} = {literal(value, lines=True)}\n" for key, value in tree.items())
    found = outline(text)
    for place in leaves(tree):
        span = found.spans[place]
        value: Any = tree
        for part in place:
            value = value[part]
        assert tomllib.loads(f"x = {text[span.start : span.end]}")["x"] == value


SIGNS = st.sampled_from(['a', '"b c"', '"\\"."', "'d'", ".", " . ", "=", " = ", "{", "}", ", ", "[", "]", "1",
                         "1.5", "\n", "\t", '"""\n', "# x.y\n", "'''"])  # fmt: skip


@given(st.lists(SIGNS, max_size=30).map("".join))
@settings(max_examples=300)
def test_no_dotted_key_is_overlooked(text: str) -> None:
    """Whether a key has a dot is only looked at closely where a quick look says there may be one."""
    try:
        document = Document(Path("x.toml"), text)
    except BrokenFile:
        return
    assert all(document.is_dotted(place) for place in document.outline.dotted)


@pytest.mark.parametrize("text", ["a.b = 1", '\t"a.b" . c = 1', "x = { y = 1, 'z'.k = 2 }", "x = [1, {a .b = 2}]"])
def test_dotted_keys_are_found_in_every_notation(text: str) -> None:
    """At the start of a line, quoted, and in inline tables."""
    document = Document(Path("x.toml"), text)
    assert document.outline.dotted
    assert all(document.is_dotted(place) for place in document.outline.dotted)
