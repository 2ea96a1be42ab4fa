"""Journals of the parts of a run, written by hand in a folder, and what they are merged into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from handmade_journal import STARTED, HandmadeJournal

from tui_client.model.step import StepId, StepResult
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.header import RunHeader, RunInfo
from tui_client.replay.journal.merging.merge import merge, merged_header
from tui_client.replay.journal.merging.parts import read_parts
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.plan import Plan, Shard
from tui_client.replay.summary import Summary
from tui_client.storage.batch import Threshold

SEALER = Sealer(b"k" * 32)
KEYS = ("users/get", "users/list")
PLAN = Plan(
    title="batches/nightly",
    steps=KEYS,
    setup=("auth/login", "auth/token"),
    environment="local",
    thresholds=(
        Threshold(metric="latency", agg="p95", op="<", value=300.0),
        Threshold(metric="scheduled_latency", agg="max", op="<", value=300.0, select={"tag": "smoke"}),
        Threshold(metric="throughput", op=">", value=1.0),
    ),
)


def step(row: int, index: int = 0, key: str = KEYS[0], iteration: int = 0) -> StepId:
    return StepId(row, iteration, index, key)


class Made:
    """Parts in a folder, as they were written by hand, and what they are merged into."""

    def __init__(self, folder: Path, plan: Plan = PLAN) -> None:
        self.folder = folder
        self.plan = plan
        self.target = folder / "whole.sqlite"
        self.header: RunHeader | None = None

    @contextmanager
    def part(
        self, index: int, of: int, *results: StepResult, later_s: float = 0.0, **run: Any
    ) -> Iterator[HandmadeJournal]:
        """One part; its log is not yet in its file while this is open."""
        said = {
            "run": f"run-{index}",
            "root": f"run-{index}",
            "started": (STARTED + timedelta(seconds=later_s)).isoformat(),
            "ended": "finished",
        }
        path = self.folder / f"part-{index}-{len(list(self.folder.iterdir()))}.sqlite"
        journal = HandmadeJournal(path, self.plan.part(Shard(index, of)), **(said | run))
        with closing(journal.connection):
            journal.add(*results)
            yield journal

    def paths(self) -> list[Path]:
        return sorted(self.folder.glob("part-*.sqlite"))

    def merge(self, *, allow_missing: bool = False, sealer: Sealer = SEALER) -> Summary:
        parts = read_parts(self.paths(), sealer, allow_missing=allow_missing)
        self.header = merged_header(parts)
        return merge(parts, self.header, self.target, sealer)

    def info(self) -> RunInfo:
        with JournalReader(self.target) as reader:
            return reader.info(running=False)
