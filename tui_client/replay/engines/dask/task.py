"""What Dask runs on a worker. Light to import: a worker that lacks something says so, and not by a stack of errors."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ticket:
    """How a worker gets to its coordinator. The token is shown nowhere, least of all on the scheduler's pages."""

    run: str
    host: str
    port: int
    token: bytes = field(repr=False)


async def work(ticket: Ticket, name: str) -> int:
    """Take part in a run to its end. Returns how many sessions were done; -1: it may not take part, or was cut off.

    Raises ChannelClosed where there is no way to the coordinator.
    """
    from tui_client.replay.engines.dask.channel import ChannelClosed, connect
    from tui_client.replay.engines.dask.worker import RefusedHere, take_part

    channel = await connect(ticket.host, ticket.port, ticket.token)
    try:
        return await take_part(channel, name)
    except (RefusedHere, ChannelClosed):
        return -1
    finally:
        channel.close()
