"""Scripts of a Postman request, folder or collection: kept as text, or wholly become checks and captures."""

from __future__ import annotations

from typing import Final

from tui_client.formats._found import Script
from tui_client.formats._postman.checks import Checks, understood
from tui_client.formats._postman.place import Place
from tui_client.formats._postman.values import items, rows, table, text

_PHASES: Final = {"prerequest": "pre-request", "test": "test"}


def read_scripts(value: object, place: Place, *, translate: bool) -> tuple[tuple[Script, ...], Checks]:
    """The scripts that are kept, and the checks and captures of those that say no more than these.

    translate: whether a test script may become checks; those of folders and collections may not.
    """
    kept: list[Script] = []
    checks = Checks()
    for event in items(value):
        event = table(event)
        phase = _PHASES.get(text(event.get("listen")), text(event.get("listen")))
        script = event.get("script")
        content, language = _content(script), _language(script)
        if table(script).get("src"):
            place.dropped(f"{phase} script", "stands in another file, which is not fetched")
        if not content.strip():
            continue
        off = event.get("disabled") is True
        found = understood(content) if translate and phase == "test" and not off else None
        if found is not None:
            checks = checks.and_then(found)
            place.imported("test script", f"is {found.told()} now")
            continue
        kept.append(Script(phase, language, content))
        place.kept(f"{phase} script", "is off" if off else "is kept as text and never run")
    return tuple(kept), checks


def _content(script: object) -> str:
    if isinstance(script, dict):
        script = script.get("exec")
    content = "\n".join(map(text, script)) if isinstance(script, list) else text(script)
    return "\n".join(line.rstrip("\r") for line in content.split("\n"))


def _language(script: object) -> str:
    return text(table(script).get("type")).removeprefix("text/") or "javascript"


def note_variables_of(item: object, place: Place) -> None:
    """Report variables of a request: they are nowhere to be put."""
    for row in rows(table(item).get("variable")):
        name = text(row.get("key") or row.get("id"))
        place.dropped(f"variable {name}", "a request has no variables of its own")
