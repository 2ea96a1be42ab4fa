"""One transport, many profiles: each gets its own connections, and every failure is ours."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

import httpx
import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.profile import ConnectionProfile
from tui_client.http.transport import Transport
from tui_client.model.options import Timeouts

K = FailureKind


@pytest.fixture
def dead_port():
    """A port nobody listens on, for as long as the test holds it."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


async def test_a_port_nobody_listens_on_refuses(send, dead_port):
    """connect.refused, naming host and port, with the system's reason."""
    outcome = await send(f"http://127.0.0.1:{dead_port}/")
    assert (outcome.kind, outcome.failure.subject) == (K.CONNECT_REFUSED, f"127.0.0.1:{dead_port}")
    assert outcome.failure.detail == "Connection refused"
    assert outcome.trace.dns_start is None
    assert [pool.taken for pool in send.pools()] == [0]


async def test_a_name_nobody_knows_is_a_dns_failure(send):
    """dns, with the resolver's reason; no connection was tried."""
    outcome = await send("http://nonexistent.invalid/")
    assert (outcome.kind, outcome.failure.subject) == (K.DNS, "nonexistent.invalid:80")
    assert outcome.failure.detail
    assert outcome.trace.connect_start is None


@pytest.mark.parametrize("host", ["a" * 64 + ".test", "a..b", "."])
async def test_a_name_that_cannot_be_is_a_typed_failure(send, host):
    """Labels too long or empty raise nothing of socket, idna or encodings."""
    assert (await send(f"http://{host}/")).kind is K.DNS


async def test_a_name_is_resolved_and_timed_apart(send, serve, ok):
    """DNS has its own phase when there is a name to look up."""
    wire = await serve(ok)
    outcome = await send(f"http://localhost:{wire.port}/")
    assert outcome.status == 200
    assert outcome.trace.dns_start <= outcome.trace.dns_end <= outcome.trace.connect_start
    assert outcome.trace.remote == f"127.0.0.1:{wire.port}"


async def test_ipv6_addresses_are_dialled(send):
    """A literal in brackets is an address, not a name."""
    outcome = await send("http://[::1]:9/", timeouts=Timeouts(connect=2))
    assert outcome.kind in (K.CONNECT_REFUSED, K.CONNECT_UNREACHABLE, K.CONNECT_FAILED)
    assert outcome.failure.subject == "[::1]:9"


async def test_connecting_is_bounded(send):
    """A listener whose queue is full lets nobody in: timeout.connect."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        outcome = await send(f"http://127.0.0.1:{port}/", timeouts=Timeouts(connect=0.1))
        for filler in fillers:
            filler.close()
    assert (outcome.kind, outcome.failure.limit_s) == (K.TIMEOUT_CONNECT, 0.1)
    assert [pool.taken for pool in send.pools()] == [0]


async def test_requests_share_connections_only_within_their_profile(send, serve, ok):
    """What differs in TLS or proxy settings never meets on one connection."""
    wire = await serve(ok)
    for profile in (None, ConnectionProfile(), ConnectionProfile(verify=False), ConnectionProfile(http2=True)):
        assert (await send(wire.url(), profile=profile)).status == 200
    # http2 over plain http is HTTP/1.1 with the default profile.
    assert wire.accepted == 2


async def test_one_client_over_one_transport_serves_all(serve, ok):
    """httpx's own client works over it, streams included."""
    wire = await serve(ok)
    async with httpx.AsyncClient(transport=Transport()) as client:
        assert [(await client.get(wire.url())).content for _ in range(3)] == [b"hi"] * 3
        async with client.stream("GET", wire.url()) as response:
            assert [chunk async for chunk in response.aiter_raw()] == [b"hi"]
    assert wire.accepted == 1


async def test_a_unix_socket_serves_as_a_server(send, serve, ok, tmp_path):
    """unix:/path: the origin's name goes into the request, the bytes through the socket."""
    path = tmp_path / "s.sock"
    wire = await serve(ok, path=path)
    outcome = await send("http://docker/info", profile=ConnectionProfile(proxy=f"unix:{path}"))
    assert (outcome.status, outcome.extensions["remote"]) == (200, str(path))
    assert wire.heads == [b"GET /info HTTP/1.1\r\nHost: docker\r\n\r\n"]


async def test_a_missing_unix_socket_is_a_connect_failure(send, tmp_path):
    """The path is named."""
    outcome = await send("http://docker/", profile=ConnectionProfile(proxy=f"unix:{tmp_path}/none"))
    assert (outcome.kind, outcome.failure.subject) == (K.CONNECT_FAILED, f"{tmp_path}/none")


@pytest.mark.parametrize("proxy", ["ftp://h:1", "http://", "http://h:99999", "nonsense", "http://[::1", "socks9://h:1"])
async def test_a_proxy_that_cannot_be_is_a_typed_failure_without_its_password(send, proxy):
    """proxy.invalid; whatever stood before the @ is not repeated."""
    secret = proxy.replace("://", "://user:hunter2@")
    outcome = await send("http://127.0.0.1:1/", profile=ConnectionProfile(proxy=secret))
    assert outcome.kind is K.PROXY_INVALID
    assert "hunter2" not in repr(outcome.failure)


async def test_a_scheme_that_is_not_http_is_refused(send):
    """ftp and others: url.invalid, nothing is dialled."""
    assert (await send("ftp://127.0.0.1:1/")).kind is K.URL_INVALID


async def test_concurrent_requests_to_one_origin_each_get_their_own_reply(transport, serve):
    """Replies never cross between requests in flight."""

    async def play(peer):
        while True:
            path = (await peer.head()).split()[1]
            await asyncio.sleep(0)
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path))

    wire = await serve(play)

    async def one(number):
        response = await transport.handle_async_request(httpx.Request("GET", wire.url(f"/{number}")))
        return await response.aread()

    assert await asyncio.gather(*map(one, range(300))) == [b"/%d" % number for number in range(300)]
    assert wire.accepted <= 256


async def test_a_transport_used_again_after_closing_dials_anew(transport, serve, ok):
    """aclose leaves nothing behind that could break the next request."""
    wire = await serve(ok)
    for _ in range(2):
        response = await transport.handle_async_request(httpx.Request("GET", wire.url()))
        assert await response.aread() == b"hi"
        await transport.aclose()
    assert wire.accepted == 2


def test_http2_and_socks_cost_nothing_until_they_are_asked_for():
    """Importing the transport leaves httpcore's and python-socks' modules alone."""
    code = "import sys, tui_client.http.transport; print([m for m in ('h2', 'python_socks') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"


async def test_a_request_in_flight_at_the_end_of_a_test_can_be_cancelled(transport, serve):
    """The total deadline is the engine's: a cancel from outside comes back as a cancel."""

    async def play(peer):
        await peer.head()
        await peer.hang()

    wire = await serve(play)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await transport.handle_async_request(httpx.Request("GET", wire.url()))


async def test_bad_header_bytes_never_dial(transport):
    """Refused before DNS: nothing is sent, nothing is connected."""
    request = httpx.Request("GET", "http://nonexistent.invalid/")
    request.headers = httpx.Headers([(b"X", b"a\r\nb")])
    with pytest.raises(RequestFailed) as caught:
        await transport.handle_async_request(request)
    assert (caught.value.failure.kind, caught.value.failure.subject) == (K.HEADER_INVALID, "X")
