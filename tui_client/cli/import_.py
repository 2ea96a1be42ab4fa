"""`tui-client import`: what other tools saved, as requests of ours, with a report of what could not be carried over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tui_client.cli.import_update import Asked
    from tui_client.formats._format import Source
    from tui_client.formats._found import Found
    from tui_client.interop.importing import Target
    from tui_client.interop.placing import Placed
    from tui_client.model.options import SendOptions
    from tui_client.storage.library import Library

_EPILOG = """\b
SOURCE is a file, a URL, a folder of Bruno's or Posting's, or - for the standard input.
What it is, is seen from its content; nothing in it is run, fetched or followed.
A document becomes a collection of its own beside the others, or a folder where the
workspace is a collection; a curl command becomes a request of the first collection.

\b
Formats: bruno, curl, har, http (.http and .rest), hurl, insomnia,
openapi (Swagger too), posting, postman, slumber.

\b
The report names everything that is not one to one: imported (in another form),
approximated, kept_not_run (as text), dropped. With --strict the last two write nothing
and exit with 1.

\b
With --update a newer OpenAPI document goes over the requests of the older one: what you
changed stays, what is new comes, what is gone is told.

\b
Examples:
  tui-client import openapi.json
  tui-client import :8000/openapi.json
  tui-client import shop.postman_collection.json --dry-run
  pbpaste | tui-client import - --into users
  tui-client import ~/bruno/shop --json --dry-run
  tui-client import page.har --host '*.example.com' --type xhr
  tui-client import openapi.json --update
"""


@click.command("import", epilog=_EPILOG, short_help="Bring requests of other tools.")
@click.argument("source")
@click.option("--format", "format_name", default="", metavar="FORMAT", help="The format, where it is not recognised.")
@options.workspace
@click.option("--into", default="", metavar="FOLDER", help="A folder of the collection; made if it is not there.")
@click.option("--host", "hosts", multiple=True, metavar="GLOB", help="Only requests to these hosts; repeatable.")
@click.option(
    "--method", "methods", multiple=True, metavar="METHOD", help="Only requests of these methods; repeatable."
)
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    help="Only what a recording has as of this type: xhr, json, image/*; repeatable.",
)
@click.option("--update", is_flag=True, help="Put a newer OpenAPI document over the older one; your edits stay.")
@click.option("--prune", is_flag=True, help="With --update: remove what is no longer in it and was never edited.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--strict", is_flag=True, help="Write nothing if something is only kept as text, or dropped.")
@options.as_json
def command(
    source: str,
    format_name: str,
    path: Path | None,
    into: str,
    hosts: tuple[str, ...],
    methods: tuple[str, ...],
    types: tuple[str, ...],
    update: bool,
    prune: bool,
    dry_run: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Turn a foreign document into requests, folders and environments of ours."""
    from tui_client.cli import import_update
    from tui_client.interop.filtering import Wanted, filtered
    from tui_client.interop.recognise import read_source
    from tui_client.replay.calm import calm_collector
    from tui_client.storage.library import Library
    from tui_client.workspace import open_library

    _check(update=update, prune=prune, filters=bool(hosts or methods or types))
    # A workspace that is not there yet is made.
    library = open_library(path) if path is None or path.exists() else Library(path)
    opened = _opened(source, library.defaults)
    asked = import_update.Asked(into, prune=prune, dry_run=dry_run, strict=strict, as_json=as_json)
    with calm_collector():  # a large document is a million objects, all of which live to the end
        found, left_out = read_source(opened, format_name), ""
        if wanted := Wanted(hosts, methods, types):
            found, left_out = filtered(found, wanted)
        if update:
            return import_update.run(library, opened, found, asked)
        return _import(library, found, asked, left_out)


def _import(library: Library, found: Found, asked: Asked, left_out: str) -> ExitCode:
    """Put it where it belongs, and say so. left_out: what filters left out, in a sentence."""
    from tui_client.cli import import_update
    from tui_client.interop import importing
    from tui_client.text import safe_line

    older = import_update.hint(library, found)
    target = importing.target_of(library, found, asked.into)
    placed = importing.place(found, target)
    refused = asked.strict and importing.lost(placed) > 0
    if not asked.dry_run and not refused:
        importing.write(placed, target)
    with output.for_who_reads():
        if asked.as_json:
            _print_json(found, placed)
        else:
            _print_report(placed)
    _say(found, placed, target, written=not asked.dry_run and not refused)
    for sentence in filter(None, (older, left_out)):
        output.say(safe_line(sentence))
    if refused:
        output.say("Nothing was written, because of --strict.")
    return ExitCode.CHECKS_FAILED if refused else ExitCode.OK


def _check(*, update: bool, prune: bool, filters: bool) -> None:
    from tui_client.errors import UsageError

    if prune and not update:
        raise UsageError("--prune goes with --update.")
    if update and filters:
        # What was left out would look like what is gone.
        raise UsageError("--update takes the whole document: leave --host, --method and --type out.")


def _opened(word: str, defaults: SendOptions) -> Source:
    from tui_client.interop.fetching import is_url
    from tui_client.interop.source import open_source

    # What is there under this name is meant, whatever it looks like.
    return _fetched(word, defaults) if is_url(word) and not Path(word).exists() else open_source(word)


def _fetched(url: str, defaults: SendOptions) -> Source:
    import asyncio

    from tui_client.cli.import_fetching import fetch

    return asyncio.run(fetch(url, defaults))


def _print_json(found: Found, placed: Placed) -> None:
    from tui_client.interop.shape import as_json

    output.out_json(as_json(found, placed))


def _print_report(placed: Placed) -> None:
    from tui_client.text import safe_line

    for line in placed.report:
        output.out_line(
            f"{line.outcome:<13} {safe_line(line.origin)}: {safe_line(line.construct)}: {safe_line(line.why)}"
        )


def _say(found: Found, placed: Placed, target: Target, *, written: bool) -> None:
    from collections import Counter

    from tui_client.formats import importers
    from tui_client.text import format_count, safe_line

    title = importers()[found.format].title if found.format in importers() else found.format
    counts = Counter(line.outcome for line in placed.report)
    said = ", ".join(f"{format_count(number)} {outcome}" for outcome, number in sorted(counts.items()))
    figures = ((len(placed.requests), "request"), (len(placed.folders), "folder"))
    counted = ", ".join(f"{format_count(number)} {word}{'s' * (number != 1)}" for number, word in figures)
    output.say(safe_line(f"{title}: {counted}; {said or 'all carried over one to one'}."))
    place = target.root or target.workspace
    names = ", ".join(str(place / name) for name in placed.collections) or str(place / target.folder)
    output.say(safe_line(f"{'Written to' if written else 'It would be written to'} {names}."))
