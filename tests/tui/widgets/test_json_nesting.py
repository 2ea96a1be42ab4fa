"""Nesting in indented JSON, found in steps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.kinds.jsonpath import select
from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets import json_nesting
from tui_client.tui.widgets.json_nesting import Fold, FoldSearch, PathSearch, line_at

_LEAF = st.one_of(st.integers(), st.text(max_size=5), st.sampled_from(["{", "[", "},\n  ]", '"', "a b"]), st.none())
_KEYS = st.one_of(st.text(max_size=4), st.sampled_from(["id", "a.b", '"', "{", "]"]))
_JSON = st.recursive(
    _LEAF, lambda part: st.one_of(st.lists(part, max_size=5), st.dictionaries(_KEYS, part, max_size=5))
)


def indented(value: object) -> bytes:
    """As the viewer shows it."""
    return msgspec.json.format(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), indent=2)


def starts(text: bytes) -> list[int]:
    """Where the lines begin."""
    return [0, *(match.end() for match in re.finditer(b"\n", text))]


def path_of(text: bytes, start: int) -> str:
    search = PathSearch(BytesBody(text), start)
    while not search.complete:
        search.extend()
    return search.path


def fold_of(text: bytes, start: int) -> Fold | None:
    search = FoldSearch(BytesBody(text), line_at(BytesBody(text), start))
    while not search.complete:
        search.extend()
    return search.fold


@pytest.fixture(params=[7, 1 << 18], autouse=True, scope="module")
def step(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each fact holds however the text is cut into steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_nesting, "_STEP", request.param)
        yield


@given(_JSON)
def test_the_path_of_a_line_finds_the_value_on_it(value: object) -> None:
    """What is copied from the cursor can be pasted into an assert."""
    text = indented(value)
    for start in starts(text):
        line = line_at(BytesBody(text), start)
        found = select(path_of(text, start), value)
        if line.closes:
            continue
        if line.opens:
            fold = fold_of(text, start)
            assert fold is not None
            whole = text[start + line.indent : fold.end].rstrip(b"\n").removesuffix(b",")
            whole = whole[len(line.key) + 2 :] if line.key else whole
            assert msgspec.json.decode(whole) == found
        else:
            assert msgspec.json.decode(line.value) == found


@given(_JSON)
def test_the_end_of_a_container_has_its_path(value: object) -> None:
    """On its last line as on its first."""
    text = indented(value)
    for start in starts(text):
        if fold := fold_of(text, start):
            last = text.rindex(b"\n", 0, fold.end - 1) + 1
            assert line_at(BytesBody(text), last).closes
            assert path_of(text, last) == path_of(text, start)


@given(_JSON)
def test_a_fold_counts_the_parts_of_its_container(value: object) -> None:
    """The number that stands in its place."""
    text = indented(value)
    for start in starts(text):
        if fold := fold_of(text, start):
            found = select(path_of(text, start), value)
            assert isinstance(found, list | dict)
            assert fold.parts == len(found)
            assert text[: fold.end].rstrip(b"\n").endswith(fold.closing)


def test_a_path_is_written_as_rfc_9535_wants_it() -> None:
    """Names that are no identifiers stand in brackets, as they were sent."""
    text = indented({"a": [{"b c": {"d": 1}}]})
    assert path_of(text, text.index(b'        "d"')) == '$.a[0]["b c"].d'


@pytest.mark.parametrize("text", [b"", b"{", b"[\n  1,\n", b'  "a": 1', b"   x", b"\n\n\n", b'{\n      "a": [\n'])
def test_a_text_that_is_cut_or_strange_has_no_path_and_no_fold(text: bytes) -> None:
    """Nothing is made up, and nothing goes on for ever."""
    for start in starts(text):
        assert fold_of(text, start) is None
        assert path_of(text, start) in ("", "$", "$[0]")
