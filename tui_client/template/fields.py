"""Every template among the fields of a kind, found by what the fields declare."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Annotated, Final, TypeAlias, TypeVar, get_args, get_origin

import msgspec

S = TypeVar("S", bound=msgspec.Struct)

_NEVER: Final = ("description",)  # words for people


class Spot(msgspec.Struct, frozen=True):
    """Where a template stands: its TOML path, how values are put in ("text" or "json"), whether it is secret.

    line: what comes of it stands in one line of what is sent.
    """

    path: str
    mode: str = "text"
    secret: bool = False
    line: bool = False


def place_of(key: str, path: str) -> str:
    """Where a template stands, for messages: "users/list: $.url"; "$.url" for a request that is in no file."""
    return f"{key}: $.{path}" if key else f"$.{path}"


Put: TypeAlias = Callable[[Spot, str], str]


@cache
def _declared(kind: type[msgspec.Struct]) -> tuple[tuple[str, str, bool, bool], ...]:
    found = []
    for field in msgspec.structs.fields(kind):
        extra: dict[str, object] = {}
        if get_origin(field.type) is Annotated:
            for meta in get_args(field.type)[1:]:
                extra.update((meta.extra or {}) if isinstance(meta, msgspec.Meta) else {})
        mode = "off" if field.name in _NEVER else str(extra.get("template", "text"))
        if mode != "off":
            found.append((field.name, mode, extra.get("secret") is True, extra.get("line") is True))
    return tuple(found)


def fill(struct: S, path: str, put: Put) -> S:
    """The struct with every template replaced by what `put` gives for it, and without its disabled rows.

    A field `template` that is False leaves the texts as they are.
    """
    visit = put if getattr(struct, "template", True) is not False else _as_written
    changed = {}
    for name, mode, secret, line in _declared(type(struct)):
        old = getattr(struct, name)
        new = _filled(old, Spot(f"{path}.{name}", mode, secret, line), visit)
        if new is not old:
            changed[name] = new
    return msgspec.structs.replace(struct, **changed) if changed else struct


@lru_cache(maxsize=1024)
def is_constant(struct: msgspec.Struct) -> bool:
    """Whether `fill` would leave a (hashable) struct as it is; a quick answer, so False where rows are in it."""
    return all(_is_constant(getattr(struct, name)) for name, *_ in _declared(type(struct)))


def _is_constant(value: object) -> bool:
    match value:
        case str():
            return "{{" not in value
        case tuple():
            return not value
        case msgspec.Struct():
            return is_constant(value)
        case _:
            return True


def _as_written(_: Spot, text: str) -> str:
    return text


def _filled(value: object, spot: Spot, put: Put) -> object:
    match value:
        case str():
            return put(spot, value)
        case tuple():
            rows = enumerate(value)
            return tuple(
                _filled(row, msgspec.structs.replace(spot, path=f"{spot.path}[{index}]"), put)
                for index, row in rows
                if getattr(row, "enabled", True) is not False
            )
        case msgspec.Struct():
            return fill(value, spot.path, put)
        case _:
            return value
