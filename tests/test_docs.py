"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from fault_matrix import AREAS, FAULTS

from tui_client.errors import FailureKind

DOCS = Path(__file__).parent.parent / "docs"


def test_every_error_kind_is_documented() -> None:
    """Scripts may rely on the list of error kinds in the docs: it is the closed set."""
    listed = re.findall(r"^\| `([a-z_.]+)` \|", (DOCS / "errors.md").read_text(), re.MULTILINE)
    assert listed == [kind.value for kind in FailureKind]


def test_the_fault_matrix_in_the_docs_is_the_one_that_is_tried() -> None:
    """Its rows stand in the page word for word, and the README counts them by area."""
    page = (DOCS / "hostile.md").read_text(encoding="utf-8")
    assert [f"| `{row.id}` | {row.what} | {row.expected} |" for row in FAULTS] == re.findall(r"^\| `.*$", page, re.M)
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    counts = [sum(row.id.startswith(f"{area}.") for row in FAULTS) for area in AREAS]
    assert re.findall(r"\| (\d+) of \1 \|", readme) == [str(count) for count in counts]
    assert f"**{len(FAULTS)} of {len(FAULTS)}**" in readme
