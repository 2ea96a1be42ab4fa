"""A history in memory, for screens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from tui_client.errors import NotFound
from tui_client.history.entry import Entry, Kept
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.request import Request

NOW = datetime.now(UTC)
USER = b'{"id": 7, "name": "Ada"}'


def kept(number: int, *, method: str = "GET", path: str = "/users", status: int = 200, body: bytes = USER) -> Kept:
    """An exchange with a reply; the higher its number, the later it was."""
    url = f"http://127.0.0.1:8123{path}"
    when = NOW - timedelta(seconds=10_000 - number)
    entry = Entry(number, when, method, url, environment="local", status=status, total_ms=12.4, body_bytes=len(body))
    headers = ((b"content-type", b"application/json"),)
    response = Response(status, "OK", "HTTP/1.1", headers, BytesBody(body), len(body))
    request = SentRequest(method, url, path.encode(), ())
    exchange = Exchange(request, response, Timings(total=12.4), when)
    return Kept(entry, exchange, Request(method=method, url=url))


class FakeArchive:
    """Finds by the URL and counts what it was asked."""

    def __init__(self, *all_kept: Kept) -> None:
        self.all_kept = {one.entry.id: one for one in all_kept}
        self.searched: list[str] = []

    def recent(self, limit: int = 200, before: int | None = None, root: str = "") -> tuple[Entry, ...]:
        return self._page("", limit, before, root)

    def search(self, text: str, limit: int = 200, before: int | None = None, root: str = "") -> tuple[Entry, ...]:
        self.searched.append(text)
        return self._page(text, limit, before, root)

    def _page(self, text: str, limit: int, before: int | None, root: str) -> tuple[Entry, ...]:
        found = [one.entry for _, one in sorted(self.all_kept.items(), reverse=True)]
        fits = (entry for entry in found if text in entry.url and entry.root.startswith(root))
        return tuple(entry for entry in fits if before is None or entry.id < before)[:limit]

    def load(self, entry_id: int) -> Kept:
        if entry_id not in self.all_kept:
            raise NotFound("exchange", str(entry_id))
        return self.all_kept[entry_id]

    def delete(self, entry_id: int) -> None:
        self.all_kept.pop(entry_id, None)

    def clear(self, root: str = "") -> int:
        number = len(self.all_kept)
        self.all_kept.clear()
        return number

    async def settled(self) -> None:
        pass


def failed(number: int) -> Kept:
    """An exchange without a reply."""
    one = kept(number)
    entry = msgspec.structs.replace(one.entry, status=None, failure="connect.refused", body_bytes=0)
    return msgspec.structs.replace(one, entry=entry, exchange=msgspec.structs.replace(one.exchange, response=None))
