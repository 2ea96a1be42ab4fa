"""Mutations as files: a unified diff that breaks one promise, under a head that names the tests that must notice.

    Promise: A broken file is a row with its reason
    Test: tests/storage/test_broken.py::test_a_syntax_error_is_a_row
    Expect: the file is missing from the tree, without a word

    --- a/tui_client/storage/tree.py
    +++ b/tui_client/storage/tree.py
    @@ -1,3 +1,3 @@
    ...

The file is called NN-name.patch, where NN is the promise's number. `Test:` may stand more than once, and name several.
Applied here and not by git: a source archive has no repository, and a patch should live through lines added above it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).resolve().parents[1] / "mutations"
PROMISES: Final = range(1, 29)
_NAME: Final = re.compile(r"(\d\d)-[a-z0-9-]+\.patch")
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")


class BadPatch(ValueError):
    """A patch that can't be read, or doesn't fit the tree (any more)."""


class Hunk(NamedTuple):
    """Lines that stand at or near a line (from 0), and what becomes of them."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


class Mutation(NamedTuple):
    """tests: node ids; every one must fail. changes: the hunks of each file, by its path from the root."""

    name: str
    number: int
    promise: str
    tests: tuple[str, ...]
    expect: str
    changes: dict[str, tuple[Hunk, ...]]


def all_patches(folder: Path = FOLDER) -> list[Path]:
    return sorted(folder.glob("*.patch"))


def read_patch(path: Path) -> Mutation:
    """Raises BadPatch, with the file's name, for one that isn't written as described above."""
    named = _NAME.fullmatch(path.name)
    if not named:
        raise BadPatch(f"{path.name}: is not called NN-name.patch")
    lines = path.read_text(encoding="utf-8").rstrip("\n").splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(("--- a/", "diff --git "))]
    if not starts:
        raise BadPatch(f"{path.name}: changes no file")
    fields = _head(lines[: starts[0]])
    missing = {"Promise", "Test", "Expect"} - fields.keys()
    if missing:
        raise BadPatch(f"{path.name}: has no {' and no '.join(sorted(missing))}")
    tests = tuple(" ".join(fields["Test"]).split())
    promise, expect = (" ".join(fields[name]) for name in ("Promise", "Expect"))
    return Mutation(path.stem, int(named[1]), promise, tests, expect, _changes(path.name, lines[starts[0] :]))


def mutated(text: str, hunks: tuple[Hunk, ...], name: str = "") -> str:
    """A file's text with its hunks applied. Raises BadPatch if the old lines of one are nowhere in it."""
    lines = text.splitlines()
    moved = 0
    for hunk in hunks:
        size = len(hunk.old)
        places = [at for at in range(len(lines) - size + 1) if tuple(lines[at : at + size]) == hunk.old]
        if not places:
            raise BadPatch(f"{name}: does not hold the lines around {hunk.line + 1} that the patch wants to change")
        at = min(places, key=lambda place: abs(place - hunk.line - moved))
        lines[at : at + size] = hunk.new
        moved = at - hunk.line + len(hunk.new) - size
    return "\n".join(lines) + "\n"


def apply(mutation: Mutation, root: Path) -> None:
    """Change the files of a tree. Raises BadPatch where it doesn't fit; files before that one are changed then."""
    for name, hunks in mutation.changes.items():
        path = root / name
        if not path.is_file():
            raise BadPatch(f"{mutation.name}: there is no {name}")
        path.write_text(mutated(path.read_text(encoding="utf-8"), hunks, f"{mutation.name}: {name}"), encoding="utf-8")


def _head(lines: list[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(": ")
        if colon:
            fields.setdefault(name, []).append(value.strip())
    return fields


def _changes(name: str, lines: list[str]) -> dict[str, tuple[Hunk, ...]]:
    changes: dict[str, list[Hunk]] = {}
    old: list[str] = []
    new: list[str] = []
    path, line = "", 0
    for text in [*lines, "--- end"]:
        hunk = _HUNK.match(text)
        if (hunk or text.startswith(("--- ", "diff --git "))) and (old or new):
            changes.setdefault(path, []).append(Hunk(line, tuple(old), tuple(new)))
            old, new = [], []
        if hunk:
            line = int(hunk[1]) - 1
        elif text.startswith("+++ b/"):
            path = text.removeprefix("+++ b/").split("\t")[0]
        elif not text.startswith(("--- ", "diff --git ", "index ")) and path:
            _add(text, old, new)
    if not changes:
        raise BadPatch(f"{name}: changes no file")
    return {path: tuple(hunks) for path, hunks in changes.items()}


def _add(text: str, old: list[str], new: list[str]) -> None:
    sign, rest = text[:1] or " ", text[1:]
    if sign in " -":
        old.append(rest)
    if sign in " +":
        new.append(rest)
