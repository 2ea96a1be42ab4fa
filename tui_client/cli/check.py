"""`tui-client check`: read every file of a workspace and say what can't be read, and which secrets others could."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tui_client.errors import BrokenFile
    from tui_client.storage.library import Library

_EPILOG = """\b
Exits with 3 if any file is broken; with --strict, with 1 if there are warnings.

\b
Warnings, on stderr: secrets that stand in plain in requests, environments, batches and
data (of each file, the first MiB), files of secrets that others can read or that git
would keep, and places in `order` that nothing has. No secret is ever printed, but for
the first signs that all of its kind have (ghp_…).

\b
Examples:
  tui-client check
  tui-client check -C collections/shop --strict
  tui-client check --json
"""


class _Warning(NamedTuple):
    """kind: "order", "secret" (in plain) or "file" (of secrets, open to others)."""

    kind: str
    where: BrokenFile
    words: str


@click.command("check", epilog=_EPILOG, short_help="Name every file that is broken, and where.")
@options.workspace
@click.option("--strict", is_flag=True, help="Warnings fail, with exit code 1.")
@click.option("--json", "as_json", is_flag=True, help="Print problems and warnings as one JSON object on stdout.")
def command(path: Path | None, strict: bool, as_json: bool) -> int:
    """Name every broken file: path, line, column, the place in the TOML, and the reason. The rest is read too.

    Templates, queries and patterns that can never be used are told too; variables are not looked up.
    """
    from tui_client.cli.files import open_files

    library = open_files(path)
    problems = list(library.problems())
    warnings = list(_warnings(library))
    count, broken = library.count_files(), len({problem.path for problem in problems})
    with output.for_who_reads():
        if as_json:
            output.out_json(_as_json(count, broken, problems, warnings))
        else:
            _show(problems)
    if not as_json:
        _say(warnings)
        said = [f"{broken} broken"] if broken else []
        said += [f"{len(warnings)} warning{'s' * (len(warnings) > 1)}"] if warnings else []
        output.say(f"{count} files read, {', '.join(said) or 'all well'}.")
    if broken:
        return ExitCode.FILE
    return ExitCode.CHECKS_FAILED if strict and warnings else ExitCode.OK


def _warnings(library: Library) -> Iterator[_Warning]:
    from tui_client.storage.secret_scan import open_secrets, plain_secrets

    for oddity in library.warnings():
        yield _Warning("order", oddity, f"{oddity.reason}; it is passed over")
    for collection in library.collections():
        for found in plain_secrets(collection.root):
            yield _Warning("secret", found, found.reason)
        for found in open_secrets(collection.root):
            yield _Warning("file", found, found.reason)


def _show(problems: list[BrokenFile]) -> None:
    from tui_client.model.wording import describe_error

    for problem in problems:
        output.out_line(describe_error(problem))


def _say(warnings: list[_Warning]) -> None:
    from tui_client.model.wording import broken_place
    from tui_client.text import safe_line

    for warning in warnings:
        output.say(safe_line(f"{broken_place(warning.where)}: {warning.words}."))
    if any(warning.kind == "secret" for warning in warnings):
        output.say(
            "Write NAME = { secret = true } among the variables, {{NAME}} in place of the secret, and the secret into "
            "environments/ENVIRONMENT.secret.toml. One that was shared before is known: renew it."
        )


def _as_json(count: int, broken: int, problems: list[BrokenFile], warnings: list[_Warning]) -> dict[str, object]:
    return {
        "files": count,
        "broken": broken,
        "problems": [_entry(problem, "broken", problem.reason) for problem in problems],
        "warnings": [_entry(warning.where, warning.kind, warning.words) for warning in warnings],
    }


def _entry(where: BrokenFile, kind: str, reason: str) -> dict[str, object]:
    return {
        "kind": kind,
        "path": str(where.path),
        "line": where.line,
        "column": where.column,
        "toml_path": where.toml_path,
        "reason": reason,
    }
