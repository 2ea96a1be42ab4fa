"""Where the time went, as a waterfall."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from tui_client.model.exchange import Timings
from tui_client.text import format_duration_ms
from tui_client.tui.panels.response_viewer.tables import MUTED, muted
from tui_client.tui.panels.response_viewer.view import Shown

PHASES: Final = ("blocked", "dns", "connect", "tls", "send", "wait", "receive")
_MEANS: Final = {
    "blocked": "waiting for a free connection",
    "dns": "finding the address",
    "connect": "opening the connection",
    "tls": "TLS handshake",
    "send": "sending the request",
    "wait": "waiting for the first byte",
    "receive": "receiving the reply",
}
_COLUMNS: Final = 24  # name and milliseconds
_MEANING: Final = 31
_WIDE: Final = 90  # from here on there is room to say what a phase is
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def timing_content(shown: Shown, width: int) -> Content:
    """The Timing tab; bars are as wide as `width` allows."""
    if shown.timings is None:
        return muted("No timing yet.")
    room = max(8, min(80, width - _COLUMNS - (_MEANING if width >= _WIDE else 0)))
    lines = _waterfall(shown.timings, room, explained=width >= _WIDE)
    own = sum(getattr(shown.timings, phase) or 0.0 for phase in PHASES)
    lines.append(Content.assemble(("total     ", "bold"), f"{format_duration_ms(shown.timings.total):>11}"))
    if shown.hops:
        before = max(0.0, shown.timings.total - own)
        lines.append(muted(f"of it {format_duration_ms(before)} for {len(shown.hops)} earlier requests"))
    if not _opened(shown.timings):
        lines.append(muted("The connection was open already: no dns, connect or tls."))
    return Content("\n").join(lines)


def _opened(timings: Timings) -> bool:
    return any(mark is not None for mark in (timings.dns, timings.connect, timings.tls))


def _waterfall(timings: Timings, room: int, *, explained: bool) -> list[Content]:
    values = [(phase, getattr(timings, phase)) for phase in PHASES]
    whole = sum(value or 0.0 for _, value in values) or 1.0
    lines: list[Content] = []
    begun = 0.0
    for phase, value in values:
        if value is None:
            continue
        meaning = f"{_MEANS[phase]:<{_MEANING}}" if explained else ""
        bar = " " * int(begun / whole * room) + _bar(value / whole * room)
        number = f"{format_duration_ms(value):>11}  "
        lines.append(Content.assemble((f"{phase:<10}", "bold"), number, (meaning, MUTED), (bar, "$accent")))
        begun += value
    return lines


def _bar(length: float) -> str:
    """At least a sliver, so that every phase that took place is seen."""
    whole, eighths = divmod(max(1, round(length * 8)), 8)
    return "█" * whole + _EIGHTHS[eighths].strip()
