"""Where a run is done, if not in this process alone. Light: the command line makes one before Dask is looked for."""

from __future__ import annotations

import asyncio
import os
import re
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

import msgspec

from tui_client.errors import UsageError

_ANSWER_S: Final = 5.0
_PORT: Final = 8786
_ADDRESS: Final = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
MOST_WORKERS: Final = 256
INSTALL: Final = "pip install 'tui-client[distributed]'"


class ClusterTerms(msgspec.Struct, frozen=True, kw_only=True):
    """workers: so many processes on this machine; 0 with a scheduler. scheduler: "tcp://HOST:PORT", or tls.

    listen: HOST or HOST:PORT where workers reach this process; "" finds it out. send_secrets: secrets and environment
    variables that requests need go along, encrypted; else each worker has its own. silent_s: a worker that says nothing
    for so long is lost.
    """

    workers: int = 0
    scheduler: str = ""
    listen: str = ""
    send_secrets: bool = False
    silent_s: float = 10.0


def local_terms(workers: int, *, send_secrets: bool = False) -> ClusterTerms:
    """Processes of this machine. Raises UsageError."""
    if not 1 <= workers <= MOST_WORKERS:
        raise UsageError(f"There can be 1 to {MOST_WORKERS} workers, not {workers}.")
    return ClusterTerms(workers=workers, send_secrets=send_secrets)


def remote_terms(scheduler: str, *, listen: str = "", send_secrets: bool = False) -> ClusterTerms:
    """The workers of a cluster. Raises UsageError."""
    if not _ADDRESS.fullmatch(scheduler):
        raise UsageError(f"{scheduler!r} is no scheduler. Write tcp://HOST:PORT or tls://HOST:PORT.")
    if listen:
        listen_place(listen)
    return ClusterTerms(scheduler=scheduler, listen=listen, send_secrets=send_secrets)


def listen_place(text: str) -> tuple[str, int]:
    """HOST or HOST:PORT; port 0: any that is free. Raises UsageError."""
    host, colon, port = text.rpartition(":")
    if not colon or host.endswith(":") or text.endswith("]"):
        return text.strip("[]"), 0
    if not host or not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:
        raise UsageError(f"{text!r} is not HOST or HOST:PORT.")
    return host.strip("[]"), int(port)


def terms_of(text: str) -> ClusterTerms | None:
    """What one field says: "4" workers here, or the address of a scheduler; "" this process. Raises UsageError."""
    if not text:
        return None
    return local_terms(int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else remote_terms(text)


def check_installed() -> None:
    """Raises UsageError where the extra is not."""
    if find_spec("distributed") is None:
        raise UsageError(f"Replaying on other processes needs Dask, which is not installed: {INSTALL}")


async def check_reachable(terms: ClusterTerms) -> None:
    """Before anything is kept of a run. Raises UsageError where nobody listens at the scheduler's address."""
    if not terms.scheduler:
        return
    try:
        parts = urlsplit(terms.scheduler)
        async with asyncio.timeout(_ANSWER_S):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or _PORT)
        writer.transport.abort()
    except TimeoutError as error:
        raise UsageError(unreachable(terms.scheduler, f"no answer within {_ANSWER_S:g} s")) from error
    except (OSError, ValueError) as error:
        # Of a name that nobody knows the number is none of the system's.
        number = (error.errno or 0) if isinstance(error, OSError) else 0
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
        raise UsageError(unreachable(terms.scheduler, reason)) from error


def unreachable(scheduler: str, reason: str) -> str:
    """A sentence about a scheduler that does not answer, and what to do."""
    return (
        f"The scheduler {scheduler} does not answer ({reason}). Start one with `dask scheduler`, see docs/cluster.md."
    )
