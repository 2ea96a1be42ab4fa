"""A request whose rows differ only in plain values, prepared once: each row then costs a few joins.

Resolving and preparing a request is a third of what a row costs. Here both are done with two sets of stand-ins for the
values that rows bring; where the two results differ in the stand-ins alone, every later row is their texts joined with
its values. Whatever could come out otherwise (functions that compute, files, values that change how a URL is read) is
left to the long way, which stays the only definition of what is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NoReturn

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.hosts import NETWORK, Network
from tui_client.http.prepare import prepare
from tui_client.kinds.body.text import Text
from tui_client.kinds.declared import declared_fields
from tui_client.model.content import EncodedBody
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.kinds import Body
from tui_client.model.values import Value
from tui_client.replay.filling import (
    AuthGaps,
    Gap,
    Pieces,
    Ready,
    Recipe,
    SameText,
    SameValue,
    joined,
    same_to_the_letter,
)
from tui_client.replay.scope import is_secret, literals, session_scope
from tui_client.replay.session import Session
from tui_client.replay.stand_ins import as_it_is, slot_for
from tui_client.template import FUNCTIONS, Call, Variable, parse, reached_by, reached_from, resolve

__all__ = ["Ready", "Recipe", "Recipes", "recipe_of"]

_COMPUTES_NOTHING: Final = frozenset({"int", "url", "string"})
_MOST_BYTES: Final = 16 * 2**20  # of a request with gaps; values must not bring it near the limits of templates
_MOST_PIECES: Final = 2000
_SIGNS: Final = "".join(map(chr, range(128))) + "é😀"
# What follows is read as the name of a path parameter.
_PARAMETER: Final = re.compile(rb"/[:{][^/]*\Z")
# In JSON, what stands beside a number decides whether it still is one.
_PART_OF_NUMBER: Final = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-.")


def recipe_of(
    request: EffectiveRequest, session: Session, free: frozenset[str] = frozenset(), network: Network = NETWORK
) -> Recipe | None:
    """The recipe of a request that was sent in this session and needed nothing fetched; None where there is none.

    free: captured variables that differ from session to session; the others are taken to be the same in all.
    """
    try:
        return _Learning(request, session, free, network).recipe()
    except (RequestFailed, _Declined):
        return None


class _Declined(Exception):
    """The request must go the long way."""


class _Learning:
    def __init__(self, request: EffectiveRequest, session: Session, free: frozenset[str], network: Network) -> None:
        scope = session_scope(request.scope, session)
        reached = reached_by(request, scope)
        numbers = _made_numbers(_calls_in(reached.expressions))
        own = reached.names - set(session.given)
        self.request, self.session, self.network = request, session, network
        self.pinned = {name: session.captured[name] for name in own - free if name in session.captured}
        values = {**session.row_values, **session.captured}
        varying = sorted(name for name in own - set(self.pinned) if name in values)
        # What stands in for a secret is none: it would not be masked.
        if any(is_secret(request.scope, name) for name in varying):
            raise _Declined
        self.slots = [slot_for(number, name, values[name], numbers) for number, name in enumerate(varying)]
        if any(_nested(name, scope) & set(varying) for name in numbers):
            raise _Declined
        self.fixed = own - set(varying) - set(self.pinned)
        self.beside_asserts = reached_by(msgspec.structs.replace(request, asserts=()), scope).names
        self.gaps: dict[Gap, int] = {}
        self.one, self.other = (self._ready(scope, which) for which in (0, 1))

    def _ready(self, scope: Scope, which: int) -> Ready:
        stand_ins = literals({slot.name: slot.stand_ins[which] for slot in self.slots})
        resolved = resolve(self.request, scope.over("stand-ins", stand_ins))
        return Ready(resolved, prepare(resolved, _no_files, environ=self.network.environ, hosts=self.network.hosts))

    def recipe(self) -> Recipe:
        one, other = self.one, self.other
        _refuse_unless_alike(one, other)
        self._see_url(one.resolved.url)
        target = self._cut(one.prepared.address.target, other.prepared.address.target)
        self._refuse_named(target)
        body = self._cut(_whole(one.prepared.body), _whole(other.prepared.body))
        if len(body) > 1:
            self._refuse_broken_numbers(body)
            _refuse_other_charsets(one.resolved.body)
        length_at = self._length_at(one, has_gaps=len(body) > 1)
        headers = self._headers(length_at)
        checks, auth = tuple(self._checks()), self._auth()
        self._add_unseen()
        given, gaps = dict(self.session.given), tuple(self.gaps)
        return Recipe(one, gaps, given, self.pinned, self.fixed, target, headers, body, length_at, checks, auth)

    def _see_url(self, url: str) -> None:
        """What stands in a URL unquoted must be plain, also in the fragment, which is not sent."""
        for slot in self.slots:
            found = url.find(str(slot.stand_ins[0]))
            if found >= 0:
                self._numbered(slot.gaps[-1])
                # Behind another value it may be the end of a scheme.
                if "://" in url[found:]:
                    raise _Declined

    def _refuse_named(self, target: Pieces) -> None:
        """A value that is part of a path parameter's name could be another parameter's."""
        if self.request.path:
            images = self._images(0)
            befores = (joined(target[:at], images) for at, piece in enumerate(target) if isinstance(piece, int))
            if any(map(_PARAMETER.search, befores)):
                raise _Declined

    def _length_at(self, one: Ready, *, has_gaps: bool) -> int:
        if not has_gaps:
            return -1
        if any(name.lower() == "content-length" for name, _ in one.resolved.headers):
            raise _Declined
        return next(at for at, (name, _) in enumerate(one.prepared.headers) if name == b"Content-Length")

    def _headers(self, length_at: int) -> tuple[tuple[int, Pieces], ...]:
        rows = enumerate(zip(self.one.prepared.headers, self.other.prepared.headers, strict=True))
        cut = [(at, self._cut(one, other)) for at, ((_, one), (_, other)) in rows if at != length_at]
        return tuple((at, pieces) for at, pieces in cut if len(pieces) > 1)

    def _checks(self) -> Iterator[tuple[int, SameValue | SameText]]:
        names = {slot.name for slot in self.slots}
        written = [each for each in self.request.asserts if each.enabled]
        for at, (one, other) in enumerate(zip(self.one.resolved.asserts, self.other.resolved.asserts, strict=True)):
            segments = parse(text) if isinstance(text := written[at].value, str) else ()
            only = segments[0].name if len(segments) == 1 and isinstance(segments[0], Variable) else ""
            if only in names:
                yield at, SameValue(only)
            elif not same_to_the_letter(one.value, other.value):
                # A variable inside it keeps its type, and would give another row's value as something else than text.
                if only:
                    raise _Declined
                yield at, self._expected(one.value, other.value)

    def _expected(self, one: Value, other: Value) -> SameText:
        if type(one) is not type(other) or type(one) not in (str, int):
            raise _Declined
        return SameText(self._cut_text(str(one), str(other)), type(one) is int)

    def _auth(self) -> AuthGaps | None:
        one, other = self.one, self.other
        auth, another = one.prepared.auth, other.prepared.auth
        if auth is None or another is None or auth == another:
            if one.resolved.secrets != other.resolved.secrets or one.prepared.secrets != other.prepared.secrets:
                raise _Declined
            return None
        fields = [(name, getattr(auth, name), getattr(another, name)) for name in auth.__struct_fields__]
        gaps = AuthGaps(
            tuple((name, self._cut_text(a, b)) for name, a, b in fields if a != b),
            tuple(field.name for field in declared_fields(type(auth)) if field.secret),
            one.resolved.secrets & other.resolved.secrets,
            one.prepared.secrets & other.prepared.secrets,
        )
        if gaps.secrets(auth) != (one.resolved.secrets, one.prepared.secrets):
            raise _Declined
        if gaps.secrets(another) != (other.resolved.secrets, other.prepared.secrets):
            raise _Declined
        return gaps

    def _cut_text(self, one: object, other: object) -> Pieces:
        if not isinstance(one, str) or not isinstance(other, str):
            raise _Declined
        return self._cut(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))

    def _add_unseen(self) -> None:
        """What stands nowhere may still make a request fail, so it must be plain."""
        seen = {gap.name for gap in self.gaps}
        for slot in self.slots:
            if slot.name in self.beside_asserts and slot.name not in seen:
                self._numbered(slot.gaps[-1])

    def _cut(self, one: bytes, other: bytes) -> Pieces:
        """The text between the stand-ins. Raises _Declined if the two differ in more than those."""
        images = {slot.image(gap, 0): gap for slot in self.slots for gap in slot.gaps}
        if one == other:
            return (one,)
        if not images or max(len(one), len(other)) > _MOST_BYTES:
            raise _Declined
        parts = re.split(b"(" + b"|".join(map(re.escape, images)) + b")", one)
        pieces = tuple(self._numbered(images[part]) if part in images else part for part in parts)
        if len(pieces) > _MOST_PIECES or joined(pieces, self._images(1)) != other:
            raise _Declined
        return pieces

    def _numbered(self, gap: Gap) -> int:
        return self.gaps.setdefault(gap, len(self.gaps))

    def _images(self, which: int) -> list[bytes]:
        slots = {slot.name: slot for slot in self.slots}
        return [slots[gap.name].image(gap, which) for gap in self.gaps]

    def _refuse_broken_numbers(self, body: Pieces) -> None:
        """The variables of GraphQL must be JSON: `0{{int(n)}}` is for some rows only."""
        kind = self.request.body
        if kind is None or kind.__struct_config__.tag != "graphql":
            return
        gaps, images = list(self.gaps), self._images(0)
        for at, piece in enumerate(body):
            if isinstance(piece, int) and gaps[piece].code is as_it_is:
                ends = joined(body[:at], images)[-1:] + joined(body[at + 1 :], images)[:1]
                if not _PART_OF_NUMBER.isdisjoint(ends):
                    raise _Declined


def _made_numbers(calls: Iterator[Call]) -> set[str]:
    """The variables that are made numbers. Raises _Declined for a function whose value is not its argument's text."""
    numbers: set[str] = set()
    for call in calls:
        if call.function not in _COMPUTES_NOTHING or FUNCTIONS[call.function].fresh:
            raise _Declined
        if call.function == "int":
            if any(isinstance(arg, Call) for arg in call.args):
                raise _Declined
            numbers |= {arg.name for arg in call.args if isinstance(arg, Variable)}
    return numbers


def _nested(name: str, scope: Scope) -> frozenset[str]:
    """What stands inside a variable: "-{{n}}" made a number is not always a "-" and n."""
    return reached_from(f"{{{{{name}}}}}", scope).names - {name}


def _calls_in(expressions: tuple[object, ...]) -> Iterator[Call]:
    for expression in expressions:
        if isinstance(expression, Call):
            yield expression
            yield from _calls_in(expression.args)


def _no_files(path: str) -> NoReturn:
    raise RequestFailed(Failure(FailureKind.FILE_MISSING, path))


def _refuse_unless_alike(one: Ready, other: Ready) -> None:
    """All must be the same but what recipes have gaps in, and nothing may need the user's consent."""
    options, proxy = one.prepared.options, one.prepared.profile.proxy
    insecure = any(not each.own for each in one.prepared.unverified)
    asked = options.ca or options.client_cert or insecure or proxy.startswith("unix:")
    if asked or _without_rows(one) != _without_rows(other):
        raise _Declined


def _without_rows(ready: Ready) -> tuple[object, ...]:
    resolved, prepared = ready.resolved, ready.prepared
    asserts = tuple(msgspec.structs.replace(each, value=None) for each in resolved.asserts)
    return (
        msgspec.structs.replace(
            resolved, url="", headers=(), body=None, auth=None, asserts=asserts, secrets=frozenset()
        ),
        msgspec.structs.replace(
            prepared,
            address=msgspec.structs.replace(prepared.address, target=b""),
            headers=tuple((name, b"") for name, _ in prepared.headers),
            body=EncodedBody((), prepared.body.content_type),
            auth=None,
            secrets=frozenset(),
        ),
    )


def _refuse_other_charsets(body: Body | None) -> None:
    """Values go in as UTF-8; some charsets write even ASCII in another way."""
    if isinstance(body, Text):
        probe = msgspec.structs.replace(body, content=_SIGNS)
        if _whole(probe.encode(_no_files)) != _SIGNS.encode():
            raise _Declined


def _whole(body: EncodedBody) -> bytes:
    return b"".join(part for part in body.segments if isinstance(part, bytes))


class _Known(msgspec.Struct):
    """What a run knows of one request in one environment; `free` as in `recipe_of`."""

    request: EffectiveRequest
    free: set[str]
    recipe: Recipe | None = None
    learnt: bool = False


class Recipes:
    """Those of one run, by request and environment."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], _Known] = {}

    def ready(self, request: EffectiveRequest, session: Session) -> Ready | None:
        """The request for this session, if there is a short way to it."""
        known = self._known.get((request.key, session.environment))
        # A draft, or a file that was saved again, has the same key.
        if known is None or known.recipe is None or known.request is not request:
            return None
        return known.recipe.fill(session)

    def learn(self, request: EffectiveRequest, session: Session, network: Network = NETWORK) -> None:
        """The long way was gone, and nothing was fetched on it: from the second time on, the next may be shorter."""
        place = (request.key, session.environment)
        known = self._known.get(place)
        if known is None or known.request is not request:
            # Of a recording, each request is sent once: a recipe would only cost.
            self._known[place] = _Known(request, set())
            return
        if known.learnt:
            moved = _moved(known.recipe.pinned, session.captured) if known.recipe else set()
            if moved <= known.free:
                return
            known.free |= moved
        known.learnt = True
        known.recipe = recipe_of(request, session, frozenset(known.free), network)


def _moved(pinned: Mapping[str, Value], captured: Mapping[str, Value]) -> set[str]:
    """Captured values that no longer are what they were."""
    return {name for name, old in pinned.items() if name in captured and not same_to_the_letter(captured[name], old)}
