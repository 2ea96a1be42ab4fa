"""`tui-client replay`: many requests, in order inside a row, rows side by side."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode, for_failure, gravest
from tui_client.errors import FailureKind, UsageError

if TYPE_CHECKING:
    from tui_client.replay.controls import Controls
    from tui_client.replay.execute import Run
    from tui_client.replay.plan import Plan
    from tui_client.replay.report import Summary
    from tui_client.trust.grants import Grant
    from tui_client.workspace import Workspace

_SHOWN_FAILURES: Final = 20
_LIVE_S: Final = 0.1

_EPILOG = """\b
TARGET is a request's key, a folder, a glob, tag:NAME, batches/NAME, or . for all.
Without an assert on the status, a status of 400 or more fails a step.
\b
Exits with 0 if all steps passed, 1 if checks failed, 3 if a file could not be read,
4 if requests could not be sent, 130 if interrupted.
\b
Examples:
  tui-client replay . -C collections/shop -e local
  tui-client replay users/create --data users.csv --concurrency 16
  tui-client replay 'users/*' tag:smoke --json
"""


class Wanted(msgspec.Struct, frozen=True):
    """The command line of `replay`; None where nothing was said."""

    targets: tuple[str, ...]
    path: Path | None
    environment: str
    given: dict[str, str]
    grants: frozenset[Grant]
    data: Path | None
    concurrency: int | None
    iterations: int | None
    bail: bool
    allow_http_errors: bool
    as_json: bool


@click.command("replay", epilog=_EPILOG, short_help="Send many requests and count what came of them.")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@options.workspace
@options.environment
@options.variables
@click.option("--data", type=click.Path(path_type=Path), help="CSV, JSON or JSONL: the steps are done for every row.")
@click.option("--concurrency", type=int, help="Rows, or iterations, side by side. [default: 1]")
@click.option("--iterations", type=int, help="How often the steps are done; with data, at most so many rows.")
@click.option("--bail", is_flag=True, help="Stop at the first step that does not pass.")
@click.option("--allow-http-errors", is_flag=True, help="A status of 400 or more fails no step by itself.")
@options.as_json
@options.grants
def command(
    targets: tuple[str, ...],
    path: Path | None,
    environment: str,
    given: tuple[tuple[str, str], ...],
    data: Path | None,
    concurrency: int | None,
    iterations: int | None,
    bail: bool,
    allow_http_errors: bool,
    as_json: bool,
    grants: tuple[Grant, ...],
) -> int:
    """Send the requests of all targets in order, once or for every row of a data file, and print the figures."""
    wanted = Wanted(
        targets,
        path,
        environment,
        options.given_values(given),
        frozenset(grants),
        data,
        concurrency,
        iterations,
        bail,
        allow_http_errors,
        as_json,
    )
    return asyncio.run(_replay(wanted))


async def _replay(wanted: Wanted) -> int:
    from tui_client.cli.asking import make_asker
    from tui_client.cli.replay_text import summary_lines
    from tui_client.replay.controls import Controls
    from tui_client.replay.report import to_json
    from tui_client.workspace import Workspace

    controls = Controls()
    async with Workspace.open(wanted.path, asker=make_asker(), grants=wanted.grants) as workspace:
        run = workspace.replay(await _plan(workspace, wanted), controls)
        with _interruptible(controls):
            await _watch(run)
    summary = run.summary()
    if wanted.as_json:
        output.out_json(to_json(summary))
    else:
        for line in summary_lines(summary):
            output.out_line(line)
    return _code(summary)


async def _plan(workspace: Workspace, wanted: Wanted) -> Plan:
    named = [target for target in wanted.targets if _batch_name(target) is not None]
    if named:
        if len(wanted.targets) > 1:
            raise UsageError("A saved batch is replayed alone: give one TARGET.")
        plan, unused = await workspace.plan_batch(_batch_name(named[0]) or "", wanted.environment, wanted.given)
        if unused:
            output.say(f"This version makes no use of {', '.join(unused)} in {named[0]}.")
    else:
        plan = workspace.plan(wanted.targets, wanted.environment, wanted.given)
    said = {
        name: value for name in ("data", "concurrency", "iterations") if (value := getattr(wanted, name)) is not None
    }
    switches = {name: True for name in ("bail", "allow_http_errors") if getattr(wanted, name)}
    return msgspec.structs.replace(plan, **said, **switches)


def _batch_name(target: str) -> str | None:
    """ "batches/nightly" is nightly, "shop:batches/nightly" is shop:nightly; None for what is no batch."""
    collection, colon, key = target.rpartition(":")
    folder, slash, name = key.removesuffix(".toml").partition("/")
    return f"{collection}{colon}{name}" if folder == "batches" and slash else None


async def _watch(run: Run) -> None:
    """Follow the run to its end: a live line, and the first steps that did not pass."""
    from tui_client.cli.replay_text import failure_line, progress_line

    live = output.LiveLine()
    shown, next_s = 0, 0.0
    async with aclosing(run.results()) as results:
        async for result in results:
            if not result.passed:
                shown += 1
                live.clear()
                if shown <= _SHOWN_FAILURES:
                    output.say(failure_line(result))
                elif shown == _SHOWN_FAILURES + 1:
                    output.say("More steps did not pass; they are counted below.")
            if live.active and time.monotonic() >= next_s:
                next_s = time.monotonic() + _LIVE_S
                live.show(progress_line(run.summary()))
    live.clear()


@contextmanager
def _interruptible(controls: Controls) -> Iterator[None]:
    """The first Ctrl-C stops new steps and lets those in flight end; the next one is as everywhere."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        output.say(f"Stopping; steps in flight have {controls.grace_s:g} s to end. Ctrl-C again ends them at once.")
        controls.stop()

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def _code(summary: Summary) -> ExitCode:
    codes = [for_failure(FailureKind(kind)) for kind in summary.by_error]
    if summary.failed or summary.dropped:
        codes.append(ExitCode.CHECKS_FAILED)
    if summary.in_doubt:
        codes.append(ExitCode.IN_DOUBT)
    if summary.interrupted:
        codes.append(ExitCode.INTERRUPTED)
    return gravest(codes)
