"""The environments of `http-client.env.json` and its private neighbour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tui_client.formats._data import json_data
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import Report
from tui_client.formats._http_file.holes import Holes
from tui_client.formats._templates import variable_name
from tui_client.model.collection import Environment
from tui_client.model.variables import Constant, Secret, Variable

PUBLIC: Final = "http-client.env.json"
PRIVATE: Final = "http-client.private.env.json"
_SHARED: Final = "$shared"


class Environments:
    """Those found: variables by environment, secret values by environment, and what all share."""

    def __init__(self) -> None:
        self.variables: dict[str, dict[str, Variable]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.shared: dict[str, Variable] = {}

    @property
    def values(self) -> tuple[Environment, ...]:
        """As environments."""
        return tuple(Environment(name=name, variables=found) for name, found in self.variables.items())


def environments(beside: Beside, holes: Holes) -> Environments:
    """All environments beside the file; one that can't be read is reported."""
    found = Environments()
    there = frozenset(beside.names())
    for name in (PUBLIC, PRIVATE):
        if name in there:
            holes.origin = name
            _file(name, beside, found, holes)
    return found


def _file(name: str, beside: Beside, found: Environments, holes: Holes) -> None:
    try:
        document: Any = json_data(beside.read(name))
    except FormatError as error:
        holes.report.dropped(name, "environments", f"it {error.reason}")
        return
    if not isinstance(document, dict):
        holes.report.dropped(name, "environments", "it is no table of environments")
        return
    for title, values in document.items():
        if not isinstance(values, dict):
            holes.report.dropped(name, str(title), "it is no table of variables")
        elif title == _SHARED and name == PUBLIC:
            _add(found.shared, values, holes)
        elif name == PUBLIC:
            _add(found.variables.setdefault(str(title), {}), values, holes)
        else:
            _add_private(str(title), values, found, holes)


def _add(into: dict[str, Variable], values: Mapping[str, Any], holes: Holes) -> None:
    for name, value in values.items():
        if not _odd(name, value, holes.origin, holes.report):
            into[variable_name(name)] = Constant(holes.text(value) if isinstance(value, str) else value)


def _add_private(title: str, values: Mapping[str, Any], found: Environments, holes: Holes) -> None:
    variables = found.variables.setdefault(title, {})
    for name, value in values.items():
        if not _odd(name, value, holes.origin, holes.report):
            own = variable_name(name)
            variables[own] = Secret()
            found.secrets.setdefault(title, {})[own] = value if isinstance(value, str) else json.dumps(value)


def _odd(name: str, value: object, origin: str, report: Report) -> bool:
    if isinstance(value, str | bool | int | float):
        return False
    why = (
        "authentication of the editor is not read" if name == "Security" else "its value is no text, number or boolean"
    )
    report.dropped(origin, name, why)
    return True
