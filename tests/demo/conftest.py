"""A demo API for each test, and a client that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import aiohttp
import pytest

from tui_client.demo.server import Server, start


class Answered(NamedTuple):
    """A reply, read to its end."""

    status: int
    headers: Any
    body: bytes
    json: Any


class Client:
    """Sends to one server; never follows a redirect, never keeps a cookie, never decompresses."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        self.base_url = base_url
        self._session = session

    async def __call__(self, method: str, path: str, **options: Any) -> Answered:
        async with self._session.request(
            method, self.base_url + path, allow_redirects=False, raise_for_status=False, **options
        ) as response:
            body = await response.read()
            parsed = None
            if response.content_type == "application/json" and "Content-Encoding" not in response.headers and body:
                parsed = await response.json()
            return Answered(response.status, response.headers, body, parsed)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A running demo API with a state of its own."""
    running = await start()
    yield running
    await running.close()


@pytest.fixture
async def send(server: Server) -> AsyncIterator[Client]:
    """`await send("GET", "/users")`."""
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Client(server.base_url, session)
