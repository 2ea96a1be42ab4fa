"""Notes which rows of the matrix a test tries."""

from __future__ import annotations

import pytest
from figures import FAULT
from parsed_once import use_parsed_once

use_parsed_once()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fault(id): a test of one row of the fault matrix")


def pytest_itemcollected(item: pytest.Item) -> None:
    item.user_properties += [(FAULT, str(mark.args[0])) for mark in item.iter_markers(FAULT)]
