"""How soon the tree shows its first rows: 5,000 requests in one unfolded folder against 5.

python benchmarks/tree.py [--runs 5]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path
from time import monotonic

from tui_client.tui.app import WorkbenchApp
from tui_client.tui.screens.workbench import WorkbenchScreen
from tui_client.tui.widgets.outline import Outline


def make(root: Path, count: int) -> Path:
    """A collection whose first level holds so many requests."""
    root.mkdir()
    (root / "collection.toml").write_text("format = 1\n")
    for number in range(count):
        text = f'name = "Request {number}"\nmethod = "GET"\nurl = "http://127.0.0.1:9/things/{number}"\n'
        (root / f"request-{number}.toml").write_text(text)
    return root


async def first_rows_s(collection: Path) -> float:
    """Seconds from the app's start to the first rows with their methods."""
    began = monotonic()
    app = WorkbenchApp(collection)
    async with app.run_test(size=(160, 48)):
        while not (isinstance(app.screen, WorkbenchScreen) and app.screen.query(Outline) and _shown(app)):
            await asyncio.sleep(0.002)
        return monotonic() - began


def _shown(app: WorkbenchApp) -> bool:
    rows = app.screen.query_one("#tree", Outline).rows
    return bool(rows) and rows[0].badge == "GET"


async def main() -> None:
    """Measure both in turn and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        small, large = make(Path(scratch) / "small", 5), make(Path(scratch) / "large", 5000)
        await first_rows_s(small)
        pairs = [(await first_rows_s(small), await first_rows_s(large)) for _ in range(options.runs)]
    few, many = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"5 requests {few * 1000:.0f} ms   5,000 requests {many * 1000:.0f} ms   "
        f"more by {(many - few) * 1000:.0f} ms (bar 300)"
    )


if __name__ == "__main__":
    asyncio.run(main())
