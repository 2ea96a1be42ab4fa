"""The user's settings: `config.toml` in the user's config folder, validated like everything else."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import platformdirs

from tui_client.errors import BrokenFile

_APP: Final = "tui-client"


def data_dir() -> Path:
    """Where secrets, grants and the user's own collections are kept."""
    return platformdirs.user_data_path(_APP, appauthor=False)


def config_path() -> Path:
    """Where the settings are read from; TUI_CLIENT_CONFIG names another file."""
    given = os.environ.get("TUI_CLIENT_CONFIG")
    return Path(given) if given else platformdirs.user_config_path(_APP, appauthor=False) / "config.toml"


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `config.toml` may say.

    theme: a theme's name. keymap: the keys of an action by its id. defaults: `[options]`, as in a collection, in force
    where no collection says more; whoever opens a workspace validates them.
    """

    theme: str = ""
    keymap: Mapping[str, str] = {}
    defaults: Mapping[str, Any] = msgspec.field(name="options", default_factory=dict)


def load(path: Path | None = None) -> Config:
    """The settings; the defaults where there is no file. Raises BrokenFile."""
    path = path or config_path()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(table, Config)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise BrokenFile(path, error.strerror or str(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise BrokenFile(path, str(error)) from error
