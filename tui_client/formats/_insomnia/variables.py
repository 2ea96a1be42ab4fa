"""Insomnia's environments: objects, whose members have names with dots in templates."""

from __future__ import annotations

from collections.abc import Iterator

from tui_client.formats._data import MAX_DEPTH
from tui_client.formats._format import FormatError
from tui_client.formats._insomnia.place import Place
from tui_client.formats._templates import variable_name
from tui_client.formats._values import rows, text
from tui_client.model.values import Value
from tui_client.model.variables import Constant, Secret, Variable


def read_variables(data: object, place: Place) -> dict[str, Variable]:
    """Each member as a variable; of objects within, those of their members: "user.name"."""
    made: dict[str, Variable] = {}
    for name, value in _flat(data, "", 0):
        label = variable_name(name)
        if label in made:
            place.dropped(f"variable {name}", "another has this name here")
        else:
            made[label] = Constant(_value(value, place))
    return made


def read_pairs(pairs: object, place: Place) -> tuple[dict[str, Variable], dict[str, str]]:
    """Variables that are rows, and the values of those that are secret."""
    made: dict[str, Variable] = {}
    secrets: dict[str, str] = {}
    for row in rows(pairs):
        label = variable_name(text(row.get("name")))
        if row.get("enabled") is False:
            place.dropped(f"variable {label}", "is disabled; a variable can't be switched off here")
        elif row.get("type") == "secret":
            made[label] = Secret()
            secrets[label] = text(row.get("value"))
        else:
            made[label] = Constant(_value(row.get("value"), place))
    return made, secrets


def _flat(value: object, before: str, depth: int) -> Iterator[tuple[str, object]]:
    if depth > MAX_DEPTH:
        raise FormatError("is nested too deep")
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        name = f"{before}{key}"
        if len(name) > 500:
            raise FormatError("has a name of a variable that is longer than 500 characters")
        if isinstance(each, dict) and each:
            yield from _flat(each, f"{name}.", depth + 1)
        else:
            yield name, each


def _value(value: object, place: Place) -> Value:
    match value:
        case str():
            return place.template(value)
        case bool() | float():
            return value
        case int() if abs(value) < 1 << 63:
            return value
        case None:
            place.approximated("variable null", "is empty text")
            return ""
        case _:
            # A list in a template is written as JSON by Insomnia.
            return place.template(text(value))
