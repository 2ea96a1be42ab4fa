"""Streams in the workbench, from a real server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_client.tui.panels.response_viewer import Broke, InFlight


async def test_events_come_one_by_one_and_escape_keeps_them(bench: Any, sample: Path) -> None:
    """Each is listed while the stream goes on; ended by the user, it is there as an incomplete reply."""
    async with bench(sample) as b:
        await b.type_url("/sse/endless?ms=150")
        await b.press("ctrl+r")
        await b.until(lambda: "events · following" in b.text and '{"id":3,"cents":111}' in b.text)
        assert isinstance(b.screen.reply.view, InFlight)
        await b.until(lambda: '{"id":4,' in b.text and "/s · " in b.text)
        await b.press("escape")
        await b.until(lambda: isinstance(b.screen.reply.view, Broke))
        await b.until(lambda: "incomplete" in b.text and "following" not in b.text)
        response = b.screen.reply.view.exchange.response
        assert not response.complete and response.note == "Cancelled. What arrived is kept."
        assert response.body.read().startswith(b"id: 1\nevent: order\ndata: ")
        assert '{"id":3,"cents":111}' in b.text
