"""Values lie in the keyring, or in a file that only their owner can read."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tui_client.errors import UsageError
from tui_client.trust.vault import NoKeyring, Vault, system_keyring


def test_the_keyring_comes_first(tmp_path: Path, keyring: Any) -> None:
    """With a keyring that works, no value is ever in a file."""
    vault = Vault(tmp_path / "secrets.json", keyring)
    vault.set("key", "canary-value")
    assert vault.get("key") == "canary-value"
    assert list(keyring.values) == [("tui-client", "key")]
    assert not list(tmp_path.iterdir())
    vault.delete("key")
    assert vault.get("key") is None
    vault.delete("key")


def test_a_broken_keyring_is_tried_once(tmp_path: Path, broken_keyring: Any) -> None:
    """A keyring that fails is replaced by the file for the session, and does not fail again."""
    vault = Vault(tmp_path / "data" / "secrets.json", broken_keyring)
    vault.set("key", "value")
    assert vault.get("key") == "value"
    vault.delete("key")
    assert vault.get("key") is None
    assert broken_keyring.tried == 1


@pytest.mark.parametrize("call", ["get", "delete"])
def test_any_first_call_may_meet_a_broken_keyring(tmp_path: Path, broken_keyring: Any, call: str) -> None:
    """Reading and deleting survive it as setting does."""
    assert getattr(Vault(tmp_path / "secrets.json", broken_keyring), call)("key") is None


def test_the_file_is_private_and_stays_so(tmp_path: Path) -> None:
    """The file is 0600 in a folder of 0700; one that was opened to others is closed when it is read."""
    path = tmp_path / "data" / "secrets.json"
    vault = Vault(path, NoKeyring())
    vault.set("key", "value")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    assert vault.get("key") == "value"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_value_moves_into_the_keyring(tmp_path: Path, keyring: Any) -> None:
    """Once there is a keyring, setting a value takes the old one out of the file."""
    path = tmp_path / "secrets.json"
    Vault(path, NoKeyring()).set("key", "old-canary")
    vault = Vault(path, keyring)
    vault.set("key", "new")
    assert "old-canary" not in path.read_text()
    assert vault.get("key") == "new"


@pytest.mark.parametrize("text", ["{", '{"values": {"key": 5}}', "\xff"])
def test_a_damaged_file_is_named_and_not_quoted(tmp_path: Path, text: str) -> None:
    """The error says which file, and nothing of what is in it."""
    path = tmp_path / "secrets.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="can't be read") as raised:
        Vault(path, NoKeyring()).get("key")
    assert str(path) in raised.value.reason


def test_names_are_kept_by_scope(tmp_path: Path) -> None:
    """Names that were noted can be listed, sorted, each once."""
    vault = Vault(tmp_path / "secrets.json", NoKeyring())
    for name in ("b", "a", "b"):
        vault.note_name("scope", name, present=True)
    vault.note_name("other", "c", present=True)
    assert vault.names("scope") == ("a", "b")
    vault.note_name("scope", "a", present=False)
    assert vault.names("scope") == ("b",)


class _Backend:
    def __init__(self, priority: float) -> None:
        self.priority = priority


@pytest.mark.parametrize("priority", [0, -1])
def test_a_machine_without_a_keyring_has_none(monkeypatch: pytest.MonkeyPatch, priority: float) -> None:
    """The package's stand-ins for "no keyring" count as none."""
    _install(monkeypatch, lambda: _Backend(priority))
    assert isinstance(system_keyring(), NoKeyring)


def test_a_keyring_that_breaks_while_it_is_looked_for_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a plugin raises, the program goes on with the file."""

    def fail() -> _Backend:
        raise OSError("no libdbus")

    _install(monkeypatch, fail)
    assert isinstance(system_keyring(), NoKeyring)


def test_a_keyring_that_works_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best backend that the package finds is taken."""
    best = _Backend(5)
    _install(monkeypatch, lambda: best)
    assert system_keyring() is best


def _install(monkeypatch: pytest.MonkeyPatch, get_keyring: Any) -> None:
    # The real package would reach for this machine's own keyring.
    module = ModuleType("keyring")
    module.get_keyring = get_keyring  # type: ignore[attr-defined]  # that is what a stand-in module is
    monkeypatch.setitem(sys.modules, "keyring", module)
