"""One comparison of two bodies as text: JSON by its values, all else line by line."""

from __future__ import annotations

import codecs
import re
from typing import Final

import msgspec

from tui_client.errors import QueryError
from tui_client.model.charset import DecodedText, decode_body
from tui_client.replay.comparison.aligned_json import Document, JsonDiff, RepeatedName
from tui_client.replay.comparison.aligned_lines import Lines, line_blocks
from tui_client.replay.comparison.blocks import Blocks, Kind
from tui_client.replay.comparison.packed import Head, pack
from tui_client.replay.diff.ignore import Ignore
from tui_client.replay.diff.values import parse
from tui_client.text import format_bytes, redact

LARGEST_JSON: Final = 16 << 20
_MARKUP: Final = re.compile(r">\s*<")
_LONG_LINE: Final = 1000


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """How to compare. types: the Content-Types. ignore: JSONPaths. secrets: masked in both before all else."""

    left_type: str = ""
    right_type: str = ""
    ignore: tuple[str, ...] = ()
    secrets: frozenset[str] = frozenset()


class _NotJson(Exception):
    """Why the two can't be compared as JSON; "" if they don't look like it."""


class _TooLarge(_NotJson):
    """JSON, but more of it than its values would leave memory for."""


def compare_texts(job: Job, left: bytes, right: bytes) -> bytes:
    """Compare two bodies; gives what `DiffRows` reads. Never fails for what a server sent."""
    sides = _text(left, job.left_type, job.secrets), _text(right, job.right_type, job.secrets)
    problems = tuple(
        f"{name}: {problem}." for name, text in zip(("Left", "Right"), sides, strict=True) for problem in text.problems
    )
    left_text, right_text = (side.text for side in sides)
    try:
        return _as_json(job, left_text, right_text, problems)
    except _NotJson as reason:
        said = str(reason)
        if isinstance(reason, _TooLarge):
            left_text, right_text = _indented(left_text), _indented(right_text)
    remarks = (*problems, f"Compared line by line: {said}.") if said else problems
    return _as_lines(job, left_text, right_text, remarks)


def _text(body: bytes, content_type: str, secrets: frozenset[str]) -> DecodedText:
    decoded = decode_body(body, content_type)
    return msgspec.structs.replace(decoded, text=redact(decoded.text, secrets)) if secrets else decoded


# JSON


def _as_json(job: Job, left: str, right: str, problems: tuple[str, ...]) -> bytes:
    if not all(text.lstrip()[:1] in ("{", "[") or _is_json_type(kind) for text, kind in _sides(job, left, right)):
        raise _NotJson("")
    if max(len(left), len(right)) > LARGEST_JSON:
        raise _TooLarge(f"JSON is compared by its values up to {format_bytes(LARGEST_JSON)}")
    before, after = _document("left", left), _document("right", right)
    diff, remarks = _diff(before, after, job.ignore)
    remarks = problems + remarks
    if diff.reordered:
        objects = "1 object" if diff.reordered == 1 else f"{diff.reordered:,} objects"
        remarks += (f"The names in {objects} stand in another order, which is no difference.",)
    head = _head("json", diff.blocks, remarks)
    return pack(head, (before.text, after.text), (before.lines, after.lines), diff.blocks)


def _diff(before: Document, after: Document, ignore: tuple[str, ...]) -> tuple[JsonDiff, tuple[str, ...]]:
    try:
        return JsonDiff(before, after, Ignore(ignore)), ()
    except RepeatedName:
        raise _NotJson("a name stands twice in an object") from None
    except QueryError as error:
        diff, _ = _diff(before, after, ())
        return diff, (f"Nothing is left out: the ignored path {error.reason}.",)


def _sides(job: Job, left: str, right: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (left, job.left_type), (right, job.right_type)


def _is_json_type(content_type: str) -> bool:
    media = content_type.partition(";")[0].strip().lower()
    return media.endswith(("/json", "+json"))


def _document(side: str, text: str) -> Document:
    try:
        value = parse(text)
        data = text.encode("utf-8", "replace").removeprefix(codecs.BOM_UTF8)
        return Document(value, msgspec.json.format(data, indent=2))
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise _NotJson(f"the {side} one is not JSON that can be read: {_reason(error)}") from error


def _indented(text: str) -> str:
    """The text on lines of its own, if it is JSON."""
    try:
        return msgspec.json.format(text, indent=2)
    except (RecursionError, msgspec.DecodeError):
        return text


def _reason(error: Exception) -> str:
    return str(error).removeprefix("JSON is malformed: ").rstrip(".")


# Lines


def _as_lines(job: Job, left: str, right: str, remarks: tuple[str, ...]) -> bytes:
    how = "lines"
    if any(_is_squeezed_markup(text) for text in (left, right)):
        how, left, right = "markup", _MARKUP.sub(">\n<", left), _MARKUP.sub(">\n<", right)
        remarks += ("Broken into lines between its tags, blanks there not counted.",)
    before, after = (Lines(text.encode("utf-8", "replace")) for text in (left, right))
    blocks = line_blocks(before, after)
    if ("\r\n" in left and "\r\n" not in right) or ("\r\n" in right and "\r\n" not in left):
        remarks += (f"Only the lines of the {'left' if chr(13) in left else 'right'} one end in CR LF.",)
    if job.ignore:
        remarks += ("Ignored paths are for JSON.",)
    head = _head(how, blocks, remarks)
    return pack(head, (before.text, after.text), (before.starts, after.starts), blocks)


def _is_squeezed_markup(text: str) -> bool:
    start = text.lstrip()[:_LONG_LINE]
    return start.startswith("<") and len(start) == _LONG_LINE and "\n" not in start


def _head(how: str, blocks: Blocks, remarks: tuple[str, ...]) -> Head:
    counts = blocks.counts
    return Head(
        how=how,
        changed=counts[Kind.CHANGED],
        removed=counts[Kind.REMOVED],
        added=counts[Kind.ADDED],
        written=counts[Kind.WRITTEN],
        ignored=counts[Kind.IGNORED],
        remarks=remarks,
    )
