"""No room on the disk while a replay runs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from fault_matrix import fault
from resumed import Journalled


@fault("disk.full_at_journal")
async def test_a_full_disk_holds_the_run_until_there_is_room(world: Any, tmp_path: Path) -> None:
    """It says so and sends nothing it can't note down; then it goes on, and every row is done exactly once."""
    world.write("post", 'method = "POST"\nurl = "/post/{{n}}"\n')
    runs = Journalled(world, tmp_path / "state")
    data = world.data("rows.csv", "".join(["n\n", *(f"{number}\n" for number in range(1, 81))]))
    async with asyncio.timeout(20), runs.child("full", steps=("post",), data=data, concurrency=8) as process:
        output, _ = await process.communicate()
    lines = output.decode().splitlines()
    assert lines[0].startswith("held The disk") and runs.store.folder.name in lines[0]
    assert lines[1:] == ["goes on ", "done finished"]
    assert sorted(world.shop.arrived) == sorted(f"POST /post/{number}" for number in range(1, 81))
    assert (runs.info.passed, runs.info.in_doubt) == (80, 0)
