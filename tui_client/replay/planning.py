"""What is to be replayed, from the words of a user to a plan: targets, or the name of a saved batch."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui_client.errors import UsageError
from tui_client.replay.batches import plan_of
from tui_client.replay.plan import Plan
from tui_client.storage.inside import is_inside
from tui_client.storage.library import Library
from tui_client.storage.tree import SECRET_SUFFIX
from tui_client.trust.grants import Gate, Grant, GrantKind, how_to_allow


def plan_targets(
    library: Library, targets: Sequence[str], environment: str = "", given: Mapping[str, str] = {}
) -> Plan:
    """A plan of the requests that targets mean, in order. Raises NotFound for a target or an environment."""
    steps = library.select(targets)
    _check_environment(library, steps, environment)
    return Plan(steps=steps, environment=environment, given=given)


async def plan_saved(
    library: Library, gate: Gate, name: str, environment: str = "", given: Mapping[str, str] = {}
) -> Plan:
    """The plan of a saved batch.

    Raises BrokenFile, NotFound, and UsageError for data outside the collection that was not granted.
    """
    batch = library.batch(name)
    # Looking for tags reads every file; a screen goes on meanwhile.
    plan = await asyncio.to_thread(plan_of, batch, library.select, environment, given)
    _check_environment(library, plan.steps, plan.environment)
    if plan.data is not None:
        await _check_data(library, gate, name, plan, plan.data)
    return plan


async def _check_data(library: Library, gate: Gate, name: str, plan: Plan, data: Path) -> None:
    """Every collection that gets a row must be allowed to read the file; a batch may name requests of several."""
    real = _real(data)
    if real.name.endswith(SECRET_SUFFIX):
        raise UsageError(f"The data of {name} is a file of secrets. Those are never sent.")
    keys = (*plan.setup, *plan.steps)
    for root in dict.fromkeys(library.collection_root(key) for key in keys) if keys else (library.root,):
        grant = Grant(GrantKind.FILE, str(real))
        if not is_inside(real, root) and not await gate.allow(str(root), grant):
            raise UsageError(f"The data of {name} lies outside its collection {root.name}; {how_to_allow(grant)}.")


def _real(data: Path) -> Path:
    try:
        return data.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"The data file {data} can't be found: {error}.") from error


def _check_environment(library: Library, steps: Sequence[str], environment: str) -> None:
    for collection in dict.fromkeys(library.split(key)[0].id for key in steps):
        library.environment(collection, environment)
