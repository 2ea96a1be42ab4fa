"""Three sides of a value put together: what only the document changed is taken, what the user changed stays."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from tui_client.interop.merging_json import merged_json
from tui_client.kinds.body.json import Json
from tui_client.model.collection import Environment, Folder
from tui_client.model.request import Request
from tui_client.storage.fields import fields_of

T = TypeVar("T")
R = TypeVar("R", bound=msgspec.Struct)

_LONGEST: Final = 80
_ROWS: Final = {"path": "path parameter", "params": "parameter", "headers": "header"}
_BODY_ROWS: Final = {"fields": "form field", "parts": "part"}
_LISTS: Final = {"tags": "tag", "captures": "capture", "asserts": "check"}
_PLAIN: Final = {"name": "name", "method": "method", "url": "URL", "description": "description"}


class Told:
    """What was taken of the document, and what stays against it: clauses."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.kept: list[str] = []

    @property
    def what(self) -> tuple[str, ...]:
        """All clauses."""
        return (*self.taken, *self.kept)


def merged_request(base: Request, theirs: Request, mine: Request, told: Told) -> Request:
    """Field by field, rows one by one. Whatever differs from base in mine is in the result."""
    new: dict[str, Any] = {
        name: plain(label, getattr(base, name), getattr(theirs, name), getattr(mine, name), told)
        for name, label in _PLAIN.items()
    }
    for name, label in _ROWS.items():
        new[name] = rows(label, getattr(base, name), getattr(theirs, name), getattr(mine, name), told)
    for name, label in _LISTS.items():
        new[name] = items(label, getattr(base, name), getattr(theirs, name), getattr(mine, name), told)
    new["body"] = fields("body", base.body, theirs.body, mine.body, told)
    new["auth"] = fields("auth", base.auth, theirs.auth, mine.auth, told)
    new["options"] = fields("options", base.options, theirs.options, mine.options, told)
    return replace(mine, **new)


def merged_folder(base: Folder, theirs: Folder, mine: Folder, told: Told) -> Folder:
    """What requests share; `path` and `order` stay."""
    return replace(
        mine,
        name=plain("name", base.name, theirs.name, mine.name, told),
        description=plain("description", base.description, theirs.description, mine.description, told),
        headers=rows("header", base.headers, theirs.headers, mine.headers, told),
        auth=fields("auth", base.auth, theirs.auth, mine.auth, told),
        options=fields("options", base.options, theirs.options, mine.options, told),
        variables=_variables(base.variables, theirs.variables, mine.variables, told),
    )


def merged_environment(base: Environment, theirs: Environment, mine: Environment, told: Told) -> Environment:
    """An environment; its name stays."""
    return replace(
        mine,
        base_url=plain("base URL", base.base_url, theirs.base_url, mine.base_url, told),
        headers=rows("header", base.headers, theirs.headers, mine.headers, told),
        variables=_variables(base.variables, theirs.variables, mine.variables, told),
    )


def plain(label: str, base: T, theirs: T, mine: T, told: Told) -> T:
    """A value that is whole."""
    if same(base, theirs) or same(mine, theirs):
        return mine
    if same(mine, base):
        told.taken.append(_now(label, theirs))
        return theirs
    says = _shown(theirs)
    told.kept.append(f"your {label} is kept, the document {f'now says {says}' if says else 'changed it too'}")
    return mine


def fields(label: str, base: R | None, theirs: R | None, mine: R | None, told: Told) -> R | None:
    """A body, an auth, options: field by field where all three are of one kind, else whole."""
    if same(base, theirs) or same(mine, theirs):
        return mine
    if base is None or theirs is None or mine is None or not type(base) is type(theirs) is type(mine):
        return plain(label, base, theirs, mine, told)
    new: dict[str, Any] = {}
    for field in fields_of(type(mine)):
        sides = (getattr(base, field.name), getattr(theirs, field.name), getattr(mine, field.name))
        if field.name in _BODY_ROWS and isinstance(sides[0], tuple):
            new[field.name] = rows(_BODY_ROWS[field.name], *sides, told)
        elif (text := _json(mine, field.name, *sides, told)) is not None:
            new[field.name] = text
        else:
            name = label if field.name in ("content", "query") else f"{label}'s {field.name.replace('_', ' ')}"
            new[field.name] = plain(name, *sides, told)
    return replace(mine, **new)


def _json(body: msgspec.Struct, name: str, base: object, theirs: object, mine: object, told: Told) -> str | None:
    """A JSON body that both changed; None for anything else, and where its members can't be told apart."""
    if not isinstance(body, Json) or name != "content" or same(base, theirs) or same(mine, theirs) or same(mine, base):
        return None
    merged = merged_json(str(base), str(theirs), str(mine))
    if merged is None:
        return None
    if merged[0] != mine:
        told.taken.append("members of the body changed")
    if merged[1]:
        told.kept.append("your members of the body are kept, the document changed them too")
    return merged[0]


def items(label: str, base: tuple[T, ...], theirs: tuple[T, ...], mine: tuple[T, ...], told: Told) -> tuple[T, ...]:
    """A list of things that have no name: what the document added comes, what it took away goes, unless edited."""
    if same(base, theirs) or same(mine, theirs):
        return mine
    if same(mine, base):
        told.taken.append(f"{label}s changed")
        return theirs
    gone = [one for one in base if not _among(one, theirs)]
    new = [one for one in theirs if not _among(one, base) and not _among(one, mine)]
    if new or any(_among(one, mine) for one in gone):
        told.taken.append(f"{label}s changed")
    return (*(one for one in mine if not _among(one, gone)), *new)


def _among(one: object, others: Sequence[object]) -> bool:
    return any(same(one, other) for other in others)


def rows(label: str, base: tuple[R, ...], theirs: tuple[R, ...], mine: tuple[R, ...], told: Told) -> tuple[R, ...]:
    """Rows by their name, the first of a name with the first of it; each field of a row for itself."""
    if same(base, theirs) or same(mine, theirs):
        return mine
    old, new, own = _by_name(base), _by_name(theirs), _by_name(mine)
    out: dict[Hashable, R] = {}
    for key, row in own.items():
        merged = _row(f"{label} {_shown(_name(row))}", old.get(key), new.get(key), row, told)
        if merged is not None:
            out[key] = merged
    out = _with_new(label, old, new, own, out, told)
    # Where nothing of the user's is in it, the order is the document's too.
    return theirs if same(mine, base) else tuple(out.values())


def _row(label: str, base: R | None, theirs: R | None, mine: R, told: Told) -> R | None:
    if theirs is None:
        if base is None:
            return mine
        if same(mine, base):
            told.taken.append(f"{label} removed")
            return None
        told.kept.append(f"your {label} is kept, the document no longer has it")
        return mine
    if base is None:
        if not same(mine, theirs):
            told.kept.append(f"your {label} is kept, the document has one now too")
        return mine
    values = {
        field.name: plain(
            label if field.name == "value" else f"{label}'s {_FIELD.get(field.name, field.name)}",
            getattr(base, field.name),
            getattr(theirs, field.name),
            getattr(mine, field.name),
            told,
        )
        for field in fields_of(type(mine))
    }
    return replace(mine, **values)


_FIELD: Final = {"enabled": "switch", "type": "media type", "filename": "file name"}


def _with_new(
    label: str,
    old: Mapping[Hashable, R],
    new: Mapping[Hashable, R],
    own: Mapping[Hashable, R],
    out: dict[Hashable, R],
    told: Told,
) -> dict[Hashable, R]:
    """The rows that only the document has, each behind the one that it follows there."""
    before: Hashable | None = None
    after: dict[Hashable | None, list[tuple[Hashable, R]]] = {}
    for key, row in new.items():
        if key in own:
            before = key if key in out else before
        elif key not in old:
            told.taken.append(f"{label} {_shown(_name(row))} added")
            after.setdefault(before, []).append((key, row))
        elif not same(old[key], row):
            told.kept.append(f"{label} {_shown(_name(row))} stays removed, the document changed it")
    if not after:
        return out
    made = dict(after.get(None, ()))
    for key, row in out.items():
        made[key] = row
        made.update(after.get(key, ()))
    return made


def _by_name(found: Sequence[R]) -> dict[Hashable, R]:
    seen: dict[str, int] = {}
    keyed: dict[Hashable, R] = {}
    for row in found:
        name = _name(row)
        seen[name] = seen.get(name, 0) + 1
        keyed[name, seen[name]] = row
    return keyed


def _name(row: msgspec.Struct) -> str:
    name: str = getattr(row, "name")  # noqa: B009 - all rows have one, and share no base that says so
    return name


def _variables(base: Mapping[str, T], theirs: Mapping[str, T], mine: Mapping[str, T], told: Told) -> dict[str, T]:
    out: dict[str, T] = {}
    for name in dict.fromkeys((*mine, *theirs)):
        if (value := _variable(name, base.get(name), theirs.get(name), mine.get(name), told)) is not None:
            out[name] = value
    return out


def _variable(name: str, base: T | None, theirs: T | None, mine: T | None, told: Told) -> T | None:
    label = f"variable {_shown(name)}"
    if same(base, theirs) or same(mine, theirs):
        return mine
    if same(mine, base):
        verb = "added" if base is None else "changed" if theirs is not None else "removed"
        told.taken.append(f"{label} {verb}")
        return theirs
    told.kept.append(f"your {label} is kept, the document changed it too" if mine is not None else f"{label} stays out")
    return mine


def same(one: object, two: object) -> bool:
    """Whether two values are alike, in their types too: 1 is not true."""
    return one == two and (one is two or repr(one) == repr(two) or isinstance(one, dict))


def _now(label: str, value: object) -> str:
    if isinstance(value, bool):
        return f"{label} is now {'on' if value else 'off'}"
    says = _shown(value)
    return f"{label} is now {says}" if says and label != "description" else f"{label} changed"


def _shown(value: object) -> str:
    """A short value as it is, "" for one that is long or no text."""
    if isinstance(value, bool):
        return "on" if value else "off"
    text = value if isinstance(value, str) else ""
    return text if len(text) <= _LONGEST and "\n" not in text else ""
