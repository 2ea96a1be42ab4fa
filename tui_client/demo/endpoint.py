"""One endpoint of the demo API: its route, its handler and its documentation in one value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from aiohttp import web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Schema: TypeAlias = Mapping[str, Any]

ANY_METHOD = "*"
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
OBJECT: Schema = {"type": "object"}
BINARY: Schema = {"type": "string", "format": "binary"}
NOTHING: Mapping[str, Schema] = {}
ANY_JSON: Mapping[str, Schema] = {"application/json": OBJECT}


class QueryParameter(msgspec.Struct, frozen=True):
    """A parameter after the `?`; all of them are optional."""

    name: str
    description: str
    schema: Schema = msgspec.field(default_factory=lambda: NUMBER)


class Answer(msgspec.Struct, frozen=True):
    """One documented reply. A media type of "" means no body."""

    description: str
    media_type: str = "application/json"
    schema: Schema = msgspec.field(default_factory=lambda: OBJECT)


NO_BODY = ""
PROBLEM = Answer("What is wrong, as JSON", schema={"$ref": "#/components/schemas/Problem"})


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A route and all that is said of it.

    method "*" takes any. path is aiohttp's pattern. accepts maps the media types of a request body to their schema.
    security names a scheme of the OpenAPI document, "" for none. example is a path for the index page.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    query: tuple[QueryParameter, ...] = ()
    accepts: Mapping[str, Schema] = {}
    answers: Mapping[int, Answer]
    security: str = ""
    example: str = ""

    def register(self, app: web.Application) -> None:
        """Add the route; a GET answers HEAD too."""
        if self.method == "GET":
            app.router.add_get(self.path, self.handler, allow_head=True)
        else:
            app.router.add_route(self.method, self.path, self.handler)
