"""Text that is nearly JSON."""

from __future__ import annotations

import io
import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.tui.widgets.format_json_loose import indent

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
_PIECES = st.lists(
    st.sampled_from(
        [
            *b"[ ] { } , : 1 -1.50e+3 NaN null key: 'x' < \xff".split(),
            *(b'"a"', b'"a\\"b\n"', b" ", b"\n", b"// c\n", b"/* c */", b'"open', b"\x00"),
        ]
    ),
    max_size=20,
).map(b"".join)
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|//[^\n\r]*|/\*.*?\*/|\'[^\'\n]*\'|[^\s]', re.DOTALL)


def indented(data: bytes) -> bytes:
    out = io.BytesIO()
    indent(data, out.write)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(_JSON, st.sampled_from([None, 1]), st.booleans())
def test_valid_json_looks_as_from_the_strict_formatter(value: object, margin: int | None, ascii_only: bool) -> None:
    """What is wrong in one place changes nothing of how the rest is laid out."""
    data = json.dumps(value, indent=margin, ensure_ascii=ascii_only).encode("utf-8", "replace")
    assert indented(data) == msgspec.json.format(data, indent=2)


@settings(max_examples=150, deadline=None)
@given(_PIECES)
def test_no_token_is_changed_lost_or_moved(data: bytes) -> None:
    """Whatever it is, only blanks between tokens differ."""
    assert _TOKENS.findall(indented(data)) == _TOKENS.findall(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'{"a":NaN,"b":[1,2,],}', '{\n  "a": NaN,\n  "b": [\n    1,\n    2,\n  ],\n}'),
        (b'{"a":1}\n{"a":[]}\n', '{\n  "a": 1\n}\n{\n  "a": []\n}'),
        (b"{a: 1, // one\n // two\n b: 'x'}", "{\n  a: 1, // one\n  // two\n  b: 'x'\n}"),
        (b"[1 2]]", "[\n  1\n  2\n]\n]"),
        (b'{"a":"cut', '{\n  "a": "cut'),
        (b'["\\ud800",1.10]', '[\n  "\\ud800",\n  1.10\n]'),
        (b"[1,<br> <b>  x", "[\n  1,\n  <br> <b>  x"),
    ],
)
def test_what_parsers_refuse_is_shown_as_well_as_can_be(data: bytes, text: str) -> None:
    """Each thing stands where people expect it."""
    assert indented(data).decode() == text


@pytest.mark.parametrize("data", [b"/*", b'"\\', b"[-", b"a", b"[ ", b"'", b"{[", b'":'])
def test_text_without_an_end_takes_no_longer_than_its_length(data: bytes) -> None:
    """A hostile reply costs no more than a large one: a quadratic search would take minutes here."""
    indented(data * 100_000)


def test_the_place_where_tokens_end_is_told() -> None:
    """The remark can name the byte."""
    assert indent(b"[1, <", io.BytesIO().write) == 4
    assert indent(b"[1] ", io.BytesIO().write) == 4
