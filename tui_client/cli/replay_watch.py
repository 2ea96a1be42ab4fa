"""Following a run to its end: a live line, the first steps that did not pass, and what signals do."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Final

from tui_client.cli import output
from tui_client.cli.replay_text import failure_line, progress_line
from tui_client.errors import TuiClientError
from tui_client.model.step import StepResult
from tui_client.replay.calm import calm_collector
from tui_client.replay.execute import Run
from tui_client.replay.summary import Summary
from tui_client.replay.workers import Workers
from tui_client.text import safe_line

_SHOWN_FAILURES: Final = 20
_LIVE_S: Final = 0.2
_LINE_EVERY_S: Final = 10.0  # where there is no terminal
_STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def watch(run: Run, live: output.LiveLine) -> TuiClientError | None:
    """Follow the run to its end, whoever brings it about. Returns what ended it early, if it was no signal.

    The first signal stops new steps and lets those in flight end within the grace time; a second SIGINT or SIGTERM ends
    them at once.
    """
    watching = _Watching(run, live)
    async with asyncio.TaskGroup() as group:
        following = group.create_task(watching.follow())
        beside = group.create_task(watching.show_progress())

        def end() -> None:
            watching.at_once = True
            following.cancel()

        with _signals(watching.stop, end):
            await asyncio.wait({following})
        beside.cancel()
    live.clear()
    return None if following.cancelled() else following.result()


@contextmanager
def _signals(stop: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    stopped = False

    def caught(number: int) -> None:
        nonlocal stopped
        if not stopped:
            stopped = True
            stop()
        elif number != signal.SIGHUP:
            end()

    # What the caller ignores (nohup, a job in the background) stays ignored.
    wanted = [number for number in _STOPS if signal.getsignal(number) is not signal.SIG_IGN]
    for number in wanted:
        loop.add_signal_handler(number, caught, number)
    try:
        yield
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)


class Progress:
    """Says how far a run is, each time it is asked to: on a terminal in one line, elsewhere every ten seconds.

    Why nothing can be kept for the moment, and that it can again, is said once.
    """

    def __init__(self, live: output.LiveLine, now_s: float) -> None:
        self._live = live
        self._next_s = now_s + _LINE_EVERY_S
        self._held = ""
        self._told: set[str] = set()

    def tell(self, workers: Workers | None) -> None:
        """Say which workers may not take part, each once."""
        for reason in () if workers is None else workers.refused:
            if reason not in self._told:
                self._told.add(reason)
                self._live.clear()
                output.say(safe_line(reason))

    def tick(self, now_s: float, held: str, summary: Callable[[], Summary]) -> None:
        """held: why no step may start, "" if one may."""
        if held != self._held:
            self._live.clear()
            output.say(held or "It goes on.")
            self._held = held
        if self._live.active:
            self._live.show(progress_line(summary()))
        elif now_s >= self._next_s:
            self._next_s = now_s + _LINE_EVERY_S
            output.say(progress_line(summary()))


class _Watching:
    """One run and what is known of its end. at_once: its user does not want to wait for what is in flight."""

    def __init__(self, run: Run, live: output.LiveLine) -> None:
        self.at_once = False
        self._run = run
        self._live = live
        self._not_passed = 0
        self._stopped_s: float | None = None

    async def follow(self) -> TuiClientError | None:
        """Have the run done, and say which steps did not pass."""
        try:
            with calm_collector():
                async with aclosing(self._run.results()) as results:
                    async for result in results:
                        if not result.passed:
                            self._tell(result)
        except TuiClientError as error:
            return error
        return None

    def _tell(self, result: StepResult) -> None:
        self._not_passed += 1
        if self._not_passed > _SHOWN_FAILURES + 1:
            return
        self._live.clear()
        if self._not_passed <= _SHOWN_FAILURES:
            output.say(safe_line(failure_line(result)))
        else:
            output.say("More steps did not pass; they are counted below.")

    async def show_progress(self) -> None:
        """Until cancelled; also while nothing ends, and says why."""
        run = self._run
        progress = Progress(self._live, time.monotonic())
        while True:
            controls = run.controls
            held = controls.held if controls.still and not controls.paused else ""
            progress.tell(run.workers)
            progress.tick(time.monotonic(), held, lambda: run.summary(live=True))
            if self._is_out_of_patience():
                await run.give_up_writing()
            await asyncio.sleep(_LIVE_S)

    def _is_out_of_patience(self) -> bool:
        """Whether a disk that is full is waited for no more."""
        waited_s = 0.0 if self._stopped_s is None else time.monotonic() - self._stopped_s
        return self.at_once or (self._stopped_s is not None and waited_s >= self._run.controls.grace_s)

    def stop(self) -> None:
        """Start no more steps."""
        self._stopped_s = time.monotonic()
        self._live.clear()
        grace_s = self._run.controls.grace_s
        output.say(f"Stopping; steps in flight have {grace_s:g} s to end. Ctrl-C again ends them at once.")
        self._run.controls.stop()
