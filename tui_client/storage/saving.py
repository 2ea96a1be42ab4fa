"""Saving: the document as it stands, changed only where the request differs, never over someone else's change."""

from __future__ import annotations

import codecs
import contextlib
import difflib
import hashlib
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import tomli_w

from tui_client import disk
from tui_client.errors import BrokenFile, Conflict, SaveFailed
from tui_client.model.collection import Environment
from tui_client.model.request import Request
from tui_client.storage.atomic import write_atomically
from tui_client.storage.document import MAX_BYTES, Document, Fingerprint
from tui_client.storage.forms import environment_tree, request_tree
from tui_client.storage.inside import is_inside
from tui_client.storage.request_file import read_request
from tui_client.storage.sections import file_text
from tui_client.storage.shared_file import read_environment
from tui_client.storage.splice import Untouchable, patch, same

T = TypeVar("T")

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_NOTHING: Final = Request(method="")
_LEADS_OUT: Final = "it is a link that leads out of the collection"


def new_request_text(path: Path, request: Request, rest: Callable[[str], str] = str) -> str:
    """A new request file in the documented layout. Raises SaveFailed for what TOML can't say.

    rest: makes the whole file of the request's own text.
    """
    return checked_text(path, request, read_request, lambda: rest(file_text(request_tree(request, {}, _NOTHING))))


def edited_request_text(path: Path, text: str, request: Request) -> str:
    """The document with the request in it, everything else as it stood. Raises SaveFailed."""
    document = Document(path, text.replace("\r\n", "\n"))
    old = read_request(document)
    if old == request:
        return text
    return edited(document, text, request_tree(request, document.table, old), request, read_request)


def _same(one: object, two: object) -> bool:
    match one, two:
        case Environment(), Environment():
            return one == two and repr(sorted(one.variables.items())) == repr(sorted(two.variables.items()))
        case _:
            return one == two


def environment_text(path: Path, text: str, environment: Environment) -> str:
    """An environment's document, new or edited in place. Raises SaveFailed, BrokenFile."""
    document = Document(path, text.replace("\r\n", "\n"))

    def read(found: Document) -> Environment:
        return read_environment(found, environment.name)

    old = read(document)
    if _same(old, environment):
        return text
    tree = environment_tree(environment, document.table, old)
    if not document.table and not text.strip():
        return checked_text(path, environment, read, lambda: tomli_w.dumps(tree))
    return edited(document, text, tree, environment, read)


def order_text(path: Path, text: str, order: list[str]) -> str:
    """A folder.toml or collection.toml with another `order`. Raises SaveFailed, BrokenFile."""
    document = Document(path, text.replace("\r\n", "\n"))
    tree = {**document.table, "order": order}
    return edited(document, text, tree, tree, lambda found: found.table)


def edited(document: Document, text: str, tree: dict[str, Any], wanted: T, read: Callable[[Document], T]) -> str:
    """A document with another table in it, read again as what it should be. text: with its own line ends."""
    for anew, comments in ((False, True), (True, True), (True, False)):
        try:
            make = partial(_patched, document, tree, anew=anew, comments=comments)
            edited = checked_text(document.path, wanted, read, make)
        except (Untouchable, SaveFailed):
            continue
        return with_line_ends(text, edited)
    raise SaveFailed(document.path, _why_not(tree))


def _patched(document: Document, tree: dict[str, Any], *, anew: bool, comments: bool) -> str:
    differs = (key for key in tree if key in document.table and not same(tree[key], document.table[key]))
    return patch(document, tree, anew=frozenset(differs) if anew else frozenset(), comments=comments)


def checked_text(path: Path, wanted: T, read: Callable[[Document], T], make: Callable[[], str]) -> str:
    """Text that was read again and says what it should: a file that says something else is never written."""
    try:
        text = make()
        found = read(Document(path, text))
    except (ValueError, BrokenFile) as error:
        raise SaveFailed(path, error.reason if isinstance(error, BrokenFile) else str(error)) from error
    if not _same(found, wanted):
        raise SaveFailed(path, "it holds something that the file format can't say")
    return text


def _why_not(tree: dict[str, Any]) -> str:
    try:
        file_text(tree)
    except ValueError as error:
        return str(error)
    return "it holds something that the file format can't say"


def with_line_ends(original: str, edited: str) -> str:
    """The line ends of the original: unchanged lines keep theirs, new ones get the kind most lines have."""
    if "\r\n" not in original:
        return edited
    if original.count("\r\n") == original.count("\n"):
        return edited.replace("\n", "\r\n")
    before, after = _LINE.findall(original), _LINE.findall(edited)
    bare = [line.replace("\r\n", "\n") for line in before]
    out: list[str] = []
    for kind, start, end, at, stop in difflib.SequenceMatcher(None, bare, after, autojunk=False).get_opcodes():
        out += before[start:end] if kind == "equal" else after[at:stop]
    return "".join(out)


def write_text(
    path: Path,
    root: Path,
    text: str,
    *,
    bom: bool = False,
    fresh: bool = False,
    check: Callable[[], None] | None = None,
) -> Fingerprint:
    """Write a document inside its collection; `check` as in `write_atomically`.

    Raises SaveFailed, also for a link that leads outside.
    """
    data = (codecs.BOM_UTF8 if bom else b"") + text.encode()
    try:
        # A link stays a link, and what it leads to is written.
        real = path if fresh else disk.real_path(path)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error
    if not is_inside(real, root):
        raise SaveFailed(path, _LEADS_OUT)
    write_atomically(real, data, fresh=fresh, root=root, check=check)
    with contextlib.suppress(OSError):
        return Fingerprint(real.stat().st_mtime_ns, len(data), hashlib.sha256(data).hexdigest())
    return Fingerprint(0, len(data), hashlib.sha256(data).hexdigest())


def check_unchanged(path: Path, root: Path, fingerprint: Fingerprint) -> None:
    """Raises Conflict, with their text, if the file is not what was read; SaveFailed if it can't be read."""
    data = bytes_on_disk(path, root)
    if data is None or hashlib.sha256(data).hexdigest() != fingerprint.digest:
        raise Conflict(path, None if data is None else shown_text(data))


def check_text(path: Path, root: Path, text: str | None) -> None:
    """Raises Conflict if the file does not hold this text, None for no file; SaveFailed if it can't be read."""
    data = bytes_on_disk(path, root)
    found = None if data is None else shown_text(data)
    if found != text:
        raise Conflict(path, found)


def bytes_on_disk(path: Path, root: Path) -> bytes | None:
    """What is there now, None if nothing is. Raises SaveFailed for what can't be read, or is of elsewhere."""
    try:
        return disk.read_file(path, root, MAX_BYTES).data
    except FileNotFoundError:
        return None
    except disk.Outside as error:
        raise SaveFailed(path, _LEADS_OUT) from error
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error


def shown_text(data: bytes) -> str:
    """The text of a file that may be broken, as a conflict shows it."""
    return data.decode("utf-8-sig", "replace")


def has_bom(path: Path) -> bool:
    """Whether a file begins with a byte order mark; it keeps it."""
    try:
        with path.open("rb") as file:
            return file.read(3) == codecs.BOM_UTF8
    except OSError:
        return False
