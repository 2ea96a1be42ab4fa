"""JSON Lines: each step an object on a line of its own."""

from __future__ import annotations

from typing import Final, TextIO

import msgspec

from tui_client.replay.reports._json import to_text
from tui_client.replay.reports._report import RunData
from tui_client.replay.reports._steps import step_fields
from tui_client.replay.reports._words import with_reasons


class JsonLines(msgspec.Struct, frozen=True):
    name: str = "jsonl"
    suffix: str = ".jsonl"

    def write(self, data: RunData, out: TextIO) -> None:
        for record, reason in with_reasons(data):
            out.write(to_text(step_fields(record, reason)) + "\n")


FORMAT: Final = JsonLines()
