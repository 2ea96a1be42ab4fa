"""What TLS came to, as people and programs read it on the command line."""

from __future__ import annotations

from typing import Any

import msgspec

from tui_client.model.tls import Certificate, TlsDetails
from tui_client.text.redact import redact


def tls_line(details: TlsDetails, secrets: frozenset[str] = frozenset()) -> str:
    """ "TLS 1.3 · TLS_AES_256_GCM_SHA384 · certificate of api.example, issued by R3, 2026-09-04 to 2026-12-02"."""
    parts = [details.version, details.cipher, *(_certificate(one) for one in details.chain[:1])]
    return redact(" · ".join(part for part in parts if part), secrets)


def _certificate(shown: Certificate) -> str:
    text = f"certificate of {shown.common_name or 'nobody that can be read'}"
    if shown.issuer:
        text += f", issued by {shown.issuer_name}"
    if shown.not_before is not None and shown.not_after is not None:
        text += f", {shown.not_before:%Y-%m-%d} to {shown.not_after:%Y-%m-%d}"
    return text


def tls_json(details: TlsDetails | None) -> dict[str, Any] | None:
    """The same keys always, null without TLS; the certificates as sent, the server's own first, dates in ISO 8601."""
    if details is None:
        return None
    return {
        "version": details.version,
        "cipher": details.cipher,
        "alpn": details.alpn,
        "verified": details.verified,
        "problem": details.problem,
        "certificates": [_certificate_json(one) for one in details.chain],
    }


def _certificate_json(shown: Certificate) -> dict[str, Any]:
    fields = {field: getattr(shown, field) for field in shown.__struct_fields__}
    found: dict[str, Any] = msgspec.to_builtins(fields)
    return found
