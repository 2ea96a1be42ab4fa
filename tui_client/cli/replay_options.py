"""The command line of `replay` as a value, and what in it contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tui_client.errors import UsageError

if TYPE_CHECKING:
    from tui_client.replay.plan import Shard, Stage
    from tui_client.storage.batch import Threshold
    from tui_client.trust.grants import Grant

RECORDING_SUFFIX: Final = ".har"

# What is done instead of starting a run, by the parameter that asks for it; and what may stand beside it.
_COMPARING: Final = frozenset({"diff", "diff_ignore", "diff_headers"})
_AFTERWARDS: Final = frozenset({"as_json", "reports"}) | _COMPARING
_WHERE: Final = frozenset({"workers", "scheduler", "listen", "send_secrets"})
_GOING_ON: Final = frozenset({"path", "grants", "grace_s"}) | _AFTERWARDS | _WHERE
MODES: Final[Mapping[str, frozenset[str]]] = {
    "list_runs": frozenset({"as_json"}),
    "show": _AFTERWARDS,
    "resume": _GOING_ON,
    "only": _GOING_ON,
    "delete": frozenset({"as_json"}),
}
_OF_RECORDINGS: Final = frozenset({"speed", "max_gap_s", "hosts", "unsafe"})
_NOT_OF_RECORDINGS: Final = frozenset(
    {"environment", "given", "setup", "data", "iterations", "on_exhausted", "rate", "against"}
)
_AFTER_A_RUN: Final = _WHERE | frozenset({"reports", "diff", "against", "diff_ignore", "diff_headers", "grace_s"})


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The command line of `replay`, by the names of its parameters; None and () where nothing was said.

    preview: say what would be sent, and send nothing. only: a kind and a run.
    """

    targets: tuple[str, ...] = ()
    path: Path | None = None
    environment: str = ""
    given: tuple[tuple[str, str], ...] = ()
    setup: tuple[str, ...] = ()
    workers: int | None = None
    scheduler: str | None = None
    listen: str | None = None
    send_secrets: bool = False
    data: Path | None = None
    concurrency: int | None = None
    iterations: int | None = None
    on_exhausted: str | None = None
    rate: float | None = None
    overflow: str | None = None
    delay_s: float | None = None
    duration_s: float | None = None
    stages: tuple[Stage, ...] = ()
    retry: int | None = None
    retry_on: tuple[tuple[str | int, ...], ...] = ()
    retry_unsafe: bool = False
    idempotency_key: bool = False
    bail: bool = False
    allow_http_errors: bool = False
    thresholds: tuple[Threshold, ...] = ()
    grace_s: float | None = None
    speed: float | None = None
    max_gap_s: float | None = None
    hosts: tuple[tuple[str, str], ...] = ()
    from_history: str | None = None
    unsafe: bool = False
    shard: Shard | None = None
    preview: bool = False
    reports: tuple[str, ...] = ()
    as_json: bool = False
    diff: str | None = None
    against: str | None = None
    diff_ignore: tuple[str, ...] = ()
    diff_headers: tuple[str, ...] = ()
    list_runs: bool = False
    show: str | None = None
    resume: str | None = None
    only: tuple[str, str] | None = None
    delete: str | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def said(self) -> frozenset[str]:
        """The names of all that was said, the targets apart."""
        names = (name for name in self.__struct_fields__ if name != "targets")
        return frozenset(name for name in names if not _is_nothing(getattr(self, name)))

    @property
    def mode(self) -> str:
        """Which of MODES is asked for; "" for a run that starts."""
        return next((name for name in MODES if name in self.said), "")

    @property
    def recording(self) -> Path | None:
        """The recording that is to be replayed; None where requests are."""
        found = [target for target in self.targets if target.lower().endswith(RECORDING_SUFFIX)]
        return Path(found[0]).expanduser() if found else None


def _is_nothing(value: object) -> bool:
    return value is None or value is False or value == () or value == ""


def check(wanted: Wanted, flags: Mapping[str, str]) -> None:
    """Raise UsageError for what can't be meant together. flags: how each parameter is written, "--rate"."""
    said, modes = wanted.said, [name for name in MODES if name in wanted.said]
    if len(modes) > 1:
        raise UsageError(f"{flags[modes[0]]} and {flags[modes[1]]} are two different things. Give one of them.")
    if modes:
        _check_mode(wanted, modes[0], flags)
    elif wanted.targets[:1] == ("merge",):
        raise UsageError(
            "merge is a command of its own, and its first word: tui-client replay merge JOURNAL…; "
            "a request of that name is replayed as 'merg[e]'."
        )
    elif wanted.from_history is not None:
        _check_recording(wanted, flags)
    elif not wanted.targets:
        raise UsageError(
            "There is nothing to replay. Give a TARGET: a request's key, a folder, batches/NAME, or . for all; "
            "--list names earlier runs."
        )
    elif wanted.recording is not None:
        _check_recording(wanted, flags)
    elif found := _listed(said & _OF_RECORDINGS, flags):
        raise UsageError(
            f"{found} is for recordings: give a TARGET that ends in {RECORDING_SUFFIX}, or {flags['from_history']}; "
            "or leave it out."
        )
    if wanted.preview and (found := _listed(said & _AFTER_A_RUN, flags)):
        raise UsageError(f"{flags['preview']} sends nothing, so {found} has nothing to work with. Leave it out.")
    _check_diff(wanted, flags)


def _check_mode(wanted: Wanted, mode: str, flags: Mapping[str, str]) -> None:
    if wanted.targets:
        run = "" if mode == "list_runs" else " but the run"
        raise UsageError(f"{flags[mode]} takes no TARGET{run}. Leave out {' '.join(wanted.targets)}.")
    if found := _listed(wanted.said - MODES[mode] - {mode}, flags):
        if mode in ("resume", "only"):
            raise UsageError(
                f"{found} can't be changed with {flags[mode]}: requests are sent as they were. Leave it out."
            )
        raise UsageError(f"{found} has no effect on {flags[mode]}. Leave it out.")


def _check_recording(wanted: Wanted, flags: Mapping[str, str]) -> None:
    if wanted.from_history is not None and wanted.targets:
        raise UsageError(f"{flags['from_history']} is replayed alone. Leave out {' '.join(wanted.targets)}.")
    if len(wanted.targets) > 1:
        raise UsageError("A recording is replayed alone: give one TARGET.")
    if found := _listed(wanted.said & _NOT_OF_RECORDINGS, flags):
        raise UsageError(f"{found} means nothing to a recording: it is sent as it was recorded. Leave it out.")


def _check_diff(wanted: Wanted, flags: Mapping[str, str]) -> None:
    if wanted.diff is not None and wanted.against is not None:
        raise UsageError(
            f"{flags['diff']} compares with an earlier run, {flags['against']} with another environment. Give one."
        )
    rules = wanted.said & {"diff_ignore", "diff_headers"}
    if rules and wanted.diff is None and wanted.against is None:
        raise UsageError(f"{_listed(rules, flags)} says how to compare; say with what, by {flags['diff']} RUN.")


def _listed(names: frozenset[str], flags: Mapping[str, str]) -> str:
    return ", ".join(sorted(flags[name] for name in names))
