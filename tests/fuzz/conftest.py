"""Counts the bad inputs that were really tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from figures import INPUTS
from fuzzing import Spent, tried


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note on each test how many inputs it tried; hypothesis may stop before or go on after what was asked for."""
    before = tried()
    try:
        return (yield)
    finally:
        if tried() > before:
            item.user_properties.append((INPUTS, str(tried() - before)))


@pytest.fixture
def cpu() -> Spent:
    """Entered around one costly input: it must not take more processor time than any other."""
    return Spent()
