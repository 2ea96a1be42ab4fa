"""The whole run as one JSON object: figures, settings, and the first steps that did not pass."""

from __future__ import annotations

from itertools import islice
from typing import Final, TextIO

import msgspec

from tui_client.replay.diff.render import to_json as diff_to_json
from tui_client.replay.reports._json import plan_settings, to_text
from tui_client.replay.reports._report import RunData
from tui_client.replay.reports._steps import step_fields
from tui_client.replay.summary import to_json

LISTED: Final = 1000


class Json(msgspec.Struct, frozen=True):
    name: str = "json"
    suffix: str = ".json"

    def write(self, data: RunData, out: TextIO) -> None:
        """The object of `replay --json`, and what is known of the run besides."""
        header = data.header
        whole = {
            **to_json(data.summary),
            "run": header.run,
            "title": header.plan.title,
            "environment": header.plan.environment,
            "workspace": str(header.workspace),
            "started": header.started.isoformat(),
            "parent": header.parent,
            "only": None if header.only is None else header.only.value,
            "plan": plan_settings(header.plan),
            "diff": None if data.diff is None else diff_to_json(data.diff),
        }
        # One line of the object for each of its keys, one for each failure: memory holds one of them at a time.
        out.write("{\n" + "".join(f"  {to_text(key)}: {to_text(value)},\n" for key, value in whole.items()))
        out.write('  "failures": [')
        separator = "\n"
        for record, reason in islice(data.failures(), LISTED):
            out.write(f"{separator}    {to_text(step_fields(record, reason))}")
            separator = ",\n"
        out.write("\n  ]\n}\n")


FORMAT: Final = Json()
