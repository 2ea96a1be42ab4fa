"""A look into an exchange of the past."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.past import NOON, exchange
from tui_client.history.entry import Entry, Kept
from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.model.request import Request
from tui_client.tui.modals._history_preview import preview


class GoneBody(BytesBody, frozen=True):
    """A body whose file was deleted."""

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        raise FileNotFoundError


def lines(status: int | None = 200, **changes: object) -> list[str]:
    """What is said of an exchange. changes: of its reply."""
    whole = exchange(0, "POST", "/users", status)
    if whole.response is not None:
        whole = msgspec.structs.replace(whole, response=msgspec.structs.replace(whole.response, **changes))
    entry = Entry(
        1,
        NOON,
        "POST",
        "http://127.0.0.1:8123/users",
        key="users/create",
        environment="local",
        status=status,
        failure="" if whole.failure is None else whole.failure.kind,
        total_ms=12.4,
        body_bytes=24,
    )
    return preview(Kept(entry, whole, Request()), NOON.astimezone().date()).plain.splitlines()


def test_it_shows_the_request_how_it_went_and_the_body_indented() -> None:
    """As much as one needs to tell it from others."""
    assert lines() == [
        "POST http://127.0.0.1:8123/users",
        f"{NOON.astimezone():%H:%M:%S} · env local · users/create",
        "✓ 200 OK · 12.4 ms · 24 B · HTTP/1.1",
        "",
        "{",
        '  "id": 7,',
        '  "name": "Ada"',
        "}",
    ]


def test_without_a_reply_it_says_why() -> None:
    """In a sentence."""
    shown = lines(None)
    assert shown[2] == "⚠ · 12.4 ms"
    assert "connection refused" in shown[3]


def test_what_is_missing_of_a_body_is_said() -> None:
    """Nobody takes a part for the whole."""
    assert "Only 10 bytes were kept." in lines(complete=False, note="Only 10 bytes were kept.")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BytesBody(b"\x00\x01"), "Not a text: application/json, 2 B."),
        (BytesBody(b'{"cut": '), '{"cut": '),
        (BytesBody(b"\x1b[31m\xff[b]\n\tx"), "␛[31m\ufffd[b]"),
        (BytesBody(b"x" * 100_000), "x" * 300),
        (BytesBody(b"x\n" * 100_000), "x"),
        (GoneBody(b"x"), "The body can't be read any more."),
    ],
)
def test_any_body_is_shown_safely_and_in_part(body: BodyContent, said: str) -> None:
    """Whatever it holds."""
    shown = lines(body=body)
    assert shown[4] == said
    assert len(shown) < 100


def test_what_was_not_verified_is_said() -> None:
    """Whoever opens it again knows that anybody may have answered."""
    entry = Entry(1, NOON, "GET", "https://h/", status=200, total_ms=12.4, body_bytes=24, verified=False)
    assert "HTTP/1.1 · ⚠ not verified" in preview(Kept(entry, exchange(0, "GET", "/"), Request()), NOON.date()).plain
