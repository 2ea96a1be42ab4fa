"""What a handshake came to is known of every exchange: new connection or old, HTTP/1.1 or 2, trusted or not."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from types import SimpleNamespace

import h2.config
import h2.connection
import h2.events
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tui_client.errors import FailureKind
from tui_client.http.profile import ConnectionProfile, FrontTls
from tui_client.http.tls_details import chain_of, details_of, details_of_error


async def hello_h2(peer):
    """Answers every request with 200, in HTTP/2."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    peer.send(connection.data_to_send())
    while data := await peer.reader.read(65536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.StreamEnded):
                connection.send_headers(event.stream_id, [(":status", "200")], end_stream=True)
        peer.send(connection.data_to_send())


@pytest.fixture
def chain(authority):
    """A server's certificate with one between it and the authority, and both in DER."""
    middle = authority.create_child_ca()
    certificate = middle.issue_cert("127.0.0.1", "localhost")
    pems = [pem.bytes() for pem in certificate.cert_chain_pems]
    return certificate, tuple(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER) for pem in pems)


@pytest.fixture
def chained(chain):
    """A server's context with that certificate."""

    def make(*alpn):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        chain[0].configure_cert(context)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    return make


async def test_new_and_reused_connections_tell_the_same(send, serve, ok, chained, chain, ca_file):
    """Version, cipher, and all certificates as they were sent; the second exchange has the very same object."""
    wire = await serve(ok, tls=chained("http/1.1"))
    first, second = [await send(wire.url(), profile=ConnectionProfile(ca=ca_file)) for _ in range(2)]
    details = first.trace.tls
    assert (details.version, details.alpn, details.verified, details.problem) == ("TLS 1.3", "http/1.1", True, "")
    assert details.cipher.startswith("TLS_")
    assert details.der == chain[1]
    assert [one.sha256 for one in details.chain] == [hashlib.sha256(der).hexdigest() for der in chain[1]]
    assert (second.trace.reused, second.trace.tls is details) == (True, True)


async def test_http_2_tells_the_same(send, serve, chained, chain, ca_file):
    """Also on a connection that is used again."""
    wire = await serve(hello_h2, tls=chained("h2"))
    profile = ConnectionProfile(ca=ca_file, http2=True)
    outcomes = [await send(wire.url(), profile=profile) for _ in range(2)]
    for outcome in outcomes:
        assert (outcome.status, outcome.trace.tls.alpn) == (200, "h2")
        assert (outcome.trace.tls.der, outcome.trace.tls.verified) == (chain[1], True)
    assert outcomes[1].trace.reused


@pytest.mark.parametrize("http2", [False, True])
async def test_who_is_not_trusted_has_shown_his_certificates(send, serve, ok, chained, chain, http2):
    """The handshake ends there and nothing is sent, but whose certificate it is can be looked at."""
    wire = await serve(ok, tls=chained())
    outcome = await send(wire.url(), profile=ConnectionProfile(http2=http2))
    assert (outcome.kind, wire.heads) == (FailureKind.TLS_UNTRUSTED, [])
    details = outcome.trace.tls
    assert (details.der, details.verified) == (chain[1], False)
    assert "certificate" in details.problem
    assert set(details.chain[0].plain_names) == {"127.0.0.1", "localhost"}


@pytest.mark.parametrize("http2", [False, True])
async def test_what_is_not_verified_is_not_called_so(send, serve, ok, chained, chain, http2):
    """verify = false: the certificates are shown all the same."""
    wire = await serve(ok, tls=chained())
    outcome = await send(wire.url(), profile=ConnectionProfile(verify=False, http2=http2))
    details = outcome.trace.tls
    assert (outcome.status, details.verified, details.problem, details.der) == (200, False, "", chain[1])


async def test_without_tls_there_is_nothing_to_tell(send, serve, ok):
    """Plain HTTP has no details, and neither has a connection that never was."""
    assert (await send((await serve(ok)).url())).trace.tls is None
    assert (await send("https://127.0.0.1:1/")).trace.tls is None
    assert details_of(object()) is None and details_of_error(OSError()) is None


def through(proxy_port, seen):
    """A proxy over TLS: opens a tunnel, and carries bytes."""

    async def play(peer):
        seen.append(await peer.head())
        host, port = seen[-1].split()[1].decode().rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")

        async def carry(source, sink):
            while data := await source.read(65536):
                sink.write(data)
            sink.close()

        async with asyncio.TaskGroup() as group:
            group.create_task(carry(peer.reader, writer))
            group.create_task(carry(reader, peer.writer))

    return play


@pytest.mark.parametrize("http2", [False, True])
async def test_behind_a_proxy_the_server_is_told_of_not_the_proxy(send, serve, ok, chained, chain, tmp_path, http2):
    """TLS inside TLS, each verified by its own authority; the proxy sees neither path nor query."""
    stranger = trustme.CA()
    pem = tmp_path / "stranger.pem"
    stranger.cert_pem.write_to_path(str(pem))
    outer = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.issue_cert("127.0.0.1").configure_cert(outer)
    seen = []
    wire = await serve(hello_h2 if http2 else ok, tls=chained("h2" if http2 else "http/1.1"))
    proxy = await serve(through(wire.port, seen), tls=outer)
    profile = ConnectionProfile(False, "", "", proxy.url(""), http2, FrontTls(True, str(pem)))
    outcome = await send(wire.url("/a?token=x"), target=b"/a?token=x", profile=profile)
    assert (outcome.status, outcome.trace.tls.der) == (200, chain[1])
    (head,) = seen
    assert head.startswith(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n" % wire.port) and b"token" not in head

    # The proxy is verified also where the server is not.
    profile = ConnectionProfile(False, "", "", proxy.url(""), http2, FrontTls(True))
    outcome = await send(wire.url(), profile=profile)
    assert (outcome.kind, len(seen)) == (FailureKind.TLS_UNTRUSTED, 1)


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("by_proxy", [False, True])
async def test_no_session_key_is_written(send, serve, ok, chained, ca_file, tmp_path, monkeypatch, http2, by_proxy):
    """SSLKEYLOGFILE is ignored by every handshake there is, those of HTTP/2 and of proxies among them."""
    keys = tmp_path / "keys.log"
    wire = await serve(hello_h2 if http2 else ok, tls=chained("h2" if http2 else "http/1.1"))
    proxy = await serve(through(wire.port, []), tls=chained()) if by_proxy else None
    # Only now: the servers' own contexts are not under test.
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    profile = ConnectionProfile(ca=ca_file, proxy=proxy.url("") if proxy else "", http2=http2)
    assert (await send(wire.url(), profile=profile)).status == 200
    assert not keys.exists()
    # What is not ours does obey it.
    assert ssl.create_default_context().keylog_filename == str(keys)


@pytest.mark.parametrize(
    ("public", "private", "expected"),
    [
        (lambda: [b"a", b"b"], None, (b"a", b"b")),
        (None, lambda: [SimpleNamespace(public_bytes=lambda kind: b"a%d" % kind)], (b"a2",)),
        (None, None, (b"leaf",)),
        (None, lambda: None, (b"leaf",)),
        (lambda: [b"x" * 70_000, b""], None, ()),
        (lambda: [b"%d" % number for number in range(99)], None, tuple(b"%d" % number for number in range(16))),
    ],
)
def test_the_chain_is_had_from_any_python(public, private, expected):
    """3.13 has a method for it, 3.11 and 3.12 a private one, any other the server's own; and it is bounded."""
    tls = SimpleNamespace(getpeercert=lambda binary_form: b"leaf", _sslobj=SimpleNamespace())
    if public:
        tls.get_unverified_chain = public
    if private:
        tls._sslobj.get_unverified_chain = private
    assert chain_of(tls) == expected


def test_a_python_that_says_nothing_before_the_handshake_is_no_error():
    """ssl raises ValueError then."""

    def refuse(**_):
        raise ValueError("handshake not done yet")

    assert chain_of(SimpleNamespace(getpeercert=refuse)) == ()
