"""What the comparison says in words: the sides, their headers, their figures."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from tui_client.replay.comparison.figures import Figures
from tui_client.replay.comparison.headers import HeaderRow
from tui_client.replay.comparison.running import Comparison
from tui_client.replay.comparison.side import Side
from tui_client.text import format_bytes, format_count, format_duration_ms, redact, safe_line

# Unlike $text-muted, this keeps its transparency inside a Content.
_MUTED: Final = "$foreground 60%"
_WIDEST_NAME: Final = 28
_LONGEST_VALUE: Final = 1000
_MOST_HEADERS: Final = 500


def side_content(name: str, side: Side) -> Content:
    """ "Left  users/list  200 OK · 12.4 ms · 1.2 kB · 2026-05-04 12:30:01"."""
    response = side.response
    facts = [f"{response.status} {response.reason}".strip()] if response else []
    if side.total_ms is not None:
        facts.append(format_duration_ms(side.total_ms))
    facts.append(format_bytes(side.body.size))
    if side.when is not None:
        facts.append(side.when.astimezone().strftime("%Y-%m-%d %H:%M:%S"))
    remark = f"  {safe_line(side.remark).rstrip('.')}." if side.remark else ""
    return Content.assemble(
        (f"{safe_line(name)} ", _MUTED),
        (safe_line(side.title), "bold"),
        "  ",
        safe_line(" · ".join(facts)),
        (remark, "$text-warning"),
    )


def headers_content(comparison: Comparison) -> Content:
    """Headers that differ, then those that always do, then those that are the same."""
    if None in comparison.statuses:
        return Content.styled("A saved file has no headers to compare, nor has a request without a reply.", _MUTED)
    rows = comparison.headers
    secrets = comparison.left.secrets | comparison.right.secrets
    groups = (
        ("", [row for row in rows if row.differs and not row.volatile]),
        ("Different in every reply, not counted", [row for row in rows if row.differs and row.volatile]),
        ("The same", [row for row in rows if not row.differs]),
    )
    width = min(_WIDEST_NAME, max((len(safe_line(row.name)) for row in rows), default=0))
    lines: list[Content] = []
    for title, group in groups:
        if title and group:
            lines += [Content(""), Content.styled(title, _MUTED)]
        lines += [_header(row, width, secrets, dimmed=bool(title)) for row in group[:_MOST_HEADERS]]
        if len(group) > _MOST_HEADERS:
            lines.append(Content.styled(f"{format_count(len(group) - _MOST_HEADERS)} more are not shown.", _MUTED))
    if not groups[0][1]:
        lines.insert(0, Content("No header differs that should not."))
    return Content("\n").join(lines)


def _header(row: HeaderRow, width: int, secrets: frozenset[str], *, dimmed: bool) -> Content:
    left, right = (_values(values, secrets) for values in (row.left, row.right))
    sign = " " if not row.differs else "-" if not row.right else "+" if not row.left else "≠"
    name = f"{sign} {safe_line(row.name):<{width}}  "
    if dimmed:
        return Content.styled(name + (left if left == right else f"{left} → {right}"), _MUTED)
    if row.left and row.right:
        told = Content.assemble((left, "$text-error"), " → ", (right, "$text-success"))
    else:
        told = Content.styled(left, "$text-error") if row.left else Content.styled(right, "$text-success")
    return Content.styled(name, "bold") + told


def _values(values: tuple[str, ...], secrets: frozenset[str]) -> str:
    text = safe_line(redact(", ".join(values), secrets))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def figures_content(figures: Figures, reason: str) -> Content:
    """Sizes, hashes and where two bodies begin to differ."""
    if figures.same:
        head = "The bodies are the same, byte for byte."
    else:
        head = f"The bodies differ from byte {format_count(figures.offset or 0)} on ({figures.offset or 0:#x})."
    lines = [Content.styled(head, "bold")]
    if reason:
        lines.append(Content.styled(f"Not compared further: {safe_line(reason)}.", _MUTED))
    for at, name in enumerate(("Left", "Right")):
        size = figures.sizes[at]
        lines += [Content(""), Content.styled(name, _MUTED)]
        lines.append(Content(f"  size     {format_bytes(size)} ({format_count(size)} bytes)"))
        lines.append(Content(f"  SHA-256  {figures.sha256[at]}"))
        if not figures.same:
            lines.append(_excerpt(figures, at))
    return Content("\n").join(lines)


def _excerpt(figures: Figures, at: int) -> Content:
    data, first = figures.excerpts[at], (figures.offset or 0) - figures.at
    if len(data) <= first:
        return Content(f"  ends at byte {format_count(figures.sizes[at])}")
    before, after = data[:first].hex(" "), data[first:].hex(" ")
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return Content.assemble(
        f"  {figures.at:08x} {before} ", (after, "$text-warning"), (f"  {safe_line(letters)}", _MUTED)
    )
