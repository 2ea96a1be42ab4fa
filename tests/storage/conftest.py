"""A collection on disk, as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui_client.storage.library import Library


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files of a collection `shop` in a workspace; gives the collection's directory."""

    def write_files(files: dict[str, str], name: str = "shop") -> Path:
        root = tmp_path / name
        for path, text in {"collection.toml": "format = 1\n", **files}.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        return root

    return write_files


@pytest.fixture
def library(write: Callable[..., Path]) -> Callable[..., Library]:
    """A library over one collection of these files."""
    return lambda files: Library(write(files))
