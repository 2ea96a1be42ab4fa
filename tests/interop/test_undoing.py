"""An import that is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import UsageError
from tui_client.interop import importing
from tui_client.interop.recognise import read_source
from tui_client.interop.source import open_source
from tui_client.interop.undoing import Receipt, receipt_of, take_back
from tui_client.storage.library import Library

POSTMAN = Path(__file__).parents[1] / "formats" / "golden" / "postman" / "shop.postman_collection.json"


def imported(workspace: Path, into: str) -> Receipt:
    """An import that is written, and what takes it back."""
    found = read_source(open_source(str(POSTMAN)))
    target = importing.target_of(Library(workspace), found, into)
    placed = importing.place(found, target)
    receipt = receipt_of(placed, target)
    importing.write(placed, target)
    return receipt


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "users").mkdir(parents=True)
    (tmp_path / "mine" / "collection.toml").write_text("format = 1\n")
    (tmp_path / "mine" / "users" / "list.toml").write_text('url = "/users"\n')
    return tmp_path


@pytest.mark.parametrize("into", ["", "users", "new/deep"])
def test_all_of_it_goes_and_nothing_else(workspace: Path, into: str) -> None:
    """A collection of its own, or files and folders in one that was there."""
    before = tree(workspace)
    receipt = imported(workspace, into)
    assert tree(workspace) != before
    take_back(receipt)
    assert tree(workspace) == before


@pytest.mark.parametrize("into", ["", "users"])
@pytest.mark.parametrize("change", ["edited", "removed", "added"])
def test_what_was_changed_keeps_all_of_it(workspace: Path, into: str, change: str) -> None:
    """The sentence names the file; nothing is removed."""
    receipt = imported(workspace, into)
    file = next(workspace.rglob("sign-in.toml"))
    if change == "edited":
        file.write_text("# mine\n")
    elif change == "removed":
        file.unlink()
    else:
        (file.parent / "own.toml").write_text("")
    after = tree(workspace)
    with pytest.raises(UsageError, match="so the import stays") as caught:
        take_back(receipt)
    assert ("own.toml" if change == "added" else "sign-in.toml") in caught.value.reason
    assert tree(workspace) == after


def test_a_second_time_says_that_it_is_gone(workspace: Path) -> None:
    """And touches nothing."""
    receipt = imported(workspace, "")
    take_back(receipt)
    with pytest.raises(UsageError, match="is not there any more"):
        take_back(receipt)
