"""A plan as JSON and back, for the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from tui_client.errors import BrokenFile
from tui_client.replay.plan import Plan

_NOWHERE: Final = Path("plan")


def plan_json(plan: Plan) -> str:
    """The plan without the values given on the command line: those are kept encrypted. Paths become text."""
    return msgspec.json.encode(msgspec.structs.replace(plan, given={}), enc_hook=_to_json).decode()


def plan_of_json(text: str, path: Path = _NOWHERE) -> Plan:
    """What `plan_json` was given, without `given`.

    path: the file that it stands in, for the error. Raises BrokenFile for what is no plan, and for a field that no
    plan has: leaving out what a newer version knows would run something else.
    """
    try:
        plain = msgspec.json.decode(text)
        plan = msgspec.convert(plain, Plan, dec_hook=_of_json)
    except (ValueError, RecursionError) as error:
        raise BrokenFile(path, f"its plan can't be read: {error}") from error
    unknown = _unknown(plain, msgspec.to_builtins(plan, enc_hook=_to_json), "plan")
    if unknown:
        raise BrokenFile(path, f"its plan has {unknown}, which this version of tui-client doesn't know")
    return plan


def _unknown(given: object, known: object, place: str) -> str:
    """The first field of `given` that `known` lacks ("plan.retry.pause"); "" for none."""
    if isinstance(given, dict) and isinstance(known, dict):
        for key, value in given.items():
            found = _unknown(value, known[key], f"{place}.{key}") if key in known else f"{place}.{key}"
            if found:
                return found
    elif isinstance(given, list) and isinstance(known, list | tuple):
        for index, (one, other) in enumerate(zip(given, known, strict=True)):
            if found := _unknown(one, other, f"{place}[{index}]"):
                return found
    return ""


def _to_json(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _of_json(wanted: type, value: Any) -> Any:
    if wanted is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"{value!r} is no {wanted.__name__}")
