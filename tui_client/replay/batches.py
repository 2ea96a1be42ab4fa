"""From a saved batch to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui_client.replay.plan import Exhausted, Plan
from tui_client.storage.batch import Batch

Select = Callable[[Sequence[str]], tuple[str, ...]]


def plan_of(batch: Batch, select: Select, environment: str, given: Mapping[str, str]) -> Plan:
    """The plan that a batch describes; `environment`, unless empty, is taken in place of the batch's own.

    select: the keys that targets mean. Raises what it raises.
    """
    return Plan(
        steps=select(batch.requests),
        setup=select(batch.setup) if batch.setup else (),
        environment=environment or batch.environment,
        given=given,
        data=batch.data,
        iterations=batch.iterations,
        on_exhausted=Exhausted(batch.on_exhausted),
        concurrency=batch.concurrency or 1,
        bail=batch.bail,
    )


def unused(batch: Batch) -> tuple[str, ...]:
    """The keys of a batch that say something which this version does not do; whoever starts it should know."""
    said = {
        "rate": batch.rate is not None,
        "overflow": batch.overflow is not None,
        "delay": batch.delay_s > 0,
        "retry": batch.retry.count > 0,
        "idempotency_key": batch.idempotency_key,
        "threshold": bool(batch.thresholds),
    }
    return tuple(key for key, is_said in said.items() if is_said)
