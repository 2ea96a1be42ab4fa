"""Where the marks of a plot stand, and which values its axes name."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tui_client.text import format_count

WIDTH: Final = 640
HEIGHT: Final = 250
LEFT: Final = 66
RIGHT: Final = 628
TOP: Final = 16
BOTTOM: Final = 214
_NAME_UNITS: Final = 62  # what a value needs below the axis on a narrow screen

_TIME_STEPS_S: Final = (
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    43200,
    86400,
)


class Scale(msgspec.Struct, frozen=True):
    """From values to places: `low` stands at `start`, `high` at `end`; both above 0 on a log scale."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        if self.log:
            share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def linear_ticks(high: float, wanted: int = 4) -> list[float]:
    """Round values from 0 to the first that is not below `high`."""
    if high <= 0:
        return [0, 1]
    rough = high / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return [place * step for place in range(math.ceil(high / step - 1e-9) + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Round values between the two: powers of ten, with 2 and 5 between them where there is room."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    decades = math.log10(high / low)
    factors = (1, 2, 5) if decades <= 2.5 else (1, 3) if decades <= 4 else (1,)
    return [value for power in powers for factor in factors if low <= (value := factor * 10.0**power) <= high]


def time_ticks(high_s: float, wanted: int = 6) -> list[float]:
    """Round moments from 0 to `high_s` seconds."""
    step = next((step for step in _TIME_STEPS_S if high_s / step <= wanted), _TIME_STEPS_S[-1])
    while high_s / step > wanted:
        step *= 2
    return [place * step for place in range(int(high_s / step + 1e-9) + 1)]


def moment(seconds: float) -> str:
    """ "0.5 s", "45 s", "1:30", "1:00:00"."""
    if seconds < 60:
        return f"{seconds:.4g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def duration(milliseconds: float) -> str:
    """Short, for an axis: "0.5 ms", "20 ms", "1.5 s", "2 min"."""
    if milliseconds < 1000:
        return f"{milliseconds:.3g} ms"
    return f"{milliseconds / 1000:.3g} s" if milliseconds < 60_000 else f"{milliseconds / 60_000:.3g} min"


def count(value: float) -> str:
    """ "1,200", "0.5"."""
    return format_count(round(value)) if value >= 10 or value == round(value) else f"{value:.3g}"


def rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    """A rectangle of a CSS class; never without any width or height."""
    size = f'width="{round(max(width, 0.4), 1)}" height="{round(max(height, 0.1), 1)}"'
    return f'<rect class="{kind}" x="{round(x, 1)}" y="{round(y, 1)}" {size}/>'


def y_axis(scale: Scale, ticks: Sequence[float], words: Callable[[float], str]) -> str:
    """Grid lines with their values at the left."""
    parts: list[str] = []
    for tick in ticks:
        y = scale(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{words(tick)}</text>')
    return "".join(parts)


def x_axis(scale: Scale, ticks: Sequence[float], words: Callable[[float], str]) -> str:
    """The base line with short marks and their values below."""
    parts = [f'<line class="axis" x1="{LEFT}" x2="{RIGHT}" y1="{BOTTOM}" y2="{BOTTOM}"/>']
    last = -math.inf
    for tick in ticks:
        x = scale(tick)
        anchor = "end" if x > RIGHT - 20 else "middle"
        parts.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{BOTTOM}" y2="{BOTTOM + 4}"/>')
        if x - last < _NAME_UNITS:
            continue
        last = x
        parts.append(f'<text class="tick" x="{x}" y="{BOTTOM + 22}" text-anchor="{anchor}">{words(tick)}</text>')
    return "".join(parts)
