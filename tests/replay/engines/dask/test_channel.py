"""What goes between a coordinator and its workers: in order, whole, and for nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tui_client.replay.engines.dask import channel
from tui_client.replay.engines.dask.channel import Channel, ChannelClosed, connect, listen, new_token
from tui_client.replay.engines.dask.task import Ticket

TOKEN = new_token()
CANARY = b"canary-of-the-channel"


@asynccontextmanager
async def echoing(token: bytes = TOKEN) -> AsyncIterator[int]:
    """A listener that says everything back; its port."""

    async def serve(link: Channel) -> None:
        while True:
            link.post(await link.receive())
            await link.drained()

    server = await listen("127.0.0.1", 0, token, serve)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_messages_come_whole_and_in_order() -> None:
    """Of any size, the empty one too."""
    messages = [b"", b"a", bytes(20 << 20), *(str(number).encode() for number in range(200))]
    async with asyncio.timeout(20), echoing() as port:
        link = await connect("127.0.0.1", port, TOKEN)
        for message in messages:
            link.post(message)
        assert [await link.receive() for _ in messages] == messages
        link.close()


async def test_another_token_is_not_understood() -> None:
    """Neither side says anything that the other one takes for a message."""
    async with asyncio.timeout(10), echoing() as port:
        link = await connect("127.0.0.1", port, new_token())
        link.post(b"hello")
        with pytest.raises(ChannelClosed):
            await link.receive()
        good = await connect("127.0.0.1", port, TOKEN)
        good.post(b"hello")
        assert await good.receive() == b"hello"
        good.close()


async def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without a greeting is closed after a time."""
    monkeypatch.setattr(channel, "_HANDSHAKE_S", 0.05)
    async with asyncio.timeout(10), echoing() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert len(await reader.read()) == channel._GREETING
        writer.close()


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n" * 9, b"tuic\x01" + bytes(32), b"tuic\x01short"])
async def test_strangers_get_nothing(said: bytes) -> None:
    """Nor does what they say end the listener."""
    async with asyncio.timeout(10), echoing() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        writer.write_eof()
        await reader.read()
        writer.close()
        link = await connect("127.0.0.1", port, TOKEN)
        link.post(b"still there")
        assert await link.receive() == b"still there"
        link.close()


async def test_strangers_are_no_error_of_the_listener() -> None:
    """Nothing that one does is left for the event loop to complain about."""
    complaints: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with asyncio.timeout(10), echoing() as port:
        link = await connect("127.0.0.1", port, new_token())
        link.post(b"hello")
        with pytest.raises(ChannelClosed):
            await link.receive()
        for said in (b"", b"tuic", b"x" * channel._GREETING, b"tuic\x01" + bytes(32)):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            writer.write_eof()
            await reader.read()
            writer.close()
        gone = await connect("127.0.0.1", port, TOKEN)
        gone.post(bytes(1 << 20))
        gone.abort()
        last = await connect("127.0.0.1", port, TOKEN)
        last.post(b"still there")
        assert await last.receive() == b"still there"
        last.close()
    assert complaints == []


class Tampering:
    """A relay that notes what passes, and changes what goes to the listener from a byte on."""

    def __init__(self, change: str) -> None:
        self.change = change
        self.passed = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        there, out = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._up(reader, out))
            group.create_task(self._down(there, writer))

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(channel._GREETING))
        while data := await reader.read(1 << 16):
            self.passed += data
            match self.change:
                case "flip":
                    data = data[:-1] + bytes([data[-1] ^ 1])
                case "twice":
                    data += data
                case "long":
                    data = (channel.MAX_MESSAGE + 1).to_bytes(4, "big") + data
                case "cut":
                    data = data[:-3]
            writer.write(data)
            if self.change == "cut":
                break
        writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            self.passed += data
            writer.write(data)
        writer.close()


@pytest.mark.parametrize(("change", "answers"), [("flip", 0), ("twice", 1), ("long", 0), ("cut", 0), ("none", 2)])
async def test_what_is_tampered_with_ends_the_channel(change: str, answers: int) -> None:
    """And nothing of what goes over the wire can be read."""
    relay = Tampering(change)
    async with asyncio.timeout(10), echoing() as port:
        server = await asyncio.start_server(lambda r, w: relay.serve(r, w, port), "127.0.0.1", 0)
        async with server:
            link = await connect("127.0.0.1", server.sockets[0].getsockname()[1], TOKEN)
            found = 0
            try:
                for _ in range(2):
                    link.post(CANARY)
                    assert await link.receive() == CANARY
                    found += 1
            except ChannelClosed:
                pass
            link.abort()
    assert found == answers
    assert relay.passed and CANARY not in relay.passed and TOKEN not in relay.passed


def test_the_token_is_shown_nowhere() -> None:
    """Dask shows what tasks are given."""
    assert TOKEN.hex() not in repr(Ticket("run", "h", 1, TOKEN)) and repr(TOKEN) not in repr(Ticket("r", "h", 1, TOKEN))
