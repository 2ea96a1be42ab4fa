"""The five things one can do with a table over HTTP, the same for users and orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import msgspec
from aiohttp import web

from tui_client.demo.parameters import invalid, json_body, query_number, whole_number
from tui_client.demo.replies import json_reply, refused
from tui_client.demo.shop import Table

New = TypeVar("New", bound=msgspec.Struct)
Row = TypeVar("Row", bound=msgspec.Struct)


class Resource(Generic[New, Row]):
    """Handlers over one table; `make` turns what the client said into a row, `was` being the row it replaces."""

    def __init__(
        self,
        word: str,
        filters: Mapping[str, Callable[[str], object]],
        table: Callable[[web.Request], Table[Row]],
        new: type[New],
        make: Callable[[web.Request, int, New, Row | None], Row],
    ) -> None:
        self.word = word
        self.filters = filters
        self._table = table
        self._new = new
        self._make = make

    async def list(self, request: web.Request) -> web.Response:
        """One page: {items, page, page_size, total, pages}."""
        page = query_number(request, "page", 1, 1, 1_000_000)
        size = query_number(request, "page_size", 20, 1, 100)
        wanted = {name: read(request.query[name]) for name, read in self.filters.items() if name in request.query}
        rows = list(self._table(request).rows.values())
        for name, value in wanted.items():
            rows = [row for row in rows if getattr(row, name) == value]
        start = (page - 1) * size
        return json_reply(
            {
                "items": rows[start : start + size],
                "page": page,
                "page_size": size,
                "pages": -(-len(rows) // size),
                "total": len(rows),
            }
        )

    async def create(self, request: web.Request) -> web.Response:
        """201 with the new row, and its Location."""
        new = await json_body(request, self._new)
        table = self._table(request)
        number = table.add(lambda number: self._make(request, number, new, None))
        return json_reply(table.rows[number], 201, {"Location": f"{request.path}/{number}"})

    async def get(self, request: web.Request) -> web.Response:
        """The row."""
        return json_reply(self._find(request)[1])

    async def put(self, request: web.Request) -> web.Response:
        """Replace what a client may say of the row."""
        new = await json_body(request, self._new)
        return self._replace(request, new)

    async def patch(self, request: web.Request) -> web.Response:
        """Change the fields that are given (RFC 7396, one level deep)."""
        change = await json_body(request, dict[str, object])
        _, row = self._find(request)
        known = self._new.__struct_fields__
        said = {name: value for name, value in msgspec.to_builtins(row).items() if name in known}
        try:
            new = msgspec.convert({**said, **change}, self._new)
        except msgspec.ValidationError as error:
            raise invalid(error) from error
        return self._replace(request, new)

    async def delete(self, request: web.Request) -> web.Response:
        """204; a second time, 404."""
        number, _ = self._find(request)
        del self._table(request).rows[number]
        return web.Response(status=204)

    def _find(self, request: web.Request) -> tuple[int, Row]:
        number = whole_number(request.match_info["id"], "id", 0, 999_999_999_999)
        row = self._table(request).rows.get(number)
        if row is None:
            raise refused(404, "not_found", f"There is no {self.word} {number}.")
        return number, row

    def _replace(self, request: web.Request, new: New) -> web.Response:
        number, row = self._find(request)
        self._table(request).rows[number] = changed = self._make(request, number, new, row)
        return json_reply(changed)
