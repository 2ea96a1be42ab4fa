"""No secret of a run lies in the files that it leaves, however it ended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from resumed import Journalled, all_of

World = Any  # the fixture of conftest

ROWS = 30  # enough that requests are prepared in the short way, where that is right

TOKEN = """
method = "POST"
url = "/login"
[params]
user = "{{n}}"
[headers]
X-Key = "{{key}}"
[body]
kind = "json"
content = '{"given": "{{given}}", "row": "{{pin}}"}'
[auth]
kind = "bearer"
token = "canary-of-a-bearer"
[capture.t]
query = "json"
expr = "$.token"
"""
USE = """
method = "{{method}}"
url = "/{{path}}/{{t}}/{{given}}"
[params]
pin = "{{pin}}"
[auth]
kind = "bearer"
token = "{{t}}"
"""


def secretive(world: World, tmp_path: Path) -> dict[str, Any]:
    """A collection that sends secrets of all origins, and the plan that does it."""
    world.write("token", TOKEN)
    world.write("use", USE.replace("{{path}}", "used").replace("{{method}}", "GET"))
    world.write("slow", USE.replace("{{path}}", "slow"))
    names = ("key", "given", "t", "pin")
    world.share("[variables]\n" + "".join(f"{name} = {{ secret = true }}\n" for name in names))
    world.write("environments/local", "")
    world.write("environments/local.secret", 'key = "canary-of-a-key"\n').chmod(0o600)
    rows = [
        f"canary-of-row{row},{method},canary-pin{row}"
        for row, method in enumerate(["GET", "POST", "PUT"] * (ROWS // 3))
    ]
    return {
        "steps": ("token", "use", "slow"),
        "environment": "local",
        "given": {"given": "canary-of-the-command-line"},
        "data": world.data("rows.csv", "\n".join(["n,method,pin", *rows, ""])),
        "concurrency": 3,
    }


def canaries(world: World) -> set[str]:
    """What was really sent and must be found nowhere; among it what the server gave and the run captured."""
    captured = {line.split("/")[2] for line in world.shop.arrived if "/used/" in line}
    pins = {f"canary-pin{row}" for row in range(ROWS)}
    assert len(captured) in (3, ROWS)
    pins = {pin for pin in pins if any(pin in line for line in world.shop.arrived)}
    found = {"canary-of-a-key", "canary-of-a-bearer", "canary-of-the-command-line", *pins, *captured}
    sent = " ".join([*world.shop.arrived, str(world.shop.headers)])
    assert pins and all(text in sent for text in found)
    return found


def leaks(world: World, folder: Path) -> list[tuple[str, str]]:
    """Which canary lies in which file."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) > 10_000
    return [(text, path.name) for text in canaries(world) for path in files if text.encode() in path.read_bytes()]


async def test_no_secret_lies_in_the_files_of_a_killed_run(world: World, tmp_path: Path) -> None:
    """Secret variables from the store, the command line, rows and captures, and bearer tokens: none in plain."""
    plan, runs = secretive(world, tmp_path), Journalled(world, tmp_path / "state")
    async with asyncio.timeout(20), runs.child(**plan) as process:
        for _ in range(3):
            await world.shop.waiting.acquire()
        process.kill()
        await process.wait()
    assert list(runs.store.folder.glob("*-wal"))
    assert leaks(world, runs.folder) == []
    assert runs.rows("SELECT count(*) FROM carry") == [(6,)]


async def test_no_secret_lies_in_the_files_of_a_run_that_ended(world: World, tmp_path: Path) -> None:
    """The same where all steps have their results, many rows long, with what their replies held."""
    plan, runs = secretive(world, tmp_path), Journalled(world, tmp_path / "state")
    world.vault.values = {"key": "canary-of-a-key"}
    world.shop.gate.set()
    results = await all_of(runs.start(*plan.pop("steps"), **plan))
    assert len(results) == 3 * ROWS and all(result.passed for result in results)
    assert leaks(world, runs.folder) == []
