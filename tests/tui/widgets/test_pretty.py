"""Bodies laid out for people, as they were sent."""

from __future__ import annotations

import asyncio
import tempfile

import pytest

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets import decode_image, format_json, run_limited
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.pretty import AT_ONCE, IN_THREAD, Indented, Refused, pretty
from tui_client.tui.widgets.programs import REFUSED, TOO_LARGE, run_program

EVERYWHERE = pytest.mark.parametrize("size", [1, AT_ONCE + 1, IN_THREAD + 1], ids=["here", "thread", "process"])


async def indented(data: bytes, language: Language = Language.JSON) -> tuple[bytes, str]:
    """The text and the remark."""
    formatted = await pretty(BytesBody(data), language)
    assert isinstance(formatted, Indented)
    text = formatted.content.read()
    assert formatted.content.size == len(text)
    assert formatted.content.read(0, 1) == text[:1]
    return text, formatted.remark


@EVERYWHERE
async def test_what_was_sent_is_only_indented(size: int) -> None:
    """Numbers, escapes, order and repeated keys stay, whatever the size."""
    data = b'{"b":1.10,"a":1E5,"b":"\\u00e9"}'
    items = size // len(data) + 1
    text, remark = await indented(b"[" + b",".join([data] * items) + b"]")
    assert text.startswith(b'[\n  {\n    "b": 1.10,\n    "a": 1E5,\n    "b": "\\u00e9"\n  }')
    assert text.count(b"1.10") == items
    assert not remark


@EVERYWHERE
@pytest.mark.parametrize(
    ("end", "remark"),
    [
        (b"", "Not valid JSON: it is cut off; shown as well as can be."),
        (b'"\\ud800"]', "Not valid JSON: half of a surrogate pair; shown as well as can be."),
        (b"NaN]", "; shown as well as can be."),
        (b"1,]", "Not valid JSON: trailing comma in array (byte "),
        (b"1] <br>", "; raw from byte "),
    ],
)
async def test_what_is_nearly_json_is_shown_with_a_remark(size: int, end: bytes, remark: str) -> None:
    """What is wrong is said, and the rest is laid out, wherever the formatter ran."""
    start = b"[12" + b" " * size + b","
    text, said = await indented(start + end)
    assert remark in said
    assert text.startswith(b"[\n  12,")
    assert text.replace(b"\n", b"").replace(b" ", b"") == (start + end).replace(b" ", b"")


@EVERYWHERE
async def test_json_too_deep_for_a_parser_is_indented_all_the_same(size: int) -> None:
    """Nesting without end is no crash, and its margin stops growing."""
    text, remark = await indented(b"[" * (20_000 + size))
    assert remark == "Not valid JSON: nested too deeply; shown as well as can be."
    assert len(text) < (20_000 + size) * 202


@pytest.mark.parametrize(("data", "reason"), [(b"hello, world", "(byte 0)"), (b" \n ", "nothing but blanks")])
async def test_what_is_no_json_at_all_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    """A refusal says why."""
    formatted = await pretty(BytesBody(data))
    assert isinstance(formatted, Refused)
    assert reason in formatted.reason


@EVERYWHERE
async def test_a_byte_order_mark_does_no_harm(size: int) -> None:
    """A mark before JSON is left out."""
    assert await indented(b"\xef\xbb\xbf[1" + b" " * size + b"]") == (b"[\n  1\n]", "")


async def test_indentation_without_measure_is_refused() -> None:
    """A few megabytes that would become many gigabytes stay as they are."""
    data = b"[" * 900 + b"1," * 1_100_000 + b"1" + b"]" * 900
    formatted = await pretty(BytesBody(data))
    assert formatted == Refused("indented, it would be too large")


@pytest.mark.parametrize("size", [1, AT_ONCE + 1], ids=["here", "process"])
@pytest.mark.parametrize(
    ("data", "language", "start"),
    [
        (b"<a><b/><br></br></a>", Language.MARKUP, b"<a>\n  <b/>\n  <br></br>\n</a>"),
        (b"<ul><br><li>x</li></ul>", Language.HTML, b"<ul>\n  <br>\n  <li>x</li>\n</ul>"),
        (b"a=1%202&bc=%C3%A9&d", Language.FORM, "a  = 1 2\nbc = é\nd".encode()),
    ],
)
async def test_other_kinds_are_laid_out_too(size: int, data: bytes, language: Language, start: bytes) -> None:
    """Markup is indented and a form has a row for each field, whatever the size."""
    text, _ = await indented(data + (b"&" if language is Language.FORM else b" ") * size, language)
    assert text == start


def test_exit_codes_are_told_apart() -> None:
    """Programs run by their path, so they can't import them."""
    assert format_json.REFUSED == decode_image.REFUSED == REFUSED
    assert run_limited.TOO_LARGE == TOO_LARGE


async def test_a_program_that_takes_too_long_is_ended() -> None:
    """No formatter runs on for ever."""
    with tempfile.TemporaryFile() as output:
        ran = await run_program("format_json.py", BytesBody(b"[1]"), output, seconds=0)
    assert ran.late


async def test_a_program_ends_when_nobody_waits_for_it() -> None:
    """A tab that closes takes its formatter with it."""
    waiting = asyncio.get_running_loop().create_task(pretty(BytesBody(b"[1]" + b" " * IN_THREAD)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
