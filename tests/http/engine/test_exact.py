"""What is shown is what is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import FailureKind
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.body.file import File
from tui_client.kinds.body.text import Text
from tui_client.model.exchange import Exchange, SentRequest

Explore = Callable[..., Awaitable[Exchange]]
Serve = Callable[..., Awaitable[Any]]


def head_of(sent: SentRequest) -> bytes:
    lines = [sent.method.encode() + b" " + sent.target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in sent.headers]
    return b"\r\n".join([*lines, b"", b""])


AWKWARD: list[dict[str, Any]] = [
    {"path": "/a%2Fb/%2f"},
    {"path": "/x?q=a+b&q=a%20b&&empty=&=&flag"},
    {"path": "/./a/../b//c"},
    {"path": "/ü?ö=ß€"},
    {"path": "/a b?c d"},
    {"path": '/"<>\\^`{|}'},
    {"path": "?only=query"},
    {"path": "/x?u=http://h/?a#gone"},
    {"path": "/:id;p=1,2@!$'()*"},
    {"path": "/%", "headers": (("X-B", "1"), ("x-b", "2"), ("X-b", "3"))},
    {"path": "/", "headers": (("X-Empty", ""), ("x-SPACES", "  two  "))},
    {"path": "/", "headers": (("X-Unicode", "Grüße ☃"),)},
    {"path": "/", "headers": (("host", "other.example"), ("USER-agent", "me"))},
    {"path": "/", "headers": (("accept-encoding", "identity"), ("ACCEPT", "a/b"))},
    {"path": "/", "headers": (("Cookie", "a=1"), ("Cookie", "b=2"))},
    {"path": "/", "headers": (("!#$%&'*+-.^_`|~09", "token"),)},
    {"path": "/", "method": "pRoPfInD"},
    {"path": "/", "method": "M-SEARCH"},
    {"path": "/", "method": "POST"},
    {"path": "/", "method": "PUT", "body": Text(content="hällo"), "headers": (("content-LENGTH", "6"),)},
    {"path": "/q?a=1", "auth": ApiKey(name="k é", value="v/+&", place="query")},
    {"path": "/", "auth": ApiKey(name="x-Key", value="s3cret", place="header")},
]


@pytest.mark.parametrize("request_", AWKWARD, ids=range(len(AWKWARD)))
async def test_the_request_view_equals_the_bytes_on_the_wire(
    explore: Explore, serve: Serve, ok: Any, request_: dict[str, Any]
) -> None:
    """Target, header case, order, repeats and empty values: byte for byte."""
    wire = await serve(ok)
    arguments = {key: value for key, value in request_.items() if key != "path"}
    exchange = await explore(wire.url(request_["path"]), **arguments)
    assert exchange.failure is None
    assert wire.heads == [head_of(exchange.request)]


async def test_a_proxy_gets_what_is_shown(explore: Explore, serve: Serve, ok: Any) -> None:
    """An HTTP proxy gets the whole URL and its credentials, and the view says so."""
    proxy = await serve(ok)
    exchange = await explore("http://nowhere.example/x?a=1", proxy=f"http://me:hunter2@127.0.0.1:{proxy.port}")
    assert proxy.heads == [head_of(exchange.request)]
    assert exchange.request.url == "http://nowhere.example/x?a=1"
    assert exchange.request.proxy == f"http://127.0.0.1:{proxy.port}"
    credentials = dict(exchange.request.headers)[b"Proxy-Authorization"].decode().partition(" ")[2]
    assert {"hunter2", credentials} <= exchange.request.secrets


async def test_a_file_is_streamed_and_shown_as_sent(explore: Explore, serve: Serve, tmp_path: Path) -> None:
    """The view holds the first MiB of what left, and the count of all."""
    content = bytes(range(256)) * 6000
    (tmp_path / "f.bin").write_bytes(content)
    received: list[bytes] = []

    async def play(peer: Any) -> None:
        await peer.head()
        received.append(await peer.reader.readexactly(len(content)))
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    wire = await serve(play)
    exchange = await explore(wire.url(), "POST", body=File(path=str(tmp_path / "f.bin")))
    assert exchange.failure is None
    assert received == [content]
    assert exchange.request.body == content[: 1 << 20]
    assert exchange.request.body_bytes == len(content)


@pytest.mark.parametrize(("size", "detail"), [(3, "had 5 bytes, now 3"), (9, "had 5 bytes, now 9")])
async def test_a_file_that_changed_is_not_sent(
    explore: Any, serve: Serve, ok: Any, tmp_path: Path, size: int, detail: str
) -> None:
    """The announced length never lies: the exchange fails, naming the file."""
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    wire = await serve(ok)
    prepared = explore.prepare(wire.url(), "POST", body=File(path=str(path)))
    path.write_bytes(bytes(size))
    failure = (await explore.engine.send(prepared)).failure
    assert failure is not None
    assert failure.kind is FailureKind.BODY_INVALID
    assert failure.subject == str(path)
    assert detail in failure.detail


async def test_a_file_that_went_away_is_not_sent(explore: Any, serve: Serve, ok: Any, tmp_path: Path) -> None:
    """As file.missing."""
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    wire = await serve(ok)
    prepared = explore.prepare(wire.url(), "POST", body=File(path=str(path)))
    path.unlink()
    failure = (await explore.engine.send(prepared)).failure
    assert failure is not None
    assert failure.kind is FailureKind.FILE_MISSING


async def test_a_body_in_memory_is_shown_up_to_a_mebibyte(explore: Explore, serve: Serve) -> None:
    """body_bytes counts all of it."""

    async def play(peer: Any) -> None:
        await peer.head()
        await peer.reader.readexactly(3 << 20)
        peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")

    wire = await serve(play)
    exchange = await explore(wire.url(), "POST", body=Text(content="x" * (3 << 20)))
    assert exchange.failure is None
    assert len(exchange.request.body) == 1 << 20
    assert exchange.request.body_bytes == 3 << 20
