"""What a saved body is called."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.text import safe_line
from tui_client.tui.screens._file_names import suffix_of, suggested_name


def exchange(url: str, disposition: bytes = b"", content_type: bytes = b"application/json") -> Exchange:
    headers = ((b"Content-Type", content_type), (b"Content-Disposition", disposition))
    response = Response(200, "OK", "HTTP/1.1", headers, BytesBody())
    return Exchange(SentRequest("GET", url, b"/", ()), response, Timings(), datetime.now(UTC))


@pytest.mark.parametrize(
    ("url", "disposition", "name"),
    [
        ("http://a/users/1?x=/y", b"", "1.json"),
        ("http://a/", b"", "body.json"),
        ("http://a/report.csv", b"inline", "report.csv"),
        ("http://a/caf%C3%A9/", b"", "café.json"),
        ("http://a/x", b'attachment; filename="a \\"b\\".pdf"', "a _b_.pdf"),
        ("http://a/x", b"attachment; filename=plain.txt; size=3", "plain.txt"),
        ("http://a/x", b"attachment; filename=no.txt; filename*=UTF-8''na%C3%AFve.txt", "naïve.txt"),
        ("http://a/x", b"attachment; filename*=zlib''%41; filename=y.txt", "y.txt"),
        ("http://a/x", b'attachment; filename="../../.ssh/authorized_keys"', "authorized_keys.json"),
        ("http://a/x", b'attachment; filename="C:\\\\temp\\\\-rf"', "rf.json"),
        ("http://a/x", b"attachment; filename*=UTF-8''.%2e%2f%00.bash%1brc", "bashrc.json"),
        ("http://a/x", b"attachment; filename*=UTF-8''fdp%E2%80%AE.exe", "fdp.exe"),
        ("http://a/%2e%2e", b"", "body.json"),
        ("http://a/" + "x" * 300 + ".tar", b"", "x" * 96 + ".tar"),
    ],
)
def test_a_name_is_proposed(url: str, disposition: bytes, name: str) -> None:
    """The server's or the URL's, without a folder, controls, or a leading dot or dash."""
    assert suggested_name(exchange(url, disposition)) == name


@pytest.mark.parametrize("disposition", [b"", b"attachment; filename=a-sesame%20open", b"attachment; filename=b.pdf"])
def test_a_name_with_a_secret_is_not_proposed(disposition: bytes) -> None:
    """Neither the URL's nor the server's."""
    found = exchange("http://a/sesame%20open.txt", disposition)
    sent = msgspec.structs.replace(found.request, secrets=frozenset({"sesame open"}))
    name = suggested_name(msgspec.structs.replace(found, request=sent))
    assert name == ("b.pdf" if b"b.pdf" in disposition else "body.json")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.binary(max_size=60))
def test_no_name_leaves_the_folder(path: str, disposition: bytes) -> None:
    """Whatever a server says, the name is one part, printable, and not hidden."""
    name = suggested_name(exchange(f"http://a/{path}", b"attachment; filename=" + disposition))
    assert name and safe_line(name) == name
    assert not {"/", "\\", "\0", "\n"} & set(name)
    assert name[0] not in ".-"


@pytest.mark.parametrize(
    ("media_type", "suffix"),
    [("application/hal+json", ".json"), ("text/x-log", ".txt"), ("image/svg+xml", ".svg"), ("application/x-sh", "")],
)
def test_only_kinds_that_nothing_runs_get_a_suffix(media_type: str, suffix: str) -> None:
    """A suffix decides which program opens a file."""
    assert suffix_of(media_type) == suffix
