"""The history of drafts alone."""

from __future__ import annotations

import itertools

import msgspec

from tui_client.model.request import NameValue, Request
from tui_client.tui.screens._edits import Edits


def edited(edits: Edits, drafts: list[Request], request_id: str = "a") -> None:
    """Go through these drafts at once."""
    for before, after in itertools.pairwise(drafts):
        edits.made(request_id, before, after)


def test_typing_is_taken_back_by_the_burst() -> None:
    """Not letter by letter; another field is another edit."""
    edits = Edits()
    drafts = [Request(url=url) for url in ("", "/", "/u", "/us")]
    drafts.append(msgspec.structs.replace(drafts[-1], description="d"))
    edited(edits, drafts)
    assert edits.take_back("a", drafts[4]) == drafts[3]
    assert edits.take_back("a", drafts[3]) == drafts[0]
    assert edits.take_back("a", drafts[0]) is None


def test_a_removed_row_is_an_edit_of_its_own() -> None:
    """However soon after typing in another one."""
    edits = Edits()
    drafts = [
        Request(params=(NameValue("a", "1"), NameValue("b", "2"))),
        Request(params=(NameValue("a", "1"), NameValue("b", "22"))),
        Request(params=(NameValue("b", "22"),)),
        Request(params=(NameValue("b", "222"),)),
    ]
    edited(edits, drafts)
    assert [edits.take_back("a", drafts[at]) for at in (3, 2, 1)] == [drafts[2], drafts[1], drafts[0]]


def test_each_request_has_its_own() -> None:
    """And a closed one has none."""
    edits = Edits()
    edited(edits, [Request(), Request(url="/a")], "a")
    edited(edits, [Request(), Request(url="/b")], "b")
    edits.forget("a")
    assert edits.take_back("a", Request(url="/a")) is None
    assert edits.take_back("b", Request(url="/b")) == Request()


def test_the_last_fifty_are_kept() -> None:
    """A long session does not grow."""
    edits = Edits()
    drafts = [Request(params=(NameValue("x"),) * count) for count in range(81)]
    edited(edits, drafts)
    taken = 0
    now = drafts[-1]
    while (before := edits.take_back("a", now)) is not None:
        now, taken = before, taken + 1
    assert taken == 50
    assert now == drafts[30]
