"""Starting a run, going on with one that was cut off, and doing a part of one again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from tui_client.errors import BrokenFile, NotFound, UsageError
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.terms import ClusterTerms
from tui_client.replay.execute import Keeping, Run
from tui_client.replay.journal.header import Ended, Only, RunHeader, name_of
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import Plan
from tui_client.replay.services import RequestSource, Services


def new_header(plan: Plan, workspace: Path, source: RequestSource) -> RunHeader:
    """The header of a run that begins now; its name is unique and sorts by time."""
    now = datetime.now(UTC)
    run = name_of(now)
    return RunHeader(run=run, plan=plan, workspace=workspace, started=now, root=run, tags=_tags(plan, source))


class Runs:
    """Makes runs that are journalled in a store. Calls block for a moment: a header is read, no more."""

    def __init__(self, store: RunStore, services: Services, workspace: Path) -> None:
        self._store = store
        self._services = services
        self._workspace = workspace

    def start(
        self,
        plan: Plan,
        controls: Controls | None = None,
        *,
        journalled: bool = True,
        cluster: ClusterTerms | None = None,
    ) -> Run:
        """A new run; cluster: where it is done. Raises UsageError for a plan that can't be run."""
        header = new_header(plan, self._workspace, self._services.source)
        store = self._store
        discard = partial(store.delete, header.run)
        keeping = Keeping(lambda: store.create(header), store.sealer, discard=discard) if journalled else None
        return Run(header, self._services, controls, keeping, cluster)

    def resume(self, name: str, controls: Controls | None = None, *, cluster: ClusterTerms | None = None) -> Run:
        """A run that was cut off goes on: steps that have a result are not done again.

        Raises NotFound, BrokenFile; UsageError if it is done, or its key for the command line's variables is gone.
        """
        run = self._store.find(name)
        header = self._header(run)
        with self._store.reader(run) as reader:
            info = reader.info(self._store.is_running(run))
        if info.ended is Ended.FINISHED and not info.in_doubt:
            raise UsageError(f"Run {run} is done: there is nothing to resume. Replay it anew, or --only failed {run}.")
        if info.ended is Ended.DURATION and header.plan.duration_s is not None:
            # Its time is spent; who resumes it gives it as much again.
            longer = msgspec.structs.replace(header.plan, duration_s=info.seconds + header.plan.duration_s)
            header = msgspec.structs.replace(header, plan=longer)
        keeping = Keeping(lambda: self._store.reopen(run), self._store.sealer, lambda: self._store.reader(run))
        return Run(header, self._services, controls, keeping, cluster)

    def again(
        self, name: str, only: Only, controls: Controls | None = None, *, cluster: ClusterTerms | None = None
    ) -> Run:
        """A new run of those sessions of an earlier one that failed, were dropped or are in doubt.

        Raises NotFound, BrokenFile, UsageError.
        """
        parent = self._header(self._store.find(name))
        fresh = new_header(parent.plan, parent.workspace, self._services.source)
        header = RunHeader(
            run=fresh.run,
            plan=parent.plan,
            workspace=parent.workspace,
            started=fresh.started,
            root=parent.root,
            parent=parent.run,
            only=only,
            tags=fresh.tags,
        )
        keeping = Keeping(
            lambda: self._store.create(header), self._store.sealer, lambda: self._store.reader(header.run)
        )
        return Run(header, self._services, controls, keeping, cluster)

    def _header(self, run: str) -> RunHeader:
        with self._store.reader(run) as reader:
            if reader.given(self._store.sealer()) is None:
                raise UsageError(
                    f"The variables that run {run} was started with can't be decrypted: their key is gone. "
                    "Replay it anew."
                )
        return self._store.header(run)


def _tags(plan: Plan, source: RequestSource) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for key in dict.fromkeys((*plan.setup, *plan.steps)):
        try:
            tags = source.effective(key, plan.environment).tags
        except (BrokenFile, NotFound):
            continue  # the step says so when its turn comes
        if tags:
            found[key] = tags
    return found
