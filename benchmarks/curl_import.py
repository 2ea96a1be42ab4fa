"""curl commands through the real curl, and through our import and engine: is the same sent?

    python benchmarks/curl_import.py

Every command of `tests/support/curl_commands.py` runs twice against a capture server on loopback. Compared: the request
line, every header of curl's (those that a user gave in their order; a User-Agent and Accept-Encoding that nobody asked
for are each program's own, as is curl's Expect before an upload), and the body, but for the random boundary of a form
of several parts.
Bar: 97 % the same, byte for byte.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

import _support  # noqa: F401 - for the modules of the tests
from curl_commands import COMMANDS, FILES

from tui_client.errors import RequestFailed
from tui_client.formats.curl import read_curl
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import inherit, surrounding_scope
from tui_client.model.options import SendOptions
from tui_client.template.resolve import resolve

Seen = tuple[bytes, list[tuple[bytes, bytes]], bytes]
AROUND = Surroundings(Collection(id="c"))
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


class Capture:
    """Takes down what arrives, and answers 200."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
            line, *lines = head.split(b"\r\n")
            rows = [(name, value.strip()) for name, _, value in (each.partition(b":") for each in lines)]
            size = next((int(value) for name, value in rows if name.lower() == b"content-length"), 0)
            self.seen.append((line, rows, await reader.readexactly(size)))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def taken(self) -> list[Seen]:
        """What has arrived since the last time."""
        seen, self.seen = self.seen, []
        return seen


class Folder:
    """The files that a command may name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """All of them."""
        return sorted(path.name for path in self.folder.iterdir())

    def read(self, name: str) -> bytes:
        """One of them."""
        return (self.folder / name).read_bytes()


async def by_curl(command: str, folder: Path) -> None:
    """Run it in a shell, as people do."""
    done = await asyncio.create_subprocess_exec(
        "bash", "-c", command, cwd=folder, env=ENVIRONMENT, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(20):
        await done.wait()


async def by_us(command: str, folder: Path, engine: Engine) -> None:
    """Import it, and send each of its requests."""
    for found in read_curl(command.encode(), beside=Folder(folder)).collections[0].requests:
        effective = inherit("k", found.request, AROUND, SendOptions())
        sent = resolve(effective, surrounding_scope(AROUND))
        await engine.send(prepare(sent, lambda path: folder / path, environ={}))


def comparable(seen: Seen, asked: str) -> tuple[bytes, list[tuple[bytes, bytes]], list[bytes], bytes]:
    """Request line, headers, names of those that a user gave in their order, and body."""
    line, rows, body = seen
    boundary = re.search(rb"boundary=(\S+)", dict(rows).get(b"Content-Type", b""))
    kept = []
    for name, value in rows:
        lower = name.lower()
        if lower == b"user-agent" and value.startswith((b"curl/", b"tui-client/")):
            continue
        if lower == b"expect":
            continue
        if (lower == b"accept-encoding" and b"accept-encoding" not in asked.lower().encode()) or lower == b"connection":
            continue
        if (lower == b"content-length" and (boundary or value == b"0")) or (lower, value) == (b"accept", b"*/*"):
            continue
        kept.append((name, value.replace(boundary[1], b"BOUNDARY") if boundary else value))
    given = {name.lower().encode() for name in re.findall(r"-H\s*[\"'^]*([\w-]+)[:;]", asked)}
    order = [name for name, _ in kept if name.lower() in given]
    return line, sorted(kept), order, body.replace(boundary[1], b"BOUNDARY") if boundary else body


def differences(theirs: list[Seen], ours: list[Seen], asked: str) -> list[str]:
    """Sentences, none if the same was sent."""
    if len(theirs) != len(ours):
        return [f"curl sent {len(theirs)} requests, we {len(ours)}"]
    found = []
    for left, right in zip(theirs, ours, strict=True):
        for what, one, other in zip(
            ("line", "headers", "order", "body"), comparable(left, asked), comparable(right, asked), strict=True
        ):
            if one != other:
                found.append(f"{what}: curl {one!r}, we {other!r}")
    return found


async def main() -> None:
    capture, same = Capture(), 0
    server = await asyncio.start_server(capture.handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, content in FILES.items():
            (folder / name).write_bytes(content)
        for written in COMMANDS:
            command = written.replace("HOST", f"127.0.0.1:{port}")
            await by_curl(command, folder)
            theirs = capture.taken()
            async with Engine() as engine:
                try:
                    await by_us(command, folder, engine)
                    said = ""
                except RequestFailed as error:
                    said = str(error)
            found = [*differences(theirs, capture.taken(), command), *([said] if said else [])]
            same += not found
            for each in found:
                print(f"{written}\n    {each}")
    server.close()
    print(f"{same} of {len(COMMANDS)} commands send the same ({same / len(COMMANDS):.1%})")


if __name__ == "__main__":
    asyncio.run(main())
