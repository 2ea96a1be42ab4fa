"""The demo API as an application, and the ways to run it. Loopback only."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from tui_client.demo import (
    routes_auth,
    routes_content,
    routes_echo,
    routes_hostile,
    routes_redirect,
    routes_shop,
    routes_stream,
)
from tui_client.demo.endpoint import Endpoint
from tui_client.demo.replies import problems_as_json
from tui_client.demo.routes_index import index_endpoints
from tui_client.demo.state import STATE, State
from tui_client.errors import UsageError

HOST = "127.0.0.1"
# Set for a child process whose life must not outlast its parent's: it watches its standard input end.
UNTIL_EOF_VARIABLE = "TUI_CLIENT_DEMO_UNTIL_EOF"
_BODY_LIMIT_BYTES = 64 << 20
# Streams under way are cut after this; nobody waits for a demo to end.
_SHUTDOWN_S = 0.2

ENDPOINTS: tuple[Endpoint, ...] = (
    *index_endpoints(lambda: ENDPOINTS, routes_shop.SCHEMAS),
    *routes_shop.ENDPOINTS,
    *routes_auth.ENDPOINTS,
    *routes_echo.ENDPOINTS,
    *routes_redirect.ENDPOINTS,
    *routes_stream.ENDPOINTS,
    *routes_content.ENDPOINTS,
    *routes_hostile.ENDPOINTS,
)


def make_app() -> web.Application:
    """A new demo API with a state of its own."""
    app = web.Application(middlewares=[problems_as_json], client_max_size=_BODY_LIMIT_BYTES)
    app[STATE] = State()
    for endpoint in ENDPOINTS:
        endpoint.register(app)
    return app


class Server:
    """A running demo API: `base_url` is "http://127.0.0.1:PORT"; `state` is what it remembers."""

    def __init__(self, runner: web.AppRunner, state: State, port: int) -> None:
        self._runner = runner
        self.state = state
        self.port = port
        self.base_url = f"http://{HOST}:{port}"

    async def close(self) -> None:
        """Stop listening and end what is under way."""
        await self._runner.cleanup()


async def start(port: int = 0) -> Server:
    """Serve on 127.0.0.1 at this port, 0 for a free one. Raises UsageError if the port can't be had."""
    app = make_app()
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_SHUTDOWN_S)
    await runner.setup()
    try:
        main_port = await _listen(runner, port)
        # A second port is another origin, whatever the machine makes of "localhost".
        app[STATE].other_origin = f"http://{HOST}:{await _listen(runner, 0)}"
    except OSError as error:
        await runner.cleanup()
        raise UsageError(f"The demo API can't listen on {HOST}:{port}: {error.strerror}.") from error
    return Server(runner, app[STATE], main_port)


async def _listen(runner: web.AppRunner, port: int) -> int:
    await web.TCPSite(runner, HOST, port, backlog=1024).start()
    found: int = runner.addresses[-1][1]
    return found


@contextlib.asynccontextmanager
async def running_demo(port: int = 0) -> AsyncIterator[str]:
    """The base URL of a demo API that runs while the block does."""
    server = await start(port)
    try:
        yield server.base_url
    finally:
        await server.close()


async def serve(port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until cancelled; `on_ready` gets the base URL. Raises UsageError if the port can't be had."""
    async with running_demo(port) as base_url:
        on_ready(base_url)
        await asyncio.Event().wait()


def run_server(port: int, *, print_line: Callable[[str], None], until_eof: bool = False) -> None:
    """Serve until SIGTERM, SIGINT or, with `until_eof`, the end of standard input; the base URL is the first line.

    The environment variable TUI_CLIENT_DEMO_UNTIL_EOF switches `until_eof` on too. Raises UsageError.
    """
    watch = until_eof or bool(os.environ.get(UNTIL_EOF_VARIABLE))
    asyncio.run(_serve_until_told(port, print_line, watch))


async def _serve_until_told(port: int, print_line: Callable[[str], None], until_eof: bool) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if until_eof:
        threading.Thread(target=_wait_for_eof, args=(loop, told), daemon=True).start()
    async with running_demo(port) as base_url:
        print_line(base_url)
        await told.wait()


def _wait_for_eof(loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
    # A thread: the event loop can't poll every kind of standard input.
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    with contextlib.suppress(RuntimeError):  # the loop may have ended by a signal
        loop.call_soon_threadsafe(told.set)
