"""Multipart forms are read back by a parser as they were written."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.model.content import EncodedBody, FileSegment

NO_CONTROLS = st.one_of(
    st.just("\t"), st.characters(exclude_categories=["Cc", "Cs"]), st.characters(min_codepoint=0x80, max_codepoint=0x9F)
)


def wire(body: EncodedBody) -> bytes:
    return b"".join(part if isinstance(part, bytes) else part.path.read_bytes() for part in body.segments)


def normalized(body: EncodedBody) -> bytes:
    boundary = body.content_type.rpartition("=")[2]
    return wire(body).replace(boundary.encode(), b"B")


def test_values_and_files_come_in_order(tmp_path: Path) -> None:
    """Exact bytes: a value, a repeat, a file with its guessed type, a typed value with a file name."""
    (tmp_path / "p.png").write_bytes(b"\x00PNG")
    body = Multipart(
        (
            Part("a", "1\n2"),
            Part("a", "é"),
            Part("off", "x", enabled=False),
            Part("photo", file="p.png"),
            Part("meta", "{}", type="application/json", filename="m.json"),
        )
    ).encode(lambda written: tmp_path / written)
    assert normalized(body) == (
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\n2\r\n'
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xc3\xa9\r\n'
        b'--B\r\nContent-Disposition: form-data; name="photo"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n'
        b"\x00PNG\r\n"
        b'--B\r\nContent-Disposition: form-data; name="meta"; filename="m.json"\r\n'
        b"Content-Type: application/json\r\n\r\n{}\r\n"
        b"--B--\r\n"
    )
    assert FileSegment(tmp_path / "p.png", 4) in body.segments
    assert body.size == len(wire(body))


def test_only_the_last_part_of_a_path_is_the_file_name(tmp_path: Path) -> None:
    """A server never learns the user's folders."""
    (tmp_path / "x").write_bytes(b"")
    body = Multipart((Part("f", file="../home/me/x.png"),)).encode(lambda _: tmp_path / "x")
    assert b'filename="x.png"' in wire(body)


@given(st.lists(st.text(NO_CONTROLS), min_size=1, max_size=4))
def test_any_name_is_one_quoted_text(names: list[str]) -> None:
    """A quote in a name never ends it; RFC 7578 leaves the rest as it is."""
    raw = wire(Multipart(tuple(Part(name, "v") for name in names)).encode(Path))
    heads = [head for head in raw.split(b"\r\n") if head.startswith(b"Content-Disposition")]
    expected = [f'Content-Disposition: form-data; name="{name.replace(chr(34), "%22")}"'.encode() for name in names]
    assert heads == expected


@given(st.lists(st.text("ab-\r\n", max_size=12), max_size=4))
def test_any_values_read_back(values: list[str]) -> None:
    """The boundary never stands in a value."""
    body = Multipart(tuple(Part("a", value) for value in values)).encode(Path)
    head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + wire(body)) if values else None
    read = [] if message is None else [part.get_payload(decode=True) for part in message.iter_parts()]
    assert [value.splitlines() for value in map(bytes.decode, read)] == [value.splitlines() for value in values]


@pytest.mark.parametrize("sign", ["\r", "\n", "\0"])
@pytest.mark.parametrize("field", ["name", "filename", "type"])
def test_line_breaks_in_a_parts_head_are_refused(field: str, sign: str) -> None:
    """No name can add headers or parts."""
    part = Part(**{"name": "n", field: f"a{sign}b"})
    with pytest.raises(RequestFailed) as caught:
        Multipart((part,)).encode(Path)
    assert caught.value.failure.kind is FailureKind.BODY_INVALID


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (Part("a", "v", file="f"), FailureKind.BODY_INVALID),
        (Part("a", "\ud800"), FailureKind.BODY_INVALID),
        (Part("\ud800", "v"), FailureKind.BODY_INVALID),
        (Part("a", file="gone"), FailureKind.FILE_MISSING),
    ],
)
def test_a_part_that_cant_be_sent_is_refused(tmp_path: Path, part: Part, kind: FailureKind) -> None:
    """Both a value and a file, no UTF-8, no file."""
    with pytest.raises(RequestFailed) as caught:
        Multipart((part,)).encode(lambda written: tmp_path / written)
    assert caught.value.failure.kind is kind
