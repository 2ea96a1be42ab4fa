"""Headers and cookies of a reply."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from tui_client.model.exchange import RawHeader, Response, header_text, header_values
from tui_client.text import format_bytes, format_count, redact, safe_line
from tui_client.tui.panels.response_viewer.view import Shown

MOST_ROWS: Final = 1000
MOST_CHARACTERS: Final = 4096
_WIDEST_NAME: Final = 28
# Unlike $text-muted, this keeps its transparency inside a Content.
MUTED: Final = "$foreground 60%"


def rows(pairs: list[tuple[str, str]], secrets: frozenset[str] = frozenset()) -> Content:
    """Names and values in two columns, secrets masked; at most 1,000 rows, and what was left out is said."""
    names = [safe_line(title) for title, _ in pairs[:MOST_ROWS]]
    width = min(_WIDEST_NAME, max((len(name) for name in names), default=0))
    lines = [
        Content.assemble((f"{name:<{width}}", "bold $text-primary"), "  ", value_text(value, secrets))
        for name, (_, value) in zip(names, pairs, strict=False)
    ]
    if len(pairs) > MOST_ROWS:
        lines.append(Content.styled(f"{format_count(len(pairs) - MOST_ROWS)} more are not shown.", "$text-warning"))
    return Content("\n").join(lines)


def value_text(value: str, secrets: frozenset[str] = frozenset()) -> str:
    """A value, safe to print, secrets masked; the end of a very long one is left out, and said to be."""
    value = redact(value, secrets)
    if len(value) <= MOST_CHARACTERS:
        return safe_line(value)
    return f"{safe_line(value[:MOST_CHARACTERS])}… {format_bytes(len(value) - MOST_CHARACTERS)} more"


def header_rows(headers: tuple[RawHeader, ...], secrets: frozenset[str] = frozenset()) -> Content:
    """Headers in the order and the case in which they came."""
    return rows([(header_text(name), header_text(value)) for name, value in headers], secrets)


def headers_content(shown: Shown, width: int) -> Content:
    """The Headers tab."""
    if shown.response is None:
        return muted("No headers: no reply came.")
    headers = shown.response.headers
    return header_rows(headers, shown.secrets) if headers else muted("The reply has no headers.")


def set_cookies(response: Response | None) -> list[str]:
    """All Set-Cookie values of a reply, in order."""
    return header_values(response.headers, "set-cookie") if response else []


def cookies_content(shown: Shown, width: int) -> Content:
    """The Cookies tab: what the reply, and those before it, set."""
    groups = [(f"set by {hop.status}", header_values(hop.headers, "set-cookie")) for hop in shown.hops]
    groups.append(("", set_cookies(shown.response)))
    lines: list[Content] = []
    for title, cookies in groups:
        if cookies and title:
            lines.append(muted(title))
        lines += [_cookie(cookie, shown.secrets) for cookie in cookies[:MOST_ROWS]]
    return Content("\n").join(lines) if lines else muted("The reply sets no cookies.")


def cookie_count(shown: Shown) -> int:
    """Cookies that were set on the way and at the end."""
    return len(set_cookies(shown.response)) + sum(len(header_values(hop.headers, "set-cookie")) for hop in shown.hops)


def _cookie(cookie: str, secrets: frozenset[str]) -> Content:
    pair, _, attributes = cookie.partition(";")
    name, _, value = pair.strip().partition("=")
    rest = safe_line("; ".join(part.strip() for part in attributes.split(";") if part.strip()))
    return Content.assemble(
        (safe_line(name), "bold $text-primary"), " = ", value_text(value, secrets), (f"  {rest}" if rest else "", MUTED)
    )


def muted(text: str) -> Content:
    """A remark of ours."""
    return Content.styled(text, MUTED)
