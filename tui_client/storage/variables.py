"""`[variables]`: a value, or a table that says where the value comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.storage.node import Node, plain

SOURCES: Final = ("from", "prompt", "secret", "options", "env")
_DURATION: Final = re.compile(r"(?:(\d+(?:\.\d+)?)(ms|d|h|m|s))")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def read_variables(node: Node) -> Mapping[str, Variable]:
    """Variables by name, in order."""
    return {name: _variable(child) for name, child in node.table().items()}


def read_duration(node: Node) -> float:
    """Seconds of "50m", "1h30m", "10s", "500ms"."""
    seconds = duration_s(node.text())
    if seconds is None:
        raise node.broken('must be a duration like "50m", "1h30m" or "10s"')
    return seconds


def duration_s(text: str) -> float | None:
    """The same of a plain text; None if it is no duration."""
    found = list(_DURATION.finditer(text))
    if not found or "".join(match[0] for match in found) != text:
        return None
    return sum(float(match[1]) * _UNITS[match[2]] for match in found)


def write_duration(seconds: float) -> str:
    """A duration as `read_duration` reads it: "1h30m", "500ms"."""
    rest = round(seconds * 1000)
    out = ""
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        out += f"{count}{unit}" if count else ""
    return out or "0s"


def _variable(node: Node) -> Variable:
    if not isinstance(node.value, dict):
        return Constant(plain(node.value))
    given = [name for name in SOURCES if name in node.value]
    if len(given) != 1:
        raise node.broken(
            "a table must say where the value comes from, by exactly one of "
            + ", ".join(SOURCES)
            + "; a table can't be a value itself"
        )
    source = given[0]
    node.only((source, "max_age") if source == "from" else (source,))
    return _source(node, source)


def _source(node: Node, source: str) -> Variable:
    child = node.child(source)
    match source:
        case "from":
            age = read_duration(node.child("max_age")) if "max_age" in node.value else None
            return FromRequest(child.text(), age)
        case "prompt":
            return Prompt(child.text())
        case "secret":
            if child.value is not True:
                raise child.broken("must be true")
            return Secret()
        case "options":
            values = tuple(plain(item.value) for item in child.items())
            if not values:
                raise child.broken("must offer at least one value")
            return Choice(values)
        case _:
            return HostVariable(child.text())


def write_variable(variable: Variable) -> Any:
    """A variable as plain TOML data."""
    match variable:
        case Constant(value=value):
            return value
        case FromRequest(key=key, max_age_s=age):
            return {"from": key} | ({} if age is None else {"max_age": write_duration(age)})
        case Prompt(question=question):
            return {"prompt": question}
        case Secret():
            return {"secret": True}
        case Choice(options=options):
            return {"options": list(options)}
        case HostVariable(name=name):
            return {"env": name}
