"""Rows of a text with folds."""

from __future__ import annotations

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.folded_rows import FoldedRows, PlaceFolds, Places, outermost
from tui_client.tui.widgets.json_nesting import Fold, FoldSearch, line_at
from tui_client.tui.widgets.line_index import LineIndex

_JSON = st.recursive(
    st.one_of(st.integers(), st.text(max_size=40)),
    lambda part: st.one_of(st.lists(part, max_size=4), st.dictionaries(st.text(max_size=3), part, max_size=4)),
    max_leaves=30,
)


def folds_of(text: bytes) -> list[Fold]:
    """All that can be folded."""
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        search = FoldSearch(BytesBody(text), line_at(BytesBody(text), start))
        while not search.complete:
            search.extend()
        found += [search.fold] if search.fold else []
        start += len(line)
    return found


@given(_JSON, st.sets(st.integers(0, 20)), st.integers(8, 40))
def test_what_is_seen_is_all_that_no_fold_hides(value: object, chosen: set[int], block: int) -> None:
    """Each row once, in order, whatever is folded and however long lines are cut."""
    text = msgspec.json.format(json.dumps(value).encode(), indent=2)
    folds = [fold for number, fold in enumerate(folds_of(text)) if number in chosen]
    index = LineIndex(BytesBody(text), block)
    rows = FoldedRows(index, folds)
    while not rows.complete:
        rows.extend()
    hidden = {row for fold in folds for row in range(index.row_at(fold.start), index.row_at(fold.end - 1) + 1)}
    seen = [number for number in range(index.row_count) if number not in hidden]
    assert [rows.row(number) for number in range(rows.row_count)] == [index.row(number) for number in seen]
    for number, real in enumerate(seen):
        assert rows.row_at(index.row(real).start) == number
    for fold in outermost(folds):
        assert rows.fold_of(rows.row_at(fold.start)) == fold
        assert rows.row_at(fold.start) == rows.row_at(fold.end - 1) == rows.row_at(fold.start - 1)
    heads = [number for number in range(rows.row_count) if rows.fold_of(number) is not None]
    assert len(heads) == len(outermost(folds))
    for first in range(rows.row_count):
        assert rows.heads(first, rows.row_count - 1) == [at for at in heads if first <= at < rows.row_count - 1]


def test_a_fold_waits_until_its_text_is_counted() -> None:
    """Rows that are not known yet can't be hidden."""
    text = msgspec.json.format(b'{"a": [' + b",".join([b'"some words"'] * 20_000) + b"]}", indent=2)
    index = LineIndex(BytesBody(text))
    index.extend()
    search = FoldSearch(BytesBody(text), line_at(BytesBody(text), text.index(b'  "a"')))
    while not search.complete:
        search.extend()
    assert search.fold is not None
    rows = FoldedRows(index, [search.fold])
    before = rows.row_count
    while not rows.complete:
        rows.extend()
    assert before > 1000
    assert rows.row_count == 3


@given(_JSON, st.integers(8, 40))
def test_folds_whose_rows_were_found_before_hide_the_same(value: object, block: int) -> None:
    """Found step by step in the background, and only once for the folds that stay."""
    text = msgspec.json.format(json.dumps(value).encode(), indent=2)
    folds = folds_of(text)
    index = LineIndex(BytesBody(text), block)
    while not index.complete:
        index.extend()
    places: Places = {}
    placing = PlaceFolds(index, folds, places)
    while not placing.complete:
        placing.extend()
    assert places.keys() == set(folds)
    at_once, prepared = FoldedRows(index, folds), FoldedRows(index, folds, places)
    assert prepared.places == at_once.places
    assert [prepared.row(number) for number in range(prepared.row_count)] == [
        at_once.row(number) for number in range(at_once.row_count)
    ]
