"""Two bodies as aligned rows: nothing of either is lost, and only what differs is told."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.comparison.blocks import DIFFERENCES, Kind, Layout
from tui_client.replay.comparison.diff_rows import DiffRows, Row
from tui_client.replay.comparison.job import Job, compare_texts
from tui_client.replay.diff.ignore import Ignore
from tui_client.replay.diff.json_diff import changes
from tui_client.replay.diff.values import parse

_SCALARS: Final = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b,", "é\n", "{"])
_JSON: Final[st.SearchStrategy[Any]] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=20,
)
_DOCUMENTS: Final = st.lists(_JSON, max_size=5) | st.dictionaries(st.sampled_from("abcd"), _JSON, max_size=4)
_TEXTS: Final = st.lists(st.sampled_from(["a", "b", "c", "", "long " * 3]), max_size=12).map("\n".join)
_DEEP: Final = 5000


def compared(left: str, right: str, *ignore: str, secrets: frozenset[str] = frozenset()) -> DiffRows:
    job = Job(ignore=ignore, secrets=secrets)
    return DiffRows(memoryview(compare_texts(job, left.encode(), right.encode())))


def rows(found: DiffRows, layout: Layout = Layout.SIDES, *, folded: bool = False) -> list[Row]:
    return [found.row(layout, at, folded=folded) for at in range(found.count(layout, folded=folded))]


def signs(found: DiffRows) -> list[str]:
    """The rows that are not the same, as a patch has them."""
    told = []
    for row in rows(found, Layout.INLINE):
        if row.kind is not Kind.SAME:
            line = row.left or row.right
            assert line is not None
            told.append(f"{row.kind.name[0]}{'-' if row.left else '+'} {line.text.strip()}")
    return told


@given(_DOCUMENTS)
def test_equal_documents_have_no_difference(document: Any) -> None:
    """However a document is indented, it is the same."""
    found = compared(json.dumps(document), json.dumps(document, indent=3))
    assert not found.head.differs
    assert found.stop_count == 0
    assert {row.kind for row in rows(found)} <= {Kind.SAME}


@given(_DOCUMENTS, _DOCUMENTS)
def test_it_differs_where_a_comparison_of_runs_does(left: Any, right: Any) -> None:
    """One idea of what the same value is, for screens and for runs."""
    one, other = json.dumps(left), json.dumps(right)
    assert compared(one, other).head.differs == bool(list(changes(parse(one), parse(other), Ignore())))


@given(_DOCUMENTS, _DOCUMENTS)
def test_swapped_sides_swap_what_is_added_and_removed(left: Any, right: Any) -> None:
    """Which side is looked at first decides nothing about whether they differ."""
    there = compared(json.dumps(left), json.dumps(right)).head
    back = compared(json.dumps(right), json.dumps(left)).head
    assert there.differs == back.differs


@pytest.mark.parametrize("layout", Layout)
@given(left=_DOCUMENTS.map(json.dumps) | _TEXTS, right=_DOCUMENTS.map(json.dumps) | _TEXTS)
def test_every_line_of_both_sides_is_shown_once(layout: Layout, left: str, right: str) -> None:
    """A comparison hides nothing of a reply, in whatever order its names stand."""
    found = compared(left, right)
    shown = rows(found, layout)
    on_left = [row.left.number for row in shown if row.left]
    on_right = [row.right.number for row in shown if row.right]
    assert on_left == list(range(1, len(on_left) + 1))
    assert sorted(on_right) == list(range(1, len(on_right) + 1))


@given(left=_TEXTS, right=_TEXTS)
def test_the_rows_of_text_lead_from_one_side_to_the_other(left: str, right: str) -> None:
    """Taking away what was removed and putting in what was added gives the right side."""
    shown = rows(compared(left, right), Layout.INLINE)
    before = [row.left.text for row in shown if row.left]
    after = [row.right.text for row in shown if row.right]
    assert "\n".join(before) == left.removesuffix("\n")
    assert "\n".join(after) == right.removesuffix("\n")


@given(left=_TEXTS, right=_TEXTS)
def test_rows_are_found_again_when_the_rest_is_hidden(left: str, right: str) -> None:
    """Hidden or not, a difference is the same difference."""
    found = compared(left + "\nx" * 20, "\ny" * 5 + right + "\nx" * 20)
    for layout in Layout:
        for stop in range(found.stop_count):
            full = found.stop_row(stop, layout)
            at = found.shown_row(layout, full, folded=True)
            assert found.full_row(layout, at, folded=True) == full
            assert found.row(layout, at, folded=True) == found.row(layout, full, folded=False)
            assert found.stop_at(full, layout) == stop
            assert found.stops_before(full, layout) == stop


def test_what_is_far_from_a_difference_is_hidden() -> None:
    """Three rows around each difference, and how many are left out."""
    lines = [f"line {number}" for number in range(40)]
    found = compared("\n".join(lines), "\n".join([*lines[:20], "new", *lines[20:]]))
    assert [row.hidden for row in rows(found, folded=True)] == [17, 0, 0, 0, 0, 0, 0, 0, 17]
    assert [row.hidden for row in rows(compared("a\nb\nc", "a\nb\nc"), folded=True)] == [3]


def test_a_change_of_order_is_said_and_is_no_difference() -> None:
    """Names of an object have no order."""
    found = compared('{"a": 1, "b": [2], "c": 3}', '{"c": 3, "b": [2], "a": 1}')
    assert not found.head.differs
    assert found.head.remarks == ("The names in 1 object stand in another order, which is no difference.",)
    assert [row.right.number for row in rows(found) if row.right] == [1, 6, 3, 4, 5, 2, 7]


def test_numbers_are_compared_as_values_and_shown_as_sent() -> None:
    """1.10 is 1.1, written differently; 0.1 with one more digit far behind is not."""
    found = compared('{"a": 1.10, "b": 0.10000000000000000000001}', '{"a": 1.1, "b": 0.1}')
    assert signs(found) == [
        'W- "a": 1.10,',
        'W+ "a": 1.1,',
        'C- "b": 0.10000000000000000000001',
        'C+ "b": 0.1',
    ]
    assert (found.head.written, found.head.changed) == (1, 1)
    assert [found.place(stop) for stop in range(found.stop_count)] == ["$.a", "$.b"]


def test_one_more_element_is_one_difference() -> None:
    """What comes behind it is recognised."""
    left = [{"id": number, "name": f"n{number}"} for number in range(5)]
    found = compared(json.dumps(left), json.dumps([*left[:2], {"id": 9}, *left[2:]]))
    assert signs(found) == ["A+ {", 'A+ "id": 9', "A+ },"]
    assert found.place(0) == "$[2]"


def test_one_more_element_among_thousands_is_one_difference() -> None:
    """However many others changed."""
    left = [{"id": number, "price": number * 2} for number in range(2500)]
    right = [dict(one) for one in left]
    for number in range(0, 2500, 4):
        right[number]["price"] = 1
    del right[1002]
    head = compared(json.dumps(left), json.dumps(right)).head
    assert (head.changed, head.removed, head.added) == (625, 1, 0)


def test_ignored_paths_are_shown_and_not_counted() -> None:
    """What is left out is still there to be seen."""
    left = '{"id": 1, "items": [{"id": 1, "n": 1}, {"id": 2, "n": 2}], "only": 1}'
    right = '{"id": 2, "items": [{"id": 3, "n": 1}, {"id": 4, "n": 3}]}'
    found = compared(left, right, "$..id", "$.only")
    assert signs(found) == [
        'I- "id": 1,',
        'I+ "id": 2,',
        'I- "id": 1,',
        'I+ "id": 3,',
        'I- "id": 2,',
        'I+ "id": 4,',
        'C- "n": 2',
        'C+ "n": 3',
        'I- "only": 1',
    ]
    assert (found.head.changed, found.head.ignored) == (1, 4)


def test_ignored_elements_do_not_push_the_others_apart() -> None:
    """What is left out of an array counts as not there."""
    found = compared("[1, 99, 2, 3]", "[1, 2, 77, 78, 3]", "$[?@ > 9]")
    assert not found.head.differs
    assert signs(found) == ["I- 99,", "I+ 77,", "I+ 78,"]


def test_an_ignored_path_that_takes_too_long_is_said() -> None:
    """A path can't hold the screen up; nothing is left out then."""
    deep = "[" * 40 + "]" * 40
    found = compared(f'{{"a": 1, "b": {deep}}}', f'{{"a": 2, "b": {deep}}}', "$" + "..*" * 8)
    assert found.head.changed == 1
    assert found.head.remarks[0].startswith("Nothing is left out: the ignored path")


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        ('{"a": 1', "not JSON that can be read"),
        ("[" * _DEEP + "]" * _DEEP, "nested too deeply"),
        ('{"a": 1, "a": 2}', "a name stands twice"),
        ("[NaN]", "not JSON that can be read"),
    ],
)
def test_what_json_can_not_be_is_compared_line_by_line(left: str, reason: str) -> None:
    """A torn reply is still compared, and it is said how."""
    found = compared(left, '{"a": 1, "b": 3}')
    assert found.head.how == "lines"
    assert found.head.differs
    assert reason in found.head.remarks[-1]


def test_line_ends_are_said_and_are_no_difference() -> None:
    """Else every line would differ."""
    found = compared("a\r\nb\r\n", "a\nb\n")
    assert not found.head.differs
    assert found.head.remarks == ("Only the lines of the left one end in CR LF.",)


def test_a_page_of_one_line_is_broken_between_its_tags() -> None:
    """One difference in it is not all of it."""
    page = "<ul>" + "".join(f"<li>{number}</li>" for number in range(300)) + "</ul>"
    found = compared(page, page.replace("<li>7</li>", "<li>seven</li>"))
    assert signs(found) == ["C- <li>7</li>", "C+ <li>seven</li>"]


def test_two_long_lines_are_shown_where_they_differ() -> None:
    """A string of a megabyte is one line."""
    text = "x" * 1_000_000
    found = compared(json.dumps({"a": text + "left"}), json.dumps({"a": text + "right"}))
    row = rows(found)[1]
    assert row.left and row.right
    assert row.left.text.startswith("…xxx") and row.left.text.endswith('left"')
    assert row.right.text.endswith('right"')
    assert len(row.left.text) < 100


def test_secrets_are_masked_before_the_comparison() -> None:
    """A reply of the history, where they are masked already, is the same as that of now."""
    found = compared('{"token": "s3cret-value"}', '{"token": "•••"}', secrets=frozenset({"s3cret-value"}))
    assert not found.head.differs
    assert all("s3cret" not in row.left.text for row in rows(found) if row.left)


def test_differences_are_the_three_kinds_that_count() -> None:
    """Counted as such in the head."""
    head = compared('{"a": 1, "b": 2}', '{"b": 3, "c": 4}').head
    assert (head.changed, head.removed, head.added) == (1, 1, 1)
    assert {Kind.CHANGED, Kind.REMOVED, Kind.ADDED} == DIFFERENCES
