"""A worker of a distributed replay that sends nothing: it claims sessions and tells the same reply for each.

    python benchmarks/_sham_worker.py HOST PORT TOKEN NAME

All else is as with a real one: the channel, the messages, the size of what is told. So the coordinator is the limit.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque

import tui_client
from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.channel import Channel, ChannelClosed, connect
from tui_client.replay.engines.dask.messages import Claim, Dealt, Kept, News
from tui_client.replay.engines.dask.packing import unpack
from tui_client.replay.generator import Load

DETAIL = (
    '{"request":{"method":"POST","url":"http://127.0.0.1:8899/post/0","http_version":"HTTP/1.1","headers":[["Host",'
    '"127.0.0.1:8899"],["User-Agent","tui-client/0.1.0"],["Accept","*/*"],["Accept-Encoding","gzip, deflate, br"],'
    '["Content-Type","application/json"],["Content-Length","11"]],"body_bytes":11},"response":{"status":200,"reason":"OK",'
    '"http_version":"HTTP/1.1","headers":[["Content-Type","application/json"],["Content-Length","25"]],"encoded_bytes":25,'
    '"body_bytes":25,"complete":true,"body_end":"length"},"timings":{"blocked":0.23,"dns":null,"connect":null,"tls":null,'
    '"send":0.32,"wait":20.79,"receive":0.05,"total":21.04},"started":"2026-11-23T14:11:23.699903Z","remote":"127.0.0.1:1"}'
)


def place(one: Dealt) -> tuple[int, int]:
    return one.turn.iteration, one.turn.number


class Sham:
    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.began_s = time.monotonic()
        self.share = 0
        self.waiting: deque[Dealt] = deque()
        self.claimed: list[Dealt] = []
        self.number = 0
        self.asked = False

    def say(self, message: messages.Up) -> None:
        self.channel.post(messages.up(message))

    def go_on(self) -> None:
        """What was claimed is done; so many more are claimed as may go on side by side."""
        if self.asked or not self.share or not (self.claimed or self.waiting):
            return
        done, self.claimed = self.claimed, []
        while self.waiting and len(self.claimed) < self.share:
            self.claimed.append(self.waiting.popleft())
        self.number += 1
        self.asked = True
        self.say(
            News(
                self.number,
                results=[self.kept(one) for one in done],
                claims=[
                    Claim((one.turn.iteration, one.turn.number, 0), one.turn.steps[0], False) for one in self.claimed
                ],
                ended=[(one.turn.iteration, one.turn.number) for one in done],
            )
        )

    def kept(self, one: Dealt) -> Kept:
        key, now_s = one.turn.steps[0], time.monotonic() - self.began_s
        place = (one.turn.iteration, one.turn.number, 0)
        label = f"POST http://127.0.0.1:8899/post/{one.turn.number}"
        row = (
            *place,
            key,
            "passed",
            label,
            200,
            "",
            "",
            1,
            now_s,
            None,
            0,
            21.0,
            0,
            0,
            25,
            bytes(32),
            DETAIL,
            b"{}",
            b"{}",
        )
        return Kept(row)

    async def work(self, name: str) -> None:
        for _ in range(5):
            self.say(messages.Ticks(time.monotonic()))
            await self.channel.receive()
        self.say(messages.Hello(name, tui_client.__version__, "3", "sham", os.getpid()))
        messages.read_down(await self.channel.receive())
        async with asyncio.TaskGroup() as group:
            beat = group.create_task(self.beat())
            while not isinstance(message := messages.read_down(await self.channel.receive()), messages.Enough):
                match message:
                    case messages.Share(sessions=share):
                        self.share = share
                    case messages.Offered(chunk=chunk):
                        self.say(messages.Taken(chunk))
                    case messages.Chunk(sessions=sessions):
                        self.waiting.extend([] if sessions is None else unpack(sessions))
                    case messages.Noted():
                        self.asked = False
                self.go_on()
            beat.cancel()

    async def beat(self) -> None:
        while True:
            self.say(messages.Beat(len(self.claimed), len(self.waiting), Load()))
            await asyncio.sleep(0.5)


async def main() -> None:
    host, port, token, name = sys.argv[1:]
    channel = await connect(host, int(port), bytes.fromhex(token))
    try:
        await Sham(channel).work(name)
    except ChannelClosed:
        return
    channel.close()


if __name__ == "__main__":
    asyncio.run(main())
