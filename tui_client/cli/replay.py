"""`tui-client replay`: many requests, in order inside a row, rows side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from tui_client.cli import options, output
from tui_client.cli import replay_values as values
from tui_client.cli.exit_codes import for_error
from tui_client.cli.grouped import GroupedCommand
from tui_client.cli.replay_options import Wanted, check
from tui_client.errors import TuiClientError

_GROUPS: Final = {
    "What is sent": ("path", "environment", "given", "data", "iterations", "concurrency", "rate", "preview"),
    "What comes out": ("as_json", "reports", "thresholds", "allow_http_errors", "bail"),
    "Earlier runs": ("list_runs", "show", "resume", "only", "diff", "delete"),
    "Pace": ("duration_s", "delay_s", "stages", "overflow", "on_exhausted", "grace_s"),
    "Sending again": ("retry", "retry_on", "retry_unsafe", "idempotency_key"),
    "Comparing replies": ("against", "diff_ignore", "diff_headers"),
    "Recordings (traffic.har)": ("from_history", "speed", "max_gap_s", "hosts", "unsafe"),
    "Other processes, other machines": ("shard", "workers", "scheduler", "listen", "send_secrets"),
    "More": ("setup", "grants"),
}

_EPILOG: Final = """\b
TARGET is a request's key, a folder, a glob, tag:NAME, batches/NAME, . for all, or a
recording: a file that ends in .har. RUN is a run's name, its beginning, or last.
Without an assert on the status, a status of 400 or more fails a step.
merge, as the first word, joins parts (see: tui-client replay merge --help); a request of
that name is replayed as 'merg[e]'.

\b
Exits with 0 if all is well; 1 if checks or thresholds failed, steps were dropped or
replies differ; 2 for what can't be done as asked; 3 if a file could not be read;
4 if requests could not be sent; 5 if steps are in doubt; 130 if interrupted.

\b
Examples:
  tui-client replay . -C collections/shop -e local
  tui-client replay users/create --data users.csv --concurrency 16
  tui-client replay 'users/*' tag:smoke --json --report junit.xml
  tui-client replay batches/nightly --plan
  tui-client replay batches/nightly --shard 2/8
  tui-client replay merge journals/ --report whole.html
  tui-client replay users/list --rate 50 --duration 10m --threshold 'latency p95 < 300'
  tui-client replay . --data rows.csv --workers 4 --concurrency 256
  tui-client replay . --data rows.csv --scheduler tcp://10.0.0.7:8786
  tui-client replay --list
  tui-client replay --resume last
  tui-client replay --only failed last
  tui-client replay --show last --report report.html
  tui-client replay batches/nightly --diff last --diff-ignore '$..updated'
  tui-client replay --from-history 'shop users' --speed 0
  tui-client replay traffic.har --host api.example.com=localhost:8000 --speed 2
"""

_MERGE: Final = "merge"
_KINDS: Final = ("failed", "in-doubt", "dropped")


class _ReplayCommand(GroupedCommand):
    """Hands on what begins with the word merge: that has options of its own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == [_MERGE]:
            from tui_client.cli.replay_merge import command as merge

            return merge.make_context(f"{info_name} {_MERGE}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    "replay",
    cls=_ReplayCommand,
    groups=_GROUPS,
    epilog=_EPILOG,
    short_help="Send many requests and count what came of them.",
)
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@options.workspace
@options.environment
@options.variables
@click.option("--data", type=click.Path(path_type=Path), help="CSV, JSON or JSONL: the steps are done for every row.")
@click.option("--iterations", type=int, help="How often the steps are done; with data, at most so many rows.")
@click.option("--concurrency", type=int, help="Rows, or iterations, side by side. [default: 1, more with a rate]")
@click.option("--rate", type=values.rate, metavar="RATE", help="Requests a second, however long replies take.")
@click.option(
    "--shard", type=values.shard, metavar="N/PARTS", help="Only this part of the rows or iterations, like 2/8."
)
@click.option("--plan", "preview", is_flag=True, help="Say what would be sent; send nothing, ask nothing.")
@click.option(
    "--on-exhausted",
    type=click.Choice(["stop", "wrap", "hold"]),
    help="With more iterations than rows: stop, begin anew, or repeat the last row. [default: stop]",
)
@click.option(
    "--overflow",
    type=click.Choice(["wait", "drop"]),
    help="When all sessions are busy: send late, or not at all. [default: wait where the number of sessions is known]",
)
@click.option("--delay", "delay_s", type=values.duration, metavar="TIME", help="A pause after each step, like 200ms.")
@click.option("--duration", "duration_s", type=values.duration, metavar="TIME", help="Start no step later than this.")
@click.option(
    "--stage",
    "stages",
    type=values.stage,
    metavar="TIME:TARGET",
    multiple=True,
    help="Go within a time to a rate (30s:50/s) or a concurrency (30s:16); several make a ramp.",
)
@click.option("--retry", type=int, metavar="N", help="Send what failed again, up to so many times.")
@click.option(
    "--retry-on",
    type=values.retry_on,
    metavar="LIST",
    multiple=True,
    help="Which failures. [default: connect,timeout,429,502,503,504]",
)
@click.option("--retry-unsafe", is_flag=True, help="POST and PATCH too, though they may be done twice.")
@click.option("--idempotency-key", is_flag=True, help="Send this header, the same on every attempt of a step.")
@click.option("--bail", is_flag=True, help="Stop at the first step that does not pass.")
@click.option("--allow-http-errors", is_flag=True, help="A status of 400 or more fails no step by itself.")
@click.option(
    "--threshold",
    "thresholds",
    type=values.threshold,
    metavar="LIMIT",
    multiple=True,
    help="A limit of the whole run, like 'latency p95 < 300 tag=checkout' or 'failures < 1%'.",
)
@click.option("--grace", "grace_s", type=values.duration, metavar="TIME", help="For steps in flight. [default: 5s]")
@click.option("--from-history", metavar="TEXT", help="Send again what was sent with these words in it; . for all.")
@click.option("--speed", type=float, metavar="N", help="2: twice as fast as recorded; 0: as fast as allowed.")
@click.option(
    "--max-gap", "max_gap_s", type=values.duration, metavar="TIME", help="Cut longer silences. [default: 10s]"
)
@click.option(
    "--host", "hosts", type=values.host, metavar="FROM=TO", multiple=True, help="Send to TO what was sent to FROM."
)
@click.option("--unsafe", is_flag=True, help="Not only GET, HEAD and OPTIONS.")
@click.option(
    "--report",
    "reports",
    metavar="[FORMAT=]FILE",
    multiple=True,
    help="Write html, junit, json, jsonl, csv or har; the suffix says which (junit: .xml).",
)
@options.as_json
@click.option("--diff", metavar="RUN", help="Compare the replies with those of that run.")
@click.option("--against", metavar="ENV", help="Replay in that environment first, and compare the replies.")
@click.option("--diff-ignore", metavar="JSONPATH", multiple=True, help="A part of bodies not to compare, like $..id.")
@click.option(
    "--diff-header",
    "diff_headers",
    metavar="NAME",
    multiple=True,
    help="A header to compare. [default: content-type, location]",
)
@click.option("--list", "list_runs", is_flag=True, help="List the runs, newest first.")
@click.option("--show", metavar="RUN", help="Show the figures of a run; with --report, write reports of it.")
@click.option("--resume", metavar="RUN", help="Go on with a run that was cut off.")
@click.option(
    "--only",
    type=(click.Choice(_KINDS), str),
    metavar="KIND RUN",
    help="Send again what failed, is in-doubt or was dropped in a run.",
)
@click.option("--delete", metavar="RUN", help="Remove a run for good.")
@click.option("--workers", type=int, metavar="N", help="Do it in so many processes of this machine.")
@click.option("--scheduler", metavar="ADDRESS", help="Do it on the workers of a Dask cluster: tcp://HOST:PORT, or tls.")
@click.option("--listen", metavar="HOST[:PORT]", help="Where those workers reach this machine. [default: found out]")
@click.option("--send-secrets", is_flag=True, help="Send them what secrets requests need; else each has its own.")
@click.option("--setup", metavar="TARGET", multiple=True, help="Send this once before all, such as a login.")
@options.grants
@click.pass_context
def command(context: click.Context, /, **said: Any) -> int:
    """Send the requests of all targets in order, once or for every row of a data file, and print the figures.

    Each run is kept in a journal, so that it can go on after whatever cut it off.
    """
    wanted = Wanted(**said)
    try:
        check(wanted, {str(param.name): param.opts[0] for param in context.command.params})
        return _done(wanted)
    except TuiClientError as error:
        if not wanted.as_json:
            raise
        from tui_client.cli.replay_json import error_json
        from tui_client.model.wording import describe_error

        output.say(describe_error(error))
        with output.for_who_reads():
            output.out_json(error_json(error))
        return for_error(error)


def _done(wanted: Wanted) -> int:
    from tui_client.cli import replay_preview, replay_runs, replay_start

    match wanted.mode:
        case "list_runs":
            return replay_runs.list_runs(wanted)
        case "show":
            return replay_runs.show(wanted)
        case "delete":
            return replay_runs.delete(wanted)
        case "resume" | "only":
            return replay_start.go_on(wanted)
        case _ if wanted.preview:
            return replay_preview.preview(wanted)
        case _:
            return replay_start.start(wanted)
