"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from tui_client.errors import FailureKind

DOCS = Path(__file__).parent.parent / "docs"


def test_every_error_kind_is_documented() -> None:
    """Scripts may rely on the list of error kinds in the docs: it is the closed set."""
    listed = re.findall(r"^\| `([a-z_.]+)` \|", (DOCS / "errors.md").read_text(), re.MULTILINE)
    assert listed == [kind.value for kind in FailureKind]
