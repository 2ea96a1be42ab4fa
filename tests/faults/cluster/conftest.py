"""What all tests of a cluster need."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Folders of our own, for the workers too."""
    found = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("DATA", "STATE", "CONFIG")}
    found["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found
