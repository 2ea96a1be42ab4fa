"""The user's own settings, `config.toml`, and where our files live on this machine.

```toml
theme = "textual-light"
[options]                    # as in a collection; what no file of a collection says
timeout = { total = 60 }
[keymap]
send = "f5,ctrl+r"           # action = keys
[sizes]
collections = 32             # panel = columns or rows
[history]
days = 90                    # how long exchanges are kept; 0: for ever
megabytes = 2000             # and how much of them
[replies]
megabytes = 4000             # of one; the rest of a larger one is cut
[network]
environment = false          # leave proxy variables alone
[cookies]
keep = true                  # those with a date of expiry, beyond the end of the app
[hosts."api.example.com:8443"]
verify = false               # or ca = "…", client_cert = "…": yours, for this host, whatever a collection says
```
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import platformdirs

from tui_client import disk
from tui_client.errors import BrokenFile
from tui_client.text.toml_limits import excess

APP: Final = "tui-client"
MAX_BYTES: Final = 1024 * 1024

_AT_PLACE: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_PATH: Final = re.compile(r" - at `(?:key in )?(\$.*)`$")
_HOST_AND_PORT: Final = re.compile(r"(?:\[(?P<ipv6>[^\]]+)\]|(?P<host>[a-z0-9_.\-]+))(?::(?P<port>[0-9]{1,6}))?")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*)`")


class HistorySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether exchanges are kept, for how many days (0: for ever), and how many megabytes of them."""

    enabled: bool = True
    days: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 30
    megabytes: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 512


class ReplySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many megabytes (2^20 bytes) of one reply are kept while it is on the screen; the rest is cut."""

    megabytes: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 2048


class NetworkSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """environment: whether the environment's proxy variables are obeyed."""

    environment: bool = True


class CookieSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """keep: whether cookies that say how long they last are written to disk; the others never are."""

    keep: bool = False


class HostSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """TLS for one host, before what a collection says; None and "" leave it to that.

    verify: False switches the verification of this host's certificate off, True on.
    ca, client_cert: absolute paths; written, they may begin with "~".
    """

    verify: bool | None = None
    ca: str = ""
    client_cert: str = ""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of one user; every key may be left out. `options`: as written, storage validates them.

    theme: "" for the default. keymap: action id to keys, "" for none. sizes: panel to columns or rows, from 1.
    hosts: by "host" or "host:port", in lower case.
    """

    theme: str = ""
    options: dict[str, Any] = {}
    keymap: dict[str, str] = {}
    sizes: dict[str, int] = {}
    history: HistorySettings = HistorySettings()
    replies: ReplySettings = ReplySettings()
    network: NetworkSettings = NetworkSettings()
    cookies: CookieSettings = CookieSettings()
    hosts: dict[str, HostSettings] = {}


_TABLES: Final[Mapping[str, type[msgspec.Struct]]] = {
    "history": HistorySettings,
    "replies": ReplySettings,
    "network": NetworkSettings,
    "cookies": CookieSettings,
    "hosts": HostSettings,
}


def load(path: Path | None = None) -> Config:
    """Read `config.toml` of the user, or of `path`; the defaults if there is none. Raises BrokenFile."""
    path = config_file() if path is None else path
    text = _read(path)
    if text is None:
        return Config()
    if found := excess(text):
        line, start = text.count("\n", 0, found.at) + 1, text.rfind("\n", 0, found.at) + 1
        raise BrokenFile(path, found.reason, line=line, column=found.at - start + 1)
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, str(error)) from error
    except msgspec.ValidationError as error:
        raise _wrong_value(path, text, str(error)) from error
    except (ValueError, RecursionError) as error:
        raise BrokenFile(path, f"can't be read: {error}") from error
    _check_sizes(path, text, config.sizes)
    return msgspec.structs.replace(config, hosts=_checked_hosts(path, text, config.hosts)) if config.hosts else config


def config_file() -> Path:
    """Where `config.toml` is looked for; it need not be there."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def data_dir() -> Path:
    """The directory of collections that have no other place, made with mode 0700 if it isn't there."""
    return _private(platformdirs.user_data_dir(APP, appauthor=False))


def state_dir() -> Path:
    """The directory of history, grants and drafts, made with mode 0700 if it isn't there."""
    return _private(platformdirs.user_state_dir(APP, appauthor=False))


def named(folder: Callable[[], Path]) -> Path:
    """One of these directories; only its name where it can't be made (a read-only home).

    Nothing is read from a directory that isn't there, and writing to it says why it can't be done.
    """
    try:
        return folder()
    except OSError as error:
        return Path(error.filename or "/")


def _private(name: str) -> Path:
    path = Path(name)
    disk.own_folder(path)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name)
    return path


def _read(path: Path) -> str | None:
    try:
        if not path.exists():
            return None
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            raise BrokenFile(path, "is not a file of at most 1 MiB")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenFile(path, f"is not UTF-8: byte {error.start + 1}") from error
    except OSError as error:
        raise BrokenFile(path, f"can't be read: {error.strerror or error}") from error


def _syntax_error(path: Path, message: str) -> BrokenFile:
    found = _AT_PLACE.search(message)
    if found is None:
        return BrokenFile(path, message)
    return BrokenFile(path, _AT_PLACE.sub("", message), line=int(found[1]), column=int(found[2]))


def _wrong_value(path: Path, text: str, message: str) -> BrokenFile:
    found = _AT_PATH.search(message)
    reason = _AT_PATH.sub("", message)
    toml_path = found[1] if found else "$"
    if unknown := _UNKNOWN.search(reason):
        table = _TABLES.get(toml_path.partition("[")[0].rpartition(".")[2], Config)
        known = ", ".join(field.name for field in msgspec.structs.fields(table))
        return _broken(path, text, f"{toml_path}.{unknown[1]}", f"unknown key {unknown[1]!r}; known: {known}")
    return _broken(path, text, toml_path.replace("[...]", ""), reason)


def _broken(path: Path, text: str, toml_path: str, reason: str, key: str = "") -> BrokenFile:
    """key: the last part of the path, where that has dots in it."""
    key = re.escape(key or toml_path.rpartition(".")[2])
    found = re.search(
        rf"^[ \t]*(?:\[[ \t]*(?:hosts[ \t]*\.[ \t]*)?)?(?P<key>['\"]?{key}['\"]?)[ \t]*[=\]]", text, re.MULTILINE
    )
    if found is None:
        return BrokenFile(path, reason, toml_path=toml_path)
    line = text.count("\n", 0, found.start("key")) + 1
    column = found.start("key") - (text.rfind("\n", 0, found.start("key")) + 1) + 1
    return BrokenFile(path, reason, line=line, column=column, toml_path=toml_path)


def _check_sizes(path: Path, text: str, sizes: Mapping[str, int]) -> None:
    for panel, size in sizes.items():
        if not 1 <= size <= 10_000:
            raise _broken(path, text, f"$.sizes.{panel}", "must be from 1 to 10,000")


def _checked_hosts(path: Path, text: str, hosts: Mapping[str, HostSettings]) -> dict[str, HostSettings]:
    """The same with real paths. Raises BrokenFile for a name that no URL would ever be compared equal to."""
    found = {}
    for name, settings in hosts.items():
        if wrong := host_problem(name):
            raise _broken(path, text, f"$.hosts.{name}", wrong, name)
        paths = {}
        for field in ("ca", "client_cert"):
            if written := getattr(settings, field):
                try:
                    real = Path(written).expanduser()
                except RuntimeError:
                    real = Path(written)
                if not real.is_absolute():
                    raise _broken(path, text, f"$.hosts.{name}.{field}", 'must be an absolute path, or begin with "~/"')
                paths[field] = str(real)
        found[name] = msgspec.structs.replace(settings, **paths)
    return found


def host_problem(name: str) -> str:
    """Why a text is no "host" or "host:port" as they are compared with URLs; "" if it is one."""
    if "://" in name or "/" in name or "@" in name:
        return 'must be a host or host:port alone, like "api.example.com:8443"'
    if "*" in name:
        return "must name one host: there are no wildcards"
    if not name.isascii():
        return "must be in ASCII, as certificates have it: xn--…"
    if name != name.lower():
        return f"must be in lower case: {name.lower()!r}"
    return _address_problem(name)


def _address_problem(name: str) -> str:
    found = _HOST_AND_PORT.fullmatch(name)
    if found is None:
        return "an IPv6 address needs brackets" if name.count(":") > 1 else "is not a host or host:port"
    if found["port"] and not 1 <= int(found["port"]) <= 65_535:
        return "ports are 1 to 65535"
    if literal := found["ipv6"]:
        import ipaddress

        try:
            short = str(ipaddress.IPv6Address(literal))
        except ValueError:
            return "is not an IPv6 address"
        return "" if short == literal else f"must be written in its short form: [{short}]"
    return "must not end in a dot" if found["host"].endswith(".") else ""
