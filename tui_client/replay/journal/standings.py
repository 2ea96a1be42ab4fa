"""How far each session of a run got in its earlier lives: what a resume goes on from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from tui_client.http.cookies import Cookie
from tui_client.model.values import Value
from tui_client.replay.journal.carry import Carry, Sealer
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.record import OutcomeKind

_PAGE: Final = 1000
_START: Final = (-1, -1)

# iteration and row of a session
Place: TypeAlias = tuple[int, int]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a session goes on.

    first: index of its first step without a result; the number of steps if it is done. captured, cookies, lost: as they
    were before that step. claimed: that step is in doubt: it was claimed and sending it again may do it twice, or what
    it needs can't be decrypted (shut). resend: it was claimed, and sending it again does nothing twice.
    """

    first: int
    captured: Mapping[str, Value] = {}
    cookies: tuple[Cookie, ...] = ()
    lost: Mapping[str, str] = {}
    claimed: bool = False
    resend: bool = False
    shut: bool = False


class Standings:
    """Gives the standing of one session after the other. For one thread at a time; memory does not grow with the run.

    partial: only some sessions of the plan are done, those that were selected.
    The run may write meanwhile, about sessions that were handed out.
    """

    def __init__(self, reader: JournalReader, sealer: Sealer, steps: int) -> None:
        """steps: of the plan, without its setup. Raises BrokenFile."""
        self._sealer = sealer
        self._steps = steps
        self._last: Place = _START
        ((only,),) = reader.file.select("SELECT only_kind FROM run")
        self.partial = bool(only)
        own = ("step >= 0",)  # the setup is done again whatever came of it
        key = "SELECT iteration, row, step"
        self._done = _Lookahead(reader.file.pages(f"{key}, outcome FROM steps", own, size=_PAGE))
        self._claims = _Lookahead(reader.file.pages(f"{key}, resendable FROM claims", own, size=_PAGE))
        self._carries = _Lookahead(reader.file.pages(f"{key}, secret FROM carry", own, size=_PAGE))
        self._selected = _Lookahead(reader.file.pages(f"{key} FROM selected", size=_PAGE))

    @property
    def over(self) -> bool:
        """No session is left that is to be done; only where they are `partial`."""
        return self.partial and self._selected.over

    def take(self, iteration: int, row: int) -> Standing | None:
        """Where a session goes on; None if nothing was done of it so far.

        Sessions are asked for in ascending order, each once; raises ValueError otherwise. Raises BrokenFile.
        """
        place = (iteration, row)
        if place <= self._last:
            raise ValueError(f"session {place} asked for after {self._last}")
        self._last = place
        done, claims = self._done.take(place), self._claims.take(place)
        carries, selected = self._carries.take(place), self._selected.take(place)
        if self.partial and not selected:
            return Standing(first=self._steps)
        first = selected[0][2] if selected else 0
        for _, _, step, outcome in done:
            # A session is dropped as a whole.
            first = max(first, self._steps if outcome == OutcomeKind.DROPPED else step + 1)
        if first >= self._steps:
            return Standing(first=self._steps)
        claim = next((one for one in claims if one[2] == first), None)
        if not (done or claim or selected):
            return None
        return self._standing(first, claim, carries)

    def _standing(self, first: int, claim: tuple[Any, ...] | None, carries: list[tuple[Any, ...]]) -> Standing:
        sealed = next((one[3] for one in reversed(carries) if one[2] < first), None)
        carry = Carry() if sealed is None else self._sealer.open_carry(sealed)
        if carry is None:
            return Standing(first=first, claimed=True, shut=True)
        return Standing(
            first=first,
            captured=carry.captured,
            cookies=carry.cookies,
            lost=carry.lost,
            claimed=claim is not None and not claim[3],
            resend=claim is not None and bool(claim[3]),
        )


class _Lookahead:
    """The rows of a table by session, in step with who asks for them."""

    def __init__(self, pages: Iterator[list[tuple[Any, ...]]]) -> None:
        self._rows = (row for page in pages for row in page)
        self._next = next(self._rows, None)

    @property
    def over(self) -> bool:
        """No row is left."""
        return self._next is None

    def take(self, place: Place) -> list[tuple[Any, ...]]:
        """The rows of a session, by step; those of earlier ones are passed over."""
        found = []
        while self._next is not None and self._next[:2] <= place:
            if self._next[:2] == place:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found
