"""A place in a Bruno collection: its words become our templates there, and what is said of it bears its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, json_converted, variable, variable_name
from tui_client.formats._values import text

HOLE: Final = re.compile(r'\{\{([^{}\r\n"]{1,300})\}\}')
_HOST: Final = "process.env."
_FUNCTIONS: Final = {
    "$guid": "uuid()",
    "$randomUUID": "uuid()",
    "$timestamp": "timestamp()",
    "$randomInt": "random_int(0, 1000)",
    "$isoTimestamp": "now()",
}
_MOST_PUT_IN: Final = 500
_MOST_IN_ALL: Final = 100_000


class Place(Spot):
    """A request, a folder or the collection. hosts: the variables of the host that have been met, in all places."""

    def __init__(self, report: Report, origin: str, hosts: dict[str, str]) -> None:
        self.report = report
        self.origin = origin
        self.hosts = hosts
        self.own: Mapping[str, str] = {}
        self._left = _MOST_IN_ALL

    def template(self, value: object) -> str:
        """Text with its variables as ours."""
        written = text(value)
        return converted(written, HOLE, self.hole) if "{{" in written else written

    def json_template(self, value: object) -> str:
        """The same for JSON text."""
        written = text(value)
        return json_converted(written, HOLE, self.hole) if "{{" in written else written

    def hole(self, match: re.Match[str]) -> str | None:
        """One variable as ours; None for what stays as it is."""
        name = match[1].strip()
        put_in = self.own.get(name)
        if put_in is not None and len(put_in) <= self._left:
            self._left -= len(put_in)
            return put_in
        if name in _FUNCTIONS:
            return f"{{{{{_FUNCTIONS[name]}}}}}"
        if name.startswith("$"):
            self.dropped(match[0], "there is no such function here; it stays as text")
            return None
        if name.startswith(_HOST) and len(name) > len(_HOST):
            self.hosts.setdefault(variable_name(name), name.removeprefix(_HOST))
        return variable(name)

    def put_in(self, values: Mapping[str, str]) -> None:
        """Variables of the request itself: from now on their templates stand in their places."""
        own: dict[str, str] = {}
        for name, value in values.items():
            self.own = own
            made = self.template(value)
            if len(made) > _MOST_PUT_IN:
                self.dropped(f"vars:pre-request {name}", "is too long to stand in each place that uses it")
                continue
            self.imported(f"vars:pre-request {name}", "its value stands in each place that uses it")
            own[name] = made
        self.own = own
