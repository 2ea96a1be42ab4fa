"""A saved batch, `batches/NAME.toml`: what to replay, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from tui_client.storage.document import Document
from tui_client.storage.node import Node, plain
from tui_client.storage.variables import read_duration

Metric = Literal["latency", "scheduled_latency", "failures", "checks", "throughput"]


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which failures are sent again, and how often: error kinds ("connect", "timeout") and statuses."""

    count: int = 0
    on: tuple[str | int, ...] = ()


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limit of the whole run; broken, it is exit code 1. Latencies in milliseconds."""

    metric: Metric
    op: Literal["<", "<=", ">", ">=", "==", "!="]
    value: float
    agg: str = ""
    select: dict[str, str] = {}


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch file says. `data` is absolute, or None; `delay_s` in seconds; None: not said."""

    name: str
    description: str = ""
    requests: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    data: Path | None = None
    environment: str = ""
    on_exhausted: Literal["stop", "wrap", "hold"] = "stop"
    concurrency: int | None = None
    rate: float | None = None
    overflow: Literal["wait", "drop"] | None = None
    iterations: int | None = None
    delay_s: float = 0.0
    bail: bool = False
    retry: Retry = Retry()
    retry_unsafe: bool = False
    idempotency_key: bool = False
    thresholds: tuple[Threshold, ...] = ()


class BatchTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a batch file that are plain values; the rest (`data`, `delay`, `threshold`) is read by hand."""

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
    retry: Retry = Retry()
    retry_unsafe: bool = False
    idempotency_key: bool = False


_BY_HAND: Final = ("name", "data", "delay", "threshold")
BATCH_KEYS: Final = (*BatchTable.__struct_fields__, *_BY_HAND)


def read_batch(document: Document, name: str) -> Batch:
    """A batch file. Raises BrokenFile."""
    root = Node(document, (), document.table)
    root.only(BATCH_KEYS, extensions=True)
    table = root.table()
    extensions = tuple(key for key in table if key.startswith("x-"))
    settings = root.convert(BatchTable, drop=(*_BY_HAND, *extensions))
    for key, least in (("concurrency", 1), ("iterations", 1), ("rate", 0)):
        value = getattr(settings, key)
        if value is not None and not (value >= least and value > 0 and value < float("inf")):
            raise table[key].broken("must be more than 0")
    return Batch(
        **_as_fields(settings),
        name=table["name"].text() if "name" in table else name,
        data=_data(table["data"]) if "data" in table else None,
        delay_s=read_duration(table["delay"]) if "delay" in table else 0.0,
        thresholds=tuple(_threshold(item) for item in table["threshold"].items()) if "threshold" in table else (),
    )


def _as_fields(settings: BatchTable) -> dict[str, Any]:
    return {field: getattr(settings, field) for field in settings.__struct_fields__}


def _data(node: Node) -> Path:
    # normpath would follow no link; the place is checked when the file is opened.
    return Path(node.document.path).parent / node.text()


def _threshold(node: Node) -> Threshold:
    node.table()
    if "value" in node.value and isinstance(plain(node.value["value"]), bool):
        raise node.child("value").wrong("a number")
    return node.convert(Threshold)
