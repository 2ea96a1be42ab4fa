"""Checks against a schema, which no other tool can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.formats import exporters
from tui_client.formats._found import Outcome
from tui_client.interop.exporting import export
from tui_client.storage.library import Library

REQUEST = """url = "http://127.0.0.1:9/x"
[capture.wrong]
query = "schema"
file = "s.json"
[[assert]]
query = "schema"
op = "isEmpty"
[[assert]]
query = "schema"
text = '{"type": "object"}'
op = "isEmpty"
"""


@pytest.mark.parametrize("name", exporters())
def test_a_check_against_a_schema_crashes_no_exporter(tmp_path: Path, name: str) -> None:
    """It is reported wherever checks are carried over at all, and stands nowhere as one that means something else."""
    (tmp_path / "collection.toml").write_text("format = 1\n")
    (tmp_path / "one.toml").write_text(REQUEST)
    exported = export(Library(tmp_path), exporters()[name], ["."], "", {})
    assert "127.0.0.1:9/x" in exported.text and "isEmpty" not in exported.text
    said = [f"{line.construct} {line.why}".lower() for line in exported.report if line.outcome is Outcome.DROPPED]
    # These two are what was sent, and never hold a check.
    assert name in ("curl", "har") or any("assert" in line or "check" in line or "schema" in line for line in said)
