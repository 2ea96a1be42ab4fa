"""Through proxies: CONNECT, absolute targets, SOCKS; credentials reach the proxy alone."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket

import pytest

from tui_client.errors import FailureKind
from tui_client.http.profile import ConnectionProfile
from tui_client.model.options import Timeouts

K = FailureKind
BASIC = b"Proxy-Authorization: Basic " + base64.b64encode(b"me:p@ss")


async def relay(peer, host, port):
    """Carry bytes both ways until either side ends."""
    reader, writer = await asyncio.open_connection(host, port)

    async def carry(source, sink):
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                sink.write(data)
        sink.close()

    try:
        await asyncio.gather(carry(peer.reader, writer), carry(reader, peer.writer))
    finally:
        writer.transport.abort()


async def http_proxy(peer):
    """Opens a way for CONNECT."""
    target = (await peer.head()).split()[1].decode()
    peer.send(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")
    await relay(peer, *target.split(":"))


async def test_https_goes_through_an_http_proxy_by_connect(send, serve, ok, server_tls, ca_file):
    """CONNECT with credentials to the proxy; the server sees the request alone, and the tunnel is kept."""
    server = await serve(ok, tls=server_tls())
    proxy = await serve(http_proxy)
    profile = ConnectionProfile(ca=ca_file, proxy=f"http://me:p%40ss@127.0.0.1:{proxy.port}")
    outcomes = [await send(server.url(), profile=profile) for _ in range(2)]
    assert [outcome.body for outcome in outcomes] == [b"hi", b"hi"]
    authority = b"127.0.0.1:%d" % server.port
    assert proxy.heads == [b"CONNECT " + authority + b" HTTP/1.1\r\nHost: " + authority + b"\r\n" + BASIC + b"\r\n\r\n"]
    assert all(b"Proxy" not in head for head in server.heads)
    assert outcomes[0].trace.tls_start >= outcomes[0].trace.connect_end
    assert outcomes[0].extensions["remote"] == f"127.0.0.1:{proxy.port}"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_may_itself_be_spoken_to_over_tls(send, serve, ok, server_tls, ca_file, scheme):
    """https:// proxies: TLS to the proxy, and inside the tunnel TLS to the server."""
    server = await serve(ok, tls=server_tls() if scheme == "https" else None)
    proxy = await serve(http_proxy if scheme == "https" else ok, tls=server_tls())
    profile = ConnectionProfile(ca=ca_file, proxy=f"https://127.0.0.1:{proxy.port}")
    outcome = await send(server.url(), profile=profile)
    assert (outcome.failure, outcome.body) == (None, b"hi")
    assert proxy.accepted == 1


async def test_http_goes_through_an_http_proxy_with_an_absolute_target(send, serve, ok):
    """As curl does: no tunnel, the whole URL as target, bytes as given."""
    proxy = await serve(ok)
    profile = ConnectionProfile(proxy=f"http://me:p%40ss@127.0.0.1:{proxy.port}")
    outcome = await send(
        "http://nonexistent.invalid:8080/x", target=b"/a%2Fb?q=+", headers=[(b"hOST", b"h")], profile=profile
    )
    assert outcome.body == b"hi"
    assert proxy.heads == [
        b"GET http://nonexistent.invalid:8080/a%2Fb?q=+ HTTP/1.1\r\nhOST: h\r\n" + BASIC + b"\r\n\r\n"
    ]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", K.PROXY_AUTH),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", K.PROXY_REFUSED),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", K.PROXY_REFUSED),
        (b"SSH-2.0-OpenSSH\r\n\r\n", K.PROXY_REFUSED),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, K.PROXY_REFUSED),
        (b"", K.PROXY_REFUSED),
    ],
    ids=["407", "403", "502", "garbage", "endless", "closes"],
)
async def test_a_proxy_that_opens_no_way_is_named(send, serve, reply, kind):
    """proxy.auth or proxy.refused with the proxy as subject; no slot is lost."""

    async def play(peer):
        await peer.head()
        peer.send(reply)

    proxy = await serve(play)
    profile = ConnectionProfile(proxy=f"http://me:secret@127.0.0.1:{proxy.port}")
    outcome = await send("https://nonexistent.invalid/", profile=profile)
    assert (outcome.kind, outcome.failure.subject) == (kind, f"127.0.0.1:{proxy.port}")
    assert "secret" not in repr(outcome.failure)
    assert [pool.taken for pool in send.pools()] == [0]


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h", "socks4"])
async def test_a_proxy_nobody_runs_is_the_proxys_failure(send, scheme):
    """The message names the proxy, not the server."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{holder.getsockname()[1]}"
        outcome = await send("https://127.0.0.1:1/", profile=ConnectionProfile(proxy=f"{scheme}://{place}"))
    assert (outcome.kind, outcome.failure.subject) == (K.PROXY_REFUSED, place)
    assert "refused" in outcome.failure.detail.lower()


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
async def test_a_proxy_that_hangs_meets_the_connect_limit(send, serve, scheme):
    """The connect limit covers the way through the proxy."""

    async def play(peer):
        await peer.hang()

    proxy = await serve(play)
    profile = ConnectionProfile(proxy=f"{scheme}://127.0.0.1:{proxy.port}")
    outcome = await send("https://nonexistent.invalid/", profile=profile, timeouts=Timeouts(connect=0.05))
    assert (outcome.kind, outcome.failure.limit_s) == (K.TIMEOUT_CONNECT, 0.05)
    assert [pool.taken for pool in send.pools()] == [0]


def socks5(asked, *, user=b"", reply=0, to=None):
    """A SOCKS 5 server; `to` is where every way leads."""

    async def play(peer):
        read = peer.reader.readexactly
        methods = await read((await read(2))[1])
        method = 2 if user else 0
        if method not in methods:
            peer.send(b"\x05\xff")
            return
        peer.send(bytes([5, method]))
        if user:
            name = await read((await read(2))[1])
            password = await read((await read(1))[0])
            peer.send(b"\x01" + (b"\0" if name + b":" + password == user else b"\1"))
        kind = (await read(4))[3]
        host = await read((await read(1))[0]) if kind == 3 else await read(4)
        asked.append((kind, host, int.from_bytes(await read(2), "big")))
        peer.send(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        if reply == 0:
            await relay(peer, "127.0.0.1", to)

    return play


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("scheme", "host", "expected"),
    [("socks5h", "localhost", (3, b"localhost")), ("socks5", "localhost", (1, b"\x7f\0\0\1"))],
)
async def test_requests_go_through_socks_5(send, serve, ok, server_tls, ca_file, tls, scheme, host, expected):
    """5h lets the proxy resolve names, 5 resolves them here; TLS runs inside."""
    asked = []
    server = await serve(ok, tls=server_tls("localhost") if tls else None)
    proxy = await serve(socks5(asked, user=b"me:p@ss", to=server.port))
    profile = ConnectionProfile(ca=ca_file, proxy=f"{scheme}://me:p%40ss@127.0.0.1:{proxy.port}")
    outcomes = [await send(f"{server.scheme}://{host}:{server.port}/", profile=profile) for _ in range(2)]
    assert [(outcome.failure, outcome.body) for outcome in outcomes] == [(None, b"hi")] * 2
    assert asked == [(*expected, server.port)]


@pytest.mark.parametrize(
    ("user", "proxy_user", "reply", "kind"),
    [
        (b"me:other", "me:p@", 0, K.PROXY_AUTH),
        (b"me:other", "", 0, K.PROXY_AUTH),
        (b"", "", 5, K.PROXY_REFUSED),
        (b"", "", 2, K.PROXY_REFUSED),
    ],
)
async def test_a_socks_proxy_that_refuses_is_named(send, serve, user, proxy_user, reply, kind):
    """Wrong credentials and refused ways: typed, with the proxy as subject."""
    proxy = await serve(socks5([], user=user, reply=reply))
    profile = ConnectionProfile(proxy=f"socks5://{proxy_user}127.0.0.1:{proxy.port}")
    outcome = await send("http://10.0.0.1/", profile=profile)
    assert (outcome.kind, outcome.failure.subject) == (kind, f"127.0.0.1:{proxy.port}")


async def test_requests_go_through_socks_4(send, serve, ok):
    """The old protocol: an address, no name."""
    server = await serve(ok)

    async def play(peer):
        head = await peer.reader.readexactly(8)
        await peer.reader.readuntil(b"\0")
        peer.send(b"\0\x5a" + head[2:8])
        await relay(peer, "127.0.0.1", int.from_bytes(head[2:4], "big"))

    proxy = await serve(play)
    outcome = await send(server.url(), profile=ConnectionProfile(proxy=f"socks4://127.0.0.1:{proxy.port}"))
    assert (outcome.failure, outcome.body) == (None, b"hi")


async def test_a_socks_proxy_that_talks_nonsense_is_refused(send, serve):
    """Garbage and early ends of a proxy raise nothing of python-socks."""

    async def play(peer):
        await peer.reader.read(3)
        peer.send(b"HTTP/1.1 400 no\r\n\r\n" if peer.number == 1 else b"")

    proxy = await serve(play)
    for _ in range(2):
        outcome = await send("http://10.0.0.1/", profile=ConnectionProfile(proxy=f"socks5://127.0.0.1:{proxy.port}"))
        assert outcome.kind is K.PROXY_REFUSED
