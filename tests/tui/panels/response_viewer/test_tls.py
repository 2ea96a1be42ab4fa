"""The TLS tab: who was spoken to, and whether anybody looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from viewer_host import REQUEST, SECRET, Alone, exchange, response, until

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import Exchange, Hop, SentRequest, Timings
from tui_client.model.tls import Certificate, TlsDetails
from tui_client.tui.panels.response_viewer import Done, InFlight
from tui_client.tui.panels.response_viewer.summary import summary
from tui_client.tui.panels.response_viewer.tls import tls_at, tls_note
from tui_client.tui.panels.response_viewer.view import Broke, Shown, shown_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECURE = msgspec.structs.replace(REQUEST, url="https://h/")
LOOSE = msgspec.structs.replace(SECURE, verified=False, unverified_by="settings")
OWN = Certificate(
    "ab" * 32,
    "O=E, CN=api.example",
    "C=US, CN=R3",
    ("DNS:api.example", "IP Address:::1"),
    NOW - 9 * DAY,
    NOW + 90 * DAY,
    "0abc",
    "RSA 2048",
)
DETAILS = TlsDetails("TLS 1.3", "TLS_AES_256_GCM_SHA384", "h2", read=(OWN, Certificate("cd", "CN=R3")))


def of(tls: TlsDetails | None, request: SentRequest = SECURE, **more: Any) -> Exchange:
    return msgspec.structs.replace(exchange(response(b"x"), request), tls=tls, **more)


def text(whole: Exchange, width: int = 80) -> str:
    return tls_at(shown_of(Done(whole)), width, NOW).plain


def test_all_that_is_known_is_shown() -> None:
    """What was agreed on, the verdict, and each certificate of the chain."""
    lines = text(of(DETAILS)).splitlines()
    assert lines[:2] == ["TLS 1.3 · TLS_AES_256_GCM_SHA384 · ALPN h2", "✓ verified"]
    assert lines[3:11] == [
        "1  api.example",
        "   valid    2026-11-13 to 2027-02-20  ends in 3 months",
        "   names    api.example, ::1",
        "   subject  O=E, CN=api.example",
        "   issuer   C=US, CN=R3",
        "   key      RSA 2048",
        "   serial   0abc",
        f"   sha256   {'ab' * 32}",
    ]
    assert lines[12:] == ["2  R3", "   subject  CN=R3", "   sha256   cd"]


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (NOW - DAY, NOW + 15 * DAY, "  ends in 15 days"),
        (NOW - DAY, NOW + 13 * DAY, "⚠ ends in 13 days"),
        (NOW - DAY, NOW + timedelta(seconds=0.5), "⚠ ends in a moment"),
        (NOW - 9 * DAY, NOW - 3 * DAY, "✗ expired 3 days ago"),
        (NOW + DAY, NOW + 9 * DAY, "✗ not valid yet: begins in 1 day"),
    ],
)
def test_dates_that_need_care_have_a_sign(begin: datetime, end: datetime, words: str) -> None:
    """Not colour alone."""
    aged = msgspec.structs.replace(OWN, not_before=begin, not_after=end)
    assert words in text(of(msgspec.structs.replace(DETAILS, read=(aged,))))


@pytest.mark.parametrize(
    ("by", "words"), [("settings", "your settings of this host"), ("options", "which you allowed")]
)
def test_what_was_not_verified_says_who_let_it(by: str, words: str) -> None:
    """The user's own settings, or options that he gave a grant for."""
    request = msgspec.structs.replace(LOOSE, unverified_by=by)
    whole = of(msgspec.structs.replace(DETAILS, verified=False), request)
    verdict = text(whole).splitlines()[1]
    assert verdict.startswith("⚠ not verified: ") and words in verdict
    assert tls_note(shown_of(Done(whole))) == "⚠"
    assert "⚠ not verified" in summary(Done(whole), 0.0, 200).plain


def test_an_earlier_request_that_was_not_verified_is_not_forgotten() -> None:
    """A redirect from an unverified server could have come from anyone."""
    hop = Hop(LOOSE, 302, "Found", (), Timings())
    whole = of(DETAILS, hops=(hop,))
    assert "⚠ an earlier request was not verified: your settings" in text(whole)
    assert "⚠ 2 earlier requests were not verified" in text(of(DETAILS, hops=(hop, hop)))
    assert tls_note(shown_of(Done(whole))) == "⚠"
    assert "⚠ not verified" in summary(Done(whole), 0.0, 200).plain


def test_while_in_flight_the_badge_is_there_already() -> None:
    """Also in a narrow window: it is among the last to go."""
    assert "⚠ not verified" in summary(InFlight(0.0, "waiting", request=LOOSE), 1.0, 50).plain
    assert "verified" not in summary(InFlight(0.0, "waiting", request=SECURE), 1.0, 200).plain


def test_where_there_is_nothing_to_show_it_says_why() -> None:
    """No TLS, no handshake, not kept, not here yet."""
    assert text(of(None, REQUEST)) == "Not encrypted."
    by_proxy = msgspec.structs.replace(LOOSE, url="http://h/")
    assert text(of(None, by_proxy)).splitlines()[1].startswith("⚠ the proxy was not verified: your settings")
    assert text(of(None, response=None)) == "No handshake was completed."
    assert text(of(None)) == "What TLS came to was not kept."
    assert "The certificates were not kept." in text(of(TlsDetails("TLS 1.3", "x")))
    going = shown_of(InFlight(0.0, request=SECURE, head=response(b"")))
    assert tls_at(going, 80, NOW).plain == "Shown once the reply is here."
    assert tls_at(Shown(), 80, NOW).plain == "Shown once the reply is here."
    assert "1  a certificate that can't be read" in text(of(TlsDetails(read=(Certificate("ab"),))))


def test_long_values_go_on_below_their_beginning() -> None:
    """In 80 columns and fewer; secrets are masked."""
    names = tuple(f"DNS:host{number}.example" for number in range(9))
    wide = msgspec.structs.replace(OWN, names=names, subject=f"CN={SECRET}")
    lines = text(of(msgspec.structs.replace(DETAILS, read=(wide,))), 60).splitlines()
    assert all(len(line) <= 60 for line in lines)
    at = next(at for at, line in enumerate(lines) if line.startswith("   names"))
    assert lines[at + 1].startswith(" " * 12 + "host")
    assert "   subject  CN=•••" in lines


def test_a_key_log_that_is_ignored_is_spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever set the variable would else wait for a file."""
    assert "SSLKEYLOGFILE" not in text(of(DETAILS))
    monkeypatch.setenv("SSLKEYLOGFILE", "/tmp/keys")
    assert "SSLKEYLOGFILE is set; tui-client ignores it." in text(of(DETAILS))


async def test_a_server_that_was_not_trusted_shows_its_certificate() -> None:
    """The sentence says where to look, the tab has a mark, and the certificate is drawn."""
    details = msgspec.structs.replace(DETAILS, verified=False, problem="certificate has expired")
    failure = Failure(FailureKind.TLS_EXPIRED, "h:443")
    app = Alone(Broke("It has expired.", of(details, response=None, failure=failure)))
    async with app.run_test(size=(80, 24)) as pilot:
        app.viewer.open_tab("tls")
        await until(pilot, lambda: "R3" in app.text())
        assert "It has expired. The TLS tab shows its certificate." in app.text()
        assert "✗ not trusted: certificate has expired. Nothing was sent." in app.text()
        assert "TLS ✗" in app.text()
