"""Certificates as people read them, whatever a server sends."""

from __future__ import annotations

import hashlib
import ipaddress
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from scale import tries

from tui_client.model.certificates import MOST_NAMES, read_certificate
from tui_client.model.tls import Certificate, TlsDetails

BEGIN, END = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def a_name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])


def made(*names: x509.GeneralName, key: Any = KEY, subject: str = "api.example", serial: int = 0xABC) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(a_name((NameOID.ORGANIZATION_NAME, "Example"), (NameOID.COMMON_NAME, subject)))
        .issuer_name(a_name((NameOID.COMMON_NAME, "Root, the")))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(BEGIN)
        .not_valid_after(END)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


def test_all_parts_are_read() -> None:
    """Names as OpenSSL writes them, dates in UTC, the serial in hex, the digest of all of it."""
    der = made(
        x509.DNSName("api.example"),
        x509.IPAddress(ipaddress.ip_address("::1")),
        x509.UniformResourceIdentifier("spiffe://a/b"),
        x509.DirectoryName(a_name((NameOID.COMMON_NAME, "d"))),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
        x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x04\x00"),
    )
    assert read_certificate(der) == Certificate(
        sha256=hashlib.sha256(der).hexdigest(),
        subject="O=Example, CN=api.example",
        issuer="CN=Root\\, the",
        names=(
            "DNS:api.example",
            "IP Address:::1",
            "URI:spiffe://a/b",
            "DirName:CN=d",
            "Registered ID:1.2.3",
            "othername:<unsupported>",
        ),
        not_before=BEGIN,
        not_after=END,
        serial="0abc",
        key="EC secp256r1",
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=1024), "RSA 1024"),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
    ],
)
def test_keys_are_named_with_their_strength(key: Any, words: str) -> None:
    """The size where it says something."""
    assert read_certificate(made(key=key)).key == words


def test_a_certificate_of_very_many_names_is_cut() -> None:
    """A server may list a hundred thousand."""
    der = made(*(x509.DNSName(f"h{number}.example") for number in range(MOST_NAMES + 5)))
    assert len(read_certificate(der).names) == MOST_NAMES


def test_no_bytes_break_the_reader() -> None:
    """A server that is not verified may send whatever OpenSSL lets pass: what can be read is shown, nothing raises."""
    dice, der = random.Random(16), made(x509.DNSName("api.example"), subject="\x1b]0;x\x07\u202e")
    seen = set()
    for _ in range(tries(300, 20_000)):
        broken = bytearray(der)
        for _ in range(dice.randint(1, 3)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        found = read_certificate(bytes(broken))
        assert found.sha256 == hashlib.sha256(broken).hexdigest()
        seen.add(bool(found.subject))
        for moment in (found.not_before, found.not_after):
            assert moment is None or moment.utcoffset() == timedelta(0)
    assert seen == {True, False}
    assert read_certificate(b"") == Certificate(hashlib.sha256(b"").hexdigest())


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        (Certificate("", "O=E, CN=api.example"), "api.example"),
        (Certificate("", "O=E", names=("DNS:b.example",)), "b.example"),
        (Certificate("", "O=E"), "O=E"),
        (Certificate("", "CN=Root\\, the, O=E", names=("DNS:b",)), "Root, the"),
        (Certificate(""), ""),
    ],
)
def test_a_certificate_is_called_by_its_common_name(certificate: Certificate, name: str) -> None:
    """Else by its first alternative name, else by its whole subject."""
    assert certificate.common_name == name


def test_a_chain_is_parsed_once_for_all_who_ask() -> None:
    """A replay has the same one a million times; details that come from a file bring theirs parsed."""
    der = (made(), made(subject="other"))
    first, second = TlsDetails(der=der), TlsDetails("TLS 1.2", der=der)
    assert first.chain is second.chain
    kept = (Certificate("00", "CN=x"),)
    assert TlsDetails(read=kept).chain is kept
    assert TlsDetails().chain == ()
