"""The workers of a Dask cluster, found and kept at work: one task on each, for as long as the run goes on.

Nothing but that task passes the scheduler. One that is gone for a while costs nothing that is under way: the workers
that are still there have their channels.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from secrets import token_hex
from typing import Any, Final, TypeAlias

from tui_client.errors import NoWorkers
from tui_client.replay.engines.dask.local import local_cluster
from tui_client.replay.engines.dask.task import Ticket, work
from tui_client.replay.engines.dask.terms import INSTALL, ClusterTerms, unreachable
from tui_client.text import safe_line

# Dask is not installed everywhere, and has types for half of what it does.
Client: TypeAlias = Any

_LOOK_S: Final = 0.5
_ANSWER_S: Final = 10.0
_CLOSE_S: Final = 5.0
_MOST_FAILURES: Final = 3
_PACKAGE: Final = "tui-client"
_UNFIT: Final = "has tui-client"
_LACKS: Final = "has no tui-client"
_PROBLEMS: Final = 200  # letters of what a worker's Python says


class Pool:
    """Of one run. trouble(text): why no worker can be found at present, "" when one can.

    unable(name, reason): a worker can't take part. found: how many there are.
    """

    def __init__(self, terms: ClusterTerms, trouble: Callable[[str], None], unable: Callable[[str, str], None]) -> None:
        self._terms = terms
        self._trouble = trouble
        self._unable = unable
        self._address = terms.scheduler
        self._client: Client | None = None
        self.found = 0
        self._run = token_hex(4)
        self._going: dict[str, asyncio.Task[None]] = {}  # by worker
        self._count = 0
        self._shut_out: set[str] = set()
        self._failed: dict[str, int] = {}  # times in a row

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None, None]:
        """Connected to the scheduler, or with a cluster of our own. Raises NoWorkers."""
        await asyncio.to_thread(_quiet)  # to import Dask takes half a second
        if self._terms.scheduler:
            self._client = await _connected(self._terms.scheduler)
            try:
                yield
            finally:
                await self._close()
            return
        async with local_cluster(self._terms.workers) as address:
            self._address = address
            self._client = await _connected(address)
            try:
                yield
            finally:
                await self._close()

    async def names(self) -> frozenset[str]:
        """The addresses of the workers there are. Raises OSError where the scheduler does not answer."""
        if self._client is None:
            raise OSError("not connected")
        try:
            async with asyncio.timeout(_ANSWER_S):
                found = await self._client.scheduler.identity(n_workers=-1)
        except TimeoutError as error:
            raise OSError("it does not answer") from error
        return frozenset(found["workers"])

    async def keep_at_work(self, ticket: Ticket) -> None:
        """Have the task on every worker that comes, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    names = await self.names()
                    self.found = len(names)
                    self._trouble("")
                except OSError as error:
                    self._trouble(
                        f"The scheduler {self._address} does not answer ({error}). It goes on when that does."
                    )
                    self._forget(set(self._going))
                    await self._reconnect()
                else:
                    self._forget(set(self._going) - names)
                    for name in names - set(self._going) - self._shut_out:
                        self._going[name] = group.create_task(self._one(ticket, name))
                await asyncio.sleep(_LOOK_S)

    def _forget(self, names: set[str]) -> None:
        # What was pinned to a worker that is gone would wait for ever.
        for name in names:
            self._going.pop(name).cancel()

    async def _one(self, ticket: Ticket, name: str) -> None:
        """Have one worker take part, if it can; one whose tasks fail again and again is left alone."""
        try:
            problem = await self._unfit(name)
            if not problem:
                problem = self._problem_of(await self._over(name, work, ticket, name))
        except Exception as error:  # noqa: BLE001 - whatever Dask meets where a worker or the scheduler goes
            problem = f"can't take part: {safe_line(f'{type(error).__name__}: {error}')[:_PROBLEMS]}"
        finally:
            if self._going.get(name) is asyncio.current_task():
                del self._going[name]
        if not problem:
            self._failed.pop(name, None)
            return
        self._failed[name] = self._failed.get(name, 0) + 1
        if _UNFIT in problem or _LACKS in problem or self._failed[name] >= _MOST_FAILURES:
            self._shut_out.add(name)
            self._unable(name, f"The worker {name} {problem}")

    async def _unfit(self, name: str) -> str:
        """Ask for its version by a function of Python's own: what it can't read would end it, and whoever uses it."""
        future = await self._over(name, version, _PACKAGE)
        if future.status == "finished":
            found = await future.result()
            if found == version(_PACKAGE):
                return ""
            return f"{_UNFIT} {found}, and this is {version(_PACKAGE)}. Install the same version in both places."
        problem = self._problem_of(future)
        return f"{_LACKS}. There: {INSTALL}" if PackageNotFoundError.__name__ in problem else problem

    async def _over(self, name: str, call: Callable[..., Any], *given: object) -> Any:
        """A task on this worker alone, once it is over."""
        assert self._client is not None  # it answered
        self._count += 1
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        future = self._client.submit(
            call,
            *given,
            key=f"tui-client-{self._run}-{self._count}",
            workers=[name],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(over.set))
        try:
            await over.wait()
        except asyncio.CancelledError:
            with suppress(Exception):
                future.release()
            raise
        return future

    def _problem_of(self, future: Any) -> str:
        """What a task failed with, as a clause; "" where it did not, or only its worker went away."""
        if future.status != "error":
            return ""
        # Whatever it was on the other machine, or what stands here for it.
        error = getattr(getattr(future, "_state", None), "exception", None)
        if type(error).__name__ == "KilledWorker":
            return ""
        return f"can't take part: {safe_line(f'{type(error).__name__}: {error}')[:_PROBLEMS]}"

    async def _reconnect(self) -> None:
        await self._close()
        with suppress(NoWorkers):
            self._client = await _connected(self._address)

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_CLOSE_S):
                await client.close(timeout=_CLOSE_S)


def _quiet() -> None:
    # It sets up its loggers when it is imported. They write to the terminal, into whatever is shown there; so do
    # warnings.
    import distributed  # noqa: F401

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "asyncio", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    # Other packages than ours may differ: only plain Python objects go between.
    warnings.filterwarnings("ignore", message="\\s*Mismatched versions found")
    # Where a connection fails it forgets what it began.
    warnings.filterwarnings("ignore", message="coroutine '(wait_for|Client._close)' was never awaited")


async def _connected(address: str) -> Client:
    import distributed

    client_of: Any = distributed.Client
    try:
        # Its own limit does not hold for what answers and is no scheduler.
        async with asyncio.timeout(_ANSWER_S + _CLOSE_S):
            return await client_of(address, asynchronous=True, timeout=_ANSWER_S, set_as_default=False)
    except Exception as error:
        reason = safe_line(str(error) or f"it is no scheduler, or busy: {type(error).__name__}")[:_PROBLEMS]
        raise NoWorkers(unreachable(address, reason)) from error
