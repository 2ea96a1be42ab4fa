"""A large document is read in a process of its own, so that nothing waits for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_client.interop import operation_reading
from tui_client.interop.operation import OperationInfo
from tui_client.interop.operation_reading import SMALL_BYTES, read_beside

LINK = ("openapi.json", "get /users")


def _write(root: Path, words: str) -> None:
    operation = {"summary": "List", "parameters": [{"name": "a", "in": "query"}], "tags": ["\ud83d\ude00 é"]}
    document = {"openapi": "3.1.0", "info": {"description": words}, "paths": {"/users": {"get": operation}}}
    (root / "openapi.json").write_text(json.dumps(document))


async def test_small_and_large_documents_say_the_same(tmp_path: Path) -> None:
    """In a thread or in a process."""
    found: list[OperationInfo | None] = []
    for words in ("x", "x" * SMALL_BYTES):
        _write(tmp_path, words)
        found.append(await read_beside(tmp_path, LINK))
    assert found[0] == found[1]
    assert found[0] is not None and found[0].summary == "List" and found[0].tags == ("😀 é",)


async def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    """No document, no such operation, and one that is no document, large or small."""
    assert await read_beside(tmp_path, LINK) is None
    _write(tmp_path, "x" * SMALL_BYTES)
    assert await read_beside(tmp_path, (LINK[0], "get /other")) is None
    (tmp_path / LINK[0]).write_text("[" * (SMALL_BYTES + 1))
    assert await read_beside(tmp_path, LINK) is None


async def test_a_process_that_ends_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the system kills it."""
    _write(tmp_path, "x" * SMALL_BYTES)
    monkeypatch.setattr(operation_reading, "_PROGRAM", "tui_client.no_such_module")
    assert await read_beside(tmp_path, LINK) is None
