"""A recorded body becomes the bytes that were sent, or a reason why it can't."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.formats._format import FormatError
from tui_client.formats._har.body import Announced, Param, PostData, body_bytes

FORM = "application/x-www-form-urlencoded"


def test_no_body_and_an_empty_body_differ() -> None:
    """A request without a body gets none; one with an empty body keeps it."""
    assert body_bytes(None, Announced()) is None
    assert body_bytes(PostData(text=""), Announced(size=0)) == b""


@pytest.mark.parametrize("post", [None, PostData(), PostData(text="", params=[])])
def test_a_body_that_was_not_recorded_is_a_reason(post: PostData | None) -> None:
    """A request is not sent without the body that it had."""
    with pytest.raises(FormatError, match="its body of 12 bytes is not in the recording"):
        body_bytes(post, Announced(size=12))


@pytest.mark.parametrize(
    ("content_type", "size", "expected"),
    [
        ("text/plain; charset=iso-8859-1", None, "é".encode("latin-1")),
        ("text/plain; charset=iso-8859-1", 2, "é".encode()),
        ("text/plain", 1, "é".encode("latin-1")),
        ("text/plain", None, "é".encode()),
        ("text/plain", 99, "é".encode()),
        ("text/plain; charset=no-such", None, "é".encode()),
        ("text/plain; charset=base64", None, "é".encode()),
        ("text/plain; charset=us-ascii", None, "é".encode()),
        ('bad "\r\n\ud800; charset', None, "é".encode()),
    ],
)
def test_the_announced_size_decides_the_charset(content_type: str, size: int | None, expected: bytes) -> None:
    """Of the charsets that could have been meant, the one that gives the recorded length is taken."""
    assert body_bytes(PostData(text="é"), Announced(content_type, size)) == expected


def test_a_body_with_lost_bytes_is_a_reason() -> None:
    """Bytes that the recorder could not decode are gone: such a body is never sent damaged."""
    with pytest.raises(FormatError, match="byte for byte"):
        body_bytes(PostData(text="a\ufffdb"), Announced(size=3))
    assert body_bytes(PostData(text="a\ufffdb"), Announced(size=5)) == "a\ufffdb".encode()


@given(st.binary(min_size=1))
def test_base64_gives_the_bytes_back(content: bytes) -> None:
    """Binary bodies survive, line breaks in their Base64 or not."""
    text = "\n".join(base64.b64encode(content).decode())
    assert body_bytes(PostData(text=text, encoding="Base64"), Announced()) == content


@given(st.binary(min_size=1))
def test_bytes_in_escaped_form_come_back(content: bytes) -> None:
    """Bytes that were written as lone surrogates are those bytes again."""
    post = PostData(text=content.decode("utf-8", "surrogateescape"))
    assert body_bytes(post, Announced("application/octet-stream", len(content))) == content


def test_bad_base64_is_a_reason() -> None:
    """A body that isn't what it claims to be is not guessed at."""
    with pytest.raises(FormatError, match="Base64"):
        body_bytes(PostData(text="a", encoding="base64"), Announced())


def test_form_fields_make_the_form() -> None:
    """Where only the fields were kept, the form is written as browsers do."""
    post = PostData(params=[Param("a b", "1&2"), Param("n", 7), Param("", None)])
    assert body_bytes(post, Announced(FORM)) == b"a+b=1%262&n=7&="


def test_the_text_of_a_form_wins_over_its_fields() -> None:
    """What was sent is the text; the fields only explain it."""
    assert body_bytes(PostData(text="a=%62", params=[Param("a", "b")]), Announced(FORM)) == b"a=%62"


@pytest.mark.parametrize(
    ("post", "content_type", "reason"),
    [
        (PostData(params=[Param("f", file_name="cat.png")]), "multipart/form-data; boundary=x", "the file cat.png"),
        (PostData(params=[Param("f", "v")]), "multipart/form-data", "separates the parts"),
        (PostData(params=[Param("f", "\ud800")]), FORM, "Unicode"),
        (PostData(params=[Param("f", "\ud800")]), "multipart/form-data; boundary=x", "Unicode"),
        (PostData(text="\ud800"), "text/plain", "charset"),
    ],
)
def test_a_form_that_can_not_be_written_again_is_a_reason(post: PostData, content_type: str, reason: str) -> None:
    """Missing files and separators, and text that is none, are told."""
    with pytest.raises(FormatError, match=reason):
        body_bytes(post, Announced(content_type))
