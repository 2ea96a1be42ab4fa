"""What the app and the process that filters say to each other: JSON in frames, and bytes that a frame announces."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

LARGEST: Final = 64 << 20  # bytes of a body, and of what is found in it before it is indented
LARGEST_MARKUP: Final = 16 << 20
LENGTH_BYTES: Final = 4


class Source(StrEnum):
    """How a body is read to be filtered."""

    JSON = "json"
    LINES = "lines"  # a JSON value a line
    XML = "xml"
    HTML = "html"


class Tool(StrEnum):
    """What an expression is for."""

    JSONPATH = "JSONPath"
    JQ = "jq"
    XPATH = "XPath"


class Load(msgspec.Struct, frozen=True):
    """The first word to the process: `size` bytes of the body follow."""

    size: int
    source: Source
    charset: str


class Loaded(msgspec.Struct, frozen=True):
    """Whether the body could be read. `problem`: why not, a clause without its stop."""

    problem: str = ""


class Ask(msgspec.Struct, frozen=True):
    """Evaluate this. limit_s: so long until the process may be taken for dead."""

    expr: str
    tool: Tool
    limit_s: float


class Found(msgspec.Struct, frozen=True):
    """What came of it: `size` bytes of a document follow. `problem`: a clause without its stop, "" if there is none.

    roots: the JSONPaths of the first nodes. superseded: it was given up, or never begun, for an interrupt.
    """

    nodes: int = 0
    size: int = 0
    markup: bool = False
    plain: bool = False
    problem: str = ""
    roots: tuple[str, ...] = ()
    superseded: bool = False


def framed(message: Load | Loaded | Ask | Found) -> bytes:
    """A message and its length."""
    data = msgspec.json.encode(message)
    return len(data).to_bytes(LENGTH_BYTES, "big") + data
