"""Runs that are killed with SIGKILL, again and again, and resumed: rows lost and POSTs sent twice must both be 0.

    python benchmarks/crash.py [--runs 200] [--rows 300] [--seed N] [--processes 2] [--command]

Each run sends two requests a row (POST or GET, then one that needs what the first was given), 16 rows side by side, to
a server in a process of its own that counts what arrives. Each of its lives is a process that is killed at a random
moment, while it starts and while it resumes too, until one comes to the end. In every fifth run the server is killed as
well; in every fourth one the requests carry idempotency keys. What was sent is then held against the journal
(`crash_judge.py`). Exits with 1 if anything is not as promised. A life is forked from a process that has done its
imports; with --command it is `tui-client replay`, which takes twice as long.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from contextlib import aclosing, closing
from math import inf
from pathlib import Path
from random import Random
from typing import NoReturn

import msgspec

# The user's keyring is left alone.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

from crash_judge import Case, Findings, Look, findings, look_at
from crash_server import arrivals

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.options import SendOptions
from tui_client.replay.journal.store import RunStore
from tui_client.replay.plan import Plan
from tui_client.replay.services import Question
from tui_client.storage.batch import Retry
from tui_client.trust.vault import NoKeyring, Vault, system_keyring
from tui_client.workspace import Workspace

CONCURRENCY = 16
MOST_KILLS = 25
_START_S = 0.08  # in which a life opens its journal; every third kill comes so early
_POLL_S = 0.001
_ENDS = (0, 1, 4, 5)  # exit codes of a run that came to its end, also with failures or steps in doubt
_SERVER = Path(__file__).with_name("crash_server.py")
_SENT_BY_ROWS = '[headers]\nAuthorization = "Bearer {{token}}"\n'
_CAPTURED = '[capture.%s]\nquery = "json"\nexpr = "$.made"\n'
_FILES = {
    "login.toml": f'method = "POST"\nurl = "/{{{{run}}}}/login"\n{_CAPTURED % "token"}',
    "first.toml": 'method = "{{method}}"\nurl = "/{{run}}/first/{{row}}"\n' + _SENT_BY_ROWS + _CAPTURED % "made",
    "second.toml": 'method = "{{then}}"\nurl = "/{{run}}/second/{{row}}/{{made}}"\n' + _SENT_BY_ROWS,
}


class Nobody:
    """Whom nothing is asked."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        raise RequestFailed(Failure(FailureKind.VARIABLE_PROMPT, questions[0].variable))


class Server:
    """The counting server; it comes back on the port where it was."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.port = 0
        self.start()
        self.ready()

    def start(self) -> None:
        command = [sys.executable, str(_SERVER), str(self.port), str(self.folder), str(self.seed)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.listens = False

    def ready(self) -> None:
        """Wait until it listens."""
        assert self.process.stdout is not None
        if not self.listens:
            self.port = int(self.process.stdout.readline())
            self.listens = True

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


class Bench:
    """One collection, one server, and runs killed over and over, each in a folder of its own."""

    def __init__(self, folder: Path, rows: int, seed: int, command: bool) -> None:
        self.folder = folder
        self.command = command
        self.server = Server(folder, seed)
        self.methods = {row: (("POST", "GET")[row % 2], ("POST", "GET", "GET")[row % 3]) for row in range(1, rows + 1)}
        self.collection = folder / "crash"
        self.collection.mkdir()
        shared = f'format = 1\nbase_url = "http://127.0.0.1:{self.server.port}"\n'
        for name, text in {"collection.toml": shared, **_FILES}.items():
            (self.collection / name).write_text(text, encoding="utf-8")
        self.data = folder / "rows.csv"
        lines = [f"{row},{first},{second}" for row, (first, second) in self.methods.items()]
        self.data.write_text("\n".join(["row,method,then", *lines, ""]), encoding="utf-8")
        self.length_s = 0.0

    def plan(self, name: str, keyed: bool, retried: bool) -> Plan:
        return Plan(
            steps=("first", "second"),
            setup=("login",),
            given={"run": name},
            data=self.data,
            concurrency=CONCURRENCY,
            idempotency_key=keyed,
            retry=Retry(count=20, on=("connect", "closed_early", "incomplete")) if retried else Retry(),
        )

    def measure(self) -> None:
        """How long a run takes that nobody kills."""
        began_s = time.monotonic()
        pid = self._begin(self._own_folder("whole"), self.plan("whole", False, False))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, "the run that nobody kills did not end well"
        self.length_s = time.monotonic() - began_s

    def _own_folder(self, name: str) -> Path:
        """Of one run's journal and key. The last word is what the command makes of the directories it is told."""
        return self.folder / name / "tui-client"

    def run(self, number: int, random: Random) -> Findings:
        """One run, killed until it is done."""
        name = f"r{number}"
        keyed, server_dies = number % 4 == 3, number % 5 == 4
        plan, folder = self.plan(name, keyed, server_dies), self._own_folder(name)
        kills: list[Look] = []
        lives = 0
        while True:
            lives += 1
            assert lives < 2 * MOST_KILLS, f"{name} comes to no end"
            # Later lives have less left to do.
            length_s = self.length_s if lives == 1 else self.length_s / 2
            died = self._live(
                folder, plan, random, length_s if lives <= MOST_KILLS else inf, server_dies and lives <= 3
            )
            look = self._look(folder, name)
            if look is None:
                shutil.rmtree(folder, ignore_errors=True)  # killed before it had begun
            elif look.ended == "finished":
                break
            elif died:
                kills.append(look)
        found = findings(self._case(folder, name, keyed, server_dies, kills, look))
        if found.as_promised:
            shutil.rmtree(folder.parent)
            (self.folder / f"{name}.arrivals").unlink()
        return found

    def _live(self, folder: Path, plan: Plan, random: Random, length_s: float, server_dies: bool) -> bool:
        """One life, killed before it is so long (inf: not at all); whether it was killed."""
        early = not self.command and length_s < inf and random.random() < 1 / 3
        kill_s = time.monotonic() + random.uniform(0.0, _START_S if early else length_s)
        server_s = time.monotonic() + random.uniform(0.0, self.length_s)
        pid = self._begin(folder, plan)
        while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
            if server_dies and time.monotonic() >= server_s:
                server_dies = False
                self.server.kill()
                self.server.start()
            if time.monotonic() >= kill_s:
                os.kill(pid, signal.SIGKILL)
                ended = os.waitpid(pid, 0)
                break
            time.sleep(_POLL_S)
        self.server.ready()
        code = os.waitstatus_to_exitcode(ended[1])
        assert code in (-signal.SIGKILL, *_ENDS), f"a life in {folder} ended with {code}"
        return code == -signal.SIGKILL

    def _begin(self, folder: Path, plan: Plan) -> int:
        """A process that starts the run of this folder, or resumes it; its PID."""
        pid = os.fork()
        if pid:
            return pid
        if self.command:
            _become_command(self.collection, folder, plan)
        _live_and_exit(self.collection, folder, plan)

    def _look(self, folder: Path, name: str) -> Look | None:
        journals = list((folder / "runs").glob("*.sqlite"))
        arrived = len(arrivals(self.folder / f"{name}.arrivals"))
        return look_at(journals[0], arrived) if journals else None

    def _case(self, folder: Path, name: str, keyed: bool, server_died: bool, kills: list[Look], last: Look) -> Case:
        store = RunStore(folder / "runs", Vault(folder / "secrets.json", NoKeyring()))
        (info,) = store.list()
        with closing(sqlite3.connect(store.path(info.run))) as connection:
            counts = dict(connection.execute("SELECT outcome, steps FROM counts"))
            ((summary,),) = connection.execute("SELECT summary FROM run")
        came = arrivals(self.folder / f"{name}.arrivals")
        figures = msgspec.json.decode(summary)
        return Case(self.methods, keyed, server_died, kills, last, came, counts, figures, info.in_doubt)


def _become_command(collection: Path, folder: Path, plan: Plan) -> NoReturn:
    words = ["--resume", "last"]
    if not _has_begun(folder):
        words = [*plan.steps, "--setup", *plan.setup, "--data", str(plan.data), "--concurrency", str(plan.concurrency)]
        words += [word for name, value in plan.given.items() for word in ("-v", f"{name}={value}")]
        words += ["--idempotency-key"] * plan.idempotency_key
        if plan.retry.count:
            words += ["--retry", str(plan.retry.count), "--retry-on", ",".join(map(str, plan.retry.on))]
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    home = {"XDG_STATE_HOME": str(folder.parent), "XDG_DATA_HOME": str(folder.parent)}
    command = [sys.executable, "-m", "tui_client", "replay", *words, "-C", str(collection)]
    os.execve(command[0], command, os.environ | home)


def _has_begun(folder: Path) -> bool:
    return any((folder / "runs").glob("*.sqlite"))


def _live_and_exit(collection: Path, folder: Path, plan: Plan) -> NoReturn:
    try:
        asyncio.run(_live(collection, folder, plan))
    except BaseException:  # noqa: BLE001 - this process ends here, whatever it was
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


async def _live(collection: Path, folder: Path, plan: Plan) -> None:
    async with Workspace.open(collection, asker=Nobody(), defaults=SendOptions(), data_dir=folder) as workspace:
        run = workspace.runs.resume("last") if _has_begun(folder) else workspace.runs.start(plan)
        async with aclosing(run.results()) as results:
            async for _ in results:
                pass


def bench(folder: Path, numbers: range, rows: int, seed: int, command: bool = False) -> list[Findings]:
    """Those runs, one after the other; what is not as promised stays in the folder and is told on standard error."""
    system_keyring()  # takes a while, which every life would pay for
    found = []
    made = Bench(folder, rows, seed + numbers.start, command)
    try:
        made.measure()
        for number in numbers:
            found.append(made.run(number, Random(f"{seed} {number}")))
            if not found[-1].as_promised:
                print(f"run {number}: {found[-1]}; see {folder}", file=sys.stderr)
    finally:
        made.server.kill()
    return found


def total(found: list[Findings]) -> Findings:
    """All of them added up."""
    names = Findings.__struct_fields__
    return Findings(**{name: sum(getattr(one, name) for one in found) for name in names})


def spread(args: argparse.Namespace, folder: Path) -> list[Findings]:
    """The runs, in several processes."""
    parts = []
    for part in range(args.processes):
        place = folder / f"part{part}"
        place.mkdir()
        numbers = [str(part), str(args.runs), str(args.processes)]
        command = [sys.executable, __file__, "--part", *numbers, str(place)]
        command += ["--rows", str(args.rows), "--seed", str(args.seed), *["--command"] * args.command]
        parts.append((place, subprocess.Popen(command)))
    codes = [process.wait() for _, process in parts]
    if any(codes):
        raise SystemExit(f"A part of the runs came to no end; see {folder}")
    found = [msgspec.json.decode((place / "found.json").read_bytes(), type=list[Findings]) for place, _ in parts]
    return [one for part in found for one in part]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--seed", type=int, default=time.monotonic_ns() % 1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--command", action="store_true")
    parser.add_argument("--part", nargs=4, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        place = Path(args.part[3])
        found = bench(place, range(*map(int, args.part[:3])), args.rows, args.seed, args.command)
        (place / "found.json").write_bytes(msgspec.json.encode(found))
        return 0
    began_s = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="crash-"))
    found = spread(args, folder)
    sums = total(found)
    print(f"{len(found)} runs of {args.rows} rows, seed {args.seed}, {time.monotonic() - began_s:.0f} s")
    for name in Findings.__struct_fields__:
        print(f"{name:12} {getattr(sums, name):9,}")
    well = sum(one.as_promised for one in found)
    print(f"{well} of {len(found)} runs as promised")
    if well < len(found):
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
