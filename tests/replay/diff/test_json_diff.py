"""One change for exactly each field of a JSON document that changed."""

from __future__ import annotations

import copy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.diff.ignore import Ignore
from tui_client.replay.diff.json_diff import MAX_CHANGES, Change, changes
from tui_client.replay.diff.places import path_text
from tui_client.replay.diff.values import Json, parse

_SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(exclude_categories=()), max_size=5)
)
_JSON: Final[st.SearchStrategy[Any]] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)
_CONTAINERS: Final = st.lists(_JSON, min_size=1, max_size=4) | st.dictionaries(st.text(max_size=3), _JSON, min_size=1)
_EDITED: Final = "edited: a text that no strategy makes"


def found(before: Json, after: Json, *ignore: str) -> list[Change]:
    return list(changes(before, after, Ignore(ignore)))


def of_text(before: str, after: str, *ignore: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.where, one.before, one.after) for one in found(parse(before), parse(after), *ignore)]


def locations(value: Json, at: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    """Every place in a document but its root."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, child in members for place in ((*at, key), *locations(child, (*at, key)))]


@given(_JSON)
def test_a_document_does_not_differ_from_its_copy(value: Any) -> None:
    """Whatever a document holds, NaN and half surrogate pairs too, it equals itself."""
    assert found(value, value) == []
    assert found(value, copy.deepcopy(value)) == []


@given(_JSON, _JSON)
def test_any_two_documents_can_be_compared(before: Any, after: Any) -> None:
    """A comparison never fails, whatever two servers sent, and finds changes both ways or none."""
    there, back = found(before, after), found(after, before)
    assert bool(there) == bool(back)
    for change in there:
        change.where.encode()
        assert change.before != change.after


@given(_CONTAINERS, st.data())
def test_one_edit_is_reported_at_exactly_its_place(before: Any, data: st.DataObject) -> None:
    """Of a changed field no parent and no neighbour is reported, and the path given leaves it out."""
    place = data.draw(st.sampled_from(locations(before)))
    after = copy.deepcopy(before)
    holder = after
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = _EDITED
    [change] = found(before, after)
    assert change.where == path_text(place)
    assert change.after == f'"{_EDITED}"'
    assert found(before, after, change.where) == []


@given(_CONTAINERS, st.data())
def test_a_removed_member_is_reported_at_exactly_its_place(before: Any, data: st.DataObject) -> None:
    """A field that is gone has no value after; the other way round it has none before."""
    before = {"root": before}
    place = data.draw(st.sampled_from([one for one in locations(before) if isinstance(one[-1], str)]))
    after = copy.deepcopy(before)
    holder = after
    for key in place[:-1]:
        holder = holder[key]
    del holder[place[-1]]
    [gone], [added] = found(before, after), found(after, before)
    assert (gone.where, gone.after) == (path_text(place), None)
    assert (added.where, added.before) == (path_text(place), None)
    assert found(before, after, gone.where) == []


@given(st.lists(_JSON, max_size=6), st.data())
def test_an_inserted_element_is_one_change(before: list[Any], data: st.DataObject) -> None:
    """One more element in the middle says nothing of those after it; one less likewise."""
    at = data.draw(st.integers(0, len(before)))
    after = [*before[:at], _EDITED, *before[at:]]
    assert found(before, after) == [Change(f"$[{at}]", None, f'"{_EDITED}"')]
    assert found(after, before) == [Change(f"$[{at}]", f'"{_EDITED}"', None)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1", "1.0"),
        ("1.10", "1.1"),
        ("100", "1e2"),
        ("0", "-0.0"),
        ("NaN", "NaN"),
        ("1e400", "10e399"),
        ("1e99999999999999999999", "1e99999999999999999999"),
        ('{"a": 1, "a": 2}', '{"a": 2}'),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ('"\\u00e9"', '"é"'),
    ],
)
def test_the_same_value_written_otherwise_is_no_change(before: str, after: str) -> None:
    """What JSON calls equal is equal, as far as numbers go."""
    assert of_text(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1", '"1"'),
        ("1", "true"),
        ("0", "false"),
        ("null", "false"),
        ('""', "null"),
        ("[]", "{}"),
        ("NaN", "Infinity"),
        ("9007199254740993", "9007199254740992"),
        ("9007199254740993", "9007199254740992.0"),
        ("0.10000000000000001", "0.1"),
        ("1e400", "1e401"),
    ],
)
def test_another_value_is_a_change_and_shown_as_written(before: str, after: str) -> None:
    """Types are kept apart and numbers compared exactly, beyond what a float can hold."""
    assert of_text(before, after) == [("$", before, after)]


def test_numbers_too_long_for_python_are_compared_to_their_last_digit() -> None:
    """A number of thousands of digits is neither an error nor equal to the next one."""
    long = "1" * 5000
    assert of_text(long, long) == []
    assert of_text(long, long[:-1] + "2") == [("$", "…" + "1" * 21, "…" + "1" * 20 + "2")]


def test_long_values_are_shown_where_they_differ() -> None:
    """Two long texts that begin alike are not shown as the same beginning twice."""
    [(_, before, after)] = of_text(f'"{"a" * 300}b"', f'"{"a" * 300}c"')
    assert before == "…" + "a" * 20 + 'b"'
    assert after == "…" + "a" * 20 + 'c"'
    [(_, before, _)] = of_text(f'"{"b" * 300}"', f'"{"c" * 300}"')
    assert before is not None
    assert (len(before), before[-1]) == (100, "…")


def test_names_that_are_no_identifiers_stand_in_quotes() -> None:
    """The path of a change is RFC 9535's, so that it can be pasted where paths are ignored."""
    before = {"a": {"b_1": 1, "odd name": 1, "it's": 1, 'a"b\\': 1, "": 1, "größe": 1, "x\n\x01": 1, "1": 1}}
    after = {"a": dict.fromkeys(before["a"], 2)}
    assert [one.where for one in found(before, after)] == [
        "$.a.b_1",
        "$.a['odd name']",
        "$.a['it\\'s']",
        "$.a['a\"b\\\\']",
        "$.a['']",
        "$.a['größe']",
        "$.a['x\\n\\u0001']",
        "$.a['1']",
    ]
    assert found(before, after, *[one.where for one in found(before, after)]) == []


def test_elements_are_aligned_by_what_is_not_ignored() -> None:
    """Ids that change with every reply don't hide which element is new."""
    before = '[{"id": 1, "a": 1}, {"id": 2, "a": 2}]'
    after = '[{"id": 7, "a": 0}, {"id": 8, "a": 1}, {"id": 9, "a": 2}]'
    assert of_text(before, after, "$..id") == [("$[0]", None, '{"id": 7, "a": 0}')]


def test_a_change_after_an_insertion_has_the_later_index() -> None:
    """A path can be looked up in the later reply; a removed element's in the earlier one."""
    before = '[{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]'
    after = '[{"a": 0}, {"a": 1}, {"a": 2}, {"a": 30}, {"a": 4}]'
    assert of_text(before, after) == [("$[0]", None, '{"a": 0}'), ("$[3].a", "3", "30")]


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ("$.id", ["$.items[0].price", "$.items[0].meta.created_at", "$.new"]),
        ("$..created_at", ["$.id", "$.items[0].price", "$.new"]),
        ("$.items[*].price", ["$.id", "$.items[0].meta.created_at", "$.new"]),
        ("$.items[*].meta", ["$.id", "$.items[0].price", "$.new"]),
        ("$.items[?@.price == 1.1]", ["$.id", "$.new"]),
        ("$.new", ["$.id", "$.items[0].price", "$.items[0].meta.created_at"]),
        ("$", []),
    ],
)
def test_ignored_paths_leave_out_what_is_under_them(ignore: str, left: list[str]) -> None:
    """Wildcards, descendants and filters work, for what is in one of the documents only too."""
    before = '{"id": 1, "items": [{"price": 1.1, "meta": {"created_at": 1}}]}'
    after = '{"id": 2, "items": [{"price": 1.2, "meta": {"created_at": 2}}], "new": 1}'
    assert [where for where, _, _ in of_text(before, after, ignore)] == left


def test_a_changed_element_beside_a_new_one_is_recognised_by_what_it_kept() -> None:
    """One more element before one that changed does not make both look new."""
    before: Json = [{"id": 1, "name": "pen", "price": 1}]
    after: Json = [{"id": 2, "name": "ink", "price": 5}, {"id": 1, "name": "pen", "price": 3}]
    new = '{"id": 2, "name": "ink", "price": 5}'
    assert found(before, after) == [Change("$[0]", None, new), Change("$[1].price", "1", "3")]
    assert found(after, before) == [Change("$[0]", new, None), Change("$[0].price", "3", "1")]


def test_no_more_than_a_thousand_changes_are_listed() -> None:
    """A reply in which all is new doesn't fill the report; how much there was is said."""
    listed = found({str(n): n for n in range(5000)}, {str(n): -n - 1 for n in range(5000)})
    assert len(listed) == MAX_CHANGES + 1
    assert listed[-1] == Change("more", None, "4,000 more changes are not listed")


def test_documents_deeper_than_the_call_stack_are_compared() -> None:
    """Depth alone neither fails a comparison nor hides what changed."""
    before: Json = 1
    after: Json = 2
    for _ in range(20_000):
        before, after = [before], [after]
    assert found(before, before) == []
    [change] = found(before, after)
    assert change.where.startswith("$[0][0]")
    assert (change.before, change.after) == ("1", "2")
    [removed] = found({"a": before}, {})
    assert removed.before is not None
    assert removed.before.startswith("[[[[")
