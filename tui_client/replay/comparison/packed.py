"""The outcome of comparing two texts as bytes: what a process of its own hands back, read where it lies."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tui_client.replay.comparison.blocks import STOPS, Blocks, Layout, folded, starts_of

_LENGTH_BYTES: Final = 8
_ALIGNED: Final = 8


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a comparison as a whole.

    how: "json", "markup" or "lines". counts: of changed, removed, added, written, ignored. remarks: sentences; outside
    text is in them. sections: where each lies, as (offset, length) in bytes.
    """

    how: str
    changed: int = 0
    removed: int = 0
    added: int = 0
    written: int = 0
    ignored: int = 0
    remarks: tuple[str, ...] = ()
    sections: Mapping[str, tuple[int, int]] = {}

    @property
    def differs(self) -> bool:
        """Whether anything differs that is not left out."""
        return bool(self.changed or self.removed or self.added)


def pack(head: Head, texts: tuple[bytes, bytes], lines: tuple[Sequence[int], Sequence[int]], blocks: Blocks) -> bytes:
    """The sections, then the head, then its length. lines: the starts of lines in the texts, and their ends last."""
    parts: dict[str, bytes | bytearray | array[int]] = {
        "left.text": texts[0],
        "right.text": texts[1],
        "left.lines": array("I", lines[0]),
        "right.lines": array("I", lines[1]),
        "kinds": blocks.kinds,
        "left": blocks.left,
        "left.count": blocks.left_count,
        "right": blocks.right,
        "right.count": blocks.right_count,
        "stops": array("I", (at for at, kind in enumerate(blocks.kinds) if kind in STOPS)),
        **_places(blocks.places),
    }
    for layout in Layout:
        starts = starts_of(blocks, layout)
        folds = folded(blocks, starts)
        parts[f"{layout}.starts"] = starts
        parts[f"{layout}.shown"] = folds.shown
        parts[f"{layout}.full"] = folds.full
        parts[f"{layout}.hidden"] = folds.hidden
        parts[f"{layout}.total"] = array("I", [folds.total])
    return _written(head, parts)


def _places(places: list[str]) -> dict[str, bytes | array[int]]:
    ends = array("I", [0])
    encoded = [place.encode("utf-8", "replace") for place in places]
    size = 0
    for place in encoded:
        size += len(place)
        ends.append(size)
    return {"places": b"".join(encoded), "places.ends": ends}


def _written(head: Head, parts: Mapping[str, bytes | bytearray | array[int]]) -> bytes:
    pieces: list[bytes] = []
    sections: dict[str, tuple[int, int]] = {}
    at = 0
    for name, part in parts.items():
        data = part.tobytes() if isinstance(part, array) else bytes(part)
        sections[name] = (at, len(data))
        pieces += [data, bytes(-len(data) % _ALIGNED)]
        at += len(data) + -len(data) % _ALIGNED
    tail = msgspec.msgpack.encode(msgspec.structs.replace(head, sections=sections))
    return b"".join([*pieces, tail, len(tail).to_bytes(_LENGTH_BYTES, "little")])


def read_head(data: memoryview) -> Head:
    """The head of packed bytes. Raises ValueError for bytes that were cut."""
    length = int.from_bytes(data[-_LENGTH_BYTES:], "little")
    try:
        return msgspec.msgpack.decode(data[len(data) - _LENGTH_BYTES - length : -_LENGTH_BYTES], type=Head)
    except msgspec.DecodeError as error:
        raise ValueError("the comparison was cut") from error
