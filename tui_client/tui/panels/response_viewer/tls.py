"""What TLS agreed on, and whose certificates the server showed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from textual.content import Content

from tui_client.model.exchange import SentRequest
from tui_client.model.tls import Certificate, TlsDetails
from tui_client.text import safe_line
from tui_client.text.numbers import format_ahead
from tui_client.tui.panels.response_viewer.tables import muted, value_text
from tui_client.tui.panels.response_viewer.view import Shown

SOON: Final = timedelta(days=14)
_WARNING: Final = "bold $text-warning"
_ERROR: Final = "bold $text-error"
_LABEL: Final = 9
_NARROWEST: Final = 20
_BAR: Final = 2
_UNVERIFIED: Final = {
    "settings": "your settings of this host switch it off",
    "options": "verify = false in its options, which you allowed for this host",
    "": "the verification was off",
}


def tls_content(shown: Shown, width: int) -> Content:
    """The TLS tab."""
    # The bar beside a long text takes some of its width.
    return tls_at(shown, width - _BAR, datetime.now(UTC))


def tls_at(shown: Shown, width: int, now: datetime) -> Content:
    """The TLS tab at a moment: whether certificates have expired depends on it."""
    lines = [*_head(shown), *_earlier(shown)]
    if os.environ.get("SSLKEYLOGFILE"):
        lines.append(muted("SSLKEYLOGFILE is set; tui-client ignores it."))
    details = shown.tls
    if details is not None:
        for number, certificate in enumerate(details.chain, 1):
            lines.append(Content(""))
            name = value_text(certificate.common_name or "a certificate that can't be read", shown.secrets)
            lines.append(Content.assemble(f"{number}  ", (name, "bold")))
            for label, value in _rows(certificate, shown.secrets, now):
                lines += _row(label, value, width)
        if not details.chain:
            lines.append(muted("The certificates were not kept."))
    return Content("\n").join(lines)


def tls_note(shown: Shown) -> str:
    """What stands behind the name of the tab: a mark where something is wrong."""
    if shown.tls is not None and shown.tls.problem:
        return "✗"
    asked = [] if shown.request is None else [shown.request, *(hop.request for hop in shown.hops)]
    return "" if all(request.verified for request in asked) else "⚠"


def _head(shown: Shown) -> Iterator[Content]:
    details, request = shown.tls, shown.request
    if details is not None:
        agreed = [details.version, details.cipher, f"ALPN {details.alpn}" if details.alpn else ""]
        yield Content.styled(" · ".join(safe_line(part) for part in agreed if part), "bold")
        yield _verdict(details, request)
        return
    if request is not None and not request.url.startswith("https:"):
        yield Content("Not encrypted.")
        if not request.verified:
            yield Content.styled(f"⚠ the proxy was not verified: {_UNVERIFIED[request.unverified_by]}", _WARNING)
    elif shown.exchange is None:
        yield muted("Shown once the reply is here.")
    elif shown.response is None:
        yield muted("No handshake was completed.")
    else:
        yield muted("What TLS came to was not kept.")


def _earlier(shown: Shown) -> Iterator[Content]:
    blind = [hop.request for hop in shown.hops if not hop.request.verified]
    if blind:
        which = "an earlier request was" if len(blind) == 1 else f"{len(blind)} earlier requests were"
        yield Content.styled(f"⚠ {which} not verified: {_UNVERIFIED[blind[0].unverified_by]}", _WARNING)


def _verdict(details: TlsDetails, request: SentRequest | None) -> Content:
    if details.problem:
        return Content.styled(f"✗ not trusted: {safe_line(details.problem)}. Nothing was sent.", _ERROR)
    if details.verified and (request is None or request.verified):
        return Content.styled("✓ verified", "bold $text-success")
    # A proxy may be what was not verified, but then it could show any server.
    return Content.styled(f"⚠ not verified: {_UNVERIFIED[request.unverified_by if request else '']}", _WARNING)


def _rows(certificate: Certificate, secrets: frozenset[str], now: datetime) -> Iterator[tuple[str, Content]]:
    if valid := _valid(certificate, now):
        yield "valid", valid
    for label, value in (
        ("names", ", ".join(certificate.plain_names)),
        ("subject", certificate.subject),
        ("issuer", certificate.issuer),
        ("key", certificate.key),
        ("serial", certificate.serial),
        ("sha256", certificate.sha256),
    ):
        if value:
            yield label, Content(value_text(value, secrets))


def _valid(certificate: Certificate, now: datetime) -> Content | None:
    begin, end = certificate.not_before, certificate.not_after
    if begin is None or end is None:
        return None
    dates = Content(f"{begin:%Y-%m-%d} to {end:%Y-%m-%d}  ")
    if now < begin:
        how = Content.styled(f"✗ not valid yet: begins {_ahead(begin - now)}", _ERROR)
    elif now > end:
        how = Content.styled(f"✗ expired {_ahead(now - end).removeprefix('in ')} ago", _ERROR)
    elif end - now < SOON:
        how = Content.styled(f"⚠ ends {_ahead(end - now)}", _WARNING)
    else:
        how = muted(f"ends {_ahead(end - now)}")
    return dates + how


def _ahead(span: timedelta) -> str:
    found = format_ahead(span.total_seconds())
    return "in a moment" if found == "now" else found


def _row(label: str, value: Content, width: int) -> Iterator[Content]:
    """What does not fit goes on below its beginning."""
    first = Content.assemble("   ", (f"{label:<{_LABEL}}", "bold $text-primary"))
    for line in value.wrap(max(_NARROWEST, width - len(first))):
        yield first + line
        first = Content(" " * len(first))
