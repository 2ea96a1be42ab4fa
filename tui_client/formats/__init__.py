"""Foreign formats, one file each: bytes in, values out, or values in, text out. Found by IMPORTER and EXPORTERS."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from tui_client.errors import BadKind
from tui_client.formats._format import Exporter, Importer

__all__ = ["exporters", "importers"]


@cache
def importers() -> dict[str, Importer]:
    """Every format that can be read, by its name, in the order of the files."""
    found: dict[str, Importer] = {}
    for module in _modules():
        importer = getattr(module, "IMPORTER", None)
        if importer is not None and not isinstance(importer, Importer):
            raise BadKind(module.__name__, "IMPORTER must be an Importer")
        if importer is not None and importer.name in found:
            raise BadKind(module.__name__, f"the name {importer.name!r} is taken")
        if importer is not None:
            found[importer.name] = importer
    return found


@cache
def exporters() -> dict[str, Exporter]:
    """Every format that can be written, by its name, in the order of the files."""
    found: dict[str, Exporter] = {}
    for module in _modules():
        for exporter in getattr(module, "EXPORTERS", ()):
            if not isinstance(exporter, Exporter) or exporter.name in found:
                raise BadKind(module.__name__, "EXPORTERS must be Exporters, each with a name of its own")
            found[exporter.name] = exporter
    return found


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(__path__):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{__name__}.{info.name}")
