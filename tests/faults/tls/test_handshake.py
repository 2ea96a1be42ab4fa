"""Servers that can't be trusted, or not be spoken to: the failure says why, and nothing of the request is sent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import trustme
from fault_matrix import fault
from faulty_tls import client_context, start_tls
from faulty_world import World, is_without_reply
from loopback import Wire
from strict_tls import StrictServer

from tui_client.errors import FailureKind
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.text import Text
from tui_client.model.exchange import Exchange
from tui_client.model.wording import describe

CANARY = "canary-of-the-handshake"


async def refused(world: World, server: Wire | StrictServer, kind: FailureKind, ca_file: str, **tls: Any) -> Exchange:
    """A request full of secrets fails with this kind; the server never sees a byte of it, and the engine works."""
    exchange = await world.send(
        server.url(f"/{CANARY}"), "POST", auth=Bearer(token=CANARY), body=Text(content=CANARY), ca=ca_file, **tls
    )
    is_without_reply(exchange, kind)
    assert exchange.failure is not None
    assert exchange.failure.subject == f"127.0.0.1:{server.port}"
    assert server.heads == []
    await world.fine()
    return exchange


@fault("tls.untrusted")
@pytest.mark.parametrize("http2", [False, True])
async def test_an_unknown_authority_is_refused(world: World, authority: trustme.CA, ca_file: str, http2: bool) -> None:
    """Not even one that another server's authority is trusted beside."""
    server = await start_tls(world.loopback, authority, "untrusted")
    await refused(world, server, FailureKind.TLS_UNTRUSTED, ca_file, http2=http2)


@fault("tls.wrong_host")
@pytest.mark.parametrize("http2", [False, True])
async def test_a_certificate_of_another_host_is_refused(
    world: World, authority: trustme.CA, ca_file: str, http2: bool
) -> None:
    """Trusted as it is."""
    server = await start_tls(world.loopback, authority, "wrong_host")
    await refused(world, server, FailureKind.TLS_HOSTNAME, ca_file, http2=http2)


@fault("tls.expired")
async def test_an_expired_certificate_is_refused(world: World, authority: trustme.CA, ca_file: str) -> None:
    """By a day."""
    server = await start_tls(world.loopback, authority, "expired")
    await refused(world, server, FailureKind.TLS_EXPIRED, ca_file)


@fault("tls.not_yet_valid")
async def test_a_certificate_of_tomorrow_is_refused(world: World, authority: trustme.CA, ca_file: str) -> None:
    """The clock may be wrong: the failure asks."""
    server = await start_tls(world.loopback, authority, "not_yet_valid")
    await refused(world, server, FailureKind.TLS_NOT_YET_VALID, ca_file)


@fault("tls.old_version")
@pytest.mark.parametrize("http2", [False, True])
async def test_a_server_of_yesterday_is_refused(world: World, authority: trustme.CA, ca_file: str, http2: bool) -> None:
    """TLS 1.1 at best, whatever it offers."""
    server = await start_tls(world.loopback, authority, "old_version")
    await refused(world, server, FailureKind.TLS_VERSION, ca_file, http2=http2)


@fault("tls.old_version")
async def test_an_old_version_is_refused_unverified_too(world: World, authority: trustme.CA, ca_file: str) -> None:
    """Switching verification off is no leave to speak a broken protocol."""
    server = await start_tls(world.loopback, authority, "old_version")
    await refused(world, server, FailureKind.TLS_VERSION, ca_file, verify=False)


@fault("tls.client_certificate")
async def test_a_server_that_wants_a_certificate_is_named(
    world: World, authority: trustme.CA, ca_file: str, tmp_path: Path
) -> None:
    """Without one, and with one of a stranger; with ours, the same engine gets its reply."""
    server = world.loopback.keep(StrictServer(client_context(authority)))
    await refused(world, server, FailureKind.TLS_CLIENT_CERTIFICATE, ca_file)
    stranger, mine = tmp_path / "stranger.pem", tmp_path / "mine.pem"
    trustme.CA().issue_cert("me@test").private_key_and_cert_chain_pem.write_to_path(str(stranger))
    authority.issue_cert("me@test").private_key_and_cert_chain_pem.write_to_path(str(mine))
    await refused(world, server, FailureKind.TLS_CLIENT_CERTIFICATE, ca_file, client_cert=str(stranger))
    await world.fine(server.url(), ca=ca_file, client_cert=str(mine))


@fault("tls.plain_http")
@pytest.mark.parametrize("http2", [False, True])
async def test_plain_http_behind_https_is_said(world: World, authority: trustme.CA, ca_file: str, http2: bool) -> None:
    """Neither a hang nor a reply: the scheme is asked for."""
    server = await start_tls(world.loopback, authority, "plain_http")
    exchange = await refused(world, server, FailureKind.TLS_FAILED, ca_file, http2=http2)
    assert exchange.failure is not None
    assert describe(exchange.failure).endswith("Is the scheme right?")


@fault("tls.plain_http")
async def test_https_behind_http_is_said(world: World, authority: trustme.CA) -> None:
    """The other way round: what comes is no HTTP, or nothing at all; never a hang."""
    server = await start_tls(world.loopback, authority, "trusted")
    async with asyncio.timeout(10):
        exchange = await world.send(f"http://127.0.0.1:{server.port}/")
    assert exchange.failure is not None
    assert exchange.failure.kind in {FailureKind.CLOSED_EARLY, FailureKind.PROTOCOL, FailureKind.CONNECT_RESET}
    await world.fine()
