"""JSON that JSONPath and jq are applied to; what JSONPath finds is cut out of the text as it was sent."""

from __future__ import annotations

import codecs
import json
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from jsonpath_rfc9535 import JSONPathQuery

from tui_client.kinds import jsonpath
from tui_client.kinds.bounded import LIMIT_S, Deadline, OutOfTime, out_of_time
from tui_client.tui.widgets.filters.messages import LARGEST, Tool
from tui_client.tui.widgets.filters.plain_path import Location, Node, is_plain, members_of
from tui_client.tui.widgets.filters.plain_path import nodes as plain_nodes

NO_JQ: Final = "jq is not installed: pip install 'tui-client[jq]' brings it"
_ROOTS: Final = 1000
_NAME: Final = re.compile(r"[A-Za-z_][0-9A-Za-z_]*")
_BYTES_A_SECOND: Final = 16 << 20  # a large body gets more time
_TOO_LARGE: Final = "more than 64 MiB are found; narrow it"


class Unusable(Exception):
    """The body or the expression can't be used; the text is a clause without its stop."""


class Result(msgspec.Struct, frozen=True):
    """A document, and how many nodes are in it. roots: the JSONPaths of the first ones, where they have some."""

    nodes: int
    document: bytes
    markup: bool = False
    plain: bool = False
    roots: tuple[str, ...] = ()


class JsonSource:
    """One JSON value, or one a line. Raises Unusable for what is neither."""

    def __init__(self, text: bytes, *, lines: bool) -> None:
        self._as_sent = text
        self._many = lines
        if not lines:
            try:
                self._text, self._value = text, _parsed(text)
                self._limit_s = _limit_s(text)
                return
            except Unusable:
                # Many a server calls lines of JSON just JSON.
                if text.count(b"\n", 0, len(text.rstrip())) == 0 or not _begins_with_a_line_of_json(text):
                    raise
        self._many = True
        self._text = b"[%s]" % b",".join(line for line in text.split(b"\n") if line.strip())
        self._limit_s = _limit_s(text)
        try:
            self._value = _parsed(self._text)
        except Unusable as error:
            raise _bad_line(text) or error from None

    def evaluate(self, expr: str, tool: Tool) -> Result:
        """What the expression finds, indented. Raises QueryError or Unusable."""
        return self._by_jq(expr) if tool is Tool.JQ else self._by_path(expr)

    def _by_path(self, expr: str) -> Result:
        expr = expr.strip()
        try:
            return self._from_text(self._plain_nodes(expr) or self._cut_out(self._locate(expr)))
        except (msgspec.DecodeError, UnicodeError):
            # There is something in it that is no JSON, but close: NaN, half of a surrogate pair in a name.
            locations = self._locate(expr)
            values = [_value_at(self._value, location) for location in locations]
            shown = values[0] if len(values) == 1 else values
            return Result(len(values), json.dumps(shown, indent=2).encode(), roots=self._roots(locations))

    def _from_text(self, nodes: Iterable[Node]) -> Result:
        """Raises Unusable if it is too much."""
        locations: list[Location] = []
        texts: list[msgspec.Raw] = []
        total = 0
        for location, text in nodes:
            total += memoryview(text).nbytes
            if total > LARGEST:
                raise Unusable(_TOO_LARGE)
            texts.append(text)
            if len(locations) < _ROOTS:
                locations.append(location)
        document = bytes(texts[0]) if len(texts) == 1 else b"[%s]" % b",".join(texts)
        return Result(len(texts), msgspec.json.format(document, indent=2), roots=self._roots(locations))

    def _roots(self, locations: list[Location]) -> tuple[str, ...]:
        return () if self._many else tuple(_path(location) for location in locations[:_ROOTS])

    def _plain_nodes(self, expr: str) -> Iterator[Node] | None:
        """What a path without filters finds; None for one with filters."""
        query = jsonpath.compiled(expr)
        if not is_plain(query):
            return None
        if self._many:
            query = jsonpath.compiled(f"$[*]{expr[1:]}")
        return self._in_time(query)

    def _in_time(self, query: JSONPathQuery) -> Iterator[Node]:
        deadline = Deadline(self._limit_s)
        try:
            yield from plain_nodes(query, self._text, deadline.tick)
        except OutOfTime as error:
            raise out_of_time("json", self._limit_s) from error

    def _cut_out(self, locations: list[Location]) -> Iterator[Node]:
        texts = _Texts(self._text)
        return ((location, texts.at(location)) for location in locations)

    def _locate(self, expr: str) -> list[Location]:
        if not self._many:
            return jsonpath.locate(expr, self._value, limit_s=self._limit_s)
        # Each line is a document of its own; all at once is faster where an expression does not go back to the root.
        if expr.startswith("$") and "$" not in expr[1:]:
            jsonpath.locate(expr, None)  # so that an error is about what was typed
            return jsonpath.locate(f"$[*]{expr[1:]}", self._value, limit_s=self._limit_s)
        locations: list[Location] = []
        until = time.monotonic() + self._limit_s
        for number, value in enumerate(self._value):
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise out_of_time("json", self._limit_s)
            locations.extend((number, *at) for at in jsonpath.locate(expr, value, limit_s=left_s))
        return locations

    def _by_jq(self, expr: str) -> Result:
        try:
            import jq
        except ImportError as error:
            raise Unusable(NO_JQ) from error
        try:
            lines = jq.compile(_jq_program(expr)).input_text(self._as_sent.decode("utf-8", "replace")).text()
        except ValueError as error:
            raise Unusable(f"jq: {str(error).removeprefix('jq: error: ').partition(chr(10))[0]}") from error
        if len(lines) > LARGEST:
            raise Unusable(_TOO_LARGE)
        found = lines.encode("utf-8", "replace").splitlines() if lines else []
        return Result(len(found), b"\n".join(_indented(text) for text in found))


def _jq_program(expr: str) -> str:
    program = expr.strip().removeprefix("jq ").strip()
    quoted = len(program) > 1 and program[0] == program[-1] == "'"
    return program[1:-1] if quoted else program


def _indented(text: bytes) -> bytes:
    try:
        return msgspec.json.format(text, indent=2)
    except msgspec.DecodeError:
        return text  # jq knows numbers that are no JSON


def _limit_s(text: bytes) -> float:
    return max(LIMIT_S, len(text) / _BYTES_A_SECOND)


def _parsed(text: bytes) -> Any:
    """The edge where a text becomes a value."""
    if not text.strip():
        raise Unusable("the body is empty")
    try:
        return msgspec.json.decode(text)
    except RecursionError as error:
        raise Unusable("the JSON is too deeply nested") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        try:
            return json.loads(text)  # it takes NaN, 1e400 and half of a surrogate pair
        except RecursionError as deep:
            raise Unusable("the JSON is too deeply nested") from deep
        except ValueError:
            raise Unusable(f"not valid JSON: {str(error).removeprefix('JSON is malformed: ')}") from error


def _begins_with_a_line_of_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text.lstrip().partition(b"\n")[0])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True


def _bad_line(text: bytes) -> Unusable | None:
    for number, line in enumerate(text.split(b"\n"), 1):
        try:
            if line.strip():
                _parsed(line)
        except Unusable as error:
            return Unusable(f"line {number:,}: {error}")
    return None


def _path(location: Location) -> str:
    return "$" + "".join(_segment(step) for step in location)


def _segment(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else f"[{json.dumps(step)}]"


def _value_at(value: Any, location: Location) -> Any:
    for step in location:
        value = value[step]
    return value


class _Texts:
    """Cuts values out of a JSON text, so that their numbers, escapes and repeated keys stay as they were sent."""

    def __init__(self, text: bytes) -> None:
        # The values on the way to the last one that was cut out, and what each holds.
        self._way: list[tuple[int | str, Any]] = []
        self._all = msgspec.Raw(text.strip())
        self._root = members_of(self._all)

    def at(self, location: Location) -> msgspec.Raw:
        """The text at a location; quick where neighbours follow each other. Raises msgspec.DecodeError."""
        if not location:
            return self._all
        *parents, last = location
        shared = 0
        for (known, _), step in zip(self._way, parents, strict=False):
            if known != step:
                break
            shared += 1
        del self._way[shared:]
        inside = self._way[-1][1] if self._way else self._root
        for step in parents[shared:]:
            inside = members_of(inside[step])
            self._way.append((step, inside))
        text: msgspec.Raw = inside[last]
        return text


def without_mark(data: bytes, charset: str) -> bytes:
    """The text in UTF-8; what means nothing in its charset becomes a replacement character."""
    if charset == "utf-8":
        data = data.removeprefix(codecs.BOM_UTF8)
        try:
            data.decode()
        except UnicodeDecodeError:
            return data.decode("utf-8", "replace").encode()
        return data
    return data.decode(charset, "replace").encode("utf-8", "replace").removeprefix(codecs.BOM_UTF8)
