"""CSV: a line for each step, that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import re
from typing import Final, TextIO

import msgspec

from tui_client.replay.reports._report import RunData
from tui_client.replay.reports._steps import COLUMNS, StepValue, step_fields
from tui_client.replay.reports._words import with_reasons
from tui_client.text import safe_line

# The full-width signs are formulas to East Asian spreadsheets. After a semicolon too: where that is what separates
# cells, a spreadsheet splits there, quoted or not.
_FORMULA: Final = re.compile(r"(^|;)(?=\s*[=+\-@＝＋－＠␉␍])")


class Csv(msgspec.Struct, frozen=True):
    name: str = "csv"
    suffix: str = ".csv"

    def write(self, data: RunData, out: TextIO) -> None:
        """Numbers stay numbers; a text that begins like a formula gets an apostrophe before it."""
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(COLUMNS)
        for record, reason in with_reasons(data):
            lines.writerow([_cell(value) for value in step_fields(record, reason).values()])


def _cell(value: StepValue) -> StepValue:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _FORMULA.sub(r"\1'", safe_line(value)) if isinstance(value, str) else value


FORMAT: Final = Csv()
