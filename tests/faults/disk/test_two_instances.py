"""Two instances on the same files at the same time: nothing is lost, or the second one says why it can't."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import kept
import pytest
from fault_matrix import fault
from resumed import Journalled, all_of
from scale import tries

from tui_client import disk
from tui_client.errors import SaveFailed, UsageError
from tui_client.tui.session.file import open_session

EACH = tries(10, 100)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> kept.Kept:
    """What is there after two processes kept all they have side by side, each with marks of its own."""
    folder = tmp_path_factory.mktemp("shared")
    found = kept.Kept.begin(folder)
    commands = [[sys.executable, kept.__file__, str(folder), str(first), str(EACH)] for first in (1000, 2000)]
    instances = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for command in commands
    ]
    for instance in instances:
        assert instance.stdout is not None
        assert instance.stdout.readline() == "ready\n"
    # `communicate` would let one begin when the other has ended.
    for instance in instances:
        assert instance.stdin is not None
        instance.stdin.write("go\n")
        instance.stdin.flush()
    for instance in instances:
        out, _ = instance.communicate(timeout=300)
        assert instance.returncode == 0 and out.split()[1] == "0"
    return found


@fault("disk.two_instances")
@pytest.mark.parametrize("kind", kept.Kept(Path("none")).ways)
def test_what_either_one_kept_is_there(shared: kept.Kept, kind: str) -> None:
    """The one file both save, files both want the same name for, grants, secrets, cookies, history."""
    assert shared.marks(kind) == {*range(1000, 1000 + EACH), *range(2000, 2000 + EACH)}


@fault("disk.two_instances")
@pytest.mark.parametrize("kind", ["request", "environment", "grants", "secrets", "secret file"])
def test_what_another_is_writing_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Nothing is written beside it; who can't wait any longer is told why, and can keep it later."""
    ours = kept.Kept.begin(tmp_path)
    with ExitStack() as theirs, monkeypatch.context() as hurry:
        hurry.setattr(disk, "_WAIT_S", 0.0)
        for folder in (tmp_path, ours.root, ours.root / "environments"):
            theirs.enter_context(disk.locked(folder))
        with pytest.raises(SaveFailed, match="another instance is writing there"):
            ours.ways[kind](1, "")
    ours.ways[kind](2, "")
    assert ours.marks(kind) == {2}


@fault("disk.two_instances")
def test_comments_outlive_the_contest(shared: kept.Kept) -> None:
    """And no temporary file is left."""
    assert (shared.root / "list.toml").read_text().startswith("# mine\n")
    assert (shared.root / "environments/local.toml").read_text().startswith("# ours\n")
    assert not list(shared.folder.rglob(".tui-client-*"))


HOLDER = """
import sys
from pathlib import Path
from tui_client.tui.session.file import open_session
assert open_session(Path(sys.argv[1]), Path(sys.argv[2])).file is not None
print("held", flush=True)
sys.stdin.read()
"""


@fault("disk.two_instances")
def test_one_of_them_keeps_the_session(tmp_path: Path) -> None:
    """The other says so; when the first one is killed the next has it."""
    arguments = [sys.executable, "-c", HOLDER, str(tmp_path / "shop"), str(tmp_path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        second = open_session(tmp_path / "shop", tmp_path)
        assert second.file is None and "open in another window" in second.say
        holder.kill()
    third = open_session(tmp_path / "shop", tmp_path)
    assert third.file is not None
    third.file.close()


@fault("disk.two_instances")
async def test_a_run_has_one_runner(world: Any, tmp_path: Path) -> None:
    """A second one on its journal is told who has it, and nothing is sent twice; another run goes on beside it."""
    world.write("slow", 'method = "POST"\nurl = "/slow/{{n}}"\n')
    runs = Journalled(world, tmp_path / "state")
    async with asyncio.timeout(20), runs.child(steps=("slow",), given={"n": "1"}) as process:
        await world.shop.waiting.acquire()
        with pytest.raises(UsageError, match=f"is being run by process {process.pid}"):
            await all_of(runs.resume())
        world.shop.gate.set()
        await all_of(runs.start("slow", given={"n": "2"}))
        await process.wait()
    assert sorted(world.shop.arrived) == ["POST /slow/1", "POST /slow/2"]
    assert [info.state for info in runs.store.list()] == ["done", "done"]


@fault("disk.two_instances")
async def test_two_windows_edit_one_request(bench: Any, sample: Path) -> None:
    """The one that saves second is shown what the first one wrote, and can have both."""
    async with bench(sample) as first, bench(sample) as second:
        for window, url in ((first, "/first"), (second, "/second")):
            await window.open("users/list")
            await window.type_url(url)
        second.screen.builder.query_one("#method").value = "PUT"
        await second.until(lambda: second.screen.current.draft.method == "PUT")
        await first.press("ctrl+s")
        await first.until(lambda: first.tabs == ["list"])
        await second.until(lambda: second.tabs == ["list* ≠ disk"])
        await second.press("ctrl+s")
        await second.until(lambda: second.top is not second.screen and second.top.query("#merge"))
        await second.pilot.pause()
        await second.press("t")
        await second.click("#merge")
        await second.until(lambda: len(second.tabs) == 2)
        await first.until(lambda: first.screen.current.draft.method == "PUT")
        assert first.screen.current.draft.url == "/first" and first.tabs == ["list"]
