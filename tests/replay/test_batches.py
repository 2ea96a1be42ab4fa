"""Saved batches as plans."""

from __future__ import annotations

from pathlib import Path

from tui_client.replay.batches import plan_of
from tui_client.replay.plan import DiffRules, Exhausted, Overflow, Plan, Stage, checked
from tui_client.storage.batch import Batch, BatchDiff, BatchStage, Retry, Threshold

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


def test_pace_retries_and_limits_are_in_the_plan() -> None:
    """No key of a batch is without effect."""
    limit = Threshold(metric="failures", op="<", value=1.0)
    batch = Batch(
        name="Every night",
        stem="nightly",
        requests=("users/*",),
        rate=5.0,
        overflow="drop",
        stages=(BatchStage(10.0, 20.0), BatchStage(5.0, None, 30)),
        duration_s=60.0,
        delay_s=1.0,
        allow_http_errors=True,
        retry=Retry(2, (503,)),
        retry_unsafe=True,
        idempotency_key=True,
        diff=BatchDiff(("$.id",), ("etag",)),
        thresholds=(limit,),
    )
    assert checked(plan_of(batch, select, "", {})) == Plan(
        title="batches/nightly",
        steps=("users/a", "users/b"),
        concurrency=20,
        rate=5.0,
        overflow=Overflow.DROP,
        stages=(Stage(10.0, 20.0), Stage(5.0, None, 30)),
        duration_s=60.0,
        delay_s=1.0,
        allow_http_errors=True,
        retry=Retry(2, (503,)),
        retry_unsafe=True,
        idempotency_key=True,
        diff=DiffRules(("$.id",), ("etag",)),
        thresholds=(limit,),
    )


def test_what_a_batch_does_not_say_is_as_in_any_plan() -> None:
    """One session at a time without a rate, enough of them with one; the usual headers are compared."""
    plain = plan_of(Batch(name="x", requests=("users/*",)), select, "", {})
    assert plain == Plan(title="batches/x", steps=("users/a", "users/b"))
    assert plan_of(Batch(name="x", rate=2.0), select, "", {}).concurrency == 16
    assert plan_of(Batch(name="x", rate=2.0, concurrency=3), select, "", {}).concurrency == 3
    assert plan_of(Batch(name="x", diff=BatchDiff(("$.id",))), select, "", {}).diff == DiffRules(("$.id",))
    assert plan_of(Batch(name="x", diff=BatchDiff(headers=())), select, "", {}).diff == DiffRules(headers=())
