"""A file as the body is named, typed and measured, and not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.body.file import File
from tui_client.model.content import EncodedBody, FileSegment


@pytest.mark.parametrize(
    ("name", "given", "media_type"),
    [
        ("a.png", "", "image/png"),
        ("a.json", "", "application/json"),
        ("a.json.gz", "", "application/octet-stream"),
        ("noext", "", "application/octet-stream"),
        ("a.png", "x/y", "x/y"),
    ],
)
def test_the_type_follows_from_the_name_unless_given(tmp_path: Path, name: str, given: str, media_type: str) -> None:
    """The bytes stay in the file until they are sent."""
    (tmp_path / name).write_bytes(b"12345")
    body = File(name, given).encode(lambda written: tmp_path / written)
    assert body == EncodedBody((FileSegment(tmp_path / name, 5),), media_type)
    assert body.size == 5


@pytest.mark.parametrize(
    ("path", "kind"),
    [("", FailureKind.BODY_INVALID), ("gone", FailureKind.FILE_MISSING), (".", FailureKind.FILE_MISSING)],
)
def test_a_file_that_isnt_there_is_named(tmp_path: Path, path: str, kind: FailureKind) -> None:
    """Nothing, a missing file, a directory."""
    with pytest.raises(RequestFailed) as caught:
        File(path).encode(lambda written: tmp_path / written)
    assert (caught.value.failure.kind, caught.value.failure.subject) == (kind, path or "path")


def test_a_refusal_of_the_file_passes_through() -> None:
    """What may be read is not decided here."""
    with pytest.raises(ZeroDivisionError):
        File("x").encode(lambda written: Path(str(1 // 0)))
