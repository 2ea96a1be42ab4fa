"""How much is tried: a little with every run of the tests, far more with `.ci/run --full`."""

from __future__ import annotations

import os

FULL = bool(os.environ.get("TUI_CLIENT_TEST_FULL"))


def tries(normal: int, full: int) -> int:
    """How often something is tried in this run."""
    return full if FULL else normal
