"""The server's certificate as a query."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from tui_client.errors import QueryError
from tui_client.kinds.operators import apply_operator
from tui_client.kinds.query.certificate import Certificate
from tui_client.model.exchange import Exchange
from tui_client.model.tls import Certificate as Shown
from tui_client.model.tls import TlsDetails
from tui_client.model.values import MISSING, QueryValue

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
OWN = Shown(
    "ab", "O=E, CN=a.example", "C=US, CN=R3", ("DNS:a.example", "IP Address:::1"), BEGIN, END, "0abc", "RSA 2048"
)


def asked(expr: str, exchange: Exchange, *chain: Shown) -> QueryValue:
    return Certificate(expr).evaluate(msgspec.structs.replace(exchange, tls=TlsDetails(read=chain)))


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("Subject", "O=E, CN=a.example"),
        ("Issuer", "C=US, CN=R3"),
        ("Start-Date", BEGIN),
        ("Expire-Date", END),
        ("Serial-Number", "0abc"),
        ("Subject-Alt-Name", "DNS:a.example, IP Address:::1"),
    ],
)
def test_every_part_is_that_of_the_servers_own(exchange: Callable[..., Exchange], expr: str, value: object) -> None:
    """Not of those who signed it; a part that it lacks is missing, not empty."""
    assert asked(expr, exchange(), OWN, Shown("cd", "CN=R3", "CN=root")) == value
    assert asked(expr, exchange(), Shown("cd")) is MISSING


def test_dates_compare_with_dates(exchange: Callable[..., Exchange]) -> None:
    """`certificate "Expire-Date" > 2026-12-01T00:00:00Z` means what it says."""
    found = asked("Expire-Date", exchange(), OWN)
    assert apply_operator(">", found, datetime(2026, 12, 1, tzinfo=UTC))
    assert not apply_operator(">", found, datetime(2027, 12, 1, tzinfo=UTC))
    assert apply_operator("isDate", found, None)


def test_what_makes_no_sense_is_an_error(exchange: Callable[..., Exchange]) -> None:
    """No TLS, no certificate, no such part: an error of the check, with the reason."""
    with pytest.raises(QueryError, match="did not come over TLS"):
        Certificate("Subject").evaluate(exchange())
    with pytest.raises(QueryError, match="none to be read"):
        asked("Subject", exchange())
    with pytest.raises(QueryError, match="no part of certificates; there are Subject, Issuer"):
        asked("subject", exchange(), OWN)
    assert Certificate("Subject").problem() == ""


def test_the_first_one_is_read_beside_the_loop() -> None:
    """What parses certificates takes longer to import than a screen can wait; only who asks imports it."""
    script = """
import sys
from datetime import UTC, datetime
from tui_client.kinds.bounded import TooSlow, quickly
from tui_client.kinds.query.certificate import Certificate
from tui_client.model.exchange import Exchange, SentRequest, Timings
from tui_client.model.tls import TlsDetails

sent = SentRequest("GET", "https://a/", b"/", ())
exchange = Exchange(sent, None, Timings(), datetime.now(UTC), tls=TlsDetails(der=(b"no certificate",)))
assert "cryptography" not in sys.modules
try:
    with quickly():
        Certificate("Subject").evaluate(exchange)
except TooSlow:
    print("later")
Certificate("Subject").evaluate(exchange)
with quickly():
    print(Certificate("Subject").evaluate(exchange))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["later", "Missing.MISSING"]
