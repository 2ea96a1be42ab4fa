"""JSON indented as it was sent."""

from __future__ import annotations

import pytest

from tui_client.http.spool import MEMORY_BYTES, Spool
from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.pretty import AT_ONCE, IN_THREAD, Refused, pretty


@pytest.mark.parametrize("items", [1, AT_ONCE // 10, IN_THREAD // 10], ids=["here", "thread", "process"])
async def test_what_was_sent_is_only_indented(items: int) -> None:
    """Numbers, escapes, order and repeated keys stay, whatever the size."""
    data = b'{"b":1.10,"a":1E5,"b":"\\u00e9"}'
    formatted = await pretty(BytesBody(b"[" + b",".join([data] * items) + b"]"))
    assert not isinstance(formatted, Refused)
    text = formatted.read()
    assert text.startswith(b'[\n  {\n    "b": 1.10,\n    "a": 1E5,\n    "b": "\\u00e9"\n  }')
    assert text.count(b"1.10") == items
    assert formatted.size == len(text)
    assert formatted.read(4, 1) == b"{"


async def test_a_body_whose_end_is_not_in_its_file_yet_is_indented_whole() -> None:
    """What came last waits in memory for a while; nothing of it is lost."""
    spool = Spool()
    spool.append(b'["' + b"x" * MEMORY_BYTES)
    await spool.settle()
    spool.append(b'"]')
    assert spool.path is not None
    formatted = await pretty(spool)
    assert not isinstance(formatted, Refused)
    assert formatted.read().endswith(b'x"\n]')


@pytest.mark.parametrize("items", [1, AT_ONCE // 4, IN_THREAD // 4], ids=["here", "thread", "process"])
@pytest.mark.parametrize(("end", "reason"), [(b"", "truncated"), (b"1] x", "trailing"), (b"NaN]", "invalid")])
async def test_what_is_no_json_is_refused_with_its_reason(items: int, end: bytes, reason: str) -> None:
    """A refusal says why, wherever the formatter ran."""
    formatted = await pretty(BytesBody(b"[" + b"12, " * items + end))
    assert isinstance(formatted, Refused)
    assert reason in formatted.reason


async def test_json_too_deep_is_refused() -> None:
    """Nesting without end is no crash."""
    assert isinstance(await pretty(BytesBody(b"[" * 5000)), Refused)


async def test_a_byte_order_mark_does_no_harm() -> None:
    """A mark before JSON is left out."""
    formatted = await pretty(BytesBody(b"\xef\xbb\xbf[1]"))
    assert not isinstance(formatted, Refused)
    assert formatted.read() == b"[\n  1\n]"
