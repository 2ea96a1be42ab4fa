"""Starting a run, going on with one, and doing a part of one again; each to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import click
import msgspec

from tui_client.cli import output
from tui_client.cli.asking import make_asker
from tui_client.cli.exit_codes import ExitCode, gravest
from tui_client.cli.replay_compare import rules_of
from tui_client.cli.replay_finish import Over, asked_of, code_of, finish
from tui_client.cli.replay_journals import Journal
from tui_client.cli.replay_options import Wanted
from tui_client.cli.replay_plan import plan_of, tell_recording
from tui_client.cli.replay_watch import watch
from tui_client.cli.replay_where import cluster_of, tell_narrow
from tui_client.errors import NotFound, TuiClientError, UsageError
from tui_client.replay.controls import Controls
from tui_client.replay.execute import Run
from tui_client.replay.journal.header import Only, RunHeader
from tui_client.replay.journal.store import RunStore
from tui_client.workspace import Workspace, open_runs

_GRACE_S: Final = 5.0
Begin: TypeAlias = Callable[[Workspace, Controls], Awaitable[Run]]


def start(wanted: Wanted) -> ExitCode:
    """A new run, or two of them where environments are compared."""
    store = open_runs()
    asked = asked_of(wanted, store)
    code = ExitCode.OK
    if wanted.against is not None:
        over = _run(wanted, wanted.path, store, _beginning(wanted, wanted.against, then=wanted.environment))
        code = code_of(over.summary)
        asked = msgspec.structs.replace(asked, before=over.journal)
        if over.problem is not None or over.summary.interrupted:
            return finish(over, msgspec.structs.replace(asked, before=None), over.header.plan.diff)
        output.say(f"That was run {over.header.run}. Now in {wanted.environment or 'no environment'}.")
    over = _run(wanted, wanted.path, store, _beginning(wanted, wanted.environment))
    return gravest([code, finish(over, asked, over.header.plan.diff)])


def _beginning(wanted: Wanted, environment: str, *, then: str | None = None) -> Begin:
    """then: the environment of the run that comes after this one; that it can begin is known before this one does."""

    cluster = cluster_of(wanted)

    async def begin(workspace: Workspace, controls: Controls) -> Run:
        plan = await plan_of(workspace, wanted, environment)
        if then is not None:
            await plan_of(workspace, wanted, then)
            output.say(f"First in the environment {environment}, to compare with.")
        run = workspace.replay(plan, controls, cluster=cluster)
        tell_narrow(plan, cluster)
        if plan.recording is not None:
            await asyncio.to_thread(tell_recording, plan.recording)
        return run

    return begin


def go_on(wanted: Wanted) -> ExitCode:
    """`--resume` and `--only`. Raises NotFound, and UsageError where the run's workspace is gone."""
    store = open_runs()
    kind, name = ("", wanted.resume or "") if wanted.only is None else wanted.only
    run = store.find(name)
    asked = asked_of(wanted, store)
    header = store.header(run)
    rules = rules_of(wanted, header.plan.diff)
    cluster = cluster_of(wanted)

    async def begin(workspace: Workspace, controls: Controls) -> Run:
        runs = workspace.runs
        if kind:
            return await asyncio.to_thread(partial(runs.again, cluster=cluster), run, Only(kind), controls)
        return await asyncio.to_thread(partial(runs.resume, cluster=cluster), run, controls)

    return finish(_run(wanted, _workspace_of(header, wanted.path), store, begin), asked, rules)


def _workspace_of(header: RunHeader, path: Path | None) -> Path | None:
    if path is not None or header.workspace.is_dir():
        return path or header.workspace
    if header.plan.recording is not None:
        return None  # all that it sends is in the recording
    raise UsageError(f"Run {header.run} is of the workspace {header.workspace}, which is gone. Give it with -C PATH.")


def _run(wanted: Wanted, path: Path | None, store: RunStore, begin: Begin) -> Over:
    """Have a run done. Raises what keeps it from beginning; Abort where its user does, before it has a journal."""
    run, problem = asyncio.run(_done(wanted, path, begin))
    name = run.header.run
    try:
        return Over(run.header, run.summary(), Journal(name, store.path(name)), problem)
    except NotFound:
        raise problem or click.Abort from None


async def _done(wanted: Wanted, path: Path | None, begin: Begin) -> tuple[Run, TuiClientError | None]:
    live = output.LiveLine()
    controls = Controls(_GRACE_S if wanted.grace_s is None else wanted.grace_s)
    async with Workspace.open(path, asker=make_asker(live), grants=frozenset(wanted.grants)) as workspace:
        run = await begin(workspace, controls)
        return run, await watch(run, live)
