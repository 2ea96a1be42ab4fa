"""The replies of a run as its journal has them, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

from tui_client.model.step import StepId
from tui_client.replay.diff.compare import Answer, NoReply, Reply
from tui_client.replay.diff.runs import Answered
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.journal.saving import KEPT_BYTES
from tui_client.replay.record import OutcomeKind

_COLUMNS: Final = "iteration, row, step, request, label, outcome, status, error, reason, body_sha256, body, detail"
_PAGE: Final = 64  # each may have a body of 64 KiB
_Row: TypeAlias = tuple[int, int, int, str, str, str, int | None, str, str, bytes | None, bytes | None, str]
_REPLIED: Final = frozenset({OutcomeKind.PASSED.value, OutcomeKind.FAILED.value})


class _Response(msgspec.Struct, frozen=True):
    headers: tuple[tuple[str, str], ...] = ()
    body_bytes: int = 0


class _Detail(msgspec.Struct, frozen=True):
    response: _Response | None = None


_detail: Final = msgspec.json.Decoder(_Detail)


def answers(reader: JournalReader) -> Iterator[Answered]:
    """What came of each step that has a result, by iteration, row and index; reads as it goes.

    A step that was claimed and never heard of has none. Raises BrokenFile.
    """
    for page in reader.file.pages(f"SELECT {_COLUMNS} FROM steps", size=_PAGE):
        for row in page:
            try:
                yield _answered(row)
            except ValueError as error:
                raise reader.file.broken(error) from error


def _answered(row: _Row) -> Answered:
    iteration, number, index, request, label, outcome, status, error, reason, digest, body, detail = row
    answer: Answer
    if outcome in _REPLIED and status is not None:
        answer = _reply(status, digest, body, detail)
    else:
        answer = NoReply(error or outcome, reason)
    return Answered(StepId(number, iteration, index, request), label, answer)


def _reply(status: int, digest: bytes | None, body: bytes | None, detail: str) -> Reply:
    response = (_detail.decode(detail).response if detail else None) or _Response()
    size, kept = response.body_bytes, len(body or b"")
    return Reply(
        status=status,
        headers=tuple((name.encode(), value.encode()) for name, value in response.headers),
        body=body,
        body_sha256=digest or b"",
        body_bytes=size,
        # A body that was masked has another length, though it is whole.
        cut=size > KEPT_BYTES or (kept >= KEPT_BYTES and kept != size),
    )
