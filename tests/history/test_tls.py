"""What TLS came to is kept with an exchange, certificates and all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from handmade_journal import exchange_of

from tui_client.history.store import History
from tui_client.model.request import Request
from tui_client.model.tls import Certificate, TlsDetails

CERTIFICATE = Certificate(
    "ab" * 32,
    "O=x, CN=a",
    "CN=b",
    ("DNS:a", "IP Address:::1"),
    datetime(2026, 1, 1, tzinfo=UTC),
    None,
    "0f",
    "RSA 2048",
)


def kept(folder: Path, tls: TlsDetails | None, **of_request: object) -> tuple[TlsDetails | None, bool, str]:
    """What comes back of it, in another program."""
    exchange = exchange_of()
    request = msgspec.structs.replace(exchange.request, **of_request)
    history = History(folder)
    exchange = msgspec.structs.replace(exchange, request=request, tls=tls)
    history.record(exchange, Request(url="/"), key="", root="", environment="")
    asyncio.run(history.settled())
    history.close()
    history = History(folder)
    found = history.load(1)
    history.close()
    return found.exchange.tls, found.entry.verified, found.exchange.request.unverified_by


def test_certificates_come_back_as_they_were_read(tmp_path: Path) -> None:
    """From the bytes of a handshake to the same names, dates and digests."""
    pem = trustme.CA().issue_cert("a.example").cert_chain_pems[0].bytes()
    live = TlsDetails("TLS 1.3", "AES", "h2", der=(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER),))
    found, verified, _ = kept(tmp_path, live)
    assert found is not None and verified
    assert (found.version, found.cipher, found.alpn, found.verified) == ("TLS 1.3", "AES", "h2", True)
    assert found.chain == live.chain
    assert found.chain[0].names == ("DNS:a.example",)


@pytest.mark.parametrize(
    "details",
    [None, TlsDetails("TLS 1.2", "x", verified=False, problem="certificate has expired", read=(CERTIFICATE,))],
)
def test_any_details_come_back(tmp_path: Path, details: TlsDetails | None) -> None:
    """Of a server that was not trusted too; and an exchange without TLS has none."""
    assert kept(tmp_path, details)[0] == details


def test_who_switched_the_verification_off_comes_back(tmp_path: Path) -> None:
    """Even where a secret happens to be that very word."""
    secrets = frozenset({"settings", "CN=b"})
    details = TlsDetails(verified=False, read=(CERTIFICATE,))
    found, verified, by = kept(tmp_path, details, verified=False, unverified_by="settings", secrets=secrets)
    assert (verified, by) == (False, "settings")
    # Secrets are masked in certificates as anywhere.
    assert found is not None and found.chain == (msgspec.structs.replace(CERTIFICATE, issuer="•••"),)
