"""Replies and errors that all endpoints share."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from aiohttp import web

from tui_client.demo.endpoint import Handler

_ENCODER = msgspec.json.Encoder()


class Problem(msgspec.Struct, frozen=True):
    """The body of every error: a fixed word, a sentence, and where in the request it is wrong."""

    error: str
    message: str
    path: str = ""


class Refused(Exception):
    """Raised anywhere below a handler; the middleware makes the reply."""

    def __init__(self, status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.message)
        self.status = status
        self.problem = problem
        self.headers = headers


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Any value msgspec can encode, as application/json."""
    return web.Response(
        body=_ENCODER.encode(value), status=status, headers=headers, content_type="application/json", charset="utf-8"
    )


def refused(status: int, error: str, message: str, path: str = "") -> Refused:
    """An error to raise: status, a fixed word, a sentence, and a path like `$.age`."""
    return Refused(status, Problem(error, message, path))


def unauthorized(message: str, challenge: str) -> Refused:
    """A 401 with its WWW-Authenticate challenge."""
    return Refused(401, Problem("unauthorized", message), {"WWW-Authenticate": challenge})


@web.middleware
async def problems_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Make every error a JSON problem, those of the router (404, 405) and of the body limit (413) too."""
    try:
        return await handler(request)
    except Refused as error:
        return json_reply(error.problem, error.status, error.headers)
    except web.HTTPNotFound:
        problem = Problem("not_found", f"There is no {request.path} here; / lists what there is.")
        return json_reply(problem, 404)
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        problem = Problem("method_not_allowed", f"{request.path} takes {allowed}.")
        return json_reply(problem, 405, {"Allow": allowed})
    except web.HTTPRequestEntityTooLarge as error:
        return json_reply(Problem("too_large", error.text or "The body is too large."), 413)
