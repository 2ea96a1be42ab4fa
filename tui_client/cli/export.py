"""`tui-client export`: requests as code, or for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

_EPILOG = """\b
KEY is a request, a folder, a glob, tag:NAME, or . for all.

\b
Formats: curl, httpie, fetch, httpx, httpx-async, requests, k6, locust, har; and for other
tools, with variables kept: http, hurl, opencollection, postman.

\b
Secrets are not exported: they stand as {{name}}, or are read from the environment variable
NAME by code. What of a request the format can't say is told on stderr.

\b
Examples:
  tui-client export users/create --format curl -e local
  tui-client export users --format httpx-async -o users.py
  tui-client export . --format postman -o shop.json
"""


@click.command("export", epilog=_EPILOG, short_help="Write requests as curl, code, or for other tools.")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option(
    "--format", "format_name", required=True, metavar="FORMAT", help="curl, httpx, fetch, postman and others."
)
@options.workspace
@options.environment
@options.variables
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.")
def command(
    keys: tuple[str, ...],
    format_name: str,
    path: Path | None,
    environment: str,
    given: tuple[tuple[str, str], ...],
    file: Path | None,
) -> int:
    """Write requests in a foreign format on stdout, or into a file."""
    from tui_client.cli.files import open_files
    from tui_client.interop.exporting import export, exporter_of
    from tui_client.text import safe_line

    exporter = exporter_of(format_name)
    exported = export(open_files(path), exporter, keys, environment, options.given_values(given))
    if file is not None:
        _write(file, exported.text)
    else:
        with output.for_who_reads():
            output.out(exported.text.removesuffix("\n"))
    for line in exported.report:
        output.say(f"{safe_line(line.origin)}: {safe_line(line.construct)}: {line.outcome}: {safe_line(line.why)}")
    return ExitCode.OK


def _write(file: Path, text: str) -> None:
    from tui_client.storage.atomic import write_atomically

    write_atomically(file.absolute(), text.encode("utf-8", "surrogatepass"))
