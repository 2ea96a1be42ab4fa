"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fault_matrix import AREAS, FAULTS
from mutation_patches import PROMISES, all_patches, read_patch

from tui_client.errors import FailureKind

DOCS = Path(__file__).parent.parent / "docs"
PAGES = [DOCS.parent / "README.md", DOCS.parent / "SECURITY.md", *sorted(DOCS.glob("*.md"))]
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"""(?:\]\(|\b(?:src|href)=")(?![a-z]+:|#)([^)\s#"]+)""")


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link of a page to a file or folder of the repository."""
    links = _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8")))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_each_promise_is_proven_and_broken_on_purpose() -> None:
    """Its row of the table links to its tests, and there is a mutation that they must notice."""
    page = (DOCS.parent / "SECURITY.md").read_text(encoding="utf-8")
    proofs = {int(number): proof for number, proof in re.findall(r"^\| (\d+) \|.*\| ([^|]*) \|$", page, re.MULTILINE)}
    assert [*proofs] == [*PROMISES]
    assert [number for number, proof in proofs.items() if "](tests/" not in proof] == []
    assert {read_patch(path).number for path in all_patches()} == set(proofs)
