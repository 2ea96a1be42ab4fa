"""A request whose rows differ only in plain values, prepared once: each row then costs a few joins.

Resolving and preparing a request is a third of what a row costs. Here both are done with two sets of stand-ins for the
values that rows bring; where the two results differ in the stand-ins alone, every later row is their texts joined with
its values. Whatever could come out otherwise (values with signs that would be quoted, functions that compute, files,
secrets, authentication by a flow of requests) is left to the long way, which stays the only definition of what is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NoReturn, TypeAlias

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.model.content import EncodedBody
from tui_client.model.effective import EffectiveRequest, ResolvedRequest, Scope
from tui_client.model.kinds import Body
from tui_client.model.values import Value
from tui_client.replay.scope import literals, session_scope
from tui_client.replay.session import Session
from tui_client.template import FUNCTIONS, Call, Variable, reached_by, reached_from, resolve, variables_in

# Fit for every place: nothing in them is quoted, and no URL reads them as anything but text.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.~-]{0,999}")
_WHOLE_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
# Inside a JSON string only these are escaped.
_IN_JSON: Final = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]{1,1000}')
_COMPUTES_NOTHING: Final = frozenset({"int", "url", "string"})

# Constant bytes, and the places of values by their number.
Pieces: TypeAlias = tuple[bytes | int, ...]


class _Slot(msgspec.Struct, frozen=True):
    """One value that differs from row to row; `fits` says which values need no more than to be put in.

    numbers_too: whole numbers as well as text; in a body their type would show.
    """

    name: str
    fits: re.Pattern[str]
    stand_ins: tuple[str, str]
    numbers_too: bool


class Ready(msgspec.Struct, frozen=True):
    """A request that only waits to be sent."""

    resolved: ResolvedRequest
    prepared: PreparedRequest


class Recipe(msgspec.Struct, frozen=True):
    """How a request looks for any row; made by `recipe_of`."""

    first: Ready
    slots: tuple[_Slot, ...]
    pinned: Mapping[str, Value]
    fixed: frozenset[str]
    target: Pieces
    headers: tuple[tuple[bytes, Pieces], ...]
    body: Pieces
    length_at: int

    def fill(self, session: Session) -> Ready | None:
        """The request for this session; None where the long way must be gone."""
        captured, row = session.captured, session.row_values
        if not self.fixed.isdisjoint(row) or not self._holds(captured):
            return None
        values = []
        for slot in self.slots:
            value = captured[slot.name] if slot.name in captured else row.get(slot.name)
            if type(value) is int and slot.numbers_too:
                value = str(value)
            if type(value) is not str or slot.fits.fullmatch(value) is None:
                return None
            values.append(value.encode())
        return self._put_together(values)

    def _holds(self, captured: Mapping[str, Value]) -> bool:
        if not captured:
            return not self.pinned
        pinned = self.pinned
        return self.fixed.isdisjoint(captured) and all(
            name in captured and captured[name] == value for name, value in pinned.items()
        )

    def _put_together(self, values: Sequence[bytes]) -> Ready:
        if not self.slots:
            return self.first
        prepared = self.first.prepared
        body = prepared.body
        if len(self.body) > 1:
            body = EncodedBody((_joined(self.body, values),), body.content_type)
        headers = tuple([(name, _joined(pieces, values)) for name, pieces in self.headers])
        if self.length_at >= 0:
            name, _ = headers[self.length_at]
            headers = (*headers[: self.length_at], (name, b"%d" % body.size), *headers[self.length_at + 1 :])
        old = prepared.address
        address = type(old)(old.scheme, old.host, old.port, _joined(self.target, values))
        replaced = msgspec.structs.replace(prepared, address=address, headers=headers, body=body)
        return Ready(self.first.resolved, replaced)


def recipe_of(request: EffectiveRequest, session: Session, free: frozenset[str] = frozenset()) -> Recipe | None:
    """The recipe of a request that was sent in this session and needed nothing fetched; None where there is none.

    free: captured variables that differ from session to session; the others are taken to be the same in all.
    """
    scope = session_scope(request.scope, session)
    try:
        names = _names(request, scope)
    except RequestFailed:
        return None
    if names is None:
        return None
    own = {name for name in names.used if name not in session.given}
    pinned = {name: session.captured[name] for name in own - free if name in session.captured}
    varying = [name for name in sorted(own - set(pinned)) if name in session.row_values or name in session.captured]
    slots = tuple(_slot(number, name, names) for number, name in enumerate(varying))
    one, other = (_ready(request, session, slots, which) for which in (0, 1))
    if one is None or other is None or not _alike(one, other):
        return None
    return _assembled(one, other, slots, pinned, frozenset(own) - set(varying) - set(pinned))


class _Names(msgspec.Struct, frozen=True):
    """The variables that a request reaches, and some of them: those made numbers, in the body, in its JSON alone."""

    used: frozenset[str]
    numbers: frozenset[str]
    in_body: frozenset[str]
    in_json_alone: frozenset[str]


def _names(request: EffectiveRequest, scope: Scope) -> _Names | None:
    """None if a function's value is not its argument's text, or a new one each time."""
    everywhere = reached_by(request, scope)
    numbers: set[str] = set()
    called: set[str] = set()
    for call in (call for expression in everywhere.expressions for call in _calls(expression)):
        function = FUNCTIONS.get(call.function)
        if function is None or function.fresh or call.function not in _COMPUTES_NOTHING:
            return None
        names = {arg.name for arg in call.args if isinstance(arg, Variable)}
        called |= names
        numbers |= names if call.function == "int" else set()
    elsewhere = reached_by(msgspec.structs.replace(request, body=None), scope).names
    content = getattr(request.body, "content", None)
    direct = set(variables_in(content)) if _is_json(request.body) and isinstance(content, str) else set()
    alone = frozenset(direct - elsewhere - called - _nested(direct, scope))
    return _Names(everywhere.names, frozenset(numbers), _of_body(request, scope), alone)


def _is_json(body: Body | None) -> bool:
    return body is not None and body.__struct_config__.tag == "json"


def _of_body(request: EffectiveRequest, scope: Scope) -> frozenset[str]:
    bare = msgspec.structs.replace(
        request, url="http://x", path=(), params=(), headers=(), auth=None, captures=(), asserts=(), method="GET"
    )
    return reached_by(bare, scope).names


def _nested(names: set[str], scope: Scope) -> set[str]:
    """Names that are reached through other variables: those may stand anywhere in their texts."""
    return {inner for name in names for inner in reached_from(f"{{{{{name}}}}}", scope).names - {name}}


def _calls(expression: object) -> Iterator[Call]:
    if isinstance(expression, Call):
        yield expression
        for arg in expression.args:
            yield from _calls(arg)


def _slot(number: int, name: str, names: _Names) -> _Slot:
    if name in names.numbers:
        stand_ins = (f"7{number:02}310594827160", f"9{number:02}5820463")
        return _Slot(name, _WHOLE_NUMBER, stand_ins, name not in names.in_body)
    fits = _IN_JSON if name in names.in_json_alone else _PLAIN
    return _Slot(name, fits, (f"Zq{number:02}vKx7Wm", f"Jw{number:02}Rt9sBn4uGh"), name not in names.in_body)


def _ready(request: EffectiveRequest, session: Session, slots: tuple[_Slot, ...], which: int) -> Ready | None:
    scope = session_scope(request.scope, session)
    scope = scope.over("stand-ins", literals({slot.name: slot.stand_ins[which] for slot in slots}))
    try:
        resolved = resolve(request, scope)
        return Ready(resolved, prepare(resolved, _no_files))
    except RequestFailed:
        return None


def _no_files(path: str) -> NoReturn:
    raise RequestFailed(Failure(FailureKind.FILE_MISSING, path))


def _alike(one: Ready, other: Ready) -> bool:
    """Whether all is the same but address, header values and body, and nothing asks for the user's consent."""
    if one.resolved.secrets or one.prepared.auth is not None or one.prepared.address.userinfo is not None:
        return False
    if one.prepared.options.ca or one.prepared.options.client_cert:
        return False
    if not one.prepared.options.verify and one.prepared.address.scheme == "https":
        return False
    bare = (_without_rows(ready) for ready in (one, other))
    return next(bare) == next(bare)


def _without_rows(ready: Ready) -> tuple[object, ...]:
    resolved, prepared = ready.resolved, ready.prepared
    return (
        msgspec.structs.replace(resolved, url="", headers=(), body=None),
        msgspec.structs.replace(
            prepared,
            address=msgspec.structs.replace(prepared.address, target=b""),
            headers=tuple((name, b"") for name, _ in prepared.headers),
            body=EncodedBody((), prepared.body.content_type),
        ),
    )


def _assembled(
    one: Ready, other: Ready, slots: tuple[_Slot, ...], pinned: Mapping[str, Value], fixed: frozenset[str]
) -> Recipe | None:
    bodies = [_whole(ready.prepared.body) for ready in (one, other)]
    headers = [ready.prepared.headers for ready in (one, other)]
    length_at = next((at for at, (name, _) in enumerate(headers[0]) if name == b"Content-Length"), -1)
    pieces = [
        _cut(one.prepared.address.target, other.prepared.address.target, slots),
        _cut(bodies[0], bodies[1], slots),
    ]
    for at, ((_, first), (_, second)) in enumerate(zip(*headers, strict=True)):
        pieces.append((first,) if at == length_at else _cut(first, second, slots))
    whole = [each for each in pieces if each is not None]
    if len(whole) < len(pieces):
        return None
    target, body, *values = whole
    names = (name for name, _ in headers[0])
    return Recipe(one, slots, pinned, fixed, target, tuple(zip(names, values, strict=True)), body, length_at)


def _whole(body: EncodedBody) -> bytes:
    return b"".join(part for part in body.segments if isinstance(part, bytes))


def _cut(one: bytes, other: bytes, slots: tuple[_Slot, ...]) -> Pieces | None:
    """The text between the stand-ins; None if the two differ in more than those."""
    numbers = {stand_in.encode(): at for at, slot in enumerate(slots) for stand_in in slot.stand_ins[:1]}
    if not numbers:
        return (one,) if one == other else None
    parts = re.split(b"(" + b"|".join(map(re.escape, numbers)) + b")", one)
    pieces: Pieces = tuple(numbers.get(part, part) for part in parts)
    # "%4" and a value of "1" would make a quoted sign that neither of them is.
    if any(isinstance(part, bytes) and b"%" in part[-2:] for part in pieces[:-1]):
        return None
    return pieces if _joined(pieces, [slot.stand_ins[1].encode() for slot in slots]) == other else None


def _joined(pieces: Pieces, values: Sequence[bytes]) -> bytes:
    if len(pieces) == 1:
        only = pieces[0]
        return only if isinstance(only, bytes) else values[only]
    return b"".join([piece if isinstance(piece, bytes) else values[piece] for piece in pieces])


class Recipes:
    """Those of one run, by request and environment."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Recipe | None] = {}
        self._free: dict[tuple[str, str], set[str]] = {}

    def ready(self, request: EffectiveRequest, session: Session) -> Ready | None:
        """The request for this session, if there is a short way to it."""
        recipe = self._known.get((request.key, session.environment))
        return None if recipe is None else recipe.fill(session)

    def learn(self, request: EffectiveRequest, session: Session) -> None:
        """The long way was gone, and nothing was fetched on it: the next one may be shorter."""
        place = (request.key, session.environment)
        free = self._free.setdefault(place, set())
        recipe = self._known.get(place)
        if recipe is not None:
            # What was the same so far no longer is.
            moved = {name for name, value in recipe.pinned.items() if session.captured.get(name, value) != value}
            if not moved - free:
                return
            free |= moved
        elif place in self._known:
            return
        self._known[place] = recipe_of(request, session, frozenset(free))
