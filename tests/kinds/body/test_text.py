"""Text bodies are sent in their charset."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.body.text import Text
from tui_client.model.content import EncodedBody


@pytest.mark.parametrize(
    ("media_type", "raw"),
    [
        ("text/plain; charset=utf-8", "é\r\n".encode()),
        ("text/csv", "é\r\n".encode()),
        ("text/plain; charset=ISO-8859-1", b"\xe9\r\n"),
        ('text/plain; charset="utf-16-le"', "é\r\n".encode("utf-16-le")),
        ("", "é\r\n".encode()),
    ],
)
def test_text_is_sent_in_the_charset_it_names(media_type: str, raw: bytes) -> None:
    """Line ends stay as they are; without a charset it is UTF-8."""
    assert Text("é\r\n", media_type).encode(Path) == EncodedBody((raw,), media_type)


def test_plain_utf_8_is_the_default() -> None:
    """Text without a media type of its own."""
    assert Text("a").encode(Path).content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize("charset", ["ascii", "no-such-charset", "hex", "idna"])
def test_a_charset_that_cant_carry_the_text_is_refused(charset: str) -> None:
    """A body never says one charset and holds another."""
    with pytest.raises(RequestFailed) as caught:
        Text("é..", f"text/plain; charset={charset}").encode(Path)
    failure = caught.value.failure
    assert (failure.kind, failure.subject) == (FailureKind.BODY_INVALID, "content")
    assert charset in failure.detail
