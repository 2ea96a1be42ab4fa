"""A comparison in words."""

from __future__ import annotations

from tui_client.replay.comparison.headers import differing
from tui_client.replay.comparison.running import Comparison
from tui_client.text import format_bytes, format_count


def summary(comparison: Comparison) -> str:
    """ "status same · 3 headers differ · body: 2 changed, 1 added, 0 removed; 4 ignored"; safe to print."""
    parts = [_status_text(comparison), _headers_text(comparison), body_text(comparison)]
    return " · ".join(part for part in parts if part)


def _status_text(comparison: Comparison) -> str:
    before, after = comparison.statuses
    if before is None or after is None:
        return ""
    return "status same" if before == after else f"status {before} → {after}"


def _headers_text(comparison: Comparison) -> str:
    if None in comparison.statuses:
        return ""
    count = differing(comparison.headers)
    return (
        "headers same" if not count else "1 header differs" if count == 1 else f"{format_count(count)} headers differ"
    )


def body_text(comparison: Comparison) -> str:
    """ "body: 2 changed, 1 added, 0 removed; 4 ignored", "body: the same, byte for byte"."""
    if comparison.figures.same:
        return "body: the same, byte for byte"
    if comparison.rows is None:
        left, right = comparison.figures.sizes
        sizes = format_bytes(left) if left == right else f"{format_bytes(left)} → {format_bytes(right)}"
        return f"body differs: {sizes}"
    head = comparison.rows.head
    unit = "" if head.how == "json" else "places " if head.changed != 1 else "place "
    counted = [f"{format_count(head.changed)} {unit}changed", f"{format_count(head.added)} added"]
    text = ", ".join([*counted, f"{format_count(head.removed)} removed"]) if head.differs else "no difference"
    beside = [
        f"{format_count(count)} {word}"
        for count, word in ((head.written, "written differently"), (head.ignored, "ignored"))
        if count
    ]
    return f"body: {'; '.join([text, *beside])}"


def differs(comparison: Comparison) -> bool:
    """Whether anything differs that counts: the status, a header that is not volatile, the body."""
    before, after = comparison.statuses
    compared = before is not None and after is not None
    return (compared and before != after) or bool(differing(comparison.headers)) or comparison.body_differs
