"""Saved batches as plans."""

from __future__ import annotations

from pathlib import Path

from tui_client.replay.batches import plan_of, unused
from tui_client.replay.plan import Exhausted
from tui_client.storage.batch import Batch, Retry

BATCH = Batch(
    name="nightly",
    requests=("users/*",),
    setup=("auth/login",),
    data=Path("/shop/users.csv"),
    environment="staging",
    on_exhausted="wrap",
    concurrency=16,
    iterations=100,
    bail=True,
)


def select(targets: object) -> tuple[str, ...]:
    return ("users/a", "users/b") if targets == ("users/*",) else ("auth/login",)


def test_a_batch_becomes_the_plan_it_describes() -> None:
    """Every key of the file that this version knows is in the plan."""
    plan = plan_of(BATCH, select, "", {"x": "1"})
    assert plan.steps == ("users/a", "users/b")
    assert plan.setup == ("auth/login",)
    assert (plan.environment, plan.given, plan.data) == ("staging", {"x": "1"}, Path("/shop/users.csv"))
    assert (plan.on_exhausted, plan.concurrency, plan.iterations, plan.bail) == (Exhausted.WRAP, 16, 100, True)


def test_an_environment_that_is_given_wins() -> None:
    """-e is stronger than the batch."""
    assert plan_of(BATCH, select, "local", {}).environment == "local"


def test_keys_without_effect_are_named() -> None:
    """Nobody believes that a threshold was watched when it was not."""
    assert unused(BATCH) == ()
    assert unused(Batch(name="x", rate=5.0, delay_s=1.0, retry=Retry(count=3))) == ("rate", "delay", "retry")
