"""The fields of a kind as they declare themselves: what forms, schemas and redaction are made from."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin

import msgspec

NO_DEFAULT: Final = msgspec.NODEFAULT


class DeclaredField(msgspec.Struct, frozen=True):
    """One field. type: without its annotation. extra: the keys of `model.kinds`. default: what an empty form holds."""

    name: str
    title: str
    type: Any
    default: Any
    secret: bool = False
    multiline: bool = False
    choices: tuple[str, ...] = ()
    placeholder: str = ""


@cache
def declared_fields(kind: type[msgspec.Struct]) -> tuple[DeclaredField, ...]:
    """The fields in the order of their declaration."""
    return tuple(_declared(field) for field in msgspec.structs.fields(kind))


def empty_value(kind: type[msgspec.Struct]) -> msgspec.Struct:
    """The kind with nothing filled in: its defaults, else ""."""
    return kind(**{field.name: field.default for field in declared_fields(kind)})


def _declared(field: msgspec.structs.FieldInfo) -> DeclaredField:
    title, inner = "", field.type
    extra: dict[str, Any] = {}
    if get_origin(inner) is Annotated:
        inner, *metas = get_args(inner)
        for meta in metas:
            if isinstance(meta, msgspec.Meta):
                title = meta.title or title
                extra = {**extra, **(meta.extra or {})}
    return DeclaredField(
        field.name,
        title or field.name.replace("_", " ").capitalize(),
        inner,
        _default(field, inner),
        secret=extra.get("secret") is True,
        multiline=extra.get("multiline") is True,
        choices=tuple(str(choice) for choice in extra.get("choices", ())),
        placeholder=str(extra.get("placeholder", "")),
    )


def _default(field: msgspec.structs.FieldInfo, inner: Any) -> Any:
    if field.default is not NO_DEFAULT:
        return field.default
    if field.default_factory is not NO_DEFAULT:
        return field.default_factory()
    return () if get_origin(inner) is tuple else False if inner is bool else ""
