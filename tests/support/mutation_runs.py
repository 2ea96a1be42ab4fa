"""Tests run against a copy of the tree, so that the checkout is never touched."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import mutation_patches
from mutation_patches import BadPatch, Mutation

ROOT: Final = Path(__file__).resolve().parents[2]
LIMIT_S: Final = 300
"""A run of tests that takes longer is ended; that is no way of catching a mutation."""

# What a source archive holds too; neither .git nor caches, and no environment.
_PARTS: Final = (
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "benchmarks", "collections", "docs",
    "pyproject.toml", "tests", "tui_client",
)  # fmt: skip
_NOT_COPIED: Final = shutil.ignore_patterns("__pycache__", ".hypothesis", ".*_cache", "*.secret.toml", "*.patch")
_OUTCOME: Final = re.compile(r"^(FAILED|ERROR) (\S+?::\w+|\S+)", re.MULTILINE)
_SOME_FAILED: Final = 1  # pytest's exit code for tests that were all collected and ran
_running: Final[set[subprocess.Popen[str]]] = set()
_stopped: Final = threading.Event()


class Ran(NamedTuple):
    """code: pytest's exit code, None if it was ended. failed: node ids without their parameters. output: its end."""

    code: int | None
    failed: frozenset[str]
    errors: frozenset[str]
    output: str


class Verdict(NamedTuple):
    """Whether each named test noticed; `reason` says why not."""

    mutation: Mutation
    caught: bool
    reason: str = ""


def verdict(mutation: Mutation) -> Verdict:
    """Apply a mutation to a copy and run its tests there; each must fail: an error in collecting is no answer."""
    with TemporaryDirectory(prefix="tui-client-mutation-") as folder:
        copy = copied(Path(folder))
        try:
            mutation_patches.apply(mutation, copy)
        except BadPatch as error:
            return Verdict(mutation, False, str(error))
        ran = run_tests(copy, mutation.tests)
    return judged(mutation, ran)


def baseline(tests: tuple[str, ...]) -> Ran:
    """The same tests against a copy without any mutation."""
    with TemporaryDirectory(prefix="tui-client-unmutated-") as folder:
        return run_tests(copied(Path(folder)), tests)


def copied(folder: Path) -> Path:
    """The tree as it stands now, committed or not."""
    for name in _PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_NOT_COPIED)
        elif source.exists():
            shutil.copy2(source, folder / name)
    return folder


def run_tests(copy: Path, tests: tuple[str, ...]) -> Ran:
    """Run them in one process, against the copy's package. Raises RuntimeError if another one would be imported."""
    environment = _environment(copy)
    _require_the_copy(copy, environment)
    command = ["-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--tb=line", "-rfE", *tests]
    code, output = _output_of(command, copy, environment)
    found: dict[str, set[str]] = {"FAILED": set(), "ERROR": set()}
    for outcome, test in _OUTCOME.findall(output):
        found[outcome].add(test)
    return Ran(code, frozenset(found["FAILED"]), frozenset(found["ERROR"]), "\n".join(output.splitlines()[-30:]))


def judged(mutation: Mutation, ran: Ran) -> Verdict:
    """What a run of its tests says of a mutation."""
    unmoved = [test for test in mutation.tests if test.split("[")[0] not in ran.failed]
    reason = ""
    if ran.code is None:
        reason = f"its tests were not done after {LIMIT_S} s"
    elif ran.errors:
        reason = f"an error, no failure: {', '.join(sorted(ran.errors))}"
    elif ran.code not in (0, _SOME_FAILED):
        reason = f"pytest ended with {ran.code}\n{ran.output}"
    elif unmoved:
        reason = f"not noticed by {', '.join(unmoved)}"
    return Verdict(mutation, not reason, reason)


def _environment(copy: Path) -> dict[str, str]:
    """CI: Hypothesis tries the same each time. PYTHONPATH: stands before what an editable install has on the path."""
    kept = {name: value for name, value in os.environ.items() if name != "TUI_CLIENT_TEST_FULL"}
    path = os.pathsep.join([str(copy), str(copy / "tests" / "support")])
    return {**kept, "CI": "true", "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def _require_the_copy(copy: Path, environment: dict[str, str]) -> None:
    code, output = _output_of(["-c", "import tui_client; print(tui_client.__file__)"], copy.parent, environment)
    if code or not Path(output.strip()).is_relative_to(copy):
        raise RuntimeError(f"the tests would import {output.strip()}, and not the copy in {copy}")


def _output_of(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int | None, str]:
    """Exit code and output; a group of its own, so that nothing of it outlives its time or an interrupted run."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        _running.add(process)
        try:
            if _stopped.is_set():
                return None, ""
            output, _ = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            _running.discard(process)
            _end_group(process)
    return process.returncode, output


def end_all() -> None:
    """End what is running now and what would follow, so that an interrupted run is soon over and clears up."""
    _stopped.set()
    for process in tuple(_running):
        _end_group(process)


def _end_group(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
