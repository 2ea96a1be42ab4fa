"""The way from the first request to the last: redirects and authentication challenges."""

from __future__ import annotations

from textual.content import Content

from tui_client.model.exchange import Hop, header_values
from tui_client.text import format_duration_ms, redact, safe_line
from tui_client.tui.panels.response_viewer.tables import MUTED, muted
from tui_client.tui.panels.response_viewer.view import Shown

_CHALLENGES = frozenset({401, 407})


def redirects_content(shown: Shown, width: int) -> Content:
    """The Redirects tab."""
    if not shown.hops:
        return muted("The first request was answered: no redirects, no challenge.")
    lines = [line for number, hop in enumerate(shown.hops, 1) for line in _hop(number, hop, shown)]
    if shown.request is not None:
        status = f"{shown.response.status} {safe_line(shown.response.reason)}" if shown.response else "no reply"
        where = _target(shown.request.method, shown.request.url, shown.secrets)
        lines.append(Content.assemble(f"{len(shown.hops) + 1}  ", (where, "bold"), f"  {status}"))
    return Content("\n").join(lines)


def _hop(number: int, hop: Hop, shown: Shown) -> list[Content]:
    secrets = shown.hidden_of(hop.request)
    where = _target(hop.request.method, hop.request.url, secrets)
    lines = [
        Content.assemble(
            f"{number}  ",
            (where, "bold"),
            f"  {hop.status} {safe_line(hop.reason)}",
            (f"  {format_duration_ms(hop.timings.total)}", MUTED),
        )
    ]
    if hop.status in _CHALLENGES:
        name = "proxy-authenticate" if hop.status == 407 else "www-authenticate"
        asked = ", ".join(value.split(" ")[0] for value in header_values(hop.headers, name)) or "credentials"
        lines.append(Content(f"   ↓ asked for {safe_line(asked)}, sent again with it"))
    else:
        location = ", ".join(header_values(hop.headers, "location"))
        lines.append(Content(f"   ↓ Location: {safe_line(redact(location, secrets))}"))
    if hop.dropped_headers:
        names = ", ".join(safe_line(name) for name in hop.dropped_headers)
        lines.append(Content.styled(f"   ! not carried to another origin: {names}", "$text-warning"))
    return lines


def _target(method: str, url: str, secrets: frozenset[str]) -> str:
    return safe_line(redact(f"{method} {url}", secrets))
