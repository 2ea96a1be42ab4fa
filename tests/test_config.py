"""The user's settings, and the directories of our own files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui_client import config
from tui_client.config import Config, HostSettings, ReplySettings, load
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


def test_settings_of_hosts_are_read_with_real_paths(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with or without a port, IPv6 in brackets; "~" is the user's home."""
    monkeypatch.setenv("HOME", "/home/me")
    write(
        homes,
        '[hosts."api.example.com:8443"]\nverify = false\n[hosts.localhost]\nca = "~/ca.pem"\n'
        '[hosts."[::1]:443"]\nverify = true\nclient_cert = "/etc/me.pem"\n',
    )
    assert load().hosts == {
        "api.example.com:8443": HostSettings(verify=False),
        "localhost": HostSettings(ca="/home/me/ca.pem"),
        "[::1]:443": HostSettings(verify=True, client_cert="/etc/me.pem"),
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("API.example.com", "must be in lower case: 'api.example.com'"),
        ("https://api.example.com", "a host or host:port alone"),
        ("api.example.com/v1", "a host or host:port alone"),
        ("me@api.example.com", "a host or host:port alone"),
        ("*.example.com", "no wildcards"),
        ("bücher.example", "in ASCII"),
        ("api.example.com.", "must not end in a dot"),
        ("api.example.com:", "is not a host or host:port"),
        ("api.example.com:x", "is not a host or host:port"),
        ("api.example.com:0", "ports are 1 to 65535"),
        ("api.example.com:65536", "ports are 1 to 65535"),
        ("a b", "is not a host or host:port"),
        ("", "is not a host or host:port"),
        ("::1", "needs brackets"),
        ("[::0001]:443", "in its short form: [::1]"),
        ("[nope]", "is not an IPv6 address"),
    ],
)
def test_a_host_that_no_url_has_is_refused_with_its_place(homes: Path, name: str, reason: str) -> None:
    """A setting that never takes effect would be believed to: verification stays on, or off, unnoticed."""
    write(homes, f'\n[hosts."{name}"]\nverify = false\n')
    with pytest.raises(BrokenFile) as caught:
        load()
    assert reason in caught.value.reason
    assert (caught.value.line, caught.value.column) == (2, 8)


@pytest.mark.parametrize(
    ("settings", "path", "reason"),
    [
        ("verfy = false", "$.hosts[...].verfy", "unknown key 'verfy'; known: verify, ca, client_cert"),
        ('verify = "no"', "$.hosts.verify", "Expected `bool | null`"),
        ('ca = "ca.pem"', "$.hosts.a:1.ca", "must be an absolute path"),
        ('client_cert = "./me.pem"', "$.hosts.a:1.client_cert", "must be an absolute path"),
    ],
)
def test_a_wrong_setting_of_a_host_names_its_place(homes: Path, settings: str, path: str, reason: str) -> None:
    """As for every other table."""
    write(homes, f'\n[hosts."a:1"]\n{settings}\n')
    with pytest.raises(BrokenFile) as caught:
        load()
    error = caught.value
    assert reason in error.reason
    assert (error.toml_path, error.line) == (path, 3)
