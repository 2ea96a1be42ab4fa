"""Where the sample collection is, and a copy of it to work in."""

from __future__ import annotations

import shutil
from pathlib import Path

import tomlkit

_IGNORED = shutil.ignore_patterns("*.secret.toml", "__pycache__", ".*.swp")


def sample_path() -> Path:
    """The sample collection: inside the installed package, else in the source tree."""
    here = Path(__file__).resolve().parent
    packaged = here / "sample"
    return packaged if packaged.is_dir() else here.parents[1] / "collections" / "demo"


def copy_sample(to: Path, base_url: str) -> Path:
    """Copy the sample to `to`, its local environment set to the server at `base_url`. Returns `to`."""
    # copyfile leaves modes behind: an installed package may be read-only, the copy is to be edited.
    shutil.copytree(sample_path(), to, copy_function=shutil.copyfile, ignore=_IGNORED, dirs_exist_ok=True)
    local = to / "environments" / "local.toml"
    document = tomlkit.parse(local.read_text(encoding="utf-8"))
    document["base_url"] = base_url
    local.write_text(tomlkit.dumps(document), encoding="utf-8")
    return to
