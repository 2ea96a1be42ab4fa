"""Requests of ours as what an exporter takes: with what they inherit, and as they are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from tui_client.errors import RequestFailed, UsageError
from tui_client.formats import exporters
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Line, Outcome
from tui_client.model.effective import EffectiveRequest, ResolvedRequest
from tui_client.model.variables import Choice, Constant
from tui_client.model.wording import describe
from tui_client.storage.library import Library
from tui_client.template import resolve
from tui_client.template.needs import reached_by

_BASE_URL: Final = "base_url"
_UNSENT: Final = ResolvedRequest(key="", method="", url="")


def exporter_of(name: str) -> Exporter:
    """An exporter by its name. Raises UsageError."""
    known = exporters()
    if name not in known:
        raise UsageError(f"There is no format {name!r} to export to. There are {', '.join(known)}.")
    return known[name]


def export(
    library: Library, exporter: Exporter, wanted: Sequence[str], environment: str, given: Mapping[str, str]
) -> Exported:
    """The requests that the targets mean, in one text. given: variables of the command line.

    One that can't be sent, as a value is missing, is left out and reported. Raises NotFound, BrokenFile, and UsageError
    where nothing is left.
    """
    keys = library.select(wanted)
    if not keys:
        raise UsageError("There is nothing to export: no request matches.")
    items: list[Item] = []
    left_out: list[Line] = []
    for key in keys:
        try:
            request = library.effective(key, environment)
            items.append(_item(exporter, request, given))
        except RequestFailed as error:
            left_out.append(Line(key, "request", Outcome.DROPPED, describe(error.failure)))
    if not items:
        raise UsageError(f"None of them can be exported. {left_out[0].origin}: {left_out[0].why}")
    exported = exporter.write(items)
    return msgspec.structs.replace(exported, report=(*left_out, *exported.report))


def export_one(exporter: Exporter, request: EffectiveRequest, given: Mapping[str, str] = {}) -> Exported:
    """A request as it stands, saved or not. Raises RequestFailed where a value that it needs is missing."""
    return exporter.write([_item(exporter, request, given)])


def _item(exporter: Exporter, request: EffectiveRequest, given: Mapping[str, str]) -> Item:
    *folder, last = request.key.rpartition(":")[2].split("/")
    sent = _UNSENT if exporter.keeps_templates else _sent(request, given)
    return Item(title=request.name or last or "request", folder=tuple(folder), request=request, sent=sent)


def _sent(request: EffectiveRequest, given: Mapping[str, str]) -> ResolvedRequest:
    """What is sent; what is known only then stands as {{name}}."""
    scope = request.scope.over("command line", {name: Constant(value, literal=True) for name, value in given.items()})
    later: dict[str, Constant] = {}
    for name in reached_by(request, scope).names:
        declared = scope.find(name)
        if declared is None or not isinstance(declared[1], Constant | Choice):
            later[name] = Constant(f"{{{{{name}}}}}", literal=True)
    later.pop(_BASE_URL, None)  # a URL that needs it can't do without; one that begins with a variable can
    sent = resolve(request, scope.over("later", later))
    return msgspec.structs.replace(sent, url=_with_names(sent.url, later))


def _with_names(url: str, later: Mapping[str, Constant]) -> str:
    """The names as they are read, where the URL has them encoded."""
    for name in later:
        encoded = quote(f"{{{{{name}}}}}", safe="")
        url = re.sub(re.escape(encoded), f"{{{{{name}}}}}", url, flags=re.IGNORECASE)
    return url
