"""Secret variables: read from where they stand, never written into what git keeps."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import OutsideCollection, RequestFailed, SaveFailed
from tui_client.trust.secrets import SecretStore
from tui_client.trust.vault import NoKeyring


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "environments").mkdir(parents=True)
    (folder / "collection.toml").write_text("format = 1\n")
    return folder


def store(tmp_path: Path, backend: Any = None) -> SecretStore:
    return SecretStore(tmp_path / "data", backend or NoKeyring())


def test_a_secret_file_comes_first(tmp_path: Path, shop: Path, keyring: Any) -> None:
    """What stands in the environment's secret file wins over the keyring; other environments don't see it."""
    secrets = store(tmp_path, keyring)
    secrets.set(shop, "local", "token", "from keyring")
    assert secrets.get(shop, "local", "token") == "from keyring"
    (shop / "environments" / "local.secret.toml").write_text('token = "from file"\n')
    assert secrets.get(shop, "local", "token") == "from file"
    assert secrets.get(shop, "prod", "token") is None
    assert secrets.get(shop, "local", "other") is None


def test_the_keyring_is_asked_once_for_a_value(tmp_path: Path, shop: Path, keyring: Any) -> None:
    """A replay of thousands of rows doesn't ask the keyring thousands of times."""
    secrets = store(tmp_path, keyring)
    secrets.set(shop, "local", "token", "value")
    for _ in range(50):
        assert secrets.get(shop, "local", "token") == "value"
    assert keyring.reads == 1


def test_nothing_of_a_keyring_secret_is_in_a_file(tmp_path: Path, shop: Path, keyring: Any) -> None:
    """The canary is in the keyring, under names that say nothing, and nowhere on disk."""
    store(tmp_path, keyring).set(shop, "local", "token", "canary-31337")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not [file for file in files if "canary-31337" in file.read_text()]
    ((service, username),) = keyring.values
    assert service == "tui-client"
    assert "shop" not in username
    assert "token" not in username


def test_without_a_keyring_the_secret_file_is_written(tmp_path: Path, shop: Path, broken_keyring: Any) -> None:
    """It is 0600 and ignored by git; what else stood in it stays."""
    path = shop / "environments" / "local.secret.toml"
    path.write_text('# from ops\nold = "1"\n')
    secrets = store(tmp_path, broken_keyring)
    secrets.set(shop, "local", "token", 'quote " and \\ and \n')
    assert path.read_text().startswith('# from ops\nold = "1"\n')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (shop / ".gitignore").read_text() == "*.secret.toml\n"
    assert secrets.get(shop, "local", "token") == 'quote " and \\ and \n'
    assert secrets.get(shop, "local", "old") == "1"


def test_the_gitignore_keeps_its_lines(tmp_path: Path, shop: Path) -> None:
    """Our line is added once, after those that are there."""
    (shop / ".gitignore").write_text("*.log")
    secrets = store(tmp_path)
    secrets.set(shop, "local", "a", "1")
    secrets.set(shop, "local", "b", "2")
    assert (shop / ".gitignore").read_text() == "*.log\n*.secret.toml\n"


def test_the_gitignore_keeps_its_bytes_and_its_mode(tmp_path: Path, shop: Path) -> None:
    """Line ends, signs that only Python takes for line ends, and names that are not UTF-8."""
    path = shop / ".gitignore"
    before = b"# ours\r\nodd\x0cname\r\n\xe2\x80\xa8.log\r\n\xff"
    path.write_bytes(before)
    path.chmod(0o640)
    store(tmp_path).set(shop, "local", "a", "1")
    assert path.read_bytes() == before + b"\r\n*.secret.toml\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("line", ["!local.secret.toml", "!*.toml", "!*", "!/environments/*"])
@pytest.mark.parametrize("place", [".gitignore", "environments/.gitignore"])
def test_no_line_of_a_collection_has_git_keep_its_secrets(
    tmp_path: Path, shop: Path, broken_keyring: Any, place: str, line: str
) -> None:
    """Whoever wrote the collection may have put in a line that takes ours back."""
    subprocess.run(["git", "init", "-q", str(shop)], check=True)
    (shop / place).parent.mkdir(exist_ok=True)
    (shop / place).write_text(f"*.secret.toml\n{line}\n")
    for value in ("first", "second"):
        store(tmp_path, broken_keyring).set(shop, "local", "key", value)
    found = subprocess.run(["git", "add", "-An"], cwd=shop, check=True, capture_output=True, text=True)
    assert "secret.toml" not in found.stdout
    assert (shop / place).read_text() == f"*.secret.toml\n{line}\n*.secret.toml\n"


def test_no_secret_is_written_where_git_cannot_be_told_to_ignore_it(
    tmp_path: Path, shop: Path, broken_keyring: Any
) -> None:
    """A folder, or a pipe nobody writes to, of the name of git's own file."""
    (shop / ".gitignore").mkdir()
    os.mkfifo(shop / "environments" / ".gitignore")
    secrets = store(tmp_path, broken_keyring)
    with pytest.raises(SaveFailed):
        secrets.set(shop, "local", "key", "value")
    (shop / ".gitignore").rmdir()
    with pytest.raises(SaveFailed):
        secrets.set(shop, "local", "key", "value")
    assert not (shop / "environments" / "local.secret.toml").exists()


def test_without_environment_and_keyring_it_lies_in_the_data_folder(tmp_path: Path, shop: Path) -> None:
    """A collection without environments can have secrets too, outside of it."""
    secrets = store(tmp_path)
    secrets.set(shop, "", "token", "value")
    assert store(tmp_path).get(shop, "", "token") == "value"
    assert [file.name for file in shop.rglob("*") if file.is_file()] == ["collection.toml"]
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_file_that_others_can_read_is_closed(tmp_path: Path, shop: Path) -> None:
    """Reading a value tightens its file to 0600."""
    path = shop / "environments" / "local.secret.toml"
    path.write_text('token = "value"\n')
    path.chmod(0o644)
    assert store(tmp_path).get(shop, "local", "token") == "value"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_file_that_is_opened_later_is_closed_again(tmp_path: Path, shop: Path) -> None:
    """A value that is known already doesn't keep its file open to others."""
    path = shop / "environments" / "local.secret.toml"
    path.write_text('token = "value"\n')
    secrets = store(tmp_path)
    assert secrets.get(shop, "local", "token") == "value"
    path.chmod(0o644)
    assert secrets.get(shop, "local", "token") == "value"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("reason", [errno.EROFS, errno.EPERM])
def test_a_secret_file_that_can_not_be_closed_is_read(
    tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    """A read-only disk, or another owner, is no reason to refuse the value."""

    def refuse(_descriptor: int, _mode: int) -> None:
        raise OSError(reason, os.strerror(reason))

    path = shop / "environments" / "local.secret.toml"
    path.write_text('token = "value"\n')
    path.chmod(0o644)
    # No test may mount a disk.
    monkeypatch.setattr(os, "fchmod", refuse)
    assert store(tmp_path).get(shop, "local", "token") == "value"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_names_and_delete(tmp_path: Path, shop: Path, keyring: Any) -> None:
    """Names of both places are listed; deleting takes a value out of both, whatever holds it."""
    secrets = store(tmp_path, keyring)
    secrets.set(shop, "local", "b", "2")
    (shop / "environments" / "local.secret.toml").write_text('a = "1"\nb = "3"\n')
    assert secrets.names(shop, "local") == ("a", "b")
    secrets.delete(shop, "local", "b")
    assert secrets.get(shop, "local", "b") is None
    assert secrets.names(shop, "local") == ("a",)
    assert not keyring.values
    secrets.delete(shop, "local", "never")


def test_a_value_is_changed_where_it_stands(tmp_path: Path, shop: Path, keyring: Any) -> None:
    """Setting what the secret file holds changes the file, since the keyring's value would never be seen."""
    path = shop / "environments" / "local.secret.toml"
    path.write_text('token = "old" # rotate monthly\n')
    secrets = store(tmp_path, keyring)
    secrets.set(shop, "local", "token", "new")
    assert secrets.get(shop, "local", "token") == "new"
    assert "# rotate monthly" in path.read_text()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('token = "canary', "not valid TOML"),
        ("token = 5", "the value of token is not text"),
        ("a = " + "[" * 2000, "nested too deep"),
        ("a = " + "9" * 5000, "not valid TOML"),
        ("[table]\ntoken = 'canary'", "the value of table is not text"),
        (".".join(["a"] * 20_000) + " = 'canary'", "a key of more than 100 parts"),
        ("a = {" + ".".join(["a"] * 20_000) + " = 'canary'}", "a key of more than 100 parts"),
        ("# " + "x" * 300_000, "too large"),
        ("token = '\xff'", "not UTF-8"),
    ],
)
def test_a_secret_file_that_can_not_be_read_is_named_and_not_quoted(
    tmp_path: Path, shop: Path, text: str, reason: str
) -> None:
    """The error names file and reason, and holds no value."""
    path = shop / "environments" / "local.secret.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RequestFailed) as raised:
        store(tmp_path).get(shop, "local", "token")
    failure = raised.value.failure
    assert (failure.kind, failure.subject) == ("collection.file", str(path))
    assert reason in failure.detail
    assert "canary" not in failure.detail


@pytest.mark.parametrize("environment", ["../../other/x", "a/b", "..", "a\0b", "a\\b"])
def test_an_environment_can_not_lead_out_of_the_collection(tmp_path: Path, shop: Path, environment: str) -> None:
    """A name that is a path is refused, for reading and for writing."""
    with pytest.raises(OutsideCollection):
        store(tmp_path).get(shop, environment, "token")
    with pytest.raises(OutsideCollection):
        store(tmp_path).set(shop, environment, "token", "value")


def test_a_symlink_out_of_the_collection_is_refused(tmp_path: Path, shop: Path) -> None:
    """A collection can't send what stands in other files of its user by calling them secrets."""
    (tmp_path / "private.toml").write_text('password = "canary"\n')
    (shop / "environments" / "local.secret.toml").symlink_to(tmp_path / "private.toml")
    with pytest.raises(OutsideCollection):
        store(tmp_path).get(shop, "local", "password")
