"""A plan being run: the engine's results, counted and journalled as they come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing, suppress
from functools import partial
from pathlib import Path

import msgspec

from tui_client.errors import NoWorkers, TuiClientError
from tui_client.model.step import StepResult
from tui_client.replay.bound import derived_of
from tui_client.replay.calm import calm_collector
from tui_client.replay.controls import Controls
from tui_client.replay.engines.dask.terms import ClusterTerms, check_installed, check_reachable
from tui_client.replay.engines.local import LocalRun
from tui_client.replay.engines.running import Running
from tui_client.replay.generator import Gauge
from tui_client.replay.journal.carry import Sealer
from tui_client.replay.journal.data import check_data, selected_steps
from tui_client.replay.journal.header import Ended, RunHeader
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.standings import Standings
from tui_client.replay.journal.writer import JournalWriter
from tui_client.replay.ledgers import SharedLedger
from tui_client.replay.plan import checked
from tui_client.replay.precheck import check_plan
from tui_client.replay.recording import RecordedSource, load
from tui_client.replay.report import Report
from tui_client.replay.rows import Mark, count_rows, digest_of, mark_of
from tui_client.replay.services import Services
from tui_client.replay.summary import Summary, summary_text
from tui_client.replay.workers import Workers, heaviest

_LOAD_EVERY_S = 1.0


class Keeping(msgspec.Struct, frozen=True):
    """Where a run is journalled. open: makes or reopens its journal; blocks. read: opens it for reading; None where
    there is nothing in it that the run goes on from. discard: removes it, where nothing of the run began."""

    open: Callable[[], JournalWriter]
    sealer: Callable[[], Sealer]
    read: Callable[[], JournalReader] | None = None
    discard: Callable[[], None] | None = None


class Run:
    """One life of a run. `summary()` gives its figures at any time. `results()` may be iterated once."""

    def __init__(
        self,
        header: RunHeader,
        services: Services,
        controls: Controls | None = None,
        keeping: Keeping | None = None,
        cluster: ClusterTerms | None = None,
    ) -> None:
        """cluster: where it is done, None: in this process. Raises UsageError for a plan that can't be run."""
        self.header = header
        self.plan = checked(header.plan)
        if cluster is not None:
            check_installed()
        self.controls = controls or Controls()
        self.report = Report(header.run, header.tags, self.plan.thresholds)
        self.report.planned = None if header.only or self.plan.recording else self.plan.planned_steps(None)
        self.report.target_rate = self.plan.own_rate
        self._keeping = keeping
        self._cluster = cluster
        self._engine: Running | None = None
        self._services = msgspec.structs.replace(services, memory=services.memory.of_run(), run=header.root)
        self._journal: JournalWriter | None = None
        self._standings: Standings | None = None
        self._recorded: RecordedSource | None = None
        self._mark: Mark | None = None
        self._derived: frozenset[str] = frozenset()
        self._gauge = Gauge()
        self._began_s: float | None = None
        self._ended_s: float | None = None

    async def results(self) -> AsyncGenerator[StepResult, None]:
        """Every result as it comes. Close the iterator (`contextlib.aclosing`) to end the run at once.

        Raises what `precheck.check_plan` raises before anything is sent, and whatever its journal can't be kept for.
        """
        if self._cluster is not None:
            await check_reachable(self._cluster)
        async with AsyncExitStack() as opened:
            await self._open(opened)
            opened.enter_context(calm_collector())
            problem: TuiClientError | None = None
            end = Ended.PROBLEM  # of what nobody thought of
            try:
                async with asyncio.TaskGroup() as group:
                    beside = [group.create_task(self._look_at_data()), group.create_task(self._gauge.watch())]
                    try:
                        self._engine = await self._made()
                        async with aclosing(self._engine.results()) as results:
                            async for result in results:
                                yield result
                        end = Ended.FINISHED
                    except GeneratorExit:
                        # The group would wrap it in an exception group; the run is over either way.
                        end = Ended.STOPPED
                    except asyncio.CancelledError:
                        end = Ended.STOPPED
                        raise
                    except TuiClientError as error:
                        problem = error
                    if end is not Ended.FINISHED or self.controls.stopping:
                        beside[0].cancel()
                    beside[1].cancel()
            finally:
                self._ended_s = time.monotonic()
                self.report.ended = self._how(end).value
                await self._close()
            if problem is not None:
                if isinstance(problem, NoWorkers) and self._keeping is not None and self._keeping.discard is not None:
                    await asyncio.to_thread(self._keeping.discard)
                raise problem

    async def _open(self, opened: AsyncExitStack) -> None:
        plan = self.plan
        # Before anything is read of it: what is read later is then of this version, or refused at a resume.
        self._mark = None if self._file is None else await asyncio.to_thread(mark_of, self._file)
        if plan.recording is not None:
            self._recorded = await asyncio.to_thread(load, plan.recording, self._services.defaults)
            self.report.planned = self.plan.recorded_steps(len(self._recorded))
        await asyncio.to_thread(check_plan, plan, self._services.source)
        self._derived = await asyncio.to_thread(derived_of, plan, self._services.source)
        ran_s = 0.0
        if self._keeping is not None:
            self._journal = await _opened(self._keeping)
            self._journal.on_held = self._hold
            ran_s = self._journal.ran_s
            try:
                await asyncio.to_thread(self._go_on, self._keeping, opened)
                if self._mark is not None:  # on disk with the first claim
                    self._journal.data_seen(self._mark.size, self._mark.mtime_ns)
            except BaseException:
                await self._journal.close(Ended.PROBLEM, self._journal.ran_s)
                raise
            if self.report.planned is not None:
                self._journal.planned(self.report.planned)
        self._began_s = time.monotonic() - ran_s

    def _go_on(self, keeping: Keeping, opened: AsyncExitStack) -> None:
        """Take up what earlier lives left. Raises BrokenFile for a data file that is another one now."""
        if keeping.read is None:
            return
        reader = keeping.read()
        opened.callback(reader.close)
        if self._file is not None:
            check_data(reader, self._file)
        for record in reader.records():
            # The setup is sent again, and counted when it is.
            if record.step.index >= 0:
                self.report.count(record)
        steps = 1 if self.plan.recording is not None else len(self.plan.steps)
        if self.header.only is not None:
            self.report.planned = len(self.plan.setup) + selected_steps(reader, steps)
        self._standings = Standings(reader, keeping.sealer(), steps)

    async def _made(self) -> Running:
        make: Callable[..., Running] = LocalRun
        if self._cluster is not None:
            make = partial(await asyncio.to_thread(_cluster_engine), self._cluster)
        return make(
            self.plan,
            self._services,
            self.controls,
            self._began_s,
            ledger=SharedLedger(self.report, self._journal),
            standings=self._standings,
            recorded=self._recorded,
            derived=self._derived,
        )

    @property
    def workers(self) -> Workers | None:
        """Who takes part; None where the run is done in this process."""
        return None if self._engine is None else self._engine.workers

    def _hold(self, text: str) -> None:
        if text:
            self.controls.hold("journal", text)
        else:
            self.controls.release("journal")

    async def give_up_writing(self) -> None:
        """Wait no longer for room on the disk: what is not written stays in doubt."""
        if self._journal is not None:
            await self._journal.abandon()

    def _how(self, end: Ended) -> Ended:
        if not self.controls.stopping or end is Ended.PROBLEM:
            return end
        # Where a duration is all that was asked for, nothing is left to resume.
        all_of_it = self.controls.reason is Ended.DURATION and self.plan.sessions(None) is None and not self._file
        return Ended.FINISHED if all_of_it else self.controls.reason

    async def _close(self) -> None:
        if self._journal is not None:
            await self._journal.close(Ended(self.report.ended), self.seconds, summary_text(self.summary()))

    @property
    def _file(self) -> Path | None:
        """What the sessions are read from."""
        return self.plan.data if self.plan.recording is None else self.plan.recording.path

    async def _look_at_data(self) -> None:
        """Count the rows and keep what the file is like, while the run goes on."""
        try:
            await self._keep_digest()
            if self.report.planned is None and self.plan.data is not None:
                rows = await asyncio.to_thread(count_rows, self.plan.data, lambda: self._ended_s is None)
                self.report.planned = self.plan.planned_steps(rows)
        except TuiClientError:
            return  # reading the rows for the run says the same
        if self._journal is not None and self.report.planned is not None:
            self._journal.planned(self.report.planned)

    async def _keep_digest(self) -> None:
        """By which a file that was only touched is known at a resume."""
        if self._journal is None or self._file is None or self._mark is None:
            return
        digest = await asyncio.to_thread(digest_of, self._file, lambda: self._ended_s is None)
        # Else it may be the digest of a version that no row was read from.
        if await asyncio.to_thread(mark_of, self._file) == self._mark:
            self._journal.data_seen(self._mark.size, self._mark.mtime_ns, digest)

    @property
    def seconds(self) -> float:
        """In which it ran, over all its lives."""
        began_s = self._began_s if self._engine is None else self._engine.began_s
        return 0.0 if began_s is None else max(0.0, (self._ended_s or time.monotonic()) - began_s)

    def summary(self, *, live: bool = False) -> Summary:
        """The figures now; live: for a screen that asks again soon."""
        report, controls = self.report, self.controls
        report.interrupted = controls.interrupted
        report.held = controls.held
        report.target_rate = controls.rate or self.plan.own_rate
        report.workers = self.workers
        report.generator = heaviest(self._gauge.load(), report.workers)
        return report.summary(self.seconds, live=live)


def _cluster_engine() -> Callable[..., Running]:
    """Imported where it is needed, and in a thread: a screen would stand still for it."""
    from tui_client.replay.engines.dask.run import ClusterRun

    return ClusterRun


async def _opened(keeping: Keeping) -> JournalWriter:
    """The journal of a run. A run that is cancelled meanwhile leaves it closed: nobody else could let go of it."""
    opening = asyncio.get_running_loop().run_in_executor(None, keeping.open)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(TuiClientError):
            journal = await opening
            await journal.close(Ended.STOPPED, journal.ran_s)
        raise
