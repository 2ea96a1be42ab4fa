"""What an OpenAPI operation says of the rows of a request: notes beside them, names and values to complete.

All of it is outside text; the widgets that get it make it safe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui_client.tui.widgets.rows_editor import EditorRow

if TYPE_CHECKING:
    from tui_client.interop.operation import OperationInfo, ParameterInfo


def parameters_at(operation: OperationInfo | None, place: str) -> dict[str, ParameterInfo]:
    """The documented parameters of a place, "query", by their name; those of headers in small letters."""
    if operation is None:
        return {}
    found = (each for each in operation.parameters if each.place == place)
    return {each.name.lower() if place == "header" else each.name: each for each in found}


def documented(row: EditorRow, known: dict[str, ParameterInfo], *, lower: bool = False) -> EditorRow:
    """The row with what is documented of it behind its value, and the values it can have."""
    parameter = known.get(row.row.name.lower() if lower else row.row.name)
    if parameter is None:
        return row
    return msgspec.structs.replace(row, note=_note(row.note, parameter), values=parameter.values)


def absent(known: dict[str, ParameterInfo], given: set[str]) -> tuple[str, ...]:
    """The names of the documented parameters that no row has, those that are required first."""
    left = [each for key, each in known.items() if key not in given]
    return tuple(each.name for each in sorted(left, key=lambda each: not each.required))


def _note(note: str, parameter: ParameterInfo) -> str:
    said = " | ".join(parameter.values) or note or parameter.kind
    return f"required · {said}" if parameter.required else said
