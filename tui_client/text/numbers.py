"""Numbers with their units, the same in the app, on the command line and in reports."""

from __future__ import annotations

from typing import Final


def format_bytes(count: int) -> str:
    """Bytes as people read them, in powers of 1000: "0 B", "999 B", "1.2 kB", "10.5 MB"."""
    if count < 1000:
        return f"{count} B"
    size = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        size /= 1000
        if size < 999.95 or unit == "TB":
            break
    return f"{size:.1f} {unit}"


def format_duration_ms(milliseconds: float) -> str:
    """A duration: ms below 10 s ("0.42 ms", "12.4 ms", "9,800 ms"), then "12.3 s", then "2:05" minutes."""
    if milliseconds < 10:
        return f"{milliseconds:.2f} ms"
    if milliseconds < 100:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 10_000:
        return f"{milliseconds:,.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


_PLURAL: Final = frozenset({"year", "month", "day"})
_AHEAD: Final = (("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def format_ahead(seconds: float) -> str:
    """How far ahead a moment is, in its largest whole unit: "in 45 s", "in 3 h", "in 1 day", "in 13 months"."""
    for unit, length in _AHEAD:
        # Up to two of a unit the smaller one says more.
        count = int(seconds // length)
        if count >= (2 if unit in ("year", "month") else 1):
            return f"in {count} {unit}{'s' if unit in _PLURAL and count > 1 else ''}"
    return "now"


def format_count(count: int) -> str:
    """A whole number with thousands apart: "10,000"."""
    return f"{count:,}"
