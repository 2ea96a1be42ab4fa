"""HAR 1.2: every request that was sent and its reply, for browsers' tools and proxies.

A redirect or authentication round trip is an entry of its own, as in a browser. A step that was never sent has none.
Source: http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TextIO

import msgspec

from tui_client.formats._har.exchanges import entries_of
from tui_client.formats._har.log import log_parts
from tui_client.model.step import Errored, StepResult
from tui_client.model.wording import describe
from tui_client.replay.reports._report import RunData


class Har(msgspec.Struct, frozen=True):
    name: str = "har"
    suffix: str = ".har"

    def write(self, data: RunData, out: TextIO) -> None:
        comment = f"Run {data.header.run}; secrets are masked"
        for part in log_parts((entry for result in data.results() for entry in _entries(result)), comment):
            out.write(part)


def _entries(result: StepResult) -> Iterator[dict[str, Any]]:
    if result.exchange is None:
        return
    step = result.step
    own = {"_step": {"row": step.row, "iteration": step.iteration, "index": step.index, "request": step.key}}
    comment = describe(result.outcome.failure) if isinstance(result.outcome, Errored) else ""
    for entry in entries_of(result.exchange, comment):
        yield {**entry, **own}


FORMAT: Final = Har()
