"""What TLS agreed on, and the certificates that the server showed."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

_COMMON_NAME: Final = re.compile(r"(?:^|, |\+)CN=((?:[^,+\\]|\\.)+)")
_ESCAPED: Final = re.compile(r"\\(.)")


class Certificate(msgspec.Struct, frozen=True, omit_defaults=True):
    """One certificate; what can't be read of it is "" or None. Texts are the server's: not yet safe to print.

    subject, issuer: "C=US, O=Example, CN=example.com", in the certificate's order, signs that would be misread with a
    backslash. names: the alternative ones with their kind, "DNS:example.com", "IP Address:::1". serial: hex, two digits
    a byte. sha256: of the whole certificate, hex in lower case. key: "RSA 2048", "EC secp256r1".
    """

    sha256: str
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    serial: str = ""
    key: str = ""

    @property
    def common_name(self) -> str:
        """What people call it: the subject's CN, else its first name, else the whole subject."""
        named = _common_name(self.subject)
        return named or (self.plain_names[0] if self.names else self.subject)

    @property
    def issuer_name(self) -> str:
        """Who signed it: the issuer's CN, else the whole issuer."""
        return _common_name(self.issuer) or self.issuer

    @property
    def plain_names(self) -> tuple[str, ...]:
        """The names of hosts and addresses without their kind; the others with it."""
        return tuple(name.removeprefix("DNS:").removeprefix("IP Address:") for name in self.names)


class TlsDetails(msgspec.Struct, frozen=True):
    """One handshake, as every exchange over its connection tells it.

    version: "TLS 1.3". cipher: OpenSSL's name. alpn: "" where nothing was agreed on. verified: the certificate was.
    problem: why the server was not trusted, "" where it was, or nobody asked; the handshake then ended there.
    der: the certificates as they were sent, the server's own first; read: the same once they came from a file.
    """

    version: str = ""
    cipher: str = ""
    alpn: str = ""
    verified: bool = True
    problem: str = ""
    der: tuple[bytes, ...] = ()
    read: tuple[Certificate, ...] = ()

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """The certificates, the server's own first. The first one ever takes a while: for a thread, or who looks."""
        return self.read or _chain(self.der)


# A replay asks for the same few over and over.
@lru_cache(maxsize=64)
def _chain(der: tuple[bytes, ...]) -> tuple[Certificate, ...]:
    # cryptography takes a tenth of a start to import.
    from tui_client.model.certificates import read_certificate

    return tuple(map(read_certificate, der))


def _common_name(subject: str) -> str:
    found = _COMMON_NAME.search(subject)
    return _ESCAPED.sub(r"\1", found[1]) if found else ""
