"""What is handed to the history: light to import, since a send waits for it."""

from __future__ import annotations

from typing import NamedTuple

from tui_client.model.exchange import Exchange
from tui_client.model.request import Request


class Sent(NamedTuple):
    """What is to be recorded: as it comes from a send, secrets and all."""

    exchange: Exchange
    request: Request
    key: str
    root: str
    environment: str
