"""What there is: the index page and the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from aiohttp import web

from tui_client.demo.endpoint import TEXT, Answer, Endpoint
from tui_client.demo.openapi import openapi_document, openapi_path
from tui_client.demo.replies import json_reply
from tui_client.demo.state import API_KEY, PASSWORD, USERNAME

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>tui-client demo API</title>
<style>body {{ font: 16px/1.5 system-ui; max-width: 60em; margin: 2em auto; padding: 0 1em }}
td {{ padding: 0 1em 0 0; vertical-align: top }} code {{ white-space: nowrap }}</style>
</head>
<body>
<h1>tui-client demo API</h1>
<p>It runs on this machine only and keeps everything in memory. User <code>{user}</code>, password
<code>{password}</code>, API key <code>{key}</code>. The whole of it as <a href="/openapi.json">OpenAPI</a>.</p>
{sections}
</body>
</html>
"""


def index_page(endpoints: Sequence[Endpoint]) -> str:
    """All endpoints by tag, as HTML."""
    in_order = sorted(endpoints, key=lambda each: [other.tag for other in endpoints].index(each.tag))
    sections = [
        f"<h2>{escape(tag)}</h2>\n<table>\n{''.join(_row(each) for each in group)}</table>"
        for tag, group in groupby(in_order, key=lambda each: each.tag)
    ]
    return _PAGE.format(user=USERNAME, password=PASSWORD, key=API_KEY, sections="\n".join(sections))


def _row(endpoint: Endpoint) -> str:
    path = escape(openapi_path(endpoint.path))
    shown = f'<a href="{escape(endpoint.example)}">{path}</a>' if endpoint.example else path
    method = "any" if endpoint.method == "*" else endpoint.method
    return f"<tr><td>{method}</td><td><code>{shown}</code></td><td>{escape(endpoint.summary)}</td></tr>\n"


def index_endpoints(all_endpoints: Callable[[], Sequence[Endpoint]], schemas: Sequence[type]) -> tuple[Endpoint, ...]:
    """`/` and `/openapi.json`, which list what `all_endpoints` gives, themselves included."""

    async def index(request: web.Request) -> web.Response:
        return web.Response(text=index_page(all_endpoints()), content_type="text/html")

    async def openapi(request: web.Request) -> web.Response:
        return json_reply(openapi_document(all_endpoints(), schemas, f"{request.scheme}://{request.host}"))

    return (
        Endpoint(
            method="GET",
            path="/",
            handler=index,
            summary="This list",
            tag="about",
            answers={200: Answer("A page", "text/html", TEXT)},
            example="/",
        ),
        Endpoint(
            method="GET",
            path="/openapi.json",
            handler=openapi,
            summary="All of this as OpenAPI 3.1",
            tag="about",
            answers={200: Answer("The document")},
            example="/openapi.json",
        ),
    )
