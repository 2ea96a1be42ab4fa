"""What a result keeps of its bodies while it waits to be seen."""

from __future__ import annotations

import msgspec
import pytest
from handmade_journal import exchange_of, passed, refused

from tui_client.http.spool import Spool
from tui_client.model.exchange import BytesBody, Hop, Timings
from tui_client.model.step import CheckResult, Replied, StepId
from tui_client.replay.slim import KEPT_BYTES, slim

STEP = StepId(0, 0, 0, "a")


def test_small_results_stay_as_they_are() -> None:
    """Nothing is copied where nothing is cut."""
    for result in (passed(STEP), refused(STEP)):
        assert slim(result) is result


def test_large_bodies_are_cut_and_it_is_said() -> None:
    """Of the request, of the reply, and of each reply on the way."""
    exchange = exchange_of(b"x" * 10_000, request_body=b"y" * 10_000)
    hop = Hop(exchange.request, 307, "", (), Timings(), ())
    result = slim(passed(STEP, msgspec.structs.replace(exchange, hops=(hop,))))
    kept = result.exchange
    assert kept is not None and kept.response is not None
    assert kept.response.body == BytesBody(b"x" * KEPT_BYTES)
    assert kept.response.note == "the first 4,096 of 10,000 bytes; the run's journal has more"
    assert kept.request.body == kept.hops[0].request.body == b"y" * KEPT_BYTES
    assert kept.request.body_bytes == 10_000
    assert slim(result) is result


@pytest.mark.parametrize("written", ["sesame open", "sesame%20open", "sesame\\u0020open"])
def test_no_secret_is_cut_in_two(written: str) -> None:
    """Its first half would not be known as one, and be shown."""
    for padding in range(KEPT_BYTES - len(written) - 1, KEPT_BYTES + 2):
        body = b"x" * padding + written.encode() + b"y" * 1_000
        exchange = exchange_of(body, request_body=body)
        sent = msgspec.structs.replace(exchange.request, secrets=frozenset({"sesame open"}))
        kept = slim(passed(STEP, msgspec.structs.replace(exchange, request=sent))).exchange
        assert kept is not None and kept.response is not None
        for data in (kept.request.body, kept.response.body.read()):
            assert data.rstrip(b"y") in (b"x" * min(padding, KEPT_BYTES), body[: padding + len(written)])
            assert len(data) > KEPT_BYTES - len(written) - 2


def test_a_spool_is_let_go() -> None:
    """However little is in it: it may be a file."""
    exchange = exchange_of()
    assert exchange.response is not None
    spool = Spool(None)
    spool.append(b"few")
    response = msgspec.structs.replace(exchange.response, body=spool)
    result = slim(passed(STEP, msgspec.structs.replace(exchange, response=response)))
    assert result.exchange is not None and result.exchange.response is not None
    assert result.exchange.response.body == BytesBody(b"few")
    assert result.exchange.response.note == ""


def test_a_check_keeps_no_whole_body() -> None:
    """An assert on the body found all of it; what is shown of that is its beginning."""
    check = CheckResult("body", "", "contains", "y" * 10_000, "x" * 10_000, True)
    few = CheckResult("status", "", "==", 200, 200, True)
    outcome = Replied(exchange_of(), (check, few), {"t": "v"})
    result = slim(msgspec.structs.replace(passed(STEP), outcome=outcome))
    assert isinstance(result.outcome, Replied)
    kept, other = result.outcome.checks
    assert (kept.actual, kept.value) == ("x" * KEPT_BYTES + "…", "y" * KEPT_BYTES + "…")
    assert other is few and result.passed and result.outcome.captures == {"t": "v"}
    assert slim(result) is result
