"""Which failures are sent again, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind, UsageError
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.model.effective import ResolvedRequest
from tui_client.model.exchange import BytesBody, Exchange, Hop, Response, SentRequest, Timings
from tui_client.replay.retry import (
    backoff_s,
    check_retry,
    has_idempotency_key,
    matches,
    may_retry,
    never_sent,
    resendable,
    retry_after_s,
)
from tui_client.storage.batch import RETRY_NAMES, Retry

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SENT = SentRequest("GET", "http://a/", b"/", ())


def exchange(kind: FailureKind | None = None, status: int | None = None, **more: object) -> Exchange:
    response = None if status is None else Response(status, "", "HTTP/1.1", (), BytesBody())
    failure = None if kind is None else Failure(kind)
    fields = {"timings": Timings(), "started": NOW, **more}
    return Exchange(request=SENT, response=response, failure=failure, **fields)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("on", "kind", "status", "wanted"),
    [
        (("connect",), FailureKind.CONNECT_REFUSED, None, True),
        (("connect",), FailureKind.CONNECT_RESET, None, True),
        (("connect",), FailureKind.DNS, None, True),
        (("connect",), FailureKind.TIMEOUT_CONNECT, None, False),
        (("timeout",), FailureKind.TIMEOUT_CONNECT, None, True),
        (("timeout",), FailureKind.TIMEOUT_TOTAL, None, True),
        (("timeout.read",), FailureKind.TIMEOUT_TOTAL, None, False),
        (("closed_early",), FailureKind.CLOSED_EARLY, None, True),
        (("dns",), FailureKind.CONNECT_REFUSED, None, False),
        ((503,), None, 503, True),
        ((503,), FailureKind.INCOMPLETE, 503, True),
        ((503,), None, 502, False),
        ((), FailureKind.CONNECT_REFUSED, None, False),
        (RETRY_NAMES, FailureKind.CANCELLED, None, False),
    ],
)
def test_names_mean_kinds_and_numbers_mean_statuses(
    on: tuple[str | int, ...], kind: FailureKind | None, status: int | None, wanted: bool
) -> None:
    """A family means all its kinds; a name that was not found belongs to connecting; what a user ended stays so."""
    assert matches(Retry(1, on), exchange(kind, status)) is wanted


@pytest.mark.parametrize("on", [("conect",), ("cancelled",), ("template",), ("",), (99,), (600,), ("connect", "503")])
def test_a_name_that_no_failure_has_is_refused(on: tuple[str | int, ...]) -> None:
    """A typo would be a retry that never comes; the error says what there is."""
    with pytest.raises(UsageError, match=r"connect, timeout, .*closed_early"):
        check_retry(Retry(1, on))


def test_every_name_that_is_listed_is_taken() -> None:
    """And so is what is retried when nothing is said."""
    check_retry(Retry(1, (*RETRY_NAMES, 429)))
    check_retry(Retry(0))
    with pytest.raises(UsageError):
        check_retry(Retry(-1))


def test_what_may_be_done_twice_is_sent_again() -> None:
    """Idempotent methods, and whatever carries the key; method names are case-sensitive."""
    assert all(resendable(method, False) for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"))
    assert not any(resendable(method, False) for method in ("POST", "PATCH", "get", "LOCK"))
    assert resendable("POST", True)
    assert has_idempotency_key(((b"A", b"1"), (b"idempotency-KEY", b"x")))
    assert not has_idempotency_key(((b"Idempotency", b"x"),))


def test_what_must_not_be_done_twice_is_sent_again_only_if_it_never_left() -> None:
    """A POST is repeated after a refused connection; after a reset, a lost reply or a 503 only if told to."""
    retry = Retry(1, (*RETRY_NAMES, 503))
    for outcome in (exchange(FailureKind.CONNECT_REFUSED), exchange(FailureKind.TIMEOUT_POOL)):
        assert may_retry(retry, False, "POST", False, outcome)
    for outcome in (exchange(FailureKind.CONNECT_RESET), exchange(FailureKind.CLOSED_EARLY), exchange(status=503)):
        assert not may_retry(retry, False, "POST", False, outcome)
        assert may_retry(retry, False, "POST", True, outcome)
        assert may_retry(retry, True, "POST", False, outcome)
        assert may_retry(retry, False, "GET", False, outcome)
    assert not may_retry(Retry(1, (429,)), True, "GET", False, exchange(status=503))


NEVER = {
    *("dns", "connect.refused", "connect.unreachable", "connect.failed", "proxy.refused", "proxy.auth"),
    *("timeout.connect", "timeout.pool", "tls.untrusted", "tls.hostname", "tls.expired", "tls.not_yet_valid"),
    *("tls.client_certificate", "tls.version", "tls.failed"),
}


@pytest.mark.parametrize("kind", list(FailureKind))
def test_only_kinds_of_connecting_can_be_never_sent(kind: FailureKind) -> None:
    """Whatever may come after the first byte counts as sent."""
    assert never_sent(exchange(kind)) is (kind.value in NEVER)


def test_a_kind_of_connecting_after_something_left_is_sent() -> None:
    """The system says "unreachable" of a connection that died, too; and a redirect's first request was received."""
    kind = FailureKind.CONNECT_UNREACHABLE
    assert not never_sent(exchange(kind, timings=Timings(send=0.1)))
    assert not never_sent(exchange(kind, remote="127.0.0.1:80"))
    assert not never_sent(exchange(kind, hops=(Hop(SENT, 307, "", (), Timings()),)))
    assert not never_sent(exchange(status=200))


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    async with Engine() as engine:
        yield engine


async def test_a_connection_refused_is_known_as_never_sent(engine: Engine, unused_tcp_port: int) -> None:
    """By the real engine: what it knows is enough."""
    request = ResolvedRequest(key="", method="POST", url=f"http://127.0.0.1:{unused_tcp_port}/")
    found = await engine.send(prepare(request, Path, environ={}))
    assert found.failure is not None
    assert found.failure.kind is FailureKind.CONNECT_REFUSED
    assert never_sent(found)


@given(st.integers(1, 10_000), st.randoms(use_true_random=False))
def test_waits_double_up_to_half_a_minute_with_full_jitter(attempt: int, rng: Random) -> None:
    """Rows that failed together don't come back together."""
    limit_s = min(30.0, 0.5 * 2 ** min(attempt - 1, 10))
    assert 0 <= backoff_s(attempt, rng) <= limit_s


def test_the_jitter_uses_the_whole_range() -> None:
    """From nothing to the limit."""
    found = [backoff_s(3, Random(seed)) for seed in range(200)]
    assert min(found) < 0.2
    assert max(found) > 1.8


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("9" * 5000, float("inf")),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30),
        ("Sun Mar  1 12:00:30 2026", 30),
        ("Sun, 01 Mar 2026 14:00:30 +0200", 30),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("1.5", None),
        ("-1", None),
        ("+3", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Mar 2026 12:00:30 GMT", None),
        ("1, 2", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """All three forms of a date (RFC 9110, 5.6.7); garbage is as if nothing was said."""
    assert retry_after_s(((b"retry-AFTER", value.encode()),), NOW) == seconds


def test_the_longest_of_several_counts() -> None:
    """And what can't be read among them counts for nothing."""
    assert retry_after_s(((b"Retry-After", b"x"), (b"Retry-After", b"5"), (b"Retry-After", b"3")), NOW) == 5
    assert retry_after_s((), NOW) is None


@given(st.binary(max_size=60))
def test_no_value_of_retry_after_is_too_strange(value: bytes) -> None:
    """A server may say anything."""
    found = retry_after_s(((b"Retry-After", value),), NOW)
    assert found is None or found >= 0


@given(st.integers(0, 10**7))
def test_a_date_says_how_long_from_now(seconds: int) -> None:
    """To the second."""
    value = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_s(((b"Retry-After", value.encode()),), NOW) == seconds


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**7))
def test_a_date_is_meant_by_the_clock_of_who_says_it(apart: int, seconds: int) -> None:
    """Where the server's clock is wrong, or ours was set, its Date tells how long it meant."""
    date = NOW + timedelta(seconds=apart)
    until = format_datetime(date + timedelta(seconds=seconds), usegmt=True)
    headers = ((b"Date", format_datetime(date, usegmt=True).encode()), (b"Retry-After", until.encode()))
    assert retry_after_s(headers, NOW) == seconds
    assert retry_after_s(((b"Date", b"soon"), *headers), NOW) == seconds
