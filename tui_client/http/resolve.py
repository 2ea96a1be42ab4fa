"""Names to addresses, each lookup in a thread of its own that nothing waits for.

The event loop's own threads are few and joined at its end: names that a dead resolver keeps would stop all other file
work, and then the exit.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

Address: TypeAlias = tuple[int, tuple[Any, ...]]  # family, and what socket.connect takes
Lookup: TypeAlias = Callable[[bytes, int], list[Address]]


def system_lookup(host: bytes, port: int) -> list[Address]:
    """The system's addresses of a name, best first. Blocks; raises OSError."""
    if host.lower().rstrip(b".").endswith(b".localhost"):
        # A name server must not be asked: what it says could be another machine (RFC 6761, 6.3).
        host = b"localhost"
    # Bytes, since Python would put a str through its own IDNA of 2003.
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


async def look_up(host: bytes, port: int, lookup: Lookup = system_lookup) -> list[Address]:
    """The addresses of a name, best first. Raises OSError or UnicodeError; a cancel comes back at once."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Address]] = loop.create_future()

    def tell(found: list[Address] | OSError | ValueError) -> None:
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def work() -> None:
        found: list[Address] | OSError | ValueError
        try:
            found = lookup(host, port)
        except (OSError, ValueError) as error:
            found = error
        # The loop may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=work, name="name lookup", daemon=True).start()
    return await answer
