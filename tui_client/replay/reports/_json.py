"""JSON of reports, and the settings of a run in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tui_client.replay.plan import Plan
from tui_client.text.plain_json import plain_json as to_text

__all__ = ["plan_settings", "to_text"]


def plan_settings(plan: Plan) -> dict[str, Any]:
    """The settings of a run as JSON values, without the values given on the command line: they may be secrets."""
    settings: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(plan, given={}), enc_hook=_path)
    del settings["given"]
    return settings


def _path(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError
