"""From a saved batch to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui_client.replay.pace.arrivals import default_concurrency
from tui_client.replay.plan import DiffRules, Exhausted, Overflow, Plan, Stage
from tui_client.storage.batch import Batch

Select = Callable[[Sequence[str]], tuple[str, ...]]


def plan_of(batch: Batch, select: Select, environment: str, given: Mapping[str, str]) -> Plan:
    """The plan that a batch describes; `environment`, unless empty, is taken in place of the batch's own.

    select: the keys that targets mean. Raises what it raises.
    """
    stages = tuple(Stage(one.duration_s, one.rate, one.concurrency) for one in batch.stages)
    return Plan(
        title=f"batches/{batch.stem or batch.name}",
        steps=select(batch.requests),
        setup=select(batch.setup) if batch.setup else (),
        environment=environment or batch.environment,
        given=given,
        data=batch.data,
        iterations=batch.iterations,
        on_exhausted=Exhausted(batch.on_exhausted),
        concurrency=batch.concurrency or default_concurrency(batch.rate, stages),
        bail=batch.bail,
        allow_http_errors=batch.allow_http_errors,
        rate=batch.rate,
        overflow=None if batch.overflow is None else Overflow(batch.overflow),
        stages=stages,
        delay_s=batch.delay_s,
        duration_s=batch.duration_s,
        retry=batch.retry,
        retry_unsafe=batch.retry_unsafe,
        idempotency_key=batch.idempotency_key,
        thresholds=batch.thresholds,
        diff=DiffRules(batch.diff.ignore, batch.diff.headers),
    )
