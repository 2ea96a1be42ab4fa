"""A saved batch, `batches/NAME.toml`: what to replay, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from tui_client.errors import FailureKind
from tui_client.storage.document import Document
from tui_client.storage.node import Node, did_you_mean, plain
from tui_client.storage.variables import read_duration

Metric = Literal["latency", "scheduled_latency", "failures", "checks", "throughput"]

MAX_DURATION_S: Final = 100 * 365.25 * 86_400

_FAMILIES: Final = ("connect", "timeout", "proxy", "tls", "too_large", "redirect")
_SINGLE: Final = ("dns", "protocol", "closed_early", "incomplete", "decoding", "auth.failed")
_KINDS: Final[dict[str, frozenset[FailureKind]]] = {
    # Who says "connect" means "no connection came about", whether or not its name was found.
    **{name: frozenset(kind for kind in FailureKind if kind.startswith(f"{name}.")) for name in _FAMILIES},
    "connect": frozenset(kind for kind in FailureKind if kind.startswith("connect.") or kind is FailureKind.DNS),
    **{kind.value: frozenset({kind}) for kind in FailureKind if kind.partition(".")[0] in _FAMILIES or kind in _SINGLE},
}
RETRY_NAMES: Final = tuple(_KINDS)


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which failures are sent again, and how often at most: error kinds or the word before their dot, and statuses."""

    count: int = 0
    on: tuple[str | int, ...] = ("connect", "timeout", 429, 502, 503, 504)


def retried_kinds(name: str) -> frozenset[FailureKind]:
    """The error kinds that a name in `Retry.on` means; none for an unknown one."""
    return _KINDS.get(name, frozenset())


def retry_problem(item: str | int) -> str:
    """What is wrong with an item of `Retry.on`, in words; "" if nothing."""
    if isinstance(item, int):
        return "" if 200 <= item <= 599 else f"{item} is not the status of a reply"
    if item in _KINDS:
        return ""
    return f"there is no failure {item!r}{did_you_mean(item, RETRY_NAMES)}"


class BatchStage(msgspec.Struct, frozen=True):
    """A part of a ramp: within `duration_s` seconds the rate (requests a second) and the concurrency go to these."""

    duration_s: float
    rate: float | None = None
    concurrency: int | None = None


class BatchDiff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How replies are compared: JSONPaths to ignore, and the headers to look at."""

    ignore: tuple[str, ...] = ()
    headers: tuple[str, ...] = ("content-type", "location")


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limit of the whole run; broken, it is exit code 1. Latencies in milliseconds."""

    metric: Metric
    op: Literal["<", "<=", ">", ">=", "==", "!="]
    value: float
    agg: str = ""
    select: dict[str, str] = {}


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch file says; None: not said.

    stem: the file's name without its ending. data: absolute. duration_s, delay_s: seconds.
    """

    name: str
    stem: str = ""
    description: str = ""
    requests: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    data: Path | None = None
    environment: str = ""
    on_exhausted: Literal["stop", "wrap", "hold"] = "stop"
    concurrency: int | None = None
    rate: float | None = None
    overflow: Literal["wait", "drop"] | None = None
    stages: tuple[BatchStage, ...] = ()
    iterations: int | None = None
    duration_s: float | None = None
    delay_s: float = 0.0
    bail: bool = False
    allow_http_errors: bool = False
    retry: Retry = Retry()
    retry_unsafe: bool = False
    idempotency_key: bool = False
    diff: BatchDiff = BatchDiff()
    thresholds: tuple[Threshold, ...] = ()


class BatchTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a batch file that are plain values; the rest (`_BY_HAND`) is read by hand."""

    description: str = ""
    requests: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    environment: str = ""
    on_exhausted: Literal["stop", "wrap", "hold"] = "stop"
    concurrency: int | None = None
    rate: float | None = None
    overflow: Literal["wait", "drop"] | None = None
    iterations: int | None = None
    bail: bool = False
    allow_http_errors: bool = False
    retry: Retry = Retry()
    retry_unsafe: bool = False
    idempotency_key: bool = False
    diff: BatchDiff = BatchDiff()


class StageTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A [[stage]] without its duration, which is read by hand."""

    rate: float | None = None
    concurrency: int | None = None


_BY_HAND: Final = ("name", "data", "duration", "delay", "stage", "threshold")
BATCH_KEYS: Final = (*BatchTable.__struct_fields__, *_BY_HAND)


def read_batch(document: Document, name: str) -> Batch:
    """A batch file. Raises BrokenFile."""
    root = Node(document, (), document.table)
    root.only(BATCH_KEYS, extensions=True)
    table = root.table()
    extensions = tuple(key for key in table if key.startswith("x-"))
    settings = root.convert(BatchTable, drop=(*_BY_HAND, *extensions))
    for key in ("concurrency", "iterations", "rate"):
        _check_number(table, key, getattr(settings, key), zero=False)
    _check_retry(table, settings.retry)
    _check_diff(table, settings.diff)
    return Batch(
        **_as_fields(settings),
        name=table["name"].text() if "name" in table else name,
        stem=name,
        data=_data(table["data"]) if "data" in table else None,
        duration_s=_duration(table["duration"]) if "duration" in table else None,
        delay_s=_duration(table["delay"], zero=True) if "delay" in table else 0.0,
        stages=tuple(_stage(item) for item in table["stage"].items()) if "stage" in table else (),
        thresholds=tuple(_threshold(item) for item in table["threshold"].items()) if "threshold" in table else (),
    )


def _as_fields(settings: BatchTable) -> dict[str, Any]:
    return {field: getattr(settings, field) for field in settings.__struct_fields__}


def _data(node: Node) -> Path:
    # normpath would follow no link; the place is checked when the file is opened.
    return Path(node.document.path).parent / node.text()


def _duration(node: Node, *, zero: bool = False) -> float:
    seconds = read_duration(node)
    if seconds == 0 and not zero:
        raise node.broken("must be more than 0")
    if seconds > MAX_DURATION_S:
        raise node.broken("is longer than a hundred years")
    return seconds


def _check_number(table: dict[str, Node], key: str, value: float | None, *, zero: bool) -> None:
    # Comparisons with not-a-number are all false.
    if value is not None and not (0 <= value < float("inf") and (zero or value > 0)):
        raise table[key].broken("must be 0 or more" if zero else "must be more than 0")


def _check_retry(table: dict[str, Node], retry: Retry) -> None:
    if retry.count < 0:
        raise table["retry"].broken("must be 0 or more", "count")
    if "retry" in table and "on" in table["retry"].value:
        for index, item in enumerate(retry.on):
            if problem := retry_problem(item):
                raise table["retry"].broken(problem, "on", index)


def _check_diff(table: dict[str, Node], diff: BatchDiff) -> None:
    if not diff.ignore:
        return
    from tui_client.kinds.jsonpath import expression_problem  # only those who ignore something pay for the import

    for index, expr in enumerate(diff.ignore):
        if problem := expression_problem(expr):
            raise table["diff"].broken(problem, "ignore", index)


def _stage(node: Node) -> BatchStage:
    node.only(("duration", *StageTable.__struct_fields__))
    table = node.table()
    if "duration" not in table:
        raise node.broken("needs 'duration'")
    targets = node.convert(StageTable, drop=("duration",))
    _check_number(table, "rate", targets.rate, zero=True)
    _check_number(table, "concurrency", targets.concurrency, zero=False)
    return BatchStage(_duration(table["duration"], zero=True), targets.rate, targets.concurrency)


def _threshold(node: Node) -> Threshold:
    node.table()
    if "value" in node.value and isinstance(plain(node.value["value"]), bool):
        raise node.child("value").wrong("a number")
    return node.convert(Threshold)
