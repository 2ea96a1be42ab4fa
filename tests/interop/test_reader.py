"""The process that reads an import: asked, stopped, gone."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tui_client.errors import UsageError
from tui_client.interop.offered import Preview, Read
from tui_client.interop.reader import Reader

POSTMAN = Path(__file__).parents[1] / "formats" / "golden" / "postman" / "shop.postman_collection.json"


async def test_an_import_is_read_written_and_taken_back(tmp_path: Path) -> None:
    """With each step told on the way."""
    reader, told = Reader(tmp_path), list[str]()
    preview = await reader.read(Read(word=str(POSTMAN)), told.append)
    assert isinstance(preview, Preview) and len(preview.tree) == 15 and len(preview.report) == 13
    assert told[-1] == "Names and files"
    written = await reader.write()
    assert (tmp_path / "shop-api" / "sign-in.toml").is_file()
    await reader.undo(written.receipt)
    await reader.close()
    assert not (tmp_path / "shop-api").exists()


async def test_a_reading_that_is_cancelled_leaves_no_process(tmp_path: Path) -> None:
    """It is ended, whatever it is at."""
    reader = Reader(tmp_path)
    begun = asyncio.Event()
    process = None
    async with asyncio.TaskGroup() as group:
        task = group.create_task(reader.read(Read(word=str(POSTMAN)), lambda words: begun.set()))
        await begun.wait()
        process = reader._process
        task.cancel()
    assert task.cancelled()
    assert process is not None and process.returncode is not None


async def test_a_process_that_is_killed_is_a_sentence(tmp_path: Path) -> None:
    """And the next reading begins anew."""
    reader = Reader(tmp_path)
    await reader.read(Read(word=str(POSTMAN)), lambda words: None)
    assert reader._process is not None
    os.kill(reader._process.pid, signal.SIGKILL)
    with pytest.raises(UsageError, match="What reads it ended"):
        await reader.place("")
    with pytest.raises(UsageError, match="What reads it ended"):
        await reader.write()
    assert isinstance(await reader.read(Read(word=str(POSTMAN)), lambda words: None), Preview)
    await reader.close()
