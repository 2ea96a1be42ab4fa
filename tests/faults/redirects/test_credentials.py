"""Whatever credential a request carries, another origin sees nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trustme
from fault_matrix import fault
from faulty_world import World
from redirect_matrix import CREDENTIALS, WAYS, Way, certificate, cross

from tui_client.model.exchange import header_values


async def nothing_leaks(world: World, authority: trustme.CA, ca_file: str, folder: Path, way: Way) -> None:
    """All credentials, each used at home, none seen elsewhere; and the same engine goes on."""
    client_cert = certificate(authority, folder)

    async def get(url: str, given: dict[str, Any]) -> None:
        exchange = await world.send(url, "GET", ca=ca_file, **given)
        assert exchange.failure is None
        assert exchange.response is not None and exchange.response.body.read() == b"hi"

    for credential in CREDENTIALS:
        crossing = await cross(world.loopback, authority, get, credential, way, client_cert)
        assert crossing.used, credential
        assert crossing.arrived, credential
        assert crossing.leaked == [], credential
    await world.fine()


@fault("redirect.other_port")
async def test_another_port_sees_no_credential(
    world: World, authority: trustme.CA, ca_file: str, tmp_path: Path
) -> None:
    """Cookies too know ports here."""
    await nothing_leaks(world, authority, ca_file, tmp_path, WAYS[0])


@fault("redirect.other_host")
@pytest.mark.parametrize("way", WAYS[1:3], ids=lambda way: way.host)
async def test_another_host_sees_no_credential(
    world: World, authority: trustme.CA, ca_file: str, tmp_path: Path, way: Way
) -> None:
    """Another name of the same machine, and another address."""
    await nothing_leaks(world, authority, ca_file, tmp_path, way)


@fault("redirect.downgrade")
async def test_plain_http_sees_no_credential(world: World, authority: trustme.CA, ca_file: str, tmp_path: Path) -> None:
    """Nor a Secure cookie of the same host."""
    await nothing_leaks(world, authority, ca_file, tmp_path, WAYS[3])


@fault("redirect.userinfo")
async def test_user_and_password_of_a_location_are_left_out(
    world: World, authority: trustme.CA, ca_file: str, tmp_path: Path
) -> None:
    """Neither they nor the user's own go to the other origin."""
    await nothing_leaks(world, authority, ca_file, tmp_path, WAYS[4])


@fault("redirect.userinfo")
async def test_a_location_cannot_replace_the_users_own_credentials(world: World) -> None:
    """At home the user's own are sent on, whatever the Location holds; and it is shown nowhere."""
    host = f"127.0.0.1:{world.wire.port}"
    exchange = await world.suffer(
        f"/redirect/to?location=http://intruder:pass@{host}/ok", headers=(("Authorization", "Bearer mine"),)
    )
    assert exchange.failure is None
    assert header_values(exchange.request.headers, "authorization") == ["Bearer mine"]
    assert exchange.request.url == world.wire.url("/ok")
    assert [b"intruder" in head for head in world.wire.heads] == [True, False, False]
