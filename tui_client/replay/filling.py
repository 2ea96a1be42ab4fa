"""A request that was prepared once, with gaps: each row fills them with its own values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import quote, quote_plus

import msgspec

from tui_client.http.prepare import PreparedRequest
from tui_client.kinds.auth import AuthKind
from tui_client.model.content import EncodedBody
from tui_client.model.effective import ResolvedRequest
from tui_client.model.values import Value
from tui_client.replay.session import Session
from tui_client.template.values import escaped

# Longer targets are left to the long way, which knows the limit.
_LONG_TARGET: Final = 30_000
# Python refuses to write integers of thousands of digits.
_LARGE: Final = 10**18
_NONE: Final = object()

# Constant bytes, and gaps by their number.
Pieces: TypeAlias = tuple[bytes | int, ...]


class Ready(msgspec.Struct, frozen=True):
    """A request that only waits to be sent.

    resolved: for its options, captures, asserts and secrets; its URL, headers and body may be another row's.
    """

    resolved: ResolvedRequest
    prepared: PreparedRequest


class Gap(msgspec.Struct, frozen=True):
    """One variable in one coding.

    plain: texts that go in as they are; coded: those that go in as `code` writes them; no other text goes in at all.
    whole: it takes whole numbers, and no text.
    """

    name: str
    plain: re.Pattern[str]
    coded: re.Pattern[str]
    code: Callable[[str], str]
    whole: bool = False


class SameValue(msgspec.Struct, frozen=True):
    """An expected value that is a variable's, of whatever type."""

    name: str


class SameText(msgspec.Struct, frozen=True):
    """An expected value that is text with gaps in it, or the whole number that this text says."""

    pieces: Pieces
    whole: bool


class AuthGaps(msgspec.Struct, frozen=True):
    """Fields of the authentication with gaps in them, and the secrets that stay the same in all rows.

    secret: the names of all fields that hold secrets. resolved, prepared: secrets that no gap is in.
    """

    fields: tuple[tuple[str, Pieces], ...]
    secret: tuple[str, ...]
    resolved: frozenset[str]
    prepared: frozenset[str]

    def secrets(self, auth: AuthKind) -> tuple[frozenset[str], frozenset[str]]:
        """Those of the resolved and of the prepared request."""
        texts = {getattr(auth, name) for name in self.secret}.union(auth.derived_secrets()) - {""}
        forms = texts.union(map(_percent, texts), map(_plus, texts), map(escaped, texts))
        return self.resolved | forms, self.prepared.union(forms, map(_percent, forms))

    def filled(self, ready: Ready, values: Sequence[bytes]) -> Ready | None:
        """The same request with this row's authentication."""
        if ready.prepared.auth is None:
            return None
        texts = {name: text_with(pieces, values) for name, pieces in self.fields}
        auth = msgspec.structs.replace(ready.prepared.auth, **texts)
        resolved, prepared = self.secrets(auth)
        return Ready(
            msgspec.structs.replace(ready.resolved, auth=auth, secrets=resolved),
            msgspec.structs.replace(ready.prepared, auth=auth, secrets=prepared),
        )


def _percent(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _plus(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"), safe="")


class Recipe(msgspec.Struct, frozen=True):
    """How a request looks for any row.

    pinned: captured values that must be the same; fixed: names that must be neither captured nor in the row.
    headers, checks: those with gaps, by their place.
    """

    first: Ready
    gaps: tuple[Gap, ...]
    given: Mapping[str, str]
    pinned: Mapping[str, Value]
    fixed: frozenset[str]
    target: Pieces
    headers: tuple[tuple[int, Pieces], ...]
    body: Pieces
    length_at: int
    checks: tuple[tuple[int, SameValue | SameText], ...]
    auth: AuthGaps | None

    def fill(self, session: Session) -> Ready | None:
        """The request for this session of the same environment; None where the long way must be gone."""
        captured, row = session.captured, session.row_values
        if session.given != self.given or not self.fixed.isdisjoint(row) or not self._holds(captured):
            return None
        values: list[bytes] = []
        for gap in self.gaps:
            name = gap.name
            value = captured[name] if name in captured else row.get(name)
            if type(value) is str:
                if gap.plain.fullmatch(value):
                    values.append(value.encode())
                elif gap.coded.fullmatch(value):
                    values.append(gap.code(value).encode())
                else:
                    return None
            elif gap.whole and type(value) is int and -_LARGE < value < _LARGE:
                values.append(b"%d" % value)
            else:
                return None
        return self._put_together(values, session)

    def _holds(self, captured: Mapping[str, Value]) -> bool:
        if not captured:
            return not self.pinned
        if not self.fixed.isdisjoint(captured):
            return False
        return all(name in captured and same_to_the_letter(captured[name], old) for name, old in self.pinned.items())

    def _put_together(self, values: Sequence[bytes], session: Session) -> Ready | None:
        if not self.gaps and not self.checks:
            return self.first
        resolved = self._with_checks(values, session) if self.checks else self.first.resolved
        prepared = self._prepared(values) if self.gaps else self.first.prepared
        if resolved is None or prepared is None:
            return None
        ready = Ready(resolved, prepared)
        return ready if self.auth is None else self.auth.filled(ready, values)

    def _prepared(self, values: Sequence[bytes]) -> PreparedRequest | None:
        prepared = self.first.prepared
        address, headers, body = prepared.address, prepared.headers, prepared.body
        if len(self.target) > 1:
            target = joined(self.target, values)
            if len(target) > _LONG_TARGET:
                return None
            address = type(address)(address.scheme, address.host, address.port, target, address.userinfo)
        if self.headers or len(self.body) > 1:
            rows = list(headers)
            for at, pieces in self.headers:
                rows[at] = (rows[at][0], joined(pieces, values))
            if len(self.body) > 1:
                content = joined(self.body, values)
                body = EncodedBody((content,), body.content_type)
                rows[self.length_at] = (rows[self.length_at][0], b"%d" % len(content))
            headers = tuple(rows)
        return msgspec.structs.replace(prepared, address=address, headers=headers, body=body)

    def _with_checks(self, values: Sequence[bytes], session: Session) -> ResolvedRequest | None:
        asserts = list(self.first.resolved.asserts)
        for at, expected in self.checks:
            match expected:
                case SameValue(name=name):
                    found: object = session.captured.get(name, session.row_values.get(name, _NONE))
                case SameText(pieces=pieces, whole=whole):
                    text = text_with(pieces, values)
                    found = int(text) if whole else text
            if found is _NONE:
                return None
            asserts[at] = msgspec.structs.replace(asserts[at], value=found)
        return msgspec.structs.replace(self.first.resolved, asserts=tuple(asserts))


def joined(pieces: Pieces, values: Sequence[bytes]) -> bytes:
    """The text with its gaps filled."""
    return b"".join([piece if type(piece) is bytes else values[piece] for piece in pieces])  # type: ignore[index]  # mypy narrows by isinstance alone, which costs more


def text_with(pieces: Pieces, values: Sequence[bytes]) -> str:
    """The same as text; a captured value may hold half of a surrogate pair."""
    return joined(pieces, values).decode("utf-8", "surrogatepass")


def same_to_the_letter(value: Value, other: Value) -> bool:
    """Whether two values are the same text wherever they are put: 1 is neither 1.0 nor true."""
    if value is other:
        return True
    if type(value) is not type(other) or value != other:
        return False
    # Equal are also -0.0 and 0.0, tables in another order, and lists of 1 and of true.
    return type(value) in (str, int) or repr(value) == repr(other)
