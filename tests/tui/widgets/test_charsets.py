"""Bodies in charsets that can't be cut at line feeds."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

import pytest

from tui_client.model.charset import text_codec
from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.charsets import CHARSETS, by_rows, to_utf8
from tui_client.tui.widgets.file_body import FileBody


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-32-be", "shift_jis", "euc_jp", "gb18030", "cp932"])
async def test_text_is_the_same_in_utf8(charset: str) -> None:
    """Steps cut no character, and the mark is left out."""
    text = "日本語 text\n" * 20_000
    converted = await to_utf8(BytesBody(text.encode(charset)), charset)
    assert converted is not None
    assert converted.read().decode() == text
    assert not by_rows(charset)


@pytest.mark.parametrize("charset", ["utf-8", "ascii", "iso8859-15", "cp1252", "koi8-r", "mac-roman"])
def test_single_bytes_and_utf8_need_no_conversion(charset: str) -> None:
    """These are decoded row by row."""
    assert by_rows(charset)


@pytest.mark.parametrize("charset", [name for name, _, _ in CHARSETS])
async def test_each_charset_to_choose_from_can_be_read(charset: str) -> None:
    """Its name is the one that a reading gives back, so that the one in use is marked."""
    assert text_codec(charset) == charset
    converted = await to_utf8(BytesBody("text".encode(charset)), charset)
    assert converted is not None
    assert converted.read() == b"text"


async def test_a_large_text_is_not_held_in_memory() -> None:
    """Past 1 MiB it goes to a file."""
    converted = await to_utf8(BytesBody("é".encode("utf-16-le") * 1_000_000), "utf-16-le")
    assert isinstance(converted, FileBody)
    assert converted.size == 2_000_000
    assert converted.read(1_999_998) == "é".encode()


async def test_a_full_disk_is_no_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also when it is full at the last bytes, which a file keeps back, or when no file can be made at all."""
    text = BytesBody("a".encode("utf-16-le") * ((1 << 19) + 100))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, before[1]))
    try:
        assert await to_utf8(text, "utf-16-le") is None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert await to_utf8(text, "utf-16-le") is None
