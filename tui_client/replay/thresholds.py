"""Limits for a whole run: what can be asked of it, and whether it kept them."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final, Protocol, assert_never

import msgspec

from tui_client.errors import UsageError
from tui_client.replay.histogram import Histogram
from tui_client.replay.tally import Tally
from tui_client.storage.batch import Threshold
from tui_client.text import format_duration_ms

_EQUAL_WITHIN: Final = 1e-9
_SELECT: Final = ("tag", "request")
_PERCENTILE: Final = re.compile(r"p(\d{1,3}(?:\.\d{1,6})?)", re.ASCII)
_LATENCY: Final = ("min", "mean", "avg", "median", "max")
# The first is meant where nothing is said.
_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "failures": ("rate", "count"),
    "checks": ("rate", "count"),
    "throughput": ("mean",),
}
_ORDER: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Verdict(msgspec.Struct, frozen=True):
    """A threshold and what came of it.

    actual: milliseconds, a share from 0 to 1, a count, or requests a second; None where nothing was measured, which
    is not passed.
    """

    threshold: Threshold
    actual: float | None
    passed: bool


class Measured(Protocol):
    """What is judged. seconds: how long it ran."""

    seconds: float

    def selected(self, select: Mapping[str, str]) -> Tally:
        """What was counted of the requests that are meant."""
        ...


def check_thresholds(thresholds: tuple[Threshold, ...]) -> None:
    """Raises UsageError for the first one that could never be judged."""
    for one in thresholds:
        _check_select(one)
        _check_agg(one)
        _check_value(one)


def judge(thresholds: tuple[Threshold, ...], report: Measured) -> tuple[Verdict, ...]:
    """A verdict for each, in their order. They have passed `check_thresholds`."""
    return tuple([_judged(one, report) for one in thresholds])


def agg_of(threshold: Threshold) -> str:
    """What is compared, also where the threshold leaves it open: "p95", "rate", "mean"."""
    return threshold.agg or _OTHERS.get(threshold.metric, ("",))[0]


def selects(select: Mapping[str, str], key: str, tags: tuple[str, ...]) -> bool:
    """Whether a request is meant: it has the tag, and its key is the one, lies in the folder or fits the glob.

    A pattern without a collection ("users/*") means those of all collections ("shop:users/list").
    """
    if "tag" in select and select["tag"] not in tags:
        return False
    pattern = select.get("request")
    if pattern is None:
        return True
    name = key if ":" in pattern else key.rpartition(":")[2]
    return name == pattern or name.startswith(pattern.rstrip("/") + "/") or fnmatchcase(name, pattern)


def threshold_words(threshold: Threshold) -> str:
    """ "p95 latency < 300 ms (tag checkout)", "failures < 1 %"; not yet safe to print."""
    selected = ", ".join(f"{name} {value}" for name, value in threshold.select.items())
    limit = f"{_subject(threshold)} {threshold.op} {_figure_words(threshold, threshold.value)}"
    return f"{limit} ({selected})" if selected else limit


def actual_words(verdict: Verdict) -> str:
    """ "412 ms", in the unit of the threshold; "nothing was measured"."""
    return "nothing was measured" if verdict.actual is None else _figure_words(verdict.threshold, verdict.actual)


def _subject(threshold: Threshold) -> str:
    match threshold.metric, agg_of(threshold):
        case "checks", "rate":
            return "checks passed"
        case "checks", _:
            return "checks failed"
        case (("failures" | "throughput"), _):
            return threshold.metric
        case _, agg:
            return f"{agg} {threshold.metric.replace('_', ' ')}"


def _figure_words(threshold: Threshold, value: float) -> str:
    match threshold.metric, agg_of(threshold):
        case (("latency" | "scheduled_latency"), _):
            return format_duration_ms(value)
        case "throughput", _:
            return f"{value:,.4g}/s" if value < 1000 else f"{value:,.0f}/s"
        case _, "rate":
            return f"{value * 100:.4g} %"
        case _:
            return f"{value:,g}"


def _check_select(one: Threshold) -> None:
    for name in one.select:
        if name not in _SELECT:
            raise UsageError(f"A threshold selects by tag or request, not by {name!r}.")


def _check_agg(one: Threshold) -> None:
    if one.metric in ("latency", "scheduled_latency"):
        if one.agg not in _LATENCY and _share(one.agg) is None:
            instead = f"not {one.agg!r}" if one.agg else "and none is given"
            allowed = "min, mean, median, max or a percentile like p95"
            raise UsageError(f"The agg of a {one.metric} threshold is {allowed}, {instead}.")
    elif agg_of(one) not in _OTHERS[one.metric]:
        allowed = " or ".join(_OTHERS[one.metric])
        raise UsageError(f"The agg of a {one.metric} threshold is {allowed}, not {one.agg!r}.")


def _check_value(one: Threshold) -> None:
    if not math.isfinite(one.value):
        raise UsageError(f"The value of a {one.metric} threshold is a finite number, not {one.value}.")
    if agg_of(one) == "rate" and not 0 <= one.value <= 1:
        raise UsageError(f"The rate of {one.metric} is from 0 to 1 (0.01 is 1 %), so it can't be {one.value:g}.")


def _judged(one: Threshold, report: Measured) -> Verdict:
    actual = _actual(one, report.selected(one.select), report.seconds)
    return Verdict(one, actual, actual is not None and _holds(one, actual))


def _holds(one: Threshold, actual: float) -> bool:
    equal = abs(actual - one.value) <= _EQUAL_WITHIN
    match one.op:
        case "==":
            return equal
        case "!=":
            return not equal
        case op:
            return _ORDER[op](actual, one.value)


def _actual(one: Threshold, tally: Tally, seconds: float) -> float | None:
    counted = agg_of(one) == "count"
    match one.metric:
        case "latency":
            return _figure(one.agg, tally.latency)
        case "scheduled_latency":
            return _figure(one.agg, tally.scheduled)
        case "failures":
            bad = tally.failed + tally.errors
            return _per(bad, 1 if counted else tally.done) if tally.done else None
        case "checks":
            shown = tally.checks_failed if counted else tally.checks - tally.checks_failed
            return _per(shown, 1 if counted else tally.checks) if tally.checks else None
        case "throughput":
            return _per(tally.done, seconds) if tally.done else None
        case _:
            assert_never(one.metric)


def _per(count: int, whole: float) -> float | None:
    return count / whole if whole > 0 else None


def _figure(agg: str, latency: Histogram) -> float | None:
    match agg:
        case "min":
            return latency.min_ms
        case "max":
            return latency.max_ms
        case "mean" | "avg":
            return latency.mean_ms
        case _:
            return latency.percentiles(_share(agg) or 0.5)[0]


def _share(agg: str) -> float | None:
    """0.999 for "p99.9"; None for what is no percentile."""
    if agg == "median":
        return 0.5
    found = _PERCENTILE.fullmatch(agg)
    if found is None:
        return None
    # Divided as decimals, so that p99.9 is the share 0.999 and not the next float above it.
    share = float(Decimal(found[1]) / 100)
    return share if 0 < share <= 1 else None
