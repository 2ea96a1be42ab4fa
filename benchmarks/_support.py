"""Lets these scripts use what the tests are made of: `import _support` first."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))
