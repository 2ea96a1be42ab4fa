"""The user's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client import config
from tui_client.errors import BrokenFile


def test_without_a_file_all_is_as_it_comes(tmp_path: Path) -> None:
    """Nobody needs settings to begin."""
    assert config.load(tmp_path / "config.toml") == config.Config()


def test_settings_are_read(tmp_path: Path) -> None:
    """Theme, keys, and options for all collections."""
    path = tmp_path / "config.toml"
    path.write_text('theme = "nord"\n[keymap]\nsend = "f5"\n[options]\nhttp2 = true\n')
    assert config.load(path) == config.Config("nord", {"send": "f5"}, {"http2": True})


@pytest.mark.parametrize("content", [b"theme = 3\n", b"nonsense = 1\n", b"theme = \n", b"theme = '\xff'\n"])
def test_settings_that_cant_be_read_name_their_file(tmp_path: Path, content: bytes) -> None:
    """Wrong types, unknown keys, broken TOML and bad bytes alike."""
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(BrokenFile) as refused:
        config.load(path)
    assert refused.value.path == path


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TUI_CLIENT_CONFIG wins over the user's folder."""
    monkeypatch.setenv("TUI_CLIENT_CONFIG", str(tmp_path / "mine.toml"))
    assert config.config_path() == tmp_path / "mine.toml"
