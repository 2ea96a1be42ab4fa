"""What changed between two replies to the same step: the outcome, the status, headers, the body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

from tui_client.errors import QueryError
from tui_client.model.charset import decode_body
from tui_client.model.exchange import RawHeader, header_values
from tui_client.replay.diff.ignore import Ignore
from tui_client.replay.diff.json_diff import Change, changes
from tui_client.replay.diff.values import Json, parse, shortened
from tui_client.replay.plan import DiffRules
from tui_client.text import format_bytes

_HASH_DIGITS: Final = 8
_TYPE: Final = "content-type"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A whole reply, secrets masked.

    body: decoded; None if it was not kept. cut: only its beginning was. body_sha256: of all of it, before anything was
    masked; b"" if unknown. body_bytes: its length in all.
    """

    status: int
    headers: tuple[RawHeader, ...] = ()
    body: bytes | None = None
    body_sha256: bytes = b""
    body_bytes: int = 0
    cut: bool = False

    @property
    def content_type(self) -> str:
        """The Content-Type as sent, "" without one."""
        values = header_values(self.headers, _TYPE)
        return values[-1] if values else ""

    @property
    def media_type(self) -> str:
        """The Content-Type in lower case without its parameters: "application/json"."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def whole_body(self) -> bytes | None:
        """The body, if all of it was kept."""
        return None if self.cut else self.body


class NoReply(msgspec.Struct, frozen=True):
    """A step without a whole reply. kind: "connect.refused", "skipped", "in_doubt", …; reason: in words."""

    kind: str
    reason: str = ""


Answer: TypeAlias = Reply | NoReply


def compare(before: Answer, after: Answer, rules: DiffRules) -> tuple[Change, ...]:
    """What changed, in this order: "outcome" alone, or "status", "header NAME", then the body's places or "body".

    Failures of the same kind are the same. A body that is not JSON, or was not kept whole, is compared as one thing.
    """
    match before, after:
        case Reply(), Reply():
            return tuple(_reply_changes(before, after, rules))
        case NoReply(), NoReply() if before.kind == after.kind:
            return ()
        case _:
            return (Change("outcome", answer_text(before), answer_text(after)),)


def answer_text(answer: Answer) -> str:
    """An outcome in a few words: "replied 200", "connect.refused: …"."""
    match answer:
        case Reply(status=status):
            return f"replied {status}"
        case NoReply(kind=kind, reason=reason):
            return shortened(f"{kind}: {reason}" if reason else kind)


def _reply_changes(before: Reply, after: Reply, rules: DiffRules) -> Iterator[Change]:
    if before.status != after.status:
        yield Change("status", str(before.status), str(after.status))
    for name in dict.fromkeys(name.lower() for name in rules.headers):
        was, now = header_values(before.headers, name), header_values(after.headers, name)
        if was != now:
            yield Change(f"header {name}", _header_text(was), _header_text(now))
    yield from _body_changes(before, after, Ignore(rules.ignore))


def _header_text(values: list[str]) -> str | None:
    return shortened(", ".join(values)) if values else None


def _body_changes(before: Reply, after: Reply, ignore: Ignore) -> Iterator[Change]:
    if ignore.all or (before.body_sha256 and before.body_sha256 == after.body_sha256):
        return
    was, now = before.whole_body, after.whole_body
    if was is None or now is None:
        # Equal lengths say nothing, but where no hash is known there is nothing else.
        if before.body_sha256 != after.body_sha256 or before.body_bytes != after.body_bytes:
            yield _as_one(before, after)
    # Secrets that differ are masked in what was kept, so that the hashes differ and the bodies may not.
    elif was != now:
        yield from _kept_changes(before, after, ignore)


def _kept_changes(before: Reply, after: Reply, ignore: Ignore) -> Iterator[Change]:
    try:
        documents = _document(before), _document(after)
    except ValueError:
        yield _as_one(before, after)
        return
    try:
        yield from changes(*documents, ignore)
    except QueryError as error:
        # Raised before the first change.
        yield _as_one(before, after, f"; the ignored path {error.reason}")


def _document(reply: Reply) -> Json:
    """The body as JSON. Raises ValueError if it isn't, or nothing says that it is meant to be."""
    text = decode_body(reply.whole_body or b"", reply.content_type).text
    declared = reply.media_type == "application/json" or reply.media_type.endswith("+json")
    if not declared and text.lstrip()[:1] not in ("{", "["):
        raise ValueError("not a JSON document")
    return parse(text)


def _as_one(before: Reply, after: Reply, note: str = "") -> Change:
    return Change("body", _body_text(before), shortened(_body_text(after) + note, 300))


def _body_text(reply: Reply) -> str:
    """ "1.2 kB, SHA-256 0a1b2c3d…"."""
    size = format_bytes(reply.body_bytes)
    return f"{size}, SHA-256 {reply.body_sha256.hex()[:_HASH_DIGITS]}…" if reply.body_sha256 else size
