"""The values that options of `replay` take, as text and as what they mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from tui_client.replay.plan import Shard, Stage
    from tui_client.storage.batch import Threshold

_THRESHOLD: Final = re.compile(
    r"\s*(?P<metric>\w+)(?:\s+(?P<agg>[\w.]+))?\s*(?P<op><=|>=|==|!=|<|>)\s*"
    r"(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|%|/s)?(?P<select>(?:\s+\w+=\S+)*)\s*"
)
# No more digits than any plan has parts, and than Python likes to read.
_SHARD: Final = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)
_METRICS: Final = ("latency", "scheduled_latency", "failures", "checks", "throughput")
# What a unit makes of the number before it, where the metric has one.
_UNITS: Final = {
    "latency": {"ms": 1.0, "s": 1000.0},
    "scheduled_latency": {"ms": 1.0, "s": 1000.0},
    "failures": {"%": 0.01},
    "checks": {"%": 0.01},
    "throughput": {"/s": 1.0},
}


def duration(text: str) -> float:
    """Seconds of "200ms", "10m", "1h30m"."""
    from tui_client.storage.variables import duration_s

    seconds = duration_s(text.strip())
    if seconds is None:
        raise click.BadParameter(f"{text!r} is no duration. Write it like 200ms, 30s, 10m or 1h30m.")
    return seconds


def rate(text: str) -> float:
    """Requests a second, of "50" or "50/s"."""
    try:
        return float(text.strip().removesuffix("/s"))
    except ValueError:
        raise click.BadParameter(f"{text!r} is no rate. Write it like 50 or 0.5, in requests a second.") from None


def stage(text: str) -> Stage:
    """ "30s:50/s": to that rate within that time; "30s:16": to so many sessions."""
    from tui_client.replay.plan import Stage

    length, colon, target = text.partition(":")
    if not colon:
        raise click.BadParameter(f"{text!r} is no stage. Write DURATION:RATE/s or DURATION:SESSIONS, like 30s:50/s.")
    if target.strip().endswith("/s"):
        return Stage(duration(length), rate=rate(target))
    if not target.strip().isdecimal():
        raise click.BadParameter(f"{target!r} is neither a rate, like 50/s, nor a number of sessions, like 16.")
    return Stage(duration(length), concurrency=int(target))


def shard(text: str) -> Shard:
    """ "2/8": the second of eight parts."""
    from tui_client.replay.plan import Shard

    found = _SHARD.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"{text!r} is no part. Write PART/PARTS, like 2/8 for the second of eight.")
    return Shard(int(found[1]), int(found[2]))


def retry_on(text: str) -> tuple[str | int, ...]:
    """ "connect,timeout,429"."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words:
        raise click.BadParameter("Name failures or statuses, like connect,timeout,429,503.")
    return tuple(int(word) if word.isdecimal() else word for word in words)


def threshold(text: str) -> Threshold:
    """ "latency p95 < 300", "failures < 1%", "throughput > 100 tag=checkout"."""
    import msgspec

    from tui_client.storage.batch import Threshold

    found = _THRESHOLD.fullmatch(text)
    if found is None or found["metric"] not in _METRICS:
        raise click.BadParameter(
            f"{text!r} is no threshold. Write METRIC [AGG] OP VALUE [tag=TAG], like 'latency p95 < 300 tag=checkout'; "
            f"the metrics are {', '.join(_METRICS)}."
        )
    factor = 1.0
    if unit := found["unit"]:
        units = _UNITS[found["metric"]]
        if unit not in units:
            raise click.BadParameter(f"{found['metric']} is not measured in {unit}, but in {' or '.join(units)}.")
        factor = units[unit]
    select = dict(pair.split("=", 1) for pair in found["select"].split())
    said = {"metric": found["metric"], "agg": found["agg"] or "", "op": found["op"]}
    # Rounded, so that 0.1 % is 0.001 and no neighbour of it.
    value = round(float(found["value"]) * factor, 9)
    return msgspec.convert({**said, "value": value, "select": select}, Threshold)


def host(text: str) -> tuple[str, str]:
    """ "api.example.com=localhost:8000"."""
    recorded, equals, target = text.partition("=")
    if not equals or not recorded.strip() or not target.strip():
        raise click.BadParameter(f"{text!r} is not RECORDED=TARGET, like api.example.com=localhost:8000.")
    return recorded.strip(), target.strip()
