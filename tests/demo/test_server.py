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
    """In a process of its own, by the command that people use."""
    async with DemoProcess() as base_url:
        assert await answers(base_url)
    assert not await answers(base_url)


async def test_a_demo_process_runs_no_code_of_the_current_folder(tmp_path, monkeypatch):
    """A folder of requests that someone sent may hold modules named like those that are imported."""
    (tmp_path / "aiohttp.py").write_text("import pathlib\npathlib.Path('was-run').touch()\n")
    monkeypatch.chdir(tmp_path)
    async with DemoProcess() as base_url:
        assert await answers(base_url)
    assert [path.name for path in tmp_path.iterdir()] == ["aiohttp.py"]


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


async def test_the_child_ends_when_its_parent_is_killed():
    """No demo API is left behind, even by kill -9."""
    parent = (
        "import asyncio, sys\n"
        "from tui_client.demo.process import DemoProcess\n"
        "async def main():\n"
        f"    async with DemoProcess(argv=[sys.executable, '-c', {CHILD!r}]) as base_url:\n"
        "        print(base_url, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", parent, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(20):
        base_url = (await process.stdout.readline()).decode().strip()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(base_url.rpartition(":")[2]))
        assert await answers(base_url)
        process.kill()
        assert await reader.read() == b""
    writer.close()
    await process.wait()
    assert not await answers(base_url)


def test_the_child_is_the_command_people_use():
    """`tui-client demo --serve --port N`."""
    assert child_argv(9911)[1:] == ["-P", "-m", "tui_client", "demo", "--serve", "--port", "9911"]


def raw(line: str, *headers: str, body: bytes = b"") -> bytes:
    head = "\r\n".join((f"{line} HTTP/1.1", "Host: x", *headers, f"Content-Length: {len(body)}", "Connection: close"))
    return head.encode("latin-1") + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    "request_bytes",
    [
        raw("POST /form", "Content-Type: application/x-www-form-urlencoded; charset=nope", body=b"x=%ff&\xff=1"),
        raw("POST /oauth/token", body=b"\xff\xfe\xfd"),
        raw("POST /multipart", "Content-Type: multipart/form-data; boundary=a", body=b"xyz"),
        raw("POST /multipart", "Content-Type: multipart/form-data; boundary=a", body=b"--a\r\nX\xff\r\n\r\nz"),
        raw("GET /auth/basic/a/b", "Authorization: Basic \xe9\xff"),
        raw("GET /auth/bearer", "Authorization: Bearer \xe9\xff"),
        raw("GET /auth/digest/a/b", 'Authorization: Digest username="\xe9", response="\xff"'),
        raw("GET /orders", "Authorization: Bearer \xe9.\xff"),
        raw("GET /cookies", "Cookie: =;;a=\xff; \xe9=1; b"),
        raw("GET /cookies/set?a=%00%0d%0aX:1"),
        raw("GET /redirect-to?url=%ED%A0%80"),
        raw("GET /users?page=%ff&team=%ff"),
        raw("GET /charset/%ff"),
        raw("GET /echo/\xff?\xff", body=b"\xff"),
        raw("GET /nothing/%ff/\xff"),
        raw("GET /openapi.json").replace(b"Host: x", b"Host: a:b:c"),
        raw("PATCH /users/1", body=b'{"name": "\xff"}'),
        raw("PATCH /users/1", body=b'{"name": "\\ud800"}'),
        raw("PATCH /users/1", body=b'{"name": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
        raw("POST /users", body=b"[" * 50_000),
        raw("GET /bytes/" + "9" * 5000),
        raw("GET /status/\xb2\xb2\xb2"),
    ],
)
async def test_no_request_is_an_internal_error(server, request_bytes):
    """Whatever comes, the reply is not a 500."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request_bytes)
    async with asyncio.timeout(10):
        status = (await reader.read()).split(b" ", 2)[1]
    writer.close()
    assert 200 <= int(status) < 500
