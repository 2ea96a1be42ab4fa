"""What an import would do, as the program that reads it tells a screen: small values, no files."""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

from tui_client.formats._found import Outcome
from tui_client.interop.undoing import Receipt

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

    format: its title. private: files with secret values. target: the offer it is placed for.
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

    receipt: what takes it back.
    """

    collection: str
    key: str
    requests: int
    where: str
    receipt: Receipt


class Undone(msgspec.Struct, frozen=True, tag="undone"):
    """What was written is gone."""


Ask: TypeAlias = Read | Place | Write | Undo
Answer: TypeAlias = Step | Nodes | Lines | Preview | Unknown | Refused | Written | Undone
