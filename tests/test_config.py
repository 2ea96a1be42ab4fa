"""The user's settings, and the directories of our own files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui_client import config
from tui_client.config import Config, ReplySettings, load
from tui_client.errors import BrokenFile


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


def write(homes: Path, text: str) -> Path:
    path = homes / "config/tui-client/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_without_a_file_the_defaults_stand(homes: Path) -> None:
    """And looking for it makes nothing."""
    assert load() == Config()
    assert list(homes.iterdir()) == []


def test_all_settings_are_read(homes: Path) -> None:
    """From the place that XDG names."""
    text = 'theme = "nord"\n[options]\nhttp2 = true\n[keymap]\nsend = "f5"\n[sizes]\ncollections = 30\n'
    write(homes, f"{text}[replies]\nmegabytes = 3\n")
    assert load() == Config("nord", {"http2": True}, {"send": "f5"}, {"collections": 30}, replies=ReplySettings(3))


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "reason"),
    [
        ("\ntheme = x", 2, 9, "", "Invalid value"),
        ("\ntheem = 'x'", 2, 1, "$.theem", "unknown key 'theem'; known: theme"),
        ("theme = 1", 1, 1, "$.theme", "Expected `str`"),
        ("[keymap]\nsend = 1", 1, 2, "$.keymap", "Expected `str`"),
        ("[sizes]\n  collections = 0", 2, 3, "$.sizes.collections", "from 1 to 10,000"),
        ("[history]\ndays = -1", 2, 1, "$.history.days", "Expected `int` >= 0"),
        ("[history]\nweeks = 1", 2, 1, "$.history.weeks", "unknown key 'weeks'; known: enabled, days, megabytes"),
        ("options = 1", 1, 1, "$.options", "Expected `object`"),
        ("x = " + "[" * 9999, 1, 105, "", "nested too deep"),
        ("\nx." + "a." * 20_000 + "a = 1", 2, 202, "", "a key of more than 100 parts"),
        ("x = " + "9" * 5000, None, None, "", "can't be read"),
    ],
)
def test_a_broken_file_names_its_place(
    homes: Path, text: str, line: int | None, column: int | None, path: str, reason: str
) -> None:
    """As for every other file."""
    written = write(homes, text)
    with pytest.raises(BrokenFile) as caught:
        load()
    error = caught.value
    assert (error.path, error.line, error.column, error.toml_path) == (written, line, column, path)
    assert reason in error.reason


def test_what_is_no_text_is_broken(homes: Path) -> None:
    """Not a traceback."""
    path = write(homes, "")
    path.write_bytes(b"\xff")
    with pytest.raises(BrokenFile, match="not UTF-8"):
        load()
    with pytest.raises(BrokenFile, match="not a file"):
        load(homes)


@pytest.mark.parametrize("name", ["data_dir", "state_dir"])
def test_our_directories_are_private(homes: Path, name: str) -> None:
    """0700, also where an older one was open."""
    path = getattr(config, name)()
    assert path == homes / name.removesuffix("_dir") / "tui-client"
    path.chmod(0o755)
    assert stat.S_IMODE(getattr(config, name)().stat().st_mode) == 0o700
