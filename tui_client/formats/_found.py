"""What an importer found: our own values, and a line for everything that could not be carried over one to one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import msgspec

from tui_client.model.collection import Environment, Folder
from tui_client.model.request import Request

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Outcome(StrEnum):
    """What became of a construct. With --strict the last two fail an import."""

    IMPORTED = "imported"
    APPROXIMATED = "approximated"
    KEPT = "kept_not_run"
    DROPPED = "dropped"


class Line(msgspec.Struct, frozen=True):
    """One line of the report. All of it is outside text.

    origin: where it stands in the source, as its people would say it: "line 12", "Users / Create user",
    "paths./users.get".
    construct: what it is, in the words of its format: "auth: oauth1", "--limit-rate", "x-www-form-urlencoded file".
    why: a clause: "there is no such auth here; it stands in the description".
    """

    origin: str
    construct: str
    outcome: Outcome
    why: str


class Script(msgspec.Struct, frozen=True):
    """Code of another tool: kept as text, shown, never run. phase: "pre-request", "test"; language: "javascript"."""

    phase: str
    language: str
    content: str


class FoundRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request. folder: the titles of its folders from the outermost in, as the source has them.

    `request.name` is its title, unique or not. extensions: `x-…` tables for its file, {"x-openapi": {…}}; TOML values.
    media: what a recording says came back, in lower case: "xhr", "application/json".
    """

    request: Request
    folder: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()
    extensions: Mapping[str, Any] = NOTHING
    media: tuple[str, ...] = ()


class FoundFolder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder and what its requests share. `shared.path` and `shared.order` are left empty: writing gives them.

    Folders stand in the order of the source, each after the one around it. One without requests is kept.
    """

    path: tuple[str, ...]
    shared: Folder = Folder()
    scripts: tuple[Script, ...] = ()


class FoundDocument(msgspec.Struct, frozen=True):
    """A document that requests refer to. path: with slashes, a file name or below folders; never one that leads out."""

    path: str
    text: str


class FoundCollection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection. shared: of all requests, `path` and `order` empty. Requests in the order of the source.

    environments: their names are outside text. secrets: values of variables that are `Secret()` in an environment, by
    its name; they are written to files that git ignores.
    documents: what its requests came from, kept beside them, the main one first; the `x-…` tables of requests that have
    a `document` get the path where the main one is kept.
    """

    title: str
    shared: Folder = Folder()
    base_url: str = ""
    folders: tuple[FoundFolder, ...] = ()
    requests: tuple[FoundRequest, ...] = ()
    environments: tuple[Environment, ...] = ()
    secrets: Mapping[str, Mapping[str, str]] = NOTHING
    scripts: tuple[Script, ...] = ()
    documents: tuple[FoundDocument, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """All that a document holds. loose: its requests belong to no collection of their own (a curl command)."""

    format: str
    collections: tuple[FoundCollection, ...]
    report: tuple[Line, ...] = ()
    loose: bool = False


class Report:
    """Takes the lines down while a document is read."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def imported(self, origin: str, construct: str, why: str) -> None:
        """It is there, in another place or form, and means the same."""
        self.lines.append(Line(origin, construct, Outcome.IMPORTED, why))

    def approximated(self, origin: str, construct: str, why: str) -> None:
        """It is there, and means nearly the same."""
        self.lines.append(Line(origin, construct, Outcome.APPROXIMATED, why))

    def kept(self, origin: str, construct: str, why: str) -> None:
        """It is kept as text and does nothing."""
        self.lines.append(Line(origin, construct, Outcome.KEPT, why))

    def dropped(self, origin: str, construct: str, why: str) -> None:
        """It is not there."""
        self.lines.append(Line(origin, construct, Outcome.DROPPED, why))
