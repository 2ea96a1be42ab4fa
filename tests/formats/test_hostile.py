"""Every foreign format, those still to come too: it reads what it is given and nothing else, and refuses too much.

A format is a module here with a function `read_NAME(data, *, max_bytes=…)`; its samples lie in golden/NAME.
"""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tui_client import formats

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
MODULES = sorted(info.name for info in pkgutil.iter_modules(formats.__path__) if not info.name.startswith("_"))
FORMATS = [name for name in MODULES if hasattr(import_module(f"tui_client.formats.{name}"), f"read_{name}")]
SLOW_S = 10.0


def samples(name: str) -> list[Path]:
    return sorted(path for path in (GOLDEN / name).iterdir() if path.is_file() and path.stat().st_size < 1 << 20)


@pytest.mark.parametrize("name", FORMATS)
def test_a_hostile_document_is_refused_or_read_and_nothing_else_is_touched(name: str) -> None:
    """References to files and hosts, bombs, damage: no file, socket, program or code; bounded time and memory."""
    program = ROOT / "tests" / "support" / "audited_format.py"
    files = samples(name)
    assert files, f"golden/{name} has no samples"
    done = subprocess.run(
        [sys.executable, program, name, *files], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["noted"] == []
    assert said["capped"], "max_bytes is not obeyed"
    assert said["slowest_s"] < SLOW_S
    assert said["documents"] > 50
