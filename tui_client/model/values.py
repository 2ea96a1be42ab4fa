"""Values that variables, data rows, captures and queries carry."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final, TypeAlias

# What TOML and JSON can say. Text from a data file, the command line or a prompt is always `str`.
Value: TypeAlias = "str | int | float | bool | datetime | date | time | bytes | list[Any] | dict[str, Any] | None"


class Missing(Enum):
    """What a query gives where the reply has nothing to give (JSON null is a value, this is none)."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

QueryValue: TypeAlias = "Value | Missing"
