"""`tui-client import --update`: a newer version of a document over its requests, with what was edited kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui_client.cli import output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tui_client.formats._format import Source
    from tui_client.formats._found import Found
    from tui_client.interop.updating import Linked, Update
    from tui_client.storage.library import Library

_NONE = "There is no document in {place} that could be updated. Import this one without --update."


class Asked(NamedTuple):
    """The options that say how. into: the document to update, where its title does not tell."""

    into: str
    prune: bool
    dry_run: bool
    strict: bool
    as_json: bool


def run(library: Library, source: Source, found: Found, asked: Asked) -> ExitCode:
    """Find the older version, and put this one over it. Raises UsageError where there is none."""
    from tui_client.interop import importing, updating

    twin = _twin(library, found, asked.into)
    changed = updating.update(library, found, twin, url=source.url, prune=asked.prune)
    refused = asked.strict and importing.lost_lines(changed.report) > 0
    if not asked.dry_run and not refused:
        updating.write(library, changed)
    with output.for_who_reads():
        if asked.as_json:
            output.out_json(_shape(found, changed))
        else:
            _print(changed)
    _say(
        changed, str(library.shelf(changed.collection).root / changed.folder), written=not asked.dry_run and not refused
    )
    if refused:
        output.say("Nothing was written, because of --strict.")
    return ExitCode.CHECKS_FAILED if refused else ExitCode.OK


def hint(library: Library, found: Found) -> str:
    """That there is an older version of what is imported; "" where there is none."""
    from tui_client.interop.updating import twin_of

    twin = twin_of(library, found)
    if twin is None:
        return ""
    return f"{_called(twin)} has an older version of it: --update puts this one over that, and keeps your edits."


def _twin(library: Library, found: Found, into: str) -> Linked:
    from tui_client.errors import UsageError
    from tui_client.interop.updating import linked, twin_of
    from tui_client.text import safe_line

    if found.format != "openapi":
        raise UsageError(f"--update takes OpenAPI documents; this is {found.format}.")
    known = linked(library)
    if not into and (twin := twin_of(library, found)) is not None:
        return twin
    named = [one for one in known if into and into in (one.collection, one.folder, _called(one))]
    if len(named) == 1:
        return named[0]
    if not known:
        raise UsageError(_NONE.format(place=safe_line(str(library.root))))
    listed = ", ".join(f"{safe_line(one.title)} ({safe_line(_called(one))})" for one in known)
    title = safe_line(found.collections[0].title)
    raise UsageError(f"Which one {title} is a version of can't be told. Name it with --into: {listed}.")


def _called(twin: Linked) -> str:
    return f"{twin.collection}:{twin.folder}" if twin.folder else twin.collection


def _shape(found: Found, changed: Update) -> dict[str, object]:
    import msgspec

    return {
        "format": found.format,
        "collection": changed.collection,
        "folder": changed.folder,
        "unchanged": changed.unchanged,
        "changes": [msgspec.to_builtins(change) for change in changed.changes],
        "report": [msgspec.to_builtins(line) for line in changed.report],
    }


def _print(changed: Update) -> None:
    from tui_client.interop.updating import ChangeKind
    from tui_client.text import safe_line

    for line in changed.report:
        output.out_line(
            f"{line.outcome:<13} {safe_line(line.origin)}: {safe_line(line.construct)}: {safe_line(line.why)}"
        )
    for kind in ChangeKind:
        for change in changed.changes:
            if change.kind is kind:
                output.out_line(safe_line(f"{kind:<8} {change.key or change.title}: {'; '.join(change.what)}"))


def _say(changed: Update, place: str, *, written: bool) -> None:
    from tui_client.interop.updating import ChangeKind
    from tui_client.text import format_count, safe_line

    counts = [f"{format_count(number)} {kind}" for kind in ChangeKind if (number := changed.count(kind))]
    if not changed.files and not counts:
        output.say(safe_line(f"{changed.title}: nothing changed."))
        return
    said = ", ".join((*counts, f"{format_count(changed.unchanged)} unchanged"))
    output.say(safe_line(f"{changed.title}: {said}."))
    if changed.files:
        output.say(safe_line(f"{'Written to' if written else 'It would be written to'} {place}."))
