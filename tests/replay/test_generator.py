"""How busy the program itself is."""

from __future__ import annotations

import asyncio

import pytest

from tui_client.replay.generator import Gauge, Load


def loaded(*samples: tuple[float, float]) -> Load:
    gauge = Gauge(0.25)
    for elapsed_s, cpu_s in samples:
        gauge.sample(elapsed_s, cpu_s)
    return gauge.load()


def test_an_idle_generator_is_no_limit() -> None:
    """A tenth of a core and no lag: the figures are the server's."""
    load = loaded(*[(0.25, 0.025)] * 20)
    assert (load.cpu, load.saturated, load.advice) == (0.1, False, "")
    assert load.lag_ms == pytest.approx(0.0)


def test_a_full_core_is_a_limit_and_says_what_to_do() -> None:
    """In more than half of the run; the sentence has both figures."""
    load = loaded(*[(0.25, 0.245)] * 11, *[(0.311, 0.0311)] * 9)
    assert load.saturated
    assert load.advice.startswith("The generator was the limit, not the server: CPU 98 %, lag p99 61 ms. ")
    assert load.advice.endswith("lower the rate, or run on more machines.")


def test_half_of_the_run_at_a_full_core_is_no_limit_yet() -> None:
    """Only more than half of it is."""
    assert not loaded(*[(0.25, 0.25)] * 10, *[(0.25, 0.1)] * 10).saturated


def test_a_late_loop_is_a_limit_at_any_cpu() -> None:
    """What holds the loop up need not be work: it makes every latency too high."""
    load = loaded(*[(0.25, 0.01)] * 20, *[(0.33, 0.01)] * 2)
    assert load.saturated
    assert load.lag_ms == pytest.approx(80.0, rel=0.001)


def test_one_hiccup_is_no_limit() -> None:
    """Nor is the first second, in which everything starts."""
    assert not loaded(*[(0.25, 0.01)] * 20, (0.4, 0.01)).saturated
    assert not loaded(*[(0.5, 0.5)] * 3).saturated


def test_odd_clocks_do_no_harm() -> None:
    """More threads than a core has room for count as one; no time at all as idle."""
    assert loaded((0.25, 0.9)).cpu == 1.0
    assert loaded((0.0, 0.1), (0.25, -1.0)).cpu == 0.0
    assert loaded() == Load()


async def test_the_gauge_watches_until_it_is_cancelled() -> None:
    """It samples the running loop by itself, and ends without a word."""
    gauge = Gauge(0.0)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(gauge.watch())
        for _ in range(10):
            await asyncio.sleep(0)
        watching.cancel()
    assert watching.cancelled()
    assert gauge.samples > 3
    assert 0.0 <= gauge.load().cpu <= 1.0
