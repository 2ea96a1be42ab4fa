"""The secret file of an environment, while others meddle with its folder, and when its writer dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui_client.errors import RequestFailed, SaveFailed
from tui_client.trust import private_files
from tui_client.trust.secret_files import SecretFiles


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A collection with an empty folder of environments."""
    (tmp_path / "shop/environments").mkdir(parents=True)
    return tmp_path / "shop"


def test_no_secret_goes_through_a_folder_that_becomes_a_link(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the moment between the look at the folder and the writing."""
    folder, outside = shop / "environments", shop.parent / "outside"
    outside.mkdir()
    make = private_files._make_folder

    def swapped(path: Path) -> None:
        make(path)
        if path == folder and not folder.is_symlink():
            folder.rename(shop.parent / "was")
            folder.symlink_to(outside)

    monkeypatch.setattr(private_files, "_make_folder", swapped)
    with pytest.raises(SaveFailed):
        SecretFiles().write(shop, "local", "token", "canary")
    assert list(outside.iterdir()) == []


def test_a_pipe_and_an_endless_file_are_no_secrets(shop: Path) -> None:
    """One is not waited for, of the other no more is read than a table of secrets can have."""
    os.mkfifo(shop / "environments/pipe.secret.toml")
    with (shop / "environments/large.secret.toml").open("w") as file:
        file.truncate(1 << 40)
    for name, reason in (("pipe", "it is not a regular file"), ("large", "it is too large for a table of secrets")):
        with pytest.raises(RequestFailed) as caught:
            SecretFiles().values(shop, name)
        assert caught.value.failure.detail == reason


WRITER = """
import os, signal, sys
from pathlib import Path
from tui_client.trust.secret_files import SecretFiles
rename = os.rename
def killed(*places, **folders):
    if str(places[1]).endswith(".secret.toml"):
        os.kill(os.getpid(), signal.SIGKILL)
    rename(*places, **folders)
os.rename = killed
SecretFiles().write(Path(sys.argv[1]), "local", "token", "canary")
"""


def test_what_a_killed_writer_leaves_git_ignores_and_the_next_one_removes(shop: Path) -> None:
    """Killed before the rename: the leftover holds the secret, so it must never be committed, nor stay."""
    done = subprocess.run([sys.executable, "-c", WRITER, str(shop)], check=False, timeout=30)
    assert done.returncode == -signal.SIGKILL
    (left,) = (shop / "environments").iterdir()
    assert "canary" in left.read_text() and left.stat().st_mode & 0o777 == 0o600
    git = shutil.which("git")
    assert git is not None
    subprocess.run([git, "init", "-q"], cwd=shop, check=True)
    ignored = subprocess.run([git, "check-ignore", "-q", str(left)], cwd=shop, check=False, env={**os.environ})
    assert ignored.returncode == 0
    SecretFiles().write(shop, "local", "token", "other")
    assert [path.name for path in (shop / "environments").iterdir()] == ["local.secret.toml"]
