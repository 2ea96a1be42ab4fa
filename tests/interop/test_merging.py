"""Three sides of a request: nothing that the user changed is lost, and nothing that only the document changed."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_client.interop.merging import Told, merged_request, rows
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.model.request import NameValue, Request

WORD = st.sampled_from(["", "a", "b", "c"])
ROW = st.builds(NameValue, st.sampled_from("xyz"), WORD, st.booleans(), WORD)
ROWS = st.lists(ROW, max_size=3, unique_by=lambda row: row.name).map(tuple)
REPEATED = st.lists(ROW, max_size=5).map(tuple)
BODY = st.none() | st.builds(Json, WORD) | st.builds(Form, ROWS)
AUTH = st.none() | st.just(NoAuth()) | st.builds(Basic, WORD, WORD)
REQUESTS = st.builds(
    Request,
    name=WORD,
    method=st.sampled_from(["GET", "POST"]),
    url=WORD,
    description=WORD,
    tags=st.lists(WORD, max_size=3, unique=True).map(tuple),
    params=ROWS,
    headers=ROWS,
    body=BODY,
    auth=AUTH,
)


def keyed(rows: tuple[NameValue, ...]) -> dict[str, NameValue]:
    """By name."""
    return {row.name: row for row in rows}


def check_rows(base: tuple[NameValue, ...], mine: tuple[NameValue, ...], result: tuple[NameValue, ...]) -> None:
    old, own, new = keyed(base), keyed(mine), keyed(result)
    for key, row in own.items():
        before = old.get(key)
        if before is None:
            assert new[key] == row
        elif before != row:
            for field in ("value", "enabled", "description"):
                if getattr(row, field) != getattr(before, field):
                    assert getattr(new[key], field) == getattr(row, field)
    if base != mine:
        assert not {key for key in old if key not in own} & set(new)


@settings(max_examples=250, deadline=None)
@given(REQUESTS, REQUESTS, REQUESTS)
def test_nothing_that_the_user_changed_is_lost(base: Request, theirs: Request, mine: Request) -> None:
    """Each field that differs from what was imported is as the user left it, whatever the document says now."""
    told = Told()
    result = merged_request(base, theirs, mine, told)
    for field in ("name", "method", "url", "description"):
        if getattr(mine, field) != getattr(base, field):
            assert getattr(result, field) == getattr(mine, field)
    check_rows(base.params, mine.params, result.params)
    check_rows(base.headers, mine.headers, result.headers)
    if isinstance(base.body, Form) and isinstance(mine.body, Form) and isinstance(result.body, Form):
        check_rows(base.body.fields, mine.body.fields, result.body.fields)
    elif mine.body != base.body:
        assert result.body == mine.body
    assert set(mine.tags) - set(base.tags) <= set(result.tags)
    assert (result != mine) <= bool(told.taken)
    assert merged_request(theirs, theirs, result, Told()) == result


@settings(max_examples=100, deadline=None)
@given(REQUESTS, REQUESTS)
def test_who_alone_changed_something_gets_it(one: Request, two: Request) -> None:
    """Unedited becomes the document's; an unchanged document changes nothing, and says nothing."""
    told = Told()
    assert merged_request(one, two, one, Told()) == two
    assert merged_request(one, one, two, told) == two and told.what == ()
    assert merged_request(one, two, two, told) == two and told.what == ()


def test_a_row_is_merged_field_by_field() -> None:
    """The user's value stays beside the document's new description and switch."""
    base = Request(params=(NameValue("limit", "5", description="old"),))
    theirs = replace(base, params=(NameValue("limit", "5", enabled=False, description="new"),))
    mine = replace(base, params=(NameValue("limit", "9", description="old"),))
    told = Told()
    assert merged_request(base, theirs, mine, told).params == (NameValue("limit", "9", False, "new"),)
    assert told.kept == [] and "parameter limit's switch is now off" in told.taken


def test_a_new_row_stands_where_the_document_has_it() -> None:
    """Behind its neighbour, before the user's own."""
    base = Request(params=(NameValue("a"), NameValue("b")))
    theirs = replace(base, params=(NameValue("z"), NameValue("a"), NameValue("n"), NameValue("b")))
    mine = replace(base, params=(*base.params, NameValue("own")))
    assert [row.name for row in merged_request(base, theirs, mine, Told()).params] == ["z", "a", "n", "b", "own"]


@settings(max_examples=150, deadline=None)
@given(REPEATED, REPEATED, REPEATED)
def test_of_rows_that_share_a_name_none_of_the_users_is_lost(
    base: tuple[NameValue, ...], theirs: tuple[NameValue, ...], mine: tuple[NameValue, ...]
) -> None:
    """The first belongs to the first; each value that the user wrote into one is still there."""
    result = rows("parameter", base, theirs, mine, Told())
    for name in "xyz":
        old, own = ([row.value for row in found if row.name == name] for found in (base, mine))
        written = [value for at, value in enumerate(own) if old[at : at + 1] != [value]]
        kept = [row.value for row in result if row.name == name]
        assert all(kept.count(value) >= written.count(value) for value in written)
    assert rows("parameter", theirs, theirs, result, Told()) == result


def _body(**members: object) -> Request:
    return Request(body=Json(json.dumps(members, indent=2)))


def test_members_of_a_json_body_are_merged_one_by_one() -> None:
    """What the document added comes, what it removed goes, what the user wrote stays; 1 is not true."""
    base = _body(name="x", age=1, gone=1, deep={"a": 1, "b": 1})
    theirs = _body(name="y", age=1, deep={"a": 1, "b": 2}, new=[])
    mine = _body(name="mine", age=True, gone=1, deep={"a": 9, "b": 1}, own=None)
    told = Told()
    merged = merged_request(base, theirs, mine, told).body
    assert merged == _body(name="mine", age=True, deep={"a": 9, "b": 2}, own=None, new=[]).body
    assert told.taken and told.kept


def test_a_body_of_another_layout_stays_as_it_is() -> None:
    """Nobody's lines are written anew; a template that is no JSON is nothing that could be merged."""
    for text in ('{"a": 1}', '{\n  "a": {{n}}\n}', "[]"):
        told = Told()
        mine = Request(body=Json(text))
        assert merged_request(_body(a=0), _body(a=0, b=1), mine, told) == mine
        assert told.what == ("your body is kept, the document changed it too",)
