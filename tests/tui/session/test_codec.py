"""A session as JSON: all of it comes back, and what is not ours does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tui_client.demo.sample import copy_sample
from tui_client.kinds.query.status import Status
from tui_client.model.request import Assertion, NameValue, Request
from tui_client.storage.document import Fingerprint
from tui_client.storage.library import Library
from tui_client.tui.session.codec import FORMAT, decode, encode
from tui_client.tui.session.state import Base, SavedTab, SessionState


def test_every_kind_of_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    """Auth, bodies, captures, checks and options of the sample collection."""
    library = Library(copy_sample(tmp_path / "demo", "http://127.0.0.1:1"))
    drafts = [library.load(key).request for key in library.keys()]  # noqa: SIM118 - no mapping
    assert any(draft.auth for draft in drafts) and any(draft.body for draft in drafts)
    state = SessionState(
        tuple(SavedTab("key", "demo", draft, Base("/x.toml", "text", Fingerprint(1, 2, "3"))) for draft in drafts),
        active=3,
        environments={"demo": "local"},
        room=("-no-tree",),
    )
    assert decode(encode(state)) == state


def test_what_json_has_no_word_for_comes_back_too() -> None:
    """Dates in checks, also in lists and tables, infinite numbers, unfinished rows, odd text."""
    when = datetime(2024, 1, 2, 3, 4, tzinfo=UTC)
    values = (when, 1.5, [None], [when.date()], {"at": [when.time()]}, float("-inf"), {"$toml": "typed"})
    checks = tuple(Assertion(Status(), "==", value) for value in values)
    draft = Request(url="{{a}}/\0\N{BELL}", params=(NameValue("", "", enabled=False),), asserts=checks)
    state = SessionState((SavedTab(draft=draft),))
    assert decode(encode(state)) == state


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"format": 2, "tabs": []}',
        b'{"format": 1, "tabs": [{"draft": {"body": {"kind": "no such"}}}]}',
        b'{"format": 1, "tabs": [{"draft": {"asserts": [{"query": 1, "op": 2}]}}]}',
        b'{"format": 1, "tabs": ' + b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_damaged_or_newer_is_refused(data: bytes) -> None:
    """As one kind of error, whatever it is."""
    with pytest.raises(ValueError):
        decode(data)


def test_its_format_is_said() -> None:
    """A later version can tell."""
    assert msgspec.json.decode(encode(SessionState()))["format"] == FORMAT
