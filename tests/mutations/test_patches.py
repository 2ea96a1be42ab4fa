"""Each mutation still fits the tree and names tests that are there; `python -m tests.mutations` runs them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mutation_patches import PROMISES, BadPatch, Mutation, all_patches, mutated, read_patch
from mutation_runs import ROOT, Ran, judged

PATCH = """Promise: one
Test: tests/a.py::test_b
Test: tests/a.py::test_c[1]
Expect: it breaks

--- a/tui_client/a.py
+++ b/tui_client/a.py
@@ -2,3 +2,3 @@
 b
-c
+x
 d
"""


@pytest.mark.parametrize("path", all_patches(), ids=lambda path: path.stem)
def test_every_patch_fits_the_tree(path: Path) -> None:
    """The lines that it changes are in the tree as it is, and what comes of them is Python."""
    mutation = read_patch(path)
    assert mutation.number in PROMISES
    for name, hunks in mutation.changes.items():
        before = (ROOT / name).read_text(encoding="utf-8")
        after = mutated(before, hunks, name)
        assert after != before
        if name.endswith(".py"):
            compile(after, name, "exec")


@pytest.mark.parametrize("path", all_patches(), ids=lambda path: path.stem)
def test_every_patch_names_tests_that_are_there(path: Path) -> None:
    """A test that was renamed would otherwise be missed only at a release."""
    for test in read_patch(path).tests:
        file, *_, name = re.sub(r"\[.*", "", test).split("::")
        assert re.search(rf"^ *(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def test_each_promise_has_a_mutation() -> None:
    """One that nothing breaks may be one that nothing proves."""
    assert sorted({read_patch(path).number for path in all_patches()}) == [*PROMISES]


def written(folder: Path, text: str, name: str = "07-a-name.patch") -> Mutation:
    (folder / name).write_text(text, encoding="utf-8")
    return read_patch(folder / name)


def test_a_patch_is_read(tmp_path: Path) -> None:
    """Number, tests and hunks."""
    mutation = written(tmp_path, PATCH)
    assert (mutation.number, mutation.tests) == (7, ("tests/a.py::test_b", "tests/a.py::test_c[1]"))
    (hunk,) = mutation.changes["tui_client/a.py"]
    assert hunk == (1, ("b", "c", "d"), ("b", "x", "d"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PATCH, "7-a.patch"),
        (PATCH.replace("Expect", "Expects"), "07-a.patch"),
        (PATCH.replace("Test", "Tests"), "07-a.patch"),
        (PATCH.split("---")[0], "07-a.patch"),
    ],
)
def test_a_patch_that_lacks_something_is_refused(tmp_path: Path, text: str, name: str) -> None:
    """By its name."""
    with pytest.raises(BadPatch, match=re.escape(name)):
        written(tmp_path, text, name)


def test_a_hunk_finds_the_nearest_place(tmp_path: Path) -> None:
    """Lines added above don't matter; of two places the nearer one is meant; none is an error."""
    hunks = written(tmp_path, PATCH).changes["tui_client/a.py"]
    assert mutated("b\nc\nd\n", hunks) == "b\nx\nd\n"
    assert mutated("a\nb\nc\nd\n" + "-\n" * 9 + "b\nc\nd\n", hunks) == "a\nb\nx\nd\n" + "-\n" * 9 + "b\nc\nd\n"
    assert mutated("-\n" * 9 + "b\nc\nd\n", hunks) == "-\n" * 9 + "b\nx\nd\n"
    with pytest.raises(BadPatch, match="does not hold the lines around 2"):
        mutated("b\nC\nd\n", hunks)


@pytest.mark.parametrize(
    ("ran", "caught"),
    [
        (Ran(1, frozenset({"tests/a.py::test_b", "tests/a.py::test_c"}), frozenset(), ""), True),
        (Ran(1, frozenset({"tests/a.py::test_b"}), frozenset(), ""), False),
        (Ran(1, frozenset({"tests/a.py::test_b", "tests/a.py::test_c"}), frozenset({"tests/a.py"}), ""), False),
        (Ran(0, frozenset(), frozenset(), ""), False),
        (Ran(2, frozenset(), frozenset(), ""), False),
        (Ran(4, frozenset(), frozenset(), "not found"), False),
        (Ran(None, frozenset(), frozenset(), ""), False),
    ],
)
def test_only_failures_of_all_named_tests_catch_a_mutation(tmp_path: Path, ran: Ran, caught: bool) -> None:
    """Not an error, not a file that can't be imported, not a test that does not end."""
    verdict = judged(written(tmp_path, PATCH), ran)
    assert verdict.caught is caught
    assert bool(verdict.reason) is not caught
