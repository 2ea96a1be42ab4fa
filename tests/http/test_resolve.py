"""Lookups that hang hold up nothing else."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading

import pytest

from tui_client.http.resolve import look_up


async def test_a_known_name_has_its_addresses():
    """localhost, as the system knows it."""
    assert (socket.AF_INET, ("127.0.0.1", 8000)) in await look_up(b"localhost", 8000)


@pytest.mark.parametrize("host", [b"shop.localhost", b"a.b.LOCALHOST", b"shop.localhost."])
async def test_names_below_localhost_are_this_machine(host):
    """Secrets are sent there unasked, so no name server is."""
    assert {ipaddress.ip_address(address[0]).is_loopback for _, address in await look_up(host, 8000)} == {True}


@pytest.mark.parametrize("host", [b"nonexistent.invalid", b"a" * 300])
async def test_an_unknown_name_raises_the_systems_error(host):
    """The error of the thread comes to who asked."""
    with pytest.raises((OSError, ValueError)):
        await look_up(host, 1)


def test_lookups_that_hang_hold_up_neither_other_work_nor_the_end():
    """A hundred stuck lookups: files are still read, cancels come back, the loop ends."""
    stuck = threading.Event()

    def hanging(host, port):
        stuck.wait(30)
        return []

    async def play():
        async with asyncio.TaskGroup() as group:
            lookups = [group.create_task(look_up(b"h", 1, hanging)) for _ in range(100)]
            assert await asyncio.wait_for(asyncio.to_thread(int, "7"), 5) == 7
            for lookup in lookups:
                lookup.cancel()

    try:
        asyncio.run(asyncio.wait_for(play(), 5))
    finally:
        stuck.set()
