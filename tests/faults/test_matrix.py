"""The matrix is complete: every row is tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fault_matrix import AREAS, FAULTS, fault

HERE = Path(__file__).parent


def test_every_row_has_a_test() -> None:
    """A row that nothing tries would be a claim."""
    tried = set()
    for path in HERE.rglob("test_*.py"):
        tried |= set(re.findall(r'@fault\("([a-z0-9_.]+)"\)', path.read_text(encoding="utf-8")))
    assert {row.id for row in FAULTS} - tried == set()


def test_ids_are_unique_and_of_a_known_area() -> None:
    """The table is printed by area."""
    ids = [row.id for row in FAULTS]
    assert len(ids) == len(set(ids))
    assert {name.partition(".")[0] for name in ids} == set(AREAS)


def test_a_mistyped_id_is_an_error() -> None:
    """Else the row it stands for would count as not tried."""
    with pytest.raises(ValueError, match="no fault"):
        fault("wire.rst")
