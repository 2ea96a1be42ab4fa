"""Finding the kinds: one file, one KIND, checked by type when it is loaded."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TypeVar

from tui_client.errors import BadKind

T = TypeVar("T")


@cache
def load_kinds(package: str, base: type[T]) -> dict[str, type[T]]:
    """Map the tag of every kind in `package` to its class, in the order of the file names.

    Each module whose name does not begin with "_" defines KIND, a subclass of `base` with a msgspec tag.
    Raises BadKind, naming the module, for a file that does not.
    """
    found: dict[str, type[T]] = {}
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.name.startswith("_"):
            continue
        name = f"{package}.{info.name}"
        kind = getattr(importlib.import_module(name), "KIND", None)
        if not (isinstance(kind, type) and issubclass(kind, base)):
            raise BadKind(name, f"KIND must be a subclass of {base.__name__}")
        tag = getattr(getattr(kind, "__struct_config__", None), "tag", None)
        if not isinstance(tag, str):
            raise BadKind(name, "KIND has no tag")
        if tag in found:
            raise BadKind(name, f"the tag {tag!r} is taken by {found[tag].__module__}")
        found[tag] = kind
    return found
