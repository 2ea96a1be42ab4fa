"""The replies of open requests as a value."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.step import Errored, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.tui.panels.response_viewer import Broke, Done, Empty, InFlight
from tui_client.tui.screens._progress import SendMoved
from tui_client.tui.screens._replies import Replies, status_text

REQUEST = SentRequest("GET", "http://a/", b"/", ())
HEAD = Response(200, "OK", "HTTP/1.1", (), BytesBody())
EXCHANGE = Exchange(REQUEST, HEAD, Timings(), datetime.now(UTC))


def _result(outcome: Outcome) -> StepResult:
    return StepResult(StepId(0, 0, 0, "a"), outcome)


DONE = _result(Replied(EXCHANGE))


def test_before_the_first_send_a_sentence_stands_there() -> None:
    """Nothing is nothing, and says what to do."""
    assert isinstance(Replies().view("a"), Empty)


def test_a_new_send_keeps_the_last_reply_behind_it() -> None:
    """And a third one keeps that same reply, not the send that never got one."""
    replies = Replies().ended("a", DONE).begun("a", 1.0).begun("a", 2.0)
    view = replies.view("a")
    assert isinstance(view, InFlight) and view.since == 2.0
    assert isinstance(view.previous, Done)


def test_a_send_gets_further() -> None:
    """The head, the bytes and the words follow the events."""
    begun = Replies().begun("a", 0.0)
    waiting = begun.moved(SendMoved("a", REQUEST, None, 0, None)).view("a")
    receiving = begun.moved(SendMoved("a", REQUEST, HEAD, 10, 20)).view("a")
    assert isinstance(waiting, InFlight) and waiting.phase == "waiting"
    assert isinstance(receiving, InFlight) and receiving.phase == "receiving"
    assert (receiving.received_bytes, receiving.expected_bytes) == (10, 20)


def test_late_news_of_a_send_that_is_over_changes_nothing() -> None:
    """Messages may cross."""
    replies = Replies().begun("a", 0.0).ended("a", DONE)
    assert replies.moved(SendMoved("a", REQUEST, HEAD, 10, 20)) is replies


def test_replies_stay_apart() -> None:
    """Each request has its own."""
    replies = Replies().ended("a", DONE).begun("b", 0.0)
    assert isinstance(replies.view("a"), Done) and isinstance(replies.view("b"), InFlight)


def test_replies_of_closed_requests_are_let_go() -> None:
    """A body may be a large file."""
    replies = Replies().ended("a", DONE).ended("b", DONE)
    assert isinstance(replies.only(["b"]).view("a"), Empty)
    assert replies.only(["a", "b", "c"]) is replies


def test_a_failure_becomes_a_sentence() -> None:
    """Of the kind that says what to do."""
    view = Replies().ended("a", _result(Errored(Failure(FailureKind.CONNECT_REFUSED, "h:1")))).view("a")
    assert isinstance(view, Broke) and "connection refused" in view.sentence


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Replied(EXCHANGE), "200"),
        (Replied(EXCHANGE, http_error=True), "✗ 200"),
        (Errored(Failure(FailureKind.DNS, "h")), "⚠"),
        (Skipped("a"), ""),
    ],
)
def test_the_tree_shows_a_status_or_a_sign(outcome: Outcome, text: str) -> None:
    """What failed never looks like what passed."""
    assert status_text(_result(outcome)) == text


def test_the_reply_before_is_kept_for_comparing_until_the_request_is_closed() -> None:
    """Also while the next one is under way; a send without a reply is none."""
    second = Exchange(REQUEST, HEAD, Timings(), datetime.now(UTC))
    failed = _result(Errored(Failure(FailureKind.CONNECT_REFUSED)))
    moved = Replies().ended("a", DONE).begun("a", 1.0).moved(SendMoved("a", REQUEST, HEAD, 10, 20))
    replies = moved.ended("a", failed).ended("a", _result(Replied(second)))
    assert replies.before(second) is EXCHANGE
    assert replies.begun("a", 2.0).before(second) is EXCHANGE
    assert replies.before(EXCHANGE) is None
    assert replies.only([]).earlier == {}
    assert Replies().ended("a", DONE).ended("a", DONE).before(EXCHANGE) is None
