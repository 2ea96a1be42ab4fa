"""Starting and ending, in this process and in one of its own."""

from __future__ import annotations

import asyncio
import signal
import sys

import aiohttp
import pytest

from tui_client.demo.process import DemoProcess, child_argv
from tui_client.demo.server import running_demo, serve
from tui_client.errors import UsageError

CHILD = (
    "from tui_client.demo.server import run_server\n"
    "run_server(0, print_line=lambda line: print(line, flush=True))\n"
    "print('ended', flush=True)\n"
)


async def answers(base_url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{base_url}/users/1") as reply:
            return reply.status == 200
    except aiohttp.ClientError:
        return False


async def test_a_running_demo_ends_with_its_block():
    """The port is free again at once."""
    async with running_demo() as base_url:
        assert base_url.startswith("http://127.0.0.1:")
        assert await answers(base_url)
    assert not await answers(base_url)


async def test_closing_does_not_wait_for_a_slow_reply():
    """A delay under way is cut."""
    clock = asyncio.get_running_loop().time
    async with running_demo() as base_url:
        _, writer = await asyncio.open_connection("127.0.0.1", int(base_url.rpartition(":")[2]))
        writer.write(b"GET /delay/60000 HTTP/1.1\r\nHost: x\r\n\r\n")
        await writer.drain()
        assert await answers(base_url)
        start = clock()
    assert clock() - start < 5
    writer.close()


async def test_serve_runs_until_cancelled():
    """on_ready gets the base URL of a server that answers."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        task = group.create_task(serve(0, ready.set_result))
        assert await answers(await ready)
        task.cancel()
    assert not await answers(ready.result())


async def test_a_taken_port_is_a_sentence():
    """A UsageError names it."""
    async with running_demo() as base_url:
        port = int(base_url.rpartition(":")[2])
        with pytest.raises(UsageError, match=str(port)):
            async with running_demo(port):
                pytest.fail("two servers on one port")


async def test_a_demo_process_serves_until_the_block_ends():
    """In a process of its own."""
    async with DemoProcess(argv=[sys.executable, "-c", CHILD]) as base_url:
        assert await answers(base_url)
    assert not await answers(base_url)


async def test_a_process_that_does_not_start_says_why():
    """Its last words are in the error."""
    with pytest.raises(UsageError, match="no way"):
        async with DemoProcess(argv=[sys.executable, "-c", "raise SystemExit('no way')"]):
            pytest.fail("it started")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_cleanly(number):
    """Exit code 0, and what stands after run_server still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        assert (await process.stdout.readline()).startswith(b"http://127.0.0.1:")
        process.send_signal(number)
        out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"ended\n", b"")


def test_the_child_is_the_command_people_use():
    """`tui-client demo --serve --port N`."""
    assert child_argv(9911)[1:] == ["-m", "tui_client", "demo", "--serve", "--port", "9911"]
