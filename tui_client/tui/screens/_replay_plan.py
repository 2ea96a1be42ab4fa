"""From what the replay's form says to a plan; and what there is to choose from."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import msgspec

from tui_client.errors import UsageError
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.terms import terms_of
from tui_client.replay.execute import Run
from tui_client.replay.pace.arrivals import default_concurrency
from tui_client.replay.plan import Plan
from tui_client.storage.library import Library
from tui_client.storage.variables import duration_s
from tui_client.tui.modals.pick import PickItem
from tui_client.tui.panels.replay_setup import AT_ONCE, Setup, batch_name
from tui_client.tui.screens._context import environments_of
from tui_client.workspace import Workspace


async def run_of(workspace: Workspace, setup: Setup) -> Run:
    """A run of it, ready to start, where the form says. Raises what `plan_of` and `Workspace.replay` raise."""
    cluster = terms_of(setup.workers)
    plan = await plan_of(workspace, setup)
    return await asyncio.to_thread(workspace.replay, plan, Controls(), cluster=cluster)


async def plan_of(workspace: Workspace, setup: Setup) -> Plan:
    """The plan that the form describes. Raises what `Workspace.plan` and `plan_batch` raise."""
    targets = _targets(setup.target)
    batches = [name for target in targets if (name := batch_name(target)) is not None]
    if batches and len(targets) > 1:
        raise UsageError("A saved batch is replayed alone.")
    if batches:
        plan = await workspace.plan_batch(batches[0], setup.environment)
    else:
        # Looking for tags reads every file; the screen goes on meanwhile.
        plan = await asyncio.to_thread(workspace.plan, targets, setup.environment)
        at_once = AT_ONCE if setup.rate is None else default_concurrency(setup.rate)
        title = "everything" if targets == ["."] else " ".join(targets)
        plan = msgspec.structs.replace(plan, concurrency=at_once, title=title)
    said = {
        "concurrency": setup.concurrency,
        "iterations": setup.iterations,
        "data": _path(setup.data),
        "rate": setup.rate,
        "duration_s": _duration(setup.duration),
    }
    return msgspec.structs.replace(plan, **{name: value for name, value in said.items() if value is not None})


def _targets(text: str) -> list[str]:
    try:
        return shlex.split(text) or ["."]
    except ValueError as error:
        raise UsageError(f"The requests can't be read: a quotation mark has no end in {text}") from error


def _duration(text: str) -> float | None:
    seconds = duration_s(text) if text else None
    if text and seconds is None:
        raise UsageError(f"{text} is no duration. Write it as 30s, 5m or 1h30m.")
    return seconds


def _path(text: str) -> Path | None:
    try:
        return Path(text).expanduser().absolute() if text else None
    except RuntimeError as error:
        raise UsageError(f"The data file {text} can't be found: there is no such home directory.") from error


def choices(library: Library) -> tuple[PickItem, ...]:
    """All that can be replayed as one: everything, saved batches, folders. Walks the folders; call it in a thread."""
    batches = (PickItem(shlex.quote(f"batch:{name}"), name, "saved batch") for name in library.batches())
    folders = (PickItem(shlex.quote(folder), folder, "folder") for folder in library.folders())
    return (PickItem(".", "Everything", "all requests in order"), *batches, *folders)


def environment_names(library: Library) -> tuple[str, ...]:
    """The environments of all collections, each once."""
    return tuple(dict.fromkeys(name for one in library.collections() for name in environments_of(library, one.id)))
