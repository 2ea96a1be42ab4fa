"""Which steps of a journal are wanted, as a value and as SQL."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from tui_client.replay.record import OutcomeKind

Parameter: TypeAlias = "str | int | float"


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which steps are wanted: those that fit all of it; what is empty or None fits all.

    errors: `FailureKind`s as text. requests: their keys. service_ms: from the first to below the second, so that a bar
    of a histogram is (upper end of the one before or 0, its own); a step that got no reply is in none. limit: at most
    so many. newest: last session first.
    """

    outcomes: tuple[OutcomeKind, ...] = ()
    statuses: tuple[int, ...] = ()
    errors: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    service_ms: tuple[float, float] | None = None
    limit: int | None = None
    newest: bool = False

    def conditions(self) -> tuple[list[str], list[Parameter]]:
        """SQL conditions on columns of `steps`, and their parameters."""
        conditions: list[str] = []
        parameters: list[Parameter] = []
        for column, wanted in (
            ("outcome", [one.value for one in self.outcomes]),
            ("status", self.statuses),
            ("error", self.errors),
            ("request", self.requests),
        ):
            if wanted:
                conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
                parameters += wanted
        if self.service_ms is not None:
            conditions.append("service_ms >= ? AND service_ms < ? AND status IS NOT NULL")
            parameters += self.service_ms
        return conditions, parameters
