"""TLS: who is trusted, why not, and how long the handshake took."""

from __future__ import annotations

import asyncio
import datetime
import ssl

import pytest
import trustme
from strict_tls import StrictServer

from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.profile import ConnectionProfile
from tui_client.http.tls import build_context
from tui_client.http.trace import timings

K = FailureKind
DAY = datetime.timedelta(days=1)


@pytest.fixture
def strict():
    """Start a server that ends a handshake as others do, with its alert."""
    servers = []

    def start(context):
        servers.append(StrictServer(context))
        return servers[-1].url()

    yield start
    for server in servers:
        server.close()


def now():
    return datetime.datetime.now(datetime.UTC)


async def test_a_trusted_server_answers_and_the_handshake_is_timed(send, serve, ok, server_tls, ca_file):
    """TLS is a phase of its own; a reused connection has none."""
    wire = await serve(ok, tls=server_tls())
    profile = ConnectionProfile(ca=ca_file)
    first, second = [await send(wire.url(), profile=profile) for _ in range(2)]
    assert (first.status, first.body, first.failure) == (200, b"hi", None)
    spans = timings(first.trace, first.trace.last_byte)
    assert spans.tls > 0
    assert spans.connect is not None
    assert timings(second.trace, second.trace.last_byte).tls is None
    assert wire.accepted == 1


async def test_cancels_at_every_stage_leave_no_connection_behind(
    transport, send, serve, ok, server_tls, ca_file, turns, until
):
    """Given up in DNS, TCP, handshake or after: the server sees each of them closed, and no slot is taken."""
    wire = await serve(ok, tls=server_tls())

    async def cancel_at(stage, task):
        await turns(stage)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    profile = ConnectionProfile(ca=ca_file)
    # The first one waits for the context, which a thread builds.
    await asyncio.gather(*(send(wire.url(), profile=profile) for _ in range(2)))
    async with asyncio.TaskGroup() as group:
        for stage in range(150):
            task = group.create_task(send(wire.url(), profile=profile))
            group.create_task(cancel_at(stage // 3, task))
            if stage % 10 == 0:
                await turns(1)
    (pool,) = send.pools()
    assert pool.taken == len(pool._idle)
    await transport.aclose()
    assert pool.taken == 0
    await until(lambda: not wire.tasks)
    assert wire.accepted > 10


async def test_a_large_body_goes_both_ways_through_tls(send, serve, server_tls, ca_file):
    """Back-pressure and framing hold inside TLS."""
    data = bytes(range(256)) * 8000

    async def play(peer):
        await peer.head()
        body = await peer.reader.readexactly(len(data))
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await peer.hang()

    wire = await serve(play, tls=server_tls())
    headers = [(b"Content-Length", b"%d" % len(data))]
    outcome = await send(wire.url(), "PUT", headers=headers, content=data, profile=ConnectionProfile(ca=ca_file))
    assert (outcome.failure, outcome.body == data) == (None, True)


@pytest.mark.parametrize(
    ("names", "dates", "trusted", "kind"),
    [
        (["127.0.0.1"], {}, False, K.TLS_UNTRUSTED),
        (["other.test"], {}, True, K.TLS_HOSTNAME),
        (["127.0.0.2"], {}, True, K.TLS_HOSTNAME),
        (["127.0.0.1"], {"not_before": now() - 9 * DAY, "not_after": now() - DAY}, True, K.TLS_EXPIRED),
        (["127.0.0.1"], {"not_before": now() + DAY, "not_after": now() + 9 * DAY}, True, K.TLS_NOT_YET_VALID),
    ],
)
async def test_a_bad_certificate_is_refused(send, serve, ok, server_tls, ca_file, names, dates, trusted, kind):
    """Untrusted, another host's, expired, not yet valid: each its own failure, and no request is sent."""
    wire = await serve(ok, tls=server_tls(*names, **dates))
    outcome = await send(wire.url(), profile=ConnectionProfile(ca=ca_file if trusted else ""))
    assert (outcome.kind, outcome.failure.subject) == (kind, f"127.0.0.1:{wire.port}")
    assert wire.heads == []
    # Switched off, the same server answers.
    assert (await send(wire.url(), profile=ConnectionProfile(verify=False))).status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_missing_client_certificate_is_named(send, strict, server_tls, authority, ca_file, tmp_path, version):
    """mTLS: without a certificate the server's alert says so; with one it answers."""
    context = server_tls()
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    url = strict(context)
    outcome = await send(url, profile=ConnectionProfile(ca=ca_file))
    # TLS 1.2 has one alert for every handshake that fails.
    expected = K.TLS_CLIENT_CERTIFICATE if version is ssl.TLSVersion.TLSv1_3 else K.TLS_FAILED
    assert outcome.kind is expected
    pem = tmp_path / "client.pem"
    authority.issue_cert("me@test").private_key_and_cert_chain_pem.write_to_path(str(pem))
    assert (await send(url, profile=ConnectionProfile(ca=ca_file, client_cert=str(pem)))).status == 200


async def test_a_client_certificate_of_a_stranger_is_refused(send, strict, server_tls, authority, ca_file, tmp_path):
    """A certificate the server does not trust is the client certificate's failure."""
    context = server_tls()
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    url = strict(context)
    pem = tmp_path / "client.pem"
    trustme.CA().issue_cert("me@test").private_key_and_cert_chain_pem.write_to_path(str(pem))
    outcome = await send(url, profile=ConnectionProfile(ca=ca_file, client_cert=str(pem)))
    assert outcome.kind is K.TLS_CLIENT_CERTIFICATE


async def test_plain_http_on_a_tls_port_fails_in_tls(send, serve, ca_file):
    """https spoken to a plain server: tls.failed, not a hang and not an exception of ssl."""

    async def play(peer):
        peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await peer.gone()

    wire = await serve(play)
    outcome = await send(wire.url().replace("http:", "https:"), profile=ConnectionProfile(ca=ca_file))
    assert outcome.kind is K.TLS_FAILED
    assert "wrong version number" in outcome.failure.detail


async def test_a_server_of_another_tls_version_is_named(send, strict, server_tls, ca_file):
    """No version in common: tls.version."""
    context = server_tls()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    url = strict(context)
    assert (await send(url, profile=ConnectionProfile(ca=ca_file))).kind is K.TLS_VERSION


async def test_a_connection_that_ends_in_the_handshake_is_a_typed_failure(send, serve, ca_file):
    """Closed instead of a handshake: a connect failure, no slot lost."""

    async def play(peer):
        await peer.reader.read(10)

    wire = await serve(play)
    outcome = await send(wire.url().replace("http:", "https:"), profile=ConnectionProfile(ca=ca_file))
    assert outcome.kind is K.CONNECT_RESET
    assert [pool.taken for pool in send.pools()] == [0]


@pytest.mark.parametrize("field", ["ca", "client_cert"])
@pytest.mark.parametrize("content", [None, "not a certificate"])
async def test_a_certificate_file_that_cannot_be_used_is_named(send, tmp_path, field, content):
    """Missing or not PEM: file.missing with the path, and nothing is dialled."""
    path = tmp_path / "x.pem"
    if content is not None:
        path.write_text(content)
    outcome = await send("https://127.0.0.1:1/", profile=ConnectionProfile(**{field: str(path)}))
    assert (outcome.kind, outcome.failure.subject) == (K.FILE_MISSING, str(path))


def test_session_keys_are_never_written(monkeypatch, tmp_path):
    """SSLKEYLOGFILE is ignored, with and without verification."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    for profile in (ConnectionProfile(), ConnectionProfile(verify=False)):
        assert build_context(profile).keylog_filename is None
    assert list(tmp_path.iterdir()) == []


def test_an_encrypted_key_fails_instead_of_asking_the_terminal(tmp_path):
    """OpenSSL would prompt on the terminal that the app is drawing on."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    secret = serialization.BestAvailableEncryption(b"secret")
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret
    )
    path = tmp_path / "key.pem"
    path.write_bytes(trustme.CA().issue_cert("a.test").cert_chain_pems[0].bytes() + pem)
    with pytest.raises(RequestFailed) as caught:
        build_context(ConnectionProfile(client_cert=str(path)))
    assert caught.value.failure.kind is K.FILE_MISSING
