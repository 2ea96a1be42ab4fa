"""Whether git leaves a file alone, read from its `.gitignore` files; git itself is the judge."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tui_client.storage.git_ignore import is_ignored, tracked, work_tree

FILE = "shop/environments/local.secret.toml"


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree with a collection and its file of secrets."""
    _git(tmp_path, "init", "-q")
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "files",
    [
        {},
        {".gitignore": "*.secret.toml\n"},
        {".gitignore": "# *.secret.toml\n\nother\n"},
        {"shop/.gitignore": "  *.secret.toml  \n"},
        {"shop/environments/.gitignore": "local.secret.toml\n"},
        {".gitignore": "environments/\n"},
        {".gitignore": "local.secret.toml/\n"},
        {".gitignore": "/local.secret.toml\n"},
        {".gitignore": "/shop/environments/*.secret.toml\n"},
        {".gitignore": "shop/*.secret.toml\n"},
        {".gitignore": "shop/**/*.secret.toml\n"},
        {".gitignore": "**/*.secret.toml\n"},
        {".gitignore": "shop\n"},
        {".gitignore": "*.toml\n!*.secret.toml\n"},
        {".gitignore": "*.secret.toml\n", "shop/.gitignore": "!local.secret.toml\n"},
        {".gitignore": "!*.secret.toml\n", "shop/.gitignore": "*.secret.*\n"},
        {".gitignore": "*.SECRET.toml\n"},
        {".gitignore": "[!a]*.secret.toml\n"},
    ],
)
def test_git_says_the_same(tree: Path, files: dict[str, str]) -> None:
    """Names, globs, folders, places, exceptions; in the collection and above it."""
    for name, text in files.items():
        (tree / name).write_text(text)
    ignored = _git(tree, "check-ignore", "-q", FILE).returncode == 0
    assert is_ignored(tree / FILE, tree / "shop") is ignored


def test_without_git_the_collections_own_files_count(tmp_path: Path) -> None:
    """Not those above it, which belong to nobody's work tree."""
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    assert work_tree(tmp_path) is None and tracked(tmp_path, ".secret.toml") == ()
    (tmp_path / ".gitignore").write_text("*.secret.toml\n")
    assert not is_ignored(path, tmp_path / "shop")
    (tmp_path / "shop" / ".gitignore").write_text("*.secret.toml\n")
    assert is_ignored(path, tmp_path / "shop")


def test_what_git_keeps_is_told_and_runs_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is ignored by now; programs that the repository's settings name are not run."""
    _git(tree, "add", "-f", FILE)
    mark = tree / "ran"
    _git(tree, "config", "core.fsmonitor", f"touch {mark}; true")
    monkeypatch.setenv("GIT_DIR", str(tree / "elsewhere"))
    assert tracked(tree / "shop", ".secret.toml") == ("environments/local.secret.toml",)
    assert tracked(tree / "shop" / "environments", ".nothing") == ()
    assert not mark.exists()
    monkeypatch.setenv("PATH", str(tree))
    assert tracked(tree / "shop", ".secret.toml") == ()
