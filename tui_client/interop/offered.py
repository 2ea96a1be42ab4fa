"""What an import would do, as the program that reads it tells a screen: small values, no files."""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

from tui_client.formats._found import Line, Outcome
from tui_client.interop.undoing import Receipt

_LONGEST: Final = 500  # characters of a title or a URL that anyone looks at
_LONGEST_WHY: Final = 2000
NEW: Final = ""  # the target: new collections beside the others


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Read this. word: a path; or text: what was pasted; or data, which was fetched from url.

    format: by its name, "" to see it from the content.
    """

    word: str = ""
    text: str = ""
    data: bytes = b""
    name: str = ""
    url: str = ""
    format: str = ""


class Place(msgspec.Struct, frozen=True, tag="place"):
    """Let it go elsewhere: the id of an `Offer`."""

    target: str


class Write(msgspec.Struct, frozen=True, tag="write"):
    """Write it where it was placed last."""


class Undo(msgspec.Struct, frozen=True, tag="undo"):
    """Take back what was written."""

    receipt: Receipt


class Step(msgspec.Struct, frozen=True, tag="step"):
    """What is done now: "large.json, 10.2 MB"."""

    words: str


class Node(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of what will be made. method: "" for what is no request. path: of its file or folder. about: its URL."""

    depth: int
    title: str
    method: str
    path: str
    about: str = ""
    is_folder: bool = False


class Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line of the report."""

    outcome: Outcome
    origin: str
    construct: str
    why: str


class Nodes(msgspec.Struct, frozen=True, tag="nodes"):
    """Some rows of the tree that a preview has."""

    rows: tuple[Node, ...]


class Lines(msgspec.Struct, frozen=True, tag="lines"):
    """Some lines of the report that a preview has."""

    rows: tuple[Said, ...]


class Offer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A place where it may go. id: NEW, or "COLLECTION:FOLDER"."""

    id: str
    label: str


class Preview(msgspec.Struct, frozen=True, kw_only=True, tag="preview"):
    """All that would be written. All texts are outside text.

    format: its title. private: files with secret values. target: the offer it is placed for. changes: of an update,
    how many of each kind; unchanged: requests that stay as they are. update: the offer of one, "" for none.
    """

    format: str
    title: str
    requests: int
    folders: int
    environments: int
    files: int
    private: int
    target: str
    where: str
    offers: tuple[Offer, ...]
    is_update: bool = False
    changes: tuple[tuple[str, int], ...] = ()
    unchanged: int = 0
    update: str = ""
    tree: tuple[Node, ...] = ()
    report: tuple[Said, ...] = ()


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """It is of no format that is known. formats: name and title of those that can be read."""

    reason: str
    formats: tuple[tuple[str, str], ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It can't be done; a sentence."""

    reason: str


class Written(msgspec.Struct, frozen=True, kw_only=True, tag="written"):
    """It stands. collection, key: of what to look at; a key in that collection, "" for none. where: its path.

    done: what was done, without a full stop. receipt: what takes it back, None where nothing does.
    """

    collection: str
    key: str
    where: str
    done: str
    receipt: Receipt | None = None


class Undone(msgspec.Struct, frozen=True, tag="undone"):
    """What was written is gone."""


Ask: TypeAlias = Read | Place | Write | Undo
Answer: TypeAlias = Step | Nodes | Lines | Preview | Unknown | Refused | Written | Undone


def short(text: str) -> str:
    """The text, or its beginning."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def said_of(line: Line) -> Said:
    """A line of a report as it is shown."""
    return Said(line.outcome, short(line.origin), short(line.construct), line.why[:_LONGEST_WHY])
