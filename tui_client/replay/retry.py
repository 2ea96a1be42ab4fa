"""Which failed sends are sent again, and when; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import Final

from tui_client.errors import FailureKind, UsageError
from tui_client.model.exchange import Exchange, RawHeader, header_values
from tui_client.storage.batch import RETRY_NAMES, Retry, retried_kinds, retry_problem

# Longer than this nobody waits for a server: a step then fails with its reply.
MAX_PAUSE_S: Final = 300.0
_FIRST_BACKOFF_S: Final = 0.5
_MAX_BACKOFF_S: Final = 30.0

# Doing them twice does no more than doing them once (RFC 9110, 9.2.2). Method names are case-sensitive.
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
# While a connection is made. connect.reset is not among them: a reset may come after the request.
_BEFORE_SENDING: Final = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT_REFUSED,
        FailureKind.CONNECT_UNREACHABLE,
        FailureKind.CONNECT_FAILED,
        FailureKind.PROXY_REFUSED,
        FailureKind.PROXY_AUTH,
        FailureKind.TIMEOUT_CONNECT,
        FailureKind.TIMEOUT_POOL,
        FailureKind.TLS_UNTRUSTED,
        FailureKind.TLS_HOSTNAME,
        FailureKind.TLS_EXPIRED,
        FailureKind.TLS_NOT_YET_VALID,
        FailureKind.TLS_CLIENT_CERTIFICATE,
        FailureKind.TLS_VERSION,
        FailureKind.TLS_FAILED,
    }
)
_SECONDS: Final = re.compile(r"[0-9]+\Z")


def check_retry(retry: Retry) -> None:
    """Raises UsageError for a negative count, or a name or status that no failure has."""
    if retry.count < 0:
        raise UsageError(f"The number of retries can't be {retry.count}; 0 means none.")
    for item in retry.on:
        if retry_problem(item):
            names = ", ".join(RETRY_NAMES)
            raise UsageError(f"There is no failure {item!r} to retry. There are statuses from 200 to 599, and {names}.")


def matches(retry: Retry, exchange: Exchange) -> bool:
    """Whether this outcome is one of those that are sent again."""
    failure, response = exchange.failure, exchange.response
    if failure is not None and any(failure.kind in retried_kinds(item) for item in retry.on if isinstance(item, str)):
        return True
    return response is not None and response.status in retry.on


def resendable(method: str, has_idempotency_key: bool) -> bool:
    """Whether sending it a second time does nothing twice."""
    return has_idempotency_key or method in _IDEMPOTENT


def has_idempotency_key(headers: Sequence[RawHeader]) -> bool:
    """Whether a request of these headers says so itself."""
    return any(name.lower() == b"idempotency-key" for name, _ in headers)


def never_sent(exchange: Exchange) -> bool:
    """Whether not a byte of any request of this exchange can have left, as far as is known for sure.

    The kind alone does not tell: the system reports a dead connection as it reports one that was never made.
    """
    return (
        exchange.failure is not None
        and exchange.failure.kind in _BEFORE_SENDING
        and not exchange.hops
        and exchange.response is None
        and exchange.timings.send is None
        and not exchange.remote
    )


def may_retry(retry: Retry, unsafe: bool, method: str, has_idempotency_key: bool, exchange: Exchange) -> bool:
    """Whether this outcome is to be sent again, and may be: what might be done twice only with `unsafe`."""
    return matches(retry, exchange) and (unsafe or resendable(method, has_idempotency_key) or never_sent(exchange))


def backoff_s(attempt: int, rng: Random) -> float:
    """Seconds to wait after so many attempts: anything from 0 to a limit that doubles up to 30 s (full jitter)."""
    limit_s = _FIRST_BACKOFF_S * 2.0 ** min(attempt - 1, 16)
    return rng.uniform(0.0, min(_MAX_BACKOFF_S, limit_s))


def retry_after_s(headers: tuple[RawHeader, ...], now: datetime) -> float | None:
    """Seconds that a reply asks to wait by Retry-After (RFC 9110, 10.2.3), the longest if it asks more than once.

    A date that is past is 0; None if nothing that can be read is there. Not cut to MAX_PAUSE_S. now: for replies
    without a Date; with one, that is what their dates are meant by, since one of the two clocks may be wrong.
    """
    now = next(filter(None, map(_date, header_values(headers, "date"))), now)
    found = [seconds for value in header_values(headers, "retry-after") if (seconds := _wait_s(value, now)) is not None]
    return max(found, default=None)


def _wait_s(value: str, now: datetime) -> float | None:
    text = value.strip(" \t")
    if _SECONDS.match(text):
        return float(text)
    at = _date(text)
    return None if at is None else max(0.0, (at - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        # Its parser takes any text apart, and is not careful about it.
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
