"""Numbers with their units, the same in the app, on the command line and in reports."""

from __future__ import annotations


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


def format_count(count: int) -> str:
    """A whole number with thousands apart: "10,000"."""
    return f"{count:,}"
