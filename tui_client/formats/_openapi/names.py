"""The names of a collection's variables: each has one meaning."""

from __future__ import annotations

from tui_client.formats._templates import variable_name
from tui_client.model.variables import Variable

RESERVED = "base_url"


class Names:
    """Hands out names of variables, and keeps what they are."""

    def __init__(self) -> None:
        self.variables: dict[str, Variable] = {}
        self._owners: dict[str, str] = {RESERVED: ""}

    def claim(self, name: str, owner: str, variable: Variable | None = None) -> str:
        """A name for one meaning, told from others by `owner`: itself, else with the owner's name before it."""
        name = variable_name(name)
        wanted = [name, f"{variable_name(owner)}_{name}"]
        number = 2
        while self._owners.get(wanted[0], owner) != owner:
            wanted = [*wanted[1:], f"{name}_{number}"]
            number += 1
        self._owners[wanted[0]] = owner
        if variable is not None:
            self.variables.setdefault(wanted[0], variable)
        return wanted[0]
