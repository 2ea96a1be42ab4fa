"""`tui-client trust`: what collections may reach on this machine; list it, allow more, take it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode
from tui_client.errors import UsageError

if TYPE_CHECKING:
    from tui_client.trust.grants import Grant
    from tui_client.trust.store import GrantStore

_Given: TypeAlias = "Mapping[str, tuple[Grant, ...]]"
_ALLOW: Final = "tui-client trust allow env:HOME --collection collections/shop"
_EPILOG = """\b
A grant is one of
  env:NAME                 an environment variable of this machine
  file:PATH                a file or folder outside the collection, or a socket
  host:HOST[:PORT]         a host that may get secrets
  insecure:HOST[:PORT]     a host whose certificate is not verified
It is for one collection, and kept outside of it: a copy of the collection, or one that was
moved, is asked for anew.

\b
Examples:
  tui-client trust list
  tui-client trust allow env:HOME --collection collections/shop
  tui-client trust allow host:api.example.com:443
  tui-client trust revoke file:../data --collection collections/shop
  tui-client trust revoke --all
"""

_collection = click.option(
    "-C",
    "--collection",
    "path",
    type=click.Path(path_type=Path),
    help="The collection's directory. [default: all for list and revoke, for allow the one in ./collections]",
)


@click.group(
    "trust",
    epilog=_EPILOG,
    invoke_without_command=True,
    short_help="List what collections may reach, allow more, take it back.",
)
@click.pass_context
def command(context: click.Context) -> int:
    """What collections may reach on this machine, as you decided. Without a command: the list of all."""
    return _list(None, as_json=False) if context.invoked_subcommand is None else ExitCode.OK


@command.command(
    "list",
    epilog="\b\nExamples:\n  tui-client trust list\n  tui-client trust list -C collections/shop --json",
    short_help="List what was granted, and to which collection.",
)
@_collection
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list on stdout.")
def list_grants(path: Path | None, as_json: bool) -> int:
    """List what was granted: kind, subject, and the collection that may reach it."""
    return _list(path, as_json=as_json)


def _list(path: Path | None, *, as_json: bool) -> ExitCode:
    given = _given(_store(), path)
    if as_json:
        output.out_json([_entry(collection, grant) for collection, grant in _pairs(given)])
    elif given:
        for line in _table(given):
            output.out_line(line)
    else:
        whom = "any collection" if path is None else f"the collection {path}"
        output.say(f"Nothing was granted to {whom}. Allow something with, say: {_ALLOW}")
    return ExitCode.OK


@command.command("allow", epilog=f"\b\nExamples:\n  {_ALLOW}\n  tui-client trust allow 'file:../my data'")
@click.argument("grant", metavar="GRANT", type=options.grant)
@_collection
def allow(grant: Grant, path: Path | None) -> int:
    """Let a collection reach something from now on."""
    from tui_client.trust.words import deed

    root = _root(path)
    _store().add(root, grant)
    output.say(f"{root} may {deed(grant)}.")
    return ExitCode.OK


@command.command(
    "revoke",
    epilog="\b\nExamples:\n  tui-client trust revoke env:HOME\n  tui-client trust revoke --all",
    short_help="Take back a grant, or all of them.",
)
@click.argument("written", metavar="[GRANT]", default="")
@click.option("--all", "everything", is_flag=True, help="All that was granted, in place of one GRANT.")
@_collection
def revoke(written: str, everything: bool, path: Path | None) -> int:
    """Take back a grant, from one collection or from all that have it. Who needs it again asks again."""
    if bool(written) == everything:
        raise UsageError("Give one GRANT to take back, env:HOME for example, or --all.")
    from tui_client.trust.words import deed

    store = _store()
    given = _given(store, path)
    found = list(_pairs(given))
    if written:
        found = [(collection, grant) for collection, grant in found if _is_meant(grant, written)]
        if not found:
            raise UsageError(_never_given(written, given, path))
    for collection, grant in found:
        store.revoke(collection, grant)
        output.say(f"{collection} may no longer {deed(grant)}.")
    if not found:
        output.say("There was nothing to take back.")
    return ExitCode.OK


def _store() -> GrantStore:
    from tui_client import config
    from tui_client.trust.store import GrantStore

    return GrantStore(config.named(config.state_dir) / "grants.json")


def _given(store: GrantStore, path: Path | None) -> _Given:
    """What was granted, to all or to one; that one may be gone, and its grants are to be seen all the same."""
    from tui_client.trust.store import place

    found = store.all()
    if path is None:
        return found
    own = place(path)
    if own not in found and path.is_dir():
        own = place(_root(path))
    return {own: found[own]} if own in found else {}


def _root(path: Path | None) -> Path:
    """The one collection that is meant. Raises UsageError."""
    from tui_client.workspace import open_library

    library = open_library(path)
    roots = [collection.root for collection in library.collections()]
    if not roots:
        raise UsageError(f"{library.root} holds no collection. Give one with --collection PATH.")
    if len(roots) > 1:
        names = ", ".join(str(root) for root in roots)
        raise UsageError(f"Grants are for one collection. Say which with --collection PATH: {names}.")
    return roots[0]


def _is_meant(grant: Grant, text: str) -> bool:
    from tui_client.trust.grants import parse_grant, written

    # As it is listed too: where its path led when it was granted, another one may lie by now.
    return text == written(grant) or parse_grant(text) == grant


def _never_given(text: str, given: _Given, path: Path | None) -> str:
    from tui_client.trust.grants import parse_grant, written

    parse_grant(text)
    whom = "any collection" if path is None else str(path)
    there = ", ".join(dict.fromkeys(written(grant) for _, grant in _pairs(given)))
    return f"{text} was never granted to {whom}. " + (f"What was: {there}." if there else "Nothing was.")


def _pairs(given: _Given) -> Iterator[tuple[str, Grant]]:
    for collection, grants in given.items():
        for grant in grants:
            yield collection, grant


def _entry(collection: str, grant: Grant) -> dict[str, object]:
    from tui_client.trust.grants import written

    there = Path(collection).is_dir()
    return {
        "kind": grant.kind.value,
        "subject": grant.subject,
        "collection": collection,
        "grant": written(grant),
        "collection_exists": there,
    }


def _table(given: _Given) -> Iterator[str]:
    from tui_client.text import safe_line

    rows = [("kind", "subject", "collection")]
    for collection, grant in _pairs(given):
        gone = "" if Path(collection).is_dir() else " (gone)"
        rows.append((grant.kind.value, safe_line(grant.subject), f"{safe_line(collection)}{gone}"))
    widths = [min(60, max(len(row[column]) for row in rows)) for column in (0, 1)]
    for kind, subject, collection in rows:
        yield f"{kind:<{widths[0]}}  {subject:<{widths[1]}}  {collection}"
