"""The house stays small enough to walk through."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = [path for room in ("tui_client", "tests", "benchmarks", "docs") for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    """A longer file has two subjects."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
