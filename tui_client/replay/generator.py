"""How busy the program itself is while it sends: whether its figures are the server's or its own."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import msgspec

from tui_client.replay.histogram import Histogram

_EVERY_S: Final = 0.25
_BUSY_CPU: Final = 0.9  # of one core: Python code runs on one at a time
_LONG_LAG_MS: Final = 50.0
# Within a second a start that is still going on looks like a limit, and one hiccup is none.
_LEAST_SAMPLES: Final = 4
_LEAST_LAGS: Final = 2


class Load(msgspec.Struct, frozen=True):
    """cpu: share of one core, 0 to 1, in most of the run. lag_ms: by how much the loop was late, p99.

    saturated: the program was the limit. advice: what to do then, in words; "" where there is nothing to do.
    """

    cpu: float = 0.0
    lag_ms: float = 0.0
    saturated: bool = False
    advice: str = ""


class Gauge:
    """Samples processor time and the lag of the event loop; memory does not grow with the run."""

    def __init__(self, every_s: float = _EVERY_S) -> None:
        self.samples = 0
        self._every_s = every_s
        self._busy = 0
        self._percents = [0] * 101
        self._lag = Histogram()

    async def watch(self) -> None:
        """Sample until cancelled."""
        loop = asyncio.get_running_loop()
        began_s, cpu_s = loop.time(), time.process_time()
        while True:
            await asyncio.sleep(self._every_s)
            now_s, now_cpu_s = loop.time(), time.process_time()
            self.sample(now_s - began_s, now_cpu_s - cpu_s)
            began_s, cpu_s = now_s, now_cpu_s

    def sample(self, elapsed_s: float, cpu_s: float) -> None:
        """Count one nap: how long it took, and the processor time that went by meanwhile."""
        share = min(1.0, max(0.0, cpu_s / elapsed_s)) if elapsed_s > 0 else 0.0
        self.samples += 1
        self._busy += share > _BUSY_CPU
        self._percents[round(share * 100)] += 1
        self._lag.add((elapsed_s - self._every_s) * 1000)

    def load(self) -> Load:
        """Over the run so far."""
        if not self.samples:
            return Load()
        cpu, lag_ms = self._median_cpu(), self._lag.percentiles(0.99)[0] or 0.0
        lags = self._lag.count_between(_LONG_LAG_MS, float("inf"))
        slow = lag_ms > _LONG_LAG_MS and lags >= _LEAST_LAGS
        saturated = self.samples >= _LEAST_SAMPLES and (self._busy * 2 > self.samples or slow)
        return Load(cpu, lag_ms, saturated, _advice(cpu, lag_ms) if saturated else "")

    def _median_cpu(self) -> float:
        seen = 0
        for percent, count in enumerate(self._percents):
            seen += count
            if seen * 2 >= self.samples:
                return percent / 100
        return 1.0


def _advice(cpu: float, lag_ms: float) -> str:
    return (
        f"The generator was the limit, not the server: CPU {cpu * 100:.0f} %, lag p99 {lag_ms:.0f} ms. "
        "Latencies may be too high; lower the rate, or run on more machines."
    )
