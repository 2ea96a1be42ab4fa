"""What a TLS error means to a user: the certificate, the host's name, the dates, the version."""

from __future__ import annotations

import ssl
from typing import Final

from tui_client.errors import Failure, FailureKind

# X509_V_ERR_… of OpenSSL; Python has no names for them.
_VERIFY_CODES: Final = {
    9: FailureKind.TLS_NOT_YET_VALID,
    10: FailureKind.TLS_EXPIRED,
    62: FailureKind.TLS_HOSTNAME,
    64: FailureKind.TLS_HOSTNAME,
}
_VERSION_REASONS: Final = frozenset(
    {
        "UNSUPPORTED_PROTOCOL",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "WRONG_SSL_VERSION",
        "NO_PROTOCOLS_AVAILABLE",
        "VERSION_TOO_LOW",
    }
)
# Alerts by which a server refuses the certificate we gave, or that we gave none.
_CLIENT_REASONS: Final = frozenset(
    {
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV1_ALERT_ACCESS_DENIED",
        "SSLV3_ALERT_NO_CERTIFICATE",
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    }
)


def tls_failure(error: ssl.SSLError, subject: str) -> Failure:
    """The failure a TLS error means; `detail` is OpenSSL's reason in small letters."""
    if isinstance(error, ssl.SSLCertVerificationError):
        # Errors that Python makes itself, not OpenSSL, lack these attributes.
        kind = _VERIFY_CODES.get(getattr(error, "verify_code", 0), FailureKind.TLS_UNTRUSTED)
        return Failure(kind, subject, detail=getattr(error, "verify_message", "") or str(error))
    reason = getattr(error, "reason", None) or ""
    return Failure(_kind(reason), subject, detail=reason.lower().replace("_", " ") or str(error))


def _kind(reason: str) -> FailureKind:
    if reason in _VERSION_REASONS:
        return FailureKind.TLS_VERSION
    return FailureKind.TLS_CLIENT_CERTIFICATE if reason in _CLIENT_REASONS else FailureKind.TLS_FAILED
