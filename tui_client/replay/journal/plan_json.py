"""A plan as the JSON of `run.plan`, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tui_client.replay.plan import Plan


def plan_to_json(plan: Plan) -> str:
    """The plan without the values given on the command line: those are kept encrypted."""
    return msgspec.json.encode(msgspec.structs.replace(plan, given={}), enc_hook=_encoded).decode()


def plan_from_json(text: str) -> Plan:
    """What `plan_to_json` was given, without `given`. Raises ValueError for what it never makes."""
    return msgspec.json.decode(text, type=Plan, dec_hook=_decoded)


def _encoded(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _decoded(wanted: type, value: Any) -> Any:
    if wanted is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(wanted.__name__)
