"""What a run that was killed again and again must look like: its journal held against what arrived at the server."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from crash_server import Arrival

STEPS = ("first", "second")
UNSAFE = frozenset({"POST", "PATCH"})
_NEVER_AS_PROMISED = ("lost", "repeated", "redone", "changed", "doubted", "unfinished", "strange", "sums")

Step = tuple[int, int]  # row, place in the row


class Look(msgspec.Struct, frozen=True):
    """What stood in a journal at one moment. arrived: how many requests had come by then."""

    ended: str
    done: dict[Step, tuple[Any, ...]]
    claims: frozenset[Step]
    arrived: int


class Case(msgspec.Struct, frozen=True):
    """A run that is over. methods: of each row. keyed: its requests carry idempotency keys. kills: one look each.

    server_died: some replies never came. listed: how many steps the list of runs says are in doubt.
    """

    methods: dict[int, tuple[str, str]]
    keyed: bool
    server_died: bool
    kills: list[Look]
    last: Look
    arrivals: list[Arrival]
    counts: dict[str, int]
    summary: dict[str, Any]
    listed: int


class Findings(msgspec.Struct, frozen=True):
    """All but kills, arrived, in_doubt and errors must be 0.

    lost: steps without a result. repeated: POSTs that arrived twice, or twice with another key. redone: arrivals of
    steps whose result was on disk. changed: results that were replaced. doubted: steps in doubt that should not be, or
    the other way round. unfinished: requests that could be sent again and did not pass. strange: a value, cookie or
    token of another row or life. sums: the journal, its counts, the summary and the list of runs differ.
    """

    kills: int = 0
    arrived: int = 0
    in_doubt: int = 0
    errors: int = 0
    lost: int = 0
    repeated: int = 0
    redone: int = 0
    changed: int = 0
    doubted: int = 0
    unfinished: int = 0
    strange: int = 0
    sums: int = 0

    @property
    def as_promised(self) -> bool:
        return not any(getattr(self, name) for name in _NEVER_AS_PROMISED)


def look_at(journal: Path, arrived: int) -> Look | None:
    """What stands in a journal, by a copy of it, so that the next life finds it as the kill left it.

    None: the run was killed before its journal was made.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path in (journal, journal.with_name(f"{journal.name}-wal")):
            if path.exists():
                shutil.copy(path, folder)
        with closing(sqlite3.connect(Path(folder) / journal.name)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchall():
                return None
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ((ended,),) = connection.execute("SELECT ended FROM run")
            claims = frozenset(connection.execute("SELECT row, step FROM claims"))
            done = {(row[1], row[2]): row for row in connection.execute("SELECT * FROM steps WHERE step >= 0")}
    return Look(ended, done, claims, arrived)


def findings(case: Case) -> Findings:
    """Hold a run against what was promised."""
    unsafe = {step for step in _steps(case) if _method(case, step) in UNSAFE and not case.keyed}
    outcomes = {step: str(row[4]) for step, row in case.last.done.items()}
    in_doubt = {step for step, outcome in outcomes.items() if outcome == "in_doubt"}
    should_be = {step for kill in case.kills for step in kill.claims if step in unsafe}
    return Findings(
        kills=len(case.kills),
        arrived=len(case.arrivals),
        in_doubt=len(in_doubt),
        errors=sum(outcome == "error" for outcome in outcomes.values()),
        lost=sum(step not in outcomes for step in _steps(case)),
        repeated=_repeated(case, unsafe),
        redone=_redone(case),
        changed=sum(case.last.done.get(step) != row for kill in case.kills for step, row in kill.done.items()),
        doubted=len(in_doubt ^ should_be),
        unfinished=_unfinished(case, outcomes, unsafe),
        strange=_strange(case),
        sums=_sums(case, len(in_doubt)),
    )


def _steps(case: Case) -> list[Step]:
    return [(row, place) for row in case.methods for place in range(len(STEPS))]


def _method(case: Case, step: Step) -> str:
    return case.methods[step[0]][step[1]]


def _step(arrival: Arrival) -> Step:
    return arrival.row, STEPS.index(arrival.step)


def _of_rows(case: Case) -> list[Arrival]:
    return [arrival for arrival in case.arrivals if arrival.step in STEPS]


def _repeated(case: Case, unsafe: set[Step]) -> int:
    came = Counter(_step(arrival) for arrival in _of_rows(case))
    keys: dict[Step, set[str]] = {}
    for arrival in _of_rows(case):
        keys.setdefault(_step(arrival), set()).add(arrival.key)
    return sum(came[step] > 1 for step in unsafe) + sum(len(found) > 1 for found in keys.values())


def _redone(case: Case) -> int:
    return sum(_step(late) in kill.done for kill in case.kills for late in case.arrivals[kill.arrived :] if late.row)


def _unfinished(case: Case, outcomes: dict[Step, str], unsafe: set[Step]) -> int:
    came = {_step(arrival) for arrival in _of_rows(case)}
    return sum(not _is_well(case, step, outcomes, step in unsafe, step in came) for step in _steps(case))


def _is_well(case: Case, step: Step, outcomes: dict[Step, str], unsafe: bool, came: bool) -> bool:
    match outcomes.get(step):
        case "passed":
            return came
        case "error":
            return unsafe and case.server_died
        case "in_doubt":
            return unsafe
        case "skipped":
            row, place = step
            return place > 0 and not came and outcomes.get((row, place - 1)) in ("in_doubt", "error")
        case _:
            return False


def _strange(case: Case) -> int:
    """Requests of a second step that don't carry what the first step of their row, or the setup, was given."""
    given: dict[int, set[str]] = {}
    found = 0
    for arrival in case.arrivals:
        if arrival.step == "second":
            found += arrival.got != arrival.cookie or arrival.got not in given.get(arrival.row, ())
        if arrival.step in STEPS:
            found += arrival.token.removeprefix("Bearer ") not in given.get(0, ())
        if arrival.step != "second":
            given.setdefault(arrival.row, set()).add(arrival.gave)
    return found


def _sums(case: Case, in_doubt: int) -> int:
    """How many of the figures differ from the rows of the journal; the one step of the setup counts too."""
    rows = Counter(str(row[4]) for row in case.last.done.values())
    rows["passed"] += 1
    wanted = {"passed": "passed", "failed": "failed", "errors": "error", "skipped": "skipped", "in_doubt": "in_doubt"}
    wrong = sum(case.summary[name] != rows[outcome] for name, outcome in wanted.items())
    wrong += sum(case.counts.get(outcome, 0) != rows[outcome] for outcome in {*rows, *case.counts})
    return wrong + (case.listed != in_doubt) + len(case.last.claims)
