"""Reading and clearing the user's history, whether or not it is switched on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_client import config
from tui_client.errors import UsageError
from tui_client.history.entry import Entry, Kept
from tui_client.history.opening import history_of
from tui_client.history.store import History


@contextmanager
def opened() -> Iterator[History]:
    """The history, to be read. Raises BrokenFile for settings that can't be read."""
    history = history_of(config.load().history)
    try:
        yield history
    finally:
        history.close()


def found(text: str, limit: int, path: Path | None = None) -> tuple[Entry, ...]:
    """The newest entries with these words. path: of its collections only. Raises UsageError, BrokenFile."""
    with opened() as history:
        pages = [history.search(text, limit, root=root) for root in _roots(path)]
    entries = sorted((entry for page in pages for entry in page), key=lambda entry: -entry.id)
    return tuple(entries[:limit])


def nothing_yet() -> str:
    """Why there are no entries, in a sentence."""
    if config.load().history.enabled:
        return "Nothing was sent yet."
    return f"The history is switched off in {config.config_file()}."


def loaded(number: int) -> Kept:
    """One entry. Raises NotFound, BrokenFile."""
    with opened() as history:
        return history.load(number)


def cleared(path: Path | None) -> int:
    """Remove all, or what is of the collections at a path; how many. Raises UsageError, BrokenFile, SaveFailed."""
    with opened() as history:
        return sum(map(history.clear, _roots(path)))


def _roots(path: Path | None) -> list[str]:
    """The collections at a path; one that is gone may still have its entries."""
    if path is None:
        return [""]
    if not path.is_dir():
        return [str(path.resolve())]
    from tui_client.storage.library import Library

    roots = [str(one.root.resolve()) for one in Library(path).collections()]
    if not roots:
        raise UsageError(f"{path} holds no collection: no collection.toml is in it, nor in a directory of it.")
    return roots
