"""From the command line to a plan: targets, a saved batch or a recording, and what the options make of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

import msgspec

from tui_client.cli import output
from tui_client.cli.options import given_values
from tui_client.cli.replay_compare import rules_of
from tui_client.cli.replay_history import recording_of
from tui_client.cli.replay_options import Wanted
from tui_client.errors import UsageError
from tui_client.replay.pace.arrivals import default_concurrency
from tui_client.replay.plan import Exhausted, Overflow, Plan, Recording
from tui_client.replay.recording import RecordedSource, load
from tui_client.storage.batch import Retry
from tui_client.text import format_count, safe_line
from tui_client.workspace import Workspace

# Side by side, so that what was recorded so can be sent so.
_RECORDED_AT_ONCE: Final = 16
_SHOWN_SKIPPED: Final = 5
# Parameters that are taken over into the plan as they are, by the names they have there.
_SAME: Final = ("iterations", "concurrency", "rate", "delay_s", "duration_s")
_SWITCHES: Final = ("bail", "allow_http_errors", "retry_unsafe", "idempotency_key")


async def plan_of(workspace: Workspace, wanted: Wanted, environment: str) -> Plan:
    """The plan that the command line describes. Raises what `Workspace.plan` and `plan_batch` raise, and UsageError."""
    if wanted.from_history is not None:
        path = await asyncio.to_thread(recording_of, wanted.from_history, wanted.path)
        plan = msgspec.structs.replace(_recorded(wanted, path), title=f"history: {wanted.from_history}")
    elif wanted.recording is not None:
        plan = _recorded(wanted, wanted.recording)
    else:
        plan = await _of_targets(workspace, wanted, environment)
    plan = _with_options(plan, wanted)
    if wanted.setup:
        setup = await asyncio.to_thread(workspace.library.select, wanted.setup)
        plan = msgspec.structs.replace(plan, setup=setup)
    if (wanted.rate is not None or wanted.stages) and not _says_concurrency(workspace, wanted):
        plan = msgspec.structs.replace(plan, concurrency=default_concurrency(plan.rate, plan.stages))
    return plan if wanted.shard is None else plan.part(wanted.shard)


async def _of_targets(workspace: Workspace, wanted: Wanted, environment: str) -> Plan:
    given = given_values(wanted.given)
    name = _batch_of(wanted)
    if name is not None:
        return await workspace.plan_batch(name, environment, given)
    # Looking for tags reads every file.
    plan = await asyncio.to_thread(workspace.plan, wanted.targets, environment, given)
    return msgspec.structs.replace(plan, title=" ".join(wanted.targets))


def _batch_of(wanted: Wanted) -> str | None:
    names = [name for target in wanted.targets if (name := batch_name(target)) is not None]
    if names and len(wanted.targets) > 1:
        raise UsageError("A saved batch is replayed alone: give one TARGET.")
    return names[0] if names else None


def batch_name(target: str) -> str | None:
    """ "batches/nightly" is nightly, "shop:batches/nightly" is shop:nightly; None for what is no batch."""
    collection, colon, key = target.rpartition(":")
    folder, slash, name = key.removesuffix(".toml").partition("/")
    return f"{collection}{colon}{name}" if folder == "batches" and slash else None


def _says_concurrency(workspace: Workspace, wanted: Wanted) -> bool:
    is_recorded = wanted.recording is not None or wanted.from_history is not None
    name = None if is_recorded else _batch_of(wanted)
    return wanted.concurrency is not None or (
        name is not None and workspace.library.batch(name).concurrency is not None
    )


def _recorded(wanted: Wanted, path: Path) -> Plan:
    said = {name: value for name in ("speed", "max_gap_s") if (value := getattr(wanted, name)) is not None}
    # Absolute, since the run may be resumed from elsewhere.
    recording = Recording(path=path.absolute(), hosts=dict(wanted.hosts), unsafe=wanted.unsafe, **said)
    at_once = _RECORDED_AT_ONCE if recording.speed else 1
    return Plan(title=path.name, recording=recording, concurrency=at_once)


def _with_options(plan: Plan, wanted: Wanted) -> Plan:
    """The plan, and over it what the command line says."""
    said: dict[str, Any] = {name: value for name in _SAME if (value := getattr(wanted, name)) is not None}
    said |= {name: True for name in _SWITCHES if getattr(wanted, name)}
    if wanted.data is not None:
        said["data"] = wanted.data.expanduser().absolute()
    if wanted.on_exhausted is not None:
        said["on_exhausted"] = Exhausted(wanted.on_exhausted)
    if wanted.overflow is not None:
        said["overflow"] = Overflow(wanted.overflow)
    if wanted.stages or wanted.rate is not None:
        # A rate alone is one rate: the ramp of a batch would lead away from it.
        said["stages"] = wanted.stages
    said["thresholds"] = (*plan.thresholds, *wanted.thresholds)
    said["retry"] = _retry(plan.retry, wanted)
    said["diff"] = rules_of(wanted, plan.diff)
    return msgspec.structs.replace(plan, **said)


def _retry(own: Retry, wanted: Wanted) -> Retry:
    count = own.count if wanted.retry is None else wanted.retry
    if wanted.retry_on and not count:
        raise UsageError("--retry-on says which failures are sent again; say how often with --retry N.")
    on = tuple(item for group in wanted.retry_on for item in group)
    return Retry(count, on or own.on)


def tell_recording(recording: Recording) -> RecordedSource:
    """Read a recording, and say what of it will not be sent. Blocks. Raises BrokenFile, UsageError."""
    source = load(recording)
    if source.left_out:
        noun = "1 request was" if source.left_out == 1 else f"{format_count(source.left_out)} requests were"
        output.say(f"{noun} left out: only GET, HEAD and OPTIONS are sent, unless --unsafe is given.")
    for one in source.skipped[:_SHOWN_SKIPPED]:
        output.say(safe_line(f"Entry {one.number} ({one.what}) is not sent: {one.reason}."))
    if (more := len(source.skipped) - _SHOWN_SKIPPED) > 0:
        output.say(f"And {format_count(more)} more entries are not sent.")
    return source
