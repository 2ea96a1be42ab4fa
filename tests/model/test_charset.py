"""Bodies become text, whatever they are and say of themselves."""

from __future__ import annotations

import codecs
import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.charset import declared_charset, decode_body, text_codec


@pytest.mark.parametrize(
    ("data", "content_type", "override", "text", "charset"),
    [
        ("é".encode(), "", "", "é", "utf-8"),
        ("é".encode(), "text/plain; charset=UTF-8", "", "é", "utf-8"),
        (b"\xe9", 'text/plain; Charset="ISO-8859-1"', "", "é", "iso8859-1"),
        (b"\xe9", "text/plain; charset='latin1'; x=y", "", "é", "iso8859-1"),
        (b"\x80", "text/plain; charset=windows-1252", "", "€", "cp1252"),
        ("日本".encode("shift_jis"), "text/plain; charset=x-sjis", "", "日本", "shift_jis"),
        (b"\xe9", "text/plain; charset=utf-8", "latin-1", "é", "iso8859-1"),
        (b"\xef\xbb\xbf\xc3\xa9", "text/plain; charset=latin-1", "", "é", "utf-8"),
        ("é".encode("utf-16"), "", "", "é", "utf-16-le"),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "text/plain; charset=utf-16", "", "é", "utf-16-be"),
        (codecs.BOM_UTF32_BE + "é".encode("utf-32-be"), "", "", "é", "utf-32-be"),
        ("é".encode("utf-16-le"), "text/plain; charset=utf-16", "", "é", "utf-16-le"),
        ("é".encode("utf-16-le"), "text/plain; charset=utf-16le", "", "é", "utf-16-le"),
        (b"<meta charset=latin-1>\xe9", "text/html", "", "<meta charset=latin-1>é", "iso8859-1"),
        (b'<?xml encoding="latin-1"?>\xe9', "text/xml", "", '<?xml encoding="latin-1"?>é', "iso8859-1"),
        (b"<meta charset=latin-1>\xc3\xa9", "text/plain", "", "<meta charset=latin-1>é", "utf-8"),
        (b"a\x00b", "", "", "a\x00b", "utf-8"),
        (b"", "text/plain; charset=utf-16", "", "", "utf-16-le"),
    ],
)
def test_the_charset_is_found(data: bytes, content_type: str, override: str, text: str, charset: str) -> None:
    """The override, then a byte order mark, the header, the document itself, and UTF-8."""
    decoded = decode_body(data, content_type, override)
    assert (decoded.text, decoded.charset, decoded.problems) == (text, charset, ())


_NO_CHARSETS = ["idna", "punycode", "zlib", "base64", "rot13", "hex", "bz2", "uu", "quopri", "utf-7", "unicode_escape"]
_NO_CHARSETS += [
    "undefined",
    "raw_unicode_escape",
    "mbcs",
    "charmap",
    "none",
    "../x",
    "a\0b",
    "é",
    "x" * 100,
    "utf_8.x",
]


@pytest.mark.parametrize("label", _NO_CHARSETS)
def test_what_is_not_a_charset_is_named_and_not_used(label: str) -> None:
    """Python's other codecs raise, unpack bombs or run for long; the text is read as UTF-8, and that is said."""
    decoded = decode_body(b"abc", "", label)
    assert (decoded.text, decoded.charset) == ("abc", "utf-8")
    assert decoded.problems == (f"{label!r} is not a charset of text; read as UTF-8",)


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-32", "utf-8", "ascii", "shift_jis", "gb18030", "cp1252", "iso2022_jp"]
)
def test_bytes_that_do_not_fit_are_replaced_and_said(charset: str) -> None:
    """The first wrong byte is named, the rest is readable."""
    decoded = decode_body(b"abcd\x81\x1b\xff\x00\x80", f"text/plain; charset={charset}")
    assert "�" in decoded.text
    assert len(decoded.problems) == 1
    assert "is not valid" in decoded.problems[0]


def test_every_codec_of_python_is_a_charset_or_refused() -> None:
    """Of all the names that Python knows, none raises on bytes that don't fit."""
    for label in {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}:
        decoded = decode_body(bytes(range(256)) * 3, "", label)
        assert decoded.charset
        assert isinstance(decoded.text, str)
        decoded.text.encode("utf-8", "surrogatepass")


@given(st.binary(), st.text(), st.text(max_size=50) | st.sampled_from(sorted(encodings.aliases.aliases)))
def test_decoding_never_fails(data: bytes, content_type: str, override: str) -> None:
    """Any bytes, any Content-Type, any name."""
    assert isinstance(decode_body(data, content_type, override).text, str)
    assert isinstance(decode_body(data, f"text/html; charset={override}").text, str)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("", ""),
        ("text/plain", ""),
        ("text/plain;charset=a", "a"),
        ('a/b; x=1; CHARSET = "b c"', "b c"),
        ("a; charset=", ""),
    ],
)
def test_the_declared_charset_is_as_written(content_type: str, charset: str) -> None:
    """Quotes are taken off, nothing else."""
    assert declared_charset(content_type) == charset


@pytest.mark.parametrize(("label", "codec"), [(" UTF8 ", "utf-8"), ("l1", "iso8859-1"), ("gbk", "gbk"), ("", None)])
def test_labels_are_known_by_all_their_names(label: str, codec: str | None) -> None:
    """As browsers do, case and space don't matter."""
    assert text_codec(label) == codec
