"""What workers say is typed and checked; nothing that they say is run."""

from __future__ import annotations

import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.messages import Claim, Kept, News
from tui_client.replay.generator import Load

ROW = (0, 7, 0, "a", "passed", "GET x", 200, "", "", 1, 0.5, None, 0, 1.5, 2, 0, 9, b"x", "{}", b"", None)
DOUBT = ((0, 6, 0), "a", 1.0, None, 1, True)
UP = (
    messages.Hello("n", "1", "3", "h", 7),
    News(
        3,
        [Kept(ROW, b"[]")],
        [Claim((0, 8, 0), "a", True)],
        [(0, 9, 0)],
        [(0, 7)],
        [((0, 6, 0), "a", 1.0, None, 1, True)],
    ),
    messages.Beat(1, 2, Load(0.5, 3.0, True, "slower")),
    messages.Taken(4),
    messages.Settled(4),
    messages.Asked("http://a", 3.0),
    messages.MayReach(1, "/c", "host", "a:1"),
    messages.WhatIs(2, [("code", "Code?")]),
    messages.ValueOf(3, "t", "login", None),
)


@pytest.mark.parametrize("message", UP, ids=lambda one: type(one).__name__)
def test_what_is_written_is_read(message: messages.Up) -> None:
    """Each kind of message comes back as it was."""
    assert messages.read_up(messages.up(message)) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    """By one kind of error."""
    try:
        found = messages.read_up(data)
    except msgspec.DecodeError:
        return
    assert type(found) in {type(one) for one in UP} | {messages.Ticks}


class Evil:
    ran = False

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return setattr, (Evil, "ran", True)


def test_a_pickle_is_no_message() -> None:
    """A worker can't have anything run where the journal is."""
    with pytest.raises(msgspec.DecodeError):
        messages.read_up(pickle.dumps(Evil()))
    assert not Evil.ran


@pytest.mark.parametrize("at", [0, 4, 6, 9, 10, 18])
def test_a_row_of_other_types_is_refused(at: int) -> None:
    """What stands in the journal is what its columns say."""
    row = [*ROW]
    row[at] = ["no"]  # type: ignore[call-overload]
    data = msgspec.msgpack.encode(["News", 1, [[row, None]]])
    with pytest.raises(msgspec.DecodeError):
        messages.read_up(data)
