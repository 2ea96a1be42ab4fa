"""Looking through a collection that was made to keep who looks busy."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_client.storage.library import Library
from tui_client.storage.secret_scan import open_secrets, plain_secrets

TOKEN = "token = 'ghp_" + "a1B2c3D4e5F6" * 3 + "'\n"
DEPTH = 150


@contextmanager
def _few_calls() -> Iterator[None]:
    """Fewer calls in each other than there are folders in each other."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + DEPTH - 20)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def test_folders_in_folders_are_looked_through(write: Callable[..., Path]) -> None:
    """However deep they are, nothing ends for it: neither the search, nor the tree, nor a delete."""
    root = write({"/".join(["one", *"d" * DEPTH, "a.toml"]): TOKEN})
    with _few_calls():
        assert len([*plain_secrets(root)]) == 1
        assert [*open_secrets(root)] == []
        library = Library(root)
        assert len(library.folders()) == DEPTH + 1
        trashed = library.delete_folder("one")
    assert not (root / "one").exists() and len(trashed.files) == 1


def test_a_pipe_for_a_gitignore_is_not_waited_for(write: Callable[..., Path]) -> None:
    """It says nothing, so git would keep the file of secrets."""
    root = write({"environments/e.secret.toml": ""})
    (root / "environments/e.secret.toml").chmod(0o600)
    os.mkfifo(root / ".gitignore")
    assert ["git would keep it" in found.reason for found in open_secrets(root)] == [True]


def test_stars_of_a_gitignore_end(write: Callable[..., Path]) -> None:
    """Twenty of them for twenty folders are no work of years."""
    deep = "/".join("x" * 20)
    root = write({f"{deep}/e.secret.toml": "", ".gitignore": "**/" * 20 + "nope\n" + "**/" * 20 + "e.secret.toml\n"})
    (root / deep / "e.secret.toml").chmod(0o600)
    assert [*open_secrets(root)] == []
