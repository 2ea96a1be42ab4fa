"""Whether a resume reads the data that its run began with, and how much of a part is to be done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from handmade_journal import failed, passed
from journals import header, store_in

from tui_client.errors import BrokenFile
from tui_client.model.step import StepId
from tui_client.replay.journal.data import check_data, selected_steps
from tui_client.replay.journal.header import Ended, Only
from tui_client.replay.record import record_of
from tui_client.replay.rows import digest_of, mark_of


@pytest.mark.parametrize("known", [False, True])
async def test_a_touched_file_is_the_same_where_its_digest_is_known(tmp_path: Path, known: bool) -> None:
    """And one of other content never is, whatever its size."""
    data = tmp_path / "rows.csv"
    data.write_text("n\n1\n")
    store = store_in(tmp_path)
    writer = store.create(header())
    mark = mark_of(data)
    writer.data_seen(mark.size, mark.mtime_ns, digest_of(data) if known else "")
    await writer.close(Ended.STOPPED, 1.0)
    with store.reader(header().run) as reader:
        check_data(reader, data)
        os.utime(data, ns=(0, mark.mtime_ns + 1))
        if known:
            check_data(reader, data)
        else:
            with pytest.raises(BrokenFile, match="not as it was"):
                check_data(reader, data)
        data.write_text("n\n2\n")
        with pytest.raises(BrokenFile, match="not as it was"):
            check_data(reader, data)
        data.unlink()
        with pytest.raises(BrokenFile, match="can't be read"):
            check_data(reader, data)


async def test_a_run_that_looked_at_no_data_refuses_none(tmp_path: Path) -> None:
    """It died before it knew: there is nothing to compare."""
    store = store_in(tmp_path)
    await store.create(header()).close(Ended.NOT, 0.0)
    with store.reader(header().run) as reader:
        check_data(reader, tmp_path / "nowhere.csv")


def test_a_digest_that_nobody_wants_is_not_made(tmp_path: Path) -> None:
    """A run that was ended does not wait for the reading of a large file."""
    data = tmp_path / "rows.csv"
    data.write_bytes(b"x" * (3 << 20))
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(1)
        return False

    assert digest_of(data, wanted) == ""
    assert len(asked) == 1
    assert len(digest_of(data)) == 64


async def test_a_part_counts_from_where_each_session_goes_on(tmp_path: Path) -> None:
    """Of three steps, one that failed at the second and one at the first have five to do."""
    store = store_in(tmp_path)
    writer = store.create(header())
    for result in (
        passed(StepId(1, 0, 0, "a")),
        failed(StepId(1, 0, 1, "a")),
        failed(StepId(2, 0, 0, "a")),
        passed(StepId(3, 0, 0, "a")),
    ):
        await writer.done(result, record_of(result))
    await writer.close(Ended.FINISHED, 1.0)
    part = header("20261122-093013-a1b2", parent=header().run, only=Only.FAILED)
    await store.create(part).close(Ended.NOT, 0.0)
    with store.reader(part.run) as reader:
        assert selected_steps(reader, 3) == 5
    with store.reader(header().run) as reader:
        assert selected_steps(reader, 3) == 0
