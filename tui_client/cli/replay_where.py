"""Where a run is done: in this process, in others here, or on a cluster."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from tui_client.cli import output
from tui_client.cli.replay_options import Wanted
from tui_client.errors import UsageError

if TYPE_CHECKING:
    from tui_client.replay.engines.dask.terms import ClusterTerms
    from tui_client.replay.plan import Plan


def cluster_of(wanted: Wanted) -> ClusterTerms | None:
    """None: this process alone. Raises UsageError for what can't be meant."""
    if wanted.workers is None and wanted.scheduler is None:
        if wanted.listen is not None or wanted.send_secrets:
            raise UsageError("--listen and --send-secrets are for runs on other processes: give --scheduler ADDRESS.")
        return None
    from tui_client.replay.engines.dask.terms import local_terms, remote_terms

    if wanted.workers is not None and wanted.scheduler is not None:
        raise UsageError("--workers starts processes on this machine, --scheduler uses a cluster. Give one of them.")
    if wanted.scheduler is not None:
        return remote_terms(wanted.scheduler, listen=wanted.listen or "", send_secrets=wanted.send_secrets)
    if wanted.listen is not None:
        raise UsageError("Processes of this machine need no --listen. Leave it out.")
    return local_terms(wanted.workers or 0, send_secrets=wanted.send_secrets)


def where_words(wanted: Wanted) -> str:
    """The options that say so, as a command to go on repeats them: " --workers 4"; "" for this process alone."""
    words = ["--workers", str(wanted.workers)] if wanted.workers is not None else []
    for option, value in (("--scheduler", wanted.scheduler), ("--listen", wanted.listen)):
        words += [option, shlex.quote(value)] if value else []
    words += ["--send-secrets"] if wanted.send_secrets else []
    return "".join(f" {word}" for word in words)


def tell_narrow(plan: Plan, cluster: ClusterTerms | None) -> None:
    """Say so where the plan leaves workers idle."""
    if cluster is None or plan.stages:
        return
    if plan.concurrency < max(2, cluster.workers):
        sessions = "one row at a time is" if plan.concurrency == 1 else f"{plan.concurrency} rows at a time are"
        output.say(f"Only {sessions} sent, whatever the number of workers: --concurrency allows more.")
