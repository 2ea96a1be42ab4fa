"""A cluster on this machine, in a process of its own: says where its scheduler is, and ends with its input.

    python -m tui_client.replay.engines.dask.local_program WORKERS

Apart from the process that launches a run: Dask starts its workers by running that one's main module again, and needs
real standard streams; and its scheduler would take time from the journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any, Final

_CLOSE_S: Final = 3.0


async def serve(workers: int) -> None:
    """Until the end of the input."""
    import dask
    import distributed

    cluster_of: Any = distributed.LocalCluster
    with dask.config.set({"distributed.logging.distributed": "critical"}):
        cluster = await cluster_of(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # None would still serve pages, at a fixed port.
            dashboard_address="127.0.0.1:0",
            asynchronous=True,
            silence_logs=logging.CRITICAL,
        )
    sys.stdout.write(f"{cluster.scheduler_address}\n")
    sys.stdout.flush()
    try:
        await asyncio.to_thread(sys.stdin.buffer.read)
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                await cluster.close(timeout=_CLOSE_S)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
