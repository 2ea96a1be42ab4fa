"""A program that gets replies and says what each cost in memory: `bomb_child.py ours|httpx LIMIT_MB URL…`.

Prints a line of JSON for each URL: rise_mb (the most it held, less what it held before), bytes (of the body, decoded),
seconds, and how it ended. LIMIT_MB: more memory than so much is refused to it. Linux alone: it asks /proc.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

import httpx

from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.model.effective import ResolvedRequest
from tui_client.model.options import SendOptions, Timeouts

_STATUS = Path("/proc/self/status")


def memory_mb(name: str) -> float:
    """VmRSS: held now; VmHWM: the most since `forget`. In MB of 1,000,000 bytes."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1e6


def forget() -> None:
    """Let VmHWM begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


async def ours(engine: Engine, url: str) -> tuple[int, str]:
    """Get it as the app does: the whole body is kept."""
    options = SendOptions(timeouts=Timeouts(connect=60, read=60, total=300))
    request = ResolvedRequest(key="bomb", method="GET", url=url, options=options)
    exchange = await engine.send(prepare(request, Path, environ={}))
    size = 0 if exchange.response is None else exchange.response.body.size
    return size, "whole" if exchange.failure is None else exchange.failure.kind


async def stock(client: httpx.AsyncClient, url: str) -> tuple[int, str]:
    """Get it in the way of httpx that needs the least: pieces that are dropped at once."""
    size = 0
    try:
        async with client.stream("GET", url) as response:
            async for piece in response.aiter_bytes():
                size += len(piece)
    except (MemoryError, httpx.HTTPError) as error:
        return size, type(error).__name__
    return size, "whole"


async def main(way: str, urls: list[str]) -> None:
    """Each after a small reply, so that only the body's own cost is counted."""
    async with Engine(max_body_bytes=2 << 30) as engine, httpx.AsyncClient(trust_env=False, timeout=300) as client:
        for url in urls:
            get = (lambda at: ours(engine, at)) if way == "ours" else (lambda at: stock(client, at))
            await get(url.partition("/bomb/")[0] + "/ok")
            forget()
            before_mb, begun = memory_mb("VmRSS"), time.monotonic()
            size, end = await get(url)
            seconds, rise_mb = time.monotonic() - begun, memory_mb("VmHWM") - before_mb
            told = {"rise_mb": round(rise_mb, 1), "bytes": size, "seconds": round(seconds, 2), "end": end}
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _, way, limit_mb, *urls = sys.argv
    resource.setrlimit(resource.RLIMIT_AS, (int(limit_mb) * 1_000_000,) * 2)
    asyncio.run(main(way, urls))
