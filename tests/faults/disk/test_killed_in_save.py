"""kill -9 in a save: the old file or the new one, whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from fault_matrix import fault
from scale import tries

SAVES = Path(__file__).parents[3] / "benchmarks" / "saves.py"


@fault("disk.killed_in_save")
def test_killed_saves_damage_nothing_and_leave_nothing_behind() -> None:
    """Killed at any moment, often while writing: no file is damaged, as plain writing would; nothing piles up."""
    kills = tries(40, 500)
    command = [sys.executable, str(SAVES), "--kills", str(kills), "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.rsplit(maxsplit=2) for line in done.stdout.splitlines()[1:3]]
    figures = {name: (int(ours.replace(",", "")), int(peer.replace(",", ""))) for name, ours, peer in rows}
    assert figures["saves killed"] == (kills, kills)
    ours, peer = figures["files damaged"]
    assert ours == 0 < peer
    single = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines()[3:])
    assert int(single["killed while writing"]) > kills // 10
    assert (int(single["temporary files, at most at once"]), int(single["temporary files, after a save"])) == (1, 0)
