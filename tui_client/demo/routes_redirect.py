"""Redirects and cookies."""

from __future__ import annotations

from http.cookies import CookieError

from aiohttp import web

from tui_client.demo.endpoint import NO_BODY, PROBLEM, TEXT, Answer, Endpoint, QueryParameter
from tui_client.demo.parameters import path_number, query_number, sayable
from tui_client.demo.replies import json_reply, refused
from tui_client.demo.state import state


def _redirect(location: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": location})


async def redirect(request: web.Request) -> web.Response:
    """n redirects by relative references, then /echo."""
    left = path_number(request, "n", 1, 100)
    return _redirect(str(left - 1) if left > 1 else "../echo")


async def redirect_to(request: web.Request) -> web.Response:
    """A redirect to any URL, with 301, 302, 303, 307 or 308."""
    location = request.query.get("url", "/echo")
    status = query_number(request, "status", 302, 300, 308)
    if any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in location):
        raise refused(422, "invalid", "The URL must not hold control characters.", "url")
    return _redirect(location, status)


async def redirect_other_origin(request: web.Request) -> web.Response:
    """To /echo on the demo's second port: another origin."""
    return _redirect(f"{state(request).other_origin}/echo", 307)


async def cookies(request: web.Request) -> web.Response:
    """The cookies that came."""
    return json_reply({"cookies": {sayable(name): sayable(value) for name, value in request.cookies.items()}})


async def set_cookies(request: web.Request) -> web.Response:
    """Sets a cookie for each parameter, then redirects to /cookies."""
    response = _redirect("/cookies")
    try:
        for name, value in request.query.items():
            response.set_cookie(name, value, path="/", httponly=True, samesite="Lax")
    except CookieError as error:
        raise refused(422, "invalid", f"That can't be a cookie: {error}.") from error
    return response


async def delete_cookies(request: web.Request) -> web.Response:
    """Ends the cookies named by the parameters, then redirects to /cookies."""
    response = _redirect("/cookies")
    for name in request.query:
        response.del_cookie(name, path="/")
    return response


_LEADS = Answer("Location leads on", NO_BODY)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/redirect/other-origin",
        handler=redirect_other_origin,
        summary="Redirects to /echo at another origin",
        tag="redirects",
        answers={307: _LEADS},
        example="/redirect/other-origin",
    ),
    Endpoint(
        method="GET",
        path="/redirect/{n}",
        handler=redirect,
        summary="n relative redirects, then /echo",
        tag="redirects",
        answers={302: _LEADS, 422: PROBLEM},
        example="/redirect/3",
    ),
    Endpoint(
        method="*",
        path="/redirect-to",
        handler=redirect_to,
        summary="Redirects to the URL given",
        tag="redirects",
        query=(QueryParameter("url", "Where to", TEXT), QueryParameter("status", "300 to 308")),
        answers={302: _LEADS, 422: PROBLEM},
        example="/redirect-to?url=/users/1&status=307",
    ),
    Endpoint(
        method="GET",
        path="/cookies",
        handler=cookies,
        summary="The cookies that came",
        tag="cookies",
        answers={200: Answer("Name and value")},
        example="/cookies",
    ),
    Endpoint(
        method="GET",
        path="/cookies/set",
        handler=set_cookies,
        summary="Sets a cookie for each parameter",
        tag="cookies",
        answers={302: _LEADS, 422: PROBLEM},
        example="/cookies/set?flavour=oat",
    ),
    Endpoint(
        method="GET",
        path="/cookies/delete",
        handler=delete_cookies,
        summary="Ends the cookies named",
        tag="cookies",
        answers={302: _LEADS},
        example="/cookies/delete?flavour",
    ),
)
