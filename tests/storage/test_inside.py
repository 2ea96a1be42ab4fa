"""Paths written in requests stay inside the collection, unless the user granted more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.storage.inside import is_inside, locate_in


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "files").mkdir(parents=True)
    (root / "files/a.png").write_bytes(b"png")
    (tmp_path / "outside.txt").write_text("x")
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    (root / "up").symlink_to(tmp_path)
    (root / "loop").symlink_to(root / "loop")
    return root


def test_a_path_is_relative_to_the_collection(root: Path) -> None:
    """Whichever folder the request stands in; a detour inside is fine."""
    locate = locate_in(root)
    assert locate("files/a.png") == (root / "files/a.png").resolve()
    assert locate("files/../files/a.png") == (root / "files/a.png").resolve()
    assert locate(str(root / "files/a.png")) == (root / "files/a.png").resolve()


@pytest.mark.parametrize(
    "path", ["../outside.txt", "link.txt", "up/outside.txt", "/etc/passwd", "~/.ssh/id", "/etc/none"]
)
def test_what_leads_outside_is_refused(root: Path, path: str) -> None:
    """Also through links, and whether it is there or not."""
    with pytest.raises(RequestFailed) as caught:
        locate_in(root)(path)
    assert caught.value.failure.kind is FailureKind.FILE_OUTSIDE
    assert caught.value.failure.subject == path


@pytest.mark.parametrize("path", ["none.png", "files", "", "a\0b", "files/a.png/b", "~nobody-at-all/x"])
def test_what_is_no_file_is_missing(root: Path, path: str) -> None:
    """With the path as it was written."""
    with pytest.raises(RequestFailed) as caught:
        locate_in(root)(path)
    assert caught.value.failure.kind is FailureKind.FILE_MISSING
    assert caught.value.failure.subject == path


def test_a_granted_path_is_allowed(root: Path) -> None:
    """The file itself, or all below a directory."""
    outside = root.parent / "outside.txt"
    assert locate_in(root, frozenset({outside}))("../outside.txt") == outside
    assert locate_in(root, frozenset({root.parent}))("link.txt") == outside
    with pytest.raises(RequestFailed):
        locate_in(root, frozenset({root.parent / "other"}))("../outside.txt")


def test_a_loop_of_links_is_not_inside(root: Path) -> None:
    """Nor does it end in an exception."""
    assert not is_inside(root / "up" / "x", root)
    with pytest.raises(RequestFailed):
        locate_in(root)("loop")
