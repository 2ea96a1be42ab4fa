"""Break each promise on purpose, and see that a test notices: `python -m tests.mutations [NN ...] [--list]`.

Works on copies in a temporary folder; two mutations at a time. Exits 1 if one was not caught.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import mutation_runs
from mutation_patches import Mutation, all_patches, read_patch
from mutation_runs import Ran, Verdict

AT_ONCE = 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", type=int, metavar="NN", help="only the mutations of these promises")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    options = parser.parse_args(arguments)
    mutations = [read_patch(path) for path in all_patches()]
    if options.numbers:
        mutations = [mutation for mutation in mutations if mutation.number in options.numbers]
    if options.list:
        print(*map(described, mutations), sep="\n")
        return 0
    return 0 if report(judged(mutations), len(mutations)) else 1


def described(mutation: Mutation) -> str:
    """What it breaks and what must follow, in three lines."""
    return f"{mutation.name}\n    {mutation.promise}\n    {mutation.expect}: {', '.join(mutation.tests)}"


def judged(mutations: list[Mutation]) -> Iterator[Verdict]:
    """Verdicts in the order of the mutations, each as soon as it and those before it are known."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    unmutated = Unmutated()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(checked, mutation, unmutated) for mutation in mutations]
        try:
            for future in futures:
                yield future.result()
        except BaseException:
            _stop(futures)
            raise


def checked(mutation: Mutation, unmutated: Unmutated) -> Verdict:
    """A test that fails anyway proves nothing, so it must pass first."""
    before = unmutated.ran(mutation.tests)
    if before.code != 0:
        return Verdict(mutation, False, f"its tests do not pass without it (exit code {before.code})\n{before.output}")
    return mutation_runs.verdict(mutation)


class Unmutated:
    """How tests do without a mutation: each set of them is run once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ran = cache(mutation_runs.baseline)

    def ran(self, tests: tuple[str, ...]) -> Ran:
        with self._lock:
            return self._ran(tests)


def report(verdicts: Iterator[Verdict], count: int) -> bool:
    """The table, a row as soon as it is known; True if all were caught."""
    caught = 0
    for verdict in verdicts:
        caught += verdict.caught
        print(f"  {'✓' if verdict.caught else '✗'} {verdict.mutation.name:<42} {verdict.mutation.promise}", flush=True)
        if verdict.reason:
            print("      " + verdict.reason.replace("\n", "\n      "), flush=True)
    print(f"mutations caught: {caught} of {count}")
    return caught == count > 0


def _stop(futures: list[Future[Verdict]]) -> None:
    for future in futures:
        future.cancel()
    mutation_runs.end_all()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
