"""A comparison of two replies as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tui_client.replay.comparison.blocks import Kind
from tui_client.replay.comparison.diff_rows import DiffRows, Line
from tui_client.replay.comparison.headers import HeaderRow
from tui_client.replay.comparison.running import Comparison
from tui_client.replay.comparison.side import Side
from tui_client.replay.comparison.summary import summary
from tui_client.text import format_bytes, format_count, redact

_SHOWN: Final = 1000
_SHOWN_LINES: Final = 100


def to_lines(comparison: Comparison) -> Iterator[str]:
    """The summary, then headers and differences; outside text, one line each."""
    yield f"A  {_side_text(comparison.left)}"
    yield f"B  {_side_text(comparison.right)}"
    yield summary(comparison)
    secrets = _secrets(comparison)
    for row in comparison.headers:
        if row.differs and not row.volatile:
            yield ""
            yield f"header {row.name}"
            yield from (f"  - {redact(value, secrets)}" for value in row.left)
            yield from (f"  + {redact(value, secrets)}" for value in row.right)
    if comparison.rows is None:
        yield from _figure_lines(comparison)
    else:
        yield from comparison.rows.head.remarks
        yield from _differences(comparison.rows)


def _side_text(side: Side) -> str:
    status = f"  {side.response.status} {side.response.reason}".rstrip() if side.response else ""
    remark = f"  {side.remark.rstrip('.')}." if side.remark else ""
    return f"{side.title}{status}  {format_bytes(side.body.size)}{remark}"


def _secrets(comparison: Comparison) -> frozenset[str]:
    return comparison.left.secrets | comparison.right.secrets


def _figure_lines(comparison: Comparison) -> Iterator[str]:
    figures = comparison.figures
    yield from (f"{name}  SHA-256 {digest}" for name, digest in zip("AB", figures.sha256, strict=True))
    if figures.offset is not None:
        yield f"The bodies differ from byte {format_count(figures.offset)} on; {comparison.reason}."


def _differences(rows: DiffRows) -> Iterator[str]:
    for stop in range(min(rows.stop_count, _SHOWN)):
        yield ""
        written = " (the same value, written differently)" if rows.kind(stop) is Kind.WRITTEN else ""
        yield f"{rows.place(stop)}{written}"
        counts, sides = rows.line_count(stop), rows.lines(stop, _SHOWN_LINES)
        indent = min((_indent(line.text) for lines in sides for line in lines), default=0)
        for sign, lines, count in zip("-+", sides, counts, strict=True):
            yield from (f"  {sign} {_line_text(line)[indent:]}" for line in lines)
            if count > len(lines):
                yield f"  {sign} … {format_count(count - len(lines))} more lines"
    if rows.stop_count > _SHOWN:
        yield ""
        yield f"{format_count(rows.stop_count - _SHOWN)} more differences are not listed."


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _line_text(line: Line) -> str:
    return f"{line.text}… {format_bytes(line.cut)} more" if line.cut else line.text


def to_json(comparison: Comparison) -> dict[str, Any]:
    """The object that `diff --json` prints; `differences` are the first 1,000, each with its first 100 lines."""
    from tui_client.replay.comparison.summary import differs

    secrets = _secrets(comparison)
    before, after = comparison.statuses
    return {
        "differs": differs(comparison),
        "status": {"before": before, "after": after},
        "headers": [_header_json(row, secrets) for row in comparison.headers if row.differs],
        "body": _body_json(comparison),
    }


def _header_json(row: HeaderRow, secrets: frozenset[str]) -> dict[str, Any]:
    before, after = ([redact(value, secrets) for value in values] for values in (row.left, row.right))
    return {"name": row.name, "before": before, "after": after, "counted": not row.volatile}


def _body_json(comparison: Comparison) -> dict[str, Any]:
    figures, rows = comparison.figures, comparison.rows
    told: dict[str, Any] = {
        "differs": comparison.body_differs,
        "bytes": {"before": figures.sizes[0], "after": figures.sizes[1]},
        "sha256": {"before": figures.sha256[0], "after": figures.sha256[1]},
        "first_different_byte": figures.offset,
        "compared_as": rows.head.how if rows else "bytes",
    }
    if rows is None:
        return {**told, "remarks": [comparison.reason]}
    head = rows.head
    return {
        **told,
        "changed": head.changed,
        "added": head.added,
        "removed": head.removed,
        "written_differently": head.written,
        "ignored": head.ignored,
        "remarks": list(head.remarks),
        "differences": [_difference_json(rows, stop) for stop in range(min(rows.stop_count, _SHOWN))],
    }


def _difference_json(rows: DiffRows, stop: int) -> dict[str, Any]:
    before, after = ([_line_text(line) for line in lines] for lines in rows.lines(stop, _SHOWN_LINES))
    return {"where": rows.place(stop), "kind": rows.kind(stop).name.lower(), "before": before, "after": after}
