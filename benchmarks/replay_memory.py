"""Peak memory of a replay with its journal, for few rows and for many.

    python benchmarks/replay_memory.py [FEW] [MANY]

Each run (1,000 and 100,000 rows by default; the same as in replay.py) is a process of its own; the figure is its peak
resident memory, the interpreter and all libraries included. Also prints the journal's size and how long a report of it
takes, from nothing but the journal.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from replay import replay, workspace

from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.report import Report

AT_ONCE = 64
KIB = 1024


async def run(port: int, rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "rows.csv"
        with data.open("w") as file:
            file.write("id,name\n")
            file.writelines(f"{number},name {number}\n" for number in range(rows))
        async with workspace(folder, port) as space:
            began = time.perf_counter()
            await replay(space, data, rows, AT_ONCE, journalled=True)
            took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB
        (journal,) = (folder / "state" / "runs").glob("*.sqlite")
        began = time.perf_counter()
        with JournalReader(journal) as reader:
            report = Report()
            reader.fold(report)
        fold = time.perf_counter() - began
        assert report.summary(took).passed == rows
        print(peak, took, journal.stat().st_size, fold)


def measured(port: int, rows: int) -> float:
    command = [sys.executable, __file__, "run", str(port), str(rows)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    peak, took, size, fold = map(float, done.stdout.split())
    print(
        f"{rows:>9,} rows: peak {peak / 1e6:6.1f} MB, {rows / took:6,.0f} requests/s, "
        f"journal {size / 1e6:6.1f} MB, folded again in {fold:.2f} s"
    )
    return peak / 1e6


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        asyncio.run(run(int(sys.argv[2]), int(sys.argv[3])))
        return
    few, many = (int(argument) for argument in (*sys.argv[1:], 1_000, 100_000)[:2])
    server = [sys.executable, str(Path(__file__).with_name("transport.py")), "serve"]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            small, large = measured(port, few), measured(port, many)
        finally:
            process.terminate()
    print(f"{large - small:+.1f} MB for {many // few} times the rows")


if __name__ == "__main__":
    main()
