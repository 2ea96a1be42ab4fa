"""A body laid out for people: nothing but blanks between its tokens is changed."""

from __future__ import annotations

import asyncio
import codecs
import io
import operator
import re
from itertools import accumulate
from typing import Final, TypeAlias, assert_never

import msgspec

from tui_client.model.exchange import BodyContent, BytesBody
from tui_client.text import format_bytes, format_count, safe_line
from tui_client.tui.widgets.file_body import FileBody
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.programs import REFUSED, TIME_LIMIT_S, TOO_LARGE, run_program

AT_ONCE: Final = 1 << 15  # bytes that are formatted without leaving the event loop: some 0.3 ms for JSON, at most 40 ms
IN_THREAD: Final = 1 << 18
LARGEST: Final = 128 << 20
LARGEST_OTHER: Final = 16 << 20  # all but valid JSON, at some 4 MB/s
_TAIL: Final = 16
_SURROGATE: Final = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\"")
_DEEP: Final = 64  # levels from which indentation can be many times the text


class Indented(msgspec.Struct, frozen=True):
    """The body laid out. remark: a sentence on what is wrong with it, safe to print, "" for nothing."""

    content: BodyContent
    remark: str = ""


class Refused(msgspec.Struct, frozen=True):
    """The text can't be indented; `reason` is safe to print and fits after a colon."""

    reason: str


Formatted: TypeAlias = Indented | Refused


def pretty_now(content: BodyContent, language: Language = Language.JSON) -> Formatted:
    """Lay it out here and now; for up to AT_ONCE bytes. Each formatter is imported when it is needed."""
    data = content.read()
    out = io.BytesIO()
    match language:
        case Language.JSON:
            strict = _strict(data)
            return strict if isinstance(strict, Indented) else _loose_now(data, strict)
        case Language.MARKUP | Language.HTML:
            from tui_client.tui.widgets import format_markup

            text = data.removeprefix(codecs.BOM_UTF8)
            format_markup.indent(text, out.write, html=language is Language.HTML)
        case Language.FORM:
            from tui_client.tui.widgets import format_form

            format_form.rows(data, out.write)
        case Language.PLAIN:
            return Indented(content)
        case _:
            assert_never(language)
    return _indented(BytesBody(out.getvalue()))


async def pretty(content: BodyContent, language: Language = Language.JSON) -> Formatted:
    """Lay it out without holding up the event loop: here, in a thread, or in a process, by its size.

    A process is ended when this is cancelled, and after TIME_LIMIT_S.
    """
    if content.size <= AT_ONCE or language is Language.PLAIN:
        return pretty_now(content, language)
    try:
        return await (_json(content) if language is Language.JSON else _other(content, language))
    except OSError as error:
        return Refused(safe_line(f"there is no room to indent it ({error.strerror or error})"))


async def _json(content: BodyContent) -> Formatted:
    if content.size > LARGEST:
        return Refused(f"it is larger than {format_bytes(LARGEST)}")
    strict = await asyncio.to_thread(_strict_shallow, content) if content.size <= IN_THREAD else None
    strict = strict or await _run("format_json.py", content)
    if isinstance(strict, Indented) or strict.final:
        return strict if isinstance(strict, Indented) else Refused(strict.reason)
    if content.size > LARGEST_OTHER:
        return Refused(f"not valid JSON, {strict.reason}, and larger than {format_bytes(LARGEST_OTHER)}")
    loose = await _run("format_json_loose.py", content)
    if isinstance(loose, Indented):
        return _loose(loose.content, strict, int(loose.remark) if loose.remark.isdecimal() else content.size, content)
    return Refused(loose.reason)


async def _other(content: BodyContent, language: Language) -> Formatted:
    if content.size > LARGEST_OTHER:
        return Refused(f"it is larger than {format_bytes(LARGEST_OTHER)}")
    file = "format_form.py" if language is Language.FORM else "format_markup.py"
    ran = await _run(file, content, language.value)
    return _indented(ran.content) if isinstance(ran, Indented) else Refused(ran.reason)


class _NotStrict(msgspec.Struct, frozen=True):
    """Why a formatter gave nothing; `final`: another one would not either."""

    reason: str
    final: bool = False


def _strict(data: bytes) -> Indented | _NotStrict:
    try:
        return Indented(BytesBody(msgspec.json.format(data.removeprefix(codecs.BOM_UTF8), indent=2)))
    except (msgspec.DecodeError, RecursionError) as error:
        return _not_strict(str(error), data[-_TAIL:])


def _strict_shallow(content: BodyContent) -> Indented | _NotStrict | None:
    """The same in a thread; None for what needs a process with bounds, since it may grow without measure."""
    data = content.read()
    steps = map(_STEPS.__getitem__, data.translate(None, _NO_BRACKETS))
    return _strict(data) if max(accumulate(steps, operator.add), default=0) <= _DEEP else None


_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(code for code in range(256) if code not in _STEPS)


async def _run(file: str, content: BodyContent, *arguments: str) -> Indented | _NotStrict:
    """The output of a formatter; its remark is what it said."""
    import tempfile

    # It lives as long as the body that reads it.
    output = await asyncio.to_thread(tempfile.TemporaryFile)
    ran = await run_program(file, content, output, *arguments)
    if ran.code == 0:
        return Indented(FileBody(output), ran.said)
    output.close()
    if ran.late:
        return _NotStrict(f"to indent it takes longer than {TIME_LIMIT_S:.0f} s", final=True)
    if ran.code == TOO_LARGE:
        return _NotStrict("indented, it would be too large", final=True)
    if ran.code == REFUSED:
        return _not_strict(ran.said, content.read(max(0, content.size - _TAIL)))
    return _NotStrict("the formatter stopped", final=True)


def _not_strict(said: str, tail: bytes) -> _NotStrict:
    """tail: the last bytes; a surrogate alone there is said to be cut text, since its other half is looked for."""
    words = safe_line(said).removeprefix("JSON is malformed: ").rstrip(".")
    if words.startswith("maximum recursion"):
        words = "nested too deeply"
    elif words == "Input data was truncated":
        words = "half of a surrogate pair" if _SURROGATE.search(tail) else "it is cut off"
    return _NotStrict(words[:1].lower() + words[1:])


def _loose_now(data: bytes, strict: _NotStrict) -> Formatted:
    from tui_client.tui.widgets import format_json_loose

    out = io.BytesIO()
    text = data.removeprefix(codecs.BOM_UTF8)
    end = format_json_loose.indent(text, out.write) + len(data) - len(text)
    return _loose(BytesBody(out.getvalue()), strict, end, BytesBody(data))


def _loose(result: BodyContent, strict: _NotStrict, end: int, content: BodyContent) -> Formatted:
    """end: the byte from which it stands as it came."""
    if not result.size or result.size == content.size - end:
        return Refused(f"not valid JSON, {strict.reason}" if result.size else "there is nothing but blanks")
    way = "shown as well as can be" if end >= content.size else f"raw from byte {format_count(end)} on"
    return Indented(result, f"Not valid JSON: {strict.reason}; {way}.")


def _indented(content: BodyContent) -> Formatted:
    return Indented(content) if content.size else Refused("there is nothing but blanks")
