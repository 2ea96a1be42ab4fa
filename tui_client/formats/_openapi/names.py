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
        self._numbers: dict[str, int] = {}
        self._claimed: dict[tuple[str, str], str] = {}

    def claim(self, name: str, owner: str, variable: Variable | None = None) -> str:
        """A name for one meaning, told from others by `owner`: itself, else with the owner's name before it."""
        key = (variable_name(name), owner)
        if key not in self._claimed:
            self._claimed[key] = self._free(*key)
        claimed = self._claimed[key]
        if variable is not None:
            self.variables.setdefault(claimed, variable)
        return claimed

    def _free(self, name: str, owner: str) -> str:
        for wanted in (name, f"{variable_name(owner)}_{name}"):
            if self._owners.setdefault(wanted, owner) == owner:
                return wanted
        while True:
            number = self._numbers[name] = self._numbers.get(name, 1) + 1
            if self._owners.setdefault(f"{name}_{number}", owner) == owner:
                return f"{name}_{number}"
