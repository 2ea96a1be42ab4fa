"""Reading X.509: whatever a server sent, the parts that make sense."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.extensions import ExtensionNotFound

from tui_client.model.tls import Certificate

T = TypeVar("T")

MOST_NAMES: Final = 1000
# All that cryptography raises for what it can't make sense of.
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


def read_certificate(der: bytes) -> Certificate:
    """A certificate in DER. Never raises: a hostile one may say anything, and is shown as far as it can be read."""
    digest = hashlib.sha256(der).hexdigest()
    with warnings.catch_warnings():
        # Of strange serial numbers and old encodings, which are no matter of ours.
        warnings.simplefilter("ignore")
        try:
            found = x509.load_der_x509_certificate(der)
        except _UNREADABLE:
            return Certificate(digest)
        return Certificate(
            sha256=digest,
            subject=_part(lambda: _written(found.subject), ""),
            issuer=_part(lambda: _written(found.issuer), ""),
            names=_part(lambda: _names(found), ()),
            not_before=_part(lambda: found.not_valid_before_utc, None),
            not_after=_part(lambda: found.not_valid_after_utc, None),
            serial=_part(lambda: _hex(found.serial_number), ""),
            key=_part(lambda: _key(found), ""),
        )


def _part(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except _UNREADABLE:
        return otherwise


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except ExtensionNotFound:
        return ()
    return tuple(_name(name) for name in list(names)[:MOST_NAMES])


def _name(name: x509.GeneralName) -> str:
    match name:
        case x509.DNSName():
            return f"DNS:{name.value}"
        case x509.IPAddress():
            return f"IP Address:{name.value}"
        case x509.UniformResourceIdentifier():
            return f"URI:{name.value}"
        case x509.RFC822Name():
            return f"email:{name.value}"
        case x509.DirectoryName():
            return f"DirName:{_written(name.value)}"
        case x509.RegisteredID():
            return f"Registered ID:{name.value.dotted_string}"
        case _:
            return "othername:<unsupported>"


def _written(name: x509.Name) -> str:
    """As OpenSSL and curl write it: what RFC 4514 turns round stays in order."""
    return ", ".join(part.rfc4514_string() for part in name.rdns)


def _hex(serial: int) -> str:
    sign, digits = "-" if serial < 0 else "", f"{abs(serial):x}"
    return sign + digits.zfill(len(digits) + len(digits) % 2)


def _key(found: x509.Certificate) -> str:
    match found.public_key():
        case rsa.RSAPublicKey() as key:
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey() as key:
            return f"EC {key.curve.name}"
        case dsa.DSAPublicKey() as key:
            return f"DSA {key.key_size}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
        case _:
            return ""
