"""Esc: how long until a send is over, at every stage; and what 10,000 given up requests cost the pool.

    python benchmarks/cancel.py [--runs 20] [--cancels 10000]

A send is brought to a stage; then it is cancelled from another thread, and the time until it has come back is taken.
The servers and the send share one event loop, so that whatever keeps it busy counts too.
Then requests are given up after a random number of turns of the event loop, twenty at once with ten connections:
how many of ten requests at once still reach the server, ours and httpx's own client side by side.
Bars: 200 ms, and 10 of 10.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import socket
import ssl
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import _support  # noqa: F401 - for the modules of the tests
import httpx
import trustme
from cancelling import give_up_many, usable
from explorer import Explorer
from faulty_h2 import misbehave_h2
from faulty_plays import misbehave
from faulty_tls import server_context
from loopback import Loopback, Peer, Wire

from tui_client.http import resolve
from tui_client.http.cancellation import Cancellation
from tui_client.http.engine import Engine
from tui_client.http.transport import Transport
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.text import Text
from tui_client.model.exchange import BytesReceived, Event
from tui_client.model.options import Timeouts

_SLOTS = 10
_BAR_MS = 200
# Bodies that keep the loop busy, and one that nobody reads.
_BOMB_MIB = 512
_UPLOAD = "x" * (64 << 20)


async def mute(peer: Peer) -> None:
    """Accepts, and says nothing: no TLS, no reading."""
    await peer.hang()


@contextlib.contextmanager
def full_listener() -> Any:
    """A port whose queue is full: a connect to it is answered by nobody."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextlib.contextmanager
def dead_resolver() -> Any:
    """Names are asked for in vain."""
    known = socket.getaddrinfo
    resolve.socket.getaddrinfo = lambda *_, **__: time.sleep(2) or []  # type: ignore[assignment]  # as slow as a dead one
    try:
        yield
    finally:
        resolve.socket.getaddrinfo = known


async def esc_ms(explore: Explorer, url: str, *, body_first: bool = False, **request: Any) -> float:
    """Send, wait until it stands at its stage, cancel from outside the loop; milliseconds until it is over."""
    cancellation, come = Cancellation(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_event(event: Event) -> None:
        if isinstance(event, BytesReceived):
            come.set()

    def press() -> float:
        # A key may come at any moment of whatever the loop is busy with.
        time.sleep(random.uniform(0.03, 0.09))
        begun = time.perf_counter()
        loop.call_soon_threadsafe(cancellation.cancel)
        return begun

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        sending = group.create_task(explore(url, cancellation=cancellation, on_event=on_event, **request))
        if body_first:
            await come.wait()
        pressed = group.create_task(asyncio.to_thread(press))
        exchange = await sending
        over = time.perf_counter()
    assert exchange.failure is not None and exchange.failure.kind == "cancelled", (url, exchange.failure)
    return (over - pressed.result()) * 1000


class Stages:
    """Every stage, each a way to be stuck in it."""

    def __init__(self, loopback: Loopback, explore: Explorer, wire: Wire, silent: Wire) -> None:
        self._explore = explore
        self._wire = wire
        self._silent = silent
        self._loopback = loopback

    def all(self) -> dict[str, Callable[[], Awaitable[float]]]:
        wire, silent = self._wire, self._silent
        token = OAuth2(token_url=wire.url("/hang/before"), client_id="me", client_secret="s")
        return {
            "asking for the name": self._dns,
            "connecting": self._connect,
            "TLS handshake": lambda: self._at(silent.url().replace("http:", "https:")),
            "waiting for a connection": self._pool,
            "sending a body": lambda: self._at(silent.url(), method="POST", body=Text(content=_UPLOAD)),
            "waiting for a reply": lambda: self._at(wire.url("/hang/before")),
            "in the headers": lambda: self._at(wire.url("/hang/headers")),
            "headers that drip": lambda: self._at(wire.url("/drip/header?ms=1")),
            "in the body": lambda: self._at(wire.url("/hang/body"), body_first=True),
            "a body at full speed": lambda: self._at(wire.url("/flood/body"), body_first=True),
            "a bomb being decoded": lambda: self._at(wire.url(f"/bomb/gzip5?mib={_BOMB_MIB}"), body_first=True),
            "a redirect's own body": lambda: self._at(wire.url("/hang/redirect")),
            "among many redirects": lambda: self._at(wire.url("/redirect/loop"), max_redirects=10**6),
            "waiting for a token": lambda: self._at(wire.url("/ok"), auth=token),
        }

    async def _at(self, url: str, **request: Any) -> float:
        return await esc_ms(self._explore, url, **request)

    async def _dns(self) -> float:
        with dead_resolver():
            return await self._at("http://nobody.test/")

    async def _connect(self) -> float:
        with full_listener() as port:
            return await self._at(f"http://127.0.0.1:{port}/")

    async def _pool(self) -> float:
        async with Engine(transport=Transport(max_connections=1)) as engine:
            explore = Explorer(engine)
            async with asyncio.TaskGroup() as group:
                other = group.create_task(explore(self._wire.url("/hang/before")))
                await asyncio.sleep(0.02)
                took = await esc_ms(explore, self._wire.url("/ok"))
                other.cancel()
            return took


async def latencies(runs: int) -> None:
    """A line for each stage."""
    loopback = Loopback()
    wire, silent = await loopback.start(misbehave), await loopback.start(mute)
    worst = 0.0
    async with Engine() as engine:
        for name, stage in Stages(loopback, Explorer(engine), wire, silent).all().items():
            took = sorted([await stage() for _ in range(runs)])
            worst = max(worst, took[-1])
            print(f"{name:<26} median {took[len(took) // 2]:7.2f} ms   most {took[-1]:7.2f} ms", flush=True)
    print(f"Esc ends a send at every stage within {worst:.1f} ms (bar {_BAR_MS} ms)\n")
    await loopback.aclose()


@contextlib.asynccontextmanager
async def ours(ca: str, *, http2: bool) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    """Our engine with ten connections."""
    async with Engine(transport=Transport(max_connections=_SLOTS)) as engine:
        explore = Explorer(engine)
        yield lambda url: explore(url, ca=ca, http2=http2, timeouts=Timeouts())


@contextlib.asynccontextmanager
async def stock(ca: str, *, http2: bool) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    """httpx with ten connections; who gets none gives up soon, or the run would stand still."""
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(cafile=ca),
        http2=http2,
        limits=httpx.Limits(max_connections=_SLOTS),
        timeout=httpx.Timeout(None, pool=0.02),
        trust_env=False,
    ) as client:
        yield client.get


async def slots(cancels: int) -> None:
    """A line for each protocol."""
    loopback, authority = Loopback(), trustme.CA()
    context = server_context(authority)
    context.set_alpn_protocols(["h2"])
    with tempfile.TemporaryDirectory() as scratch:
        ca = str(Path(scratch) / "ca.pem")
        authority.cert_pem.write_to_path(ca)
        for http2 in (False, True):
            wire = await (loopback.start(misbehave_h2, tls=context) if http2 else loopback.start(misbehave))
            left = {}
            for name, opened in (("tui-client", ours), ("httpx", stock)):
                async with opened(ca, http2=http2) as send:
                    await give_up_many(send, wire, cancels, 2 * _SLOTS)
                    left[name] = await usable(send, wire, _SLOTS)
            told = ", ".join(f"{name} lost {_SLOTS - count} of {_SLOTS} slots" for name, count in left.items())
            print(f"{'HTTP/2' if http2 else 'HTTP/1.1'}: after {cancels:,} cancels {told}", flush=True)
    await loopback.aclose()


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--cancels", type=int, default=10_000)
    chosen = options.parse_args()
    await latencies(chosen.runs)
    await slots(chosen.cancels)


if __name__ == "__main__":
    asyncio.run(main())
