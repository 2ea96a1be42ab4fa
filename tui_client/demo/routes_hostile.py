"""What a server might send to do harm: escape codes, markup, bidi controls, floods of headers."""

from __future__ import annotations

import msgspec
from aiohttp import web

from tui_client.demo.endpoint import PROBLEM, TEXT, Answer, Endpoint, QueryParameter
from tui_client.demo.parameters import query_number

HOSTILE_TEXTS = {
    "colour": "\x1b[31mred\x1b[0m and \x9b32mgreen\x9b0m",
    "clear screen": "\x1b[2J\x1b[H\x1bc",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "device": "\x1bP+q544e\x1b\\ \x1b[6n \x05",
    "markup": "[bold]bold[/bold] [/dim] [red on blue] [[ ]] [",
    "action": "[@click=app.quit]quit[/] [@click=app.bell()]bell[/]",
    "link markup": "[link=http://evil.example]here[/link]",
    "bidi": "user\u202egnp.exe \u2066isolate\u2069 \u200f\u061c",
    "invisible": "zero\u200bwidth\u200d\u2060\ufeff \u00ad\u3164 tag\U000e0041",
    "controls": "bell \x07 backspace \x08\x08 delete \x7f NUL \x00 return \rover",
    "lines": "next\x85line separator\u2028paragraph\u2029end",
    "template": "{{base_url}} {{uuid()}}",
    "formula": "=1+1 @SUM(A1) -2 +3",
    "script": "<script>alert(1)</script><!-- --> ]]>",
    "wide": "e" + "\u0301" * 40 + " \U0001f468\u200d\U0001f469\u200d\U0001f467",
}

# aiohttp refuses control characters in header values, as it must; bidi, markup and C1 bytes (in UTF-8) pass.
_HEADERS = {
    "X-Markup": "[bold]bold[/bold] [/dim] [@click=app.quit]quit[/]",
    "X-Bidi": "user\u202egnp.exe",
    "X-C1": "\u009b31mred",
    "X-Template": "{{base_url}}",
    "X-Formula": "=1+1",
}


async def hostile(request: web.Request) -> web.Response:
    """Hostile text as plain text, or as the values and keys of JSON."""
    if request.query.get("as") == "json":
        both = {**HOSTILE_TEXTS, **{text: name for name, text in HOSTILE_TEXTS.items()}}
        return web.Response(body=msgspec.json.encode(both), content_type="application/json", headers=_HEADERS)
    text = "".join(f"{name}: {text}\n" for name, text in HOSTILE_TEXTS.items())
    return web.Response(text=text, content_type="text/plain", headers=_HEADERS)


async def hostile_status(request: web.Request) -> web.Response:
    """A reason phrase that is markup."""
    return web.Response(reason="OK [/bold]", text="[/bold]\n")


async def large_headers(request: web.Request) -> web.Response:
    """n headers of some 40 bytes."""
    count = query_number(request, "n", 100, 0, 20_000)
    headers = {f"X-Large-{number:05d}": f"value {number} of many more" for number in range(1, count + 1)}
    return web.Response(text=f"{count} headers\n", headers=headers)


_TEXT = Answer("Text", "text/plain", TEXT)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/hostile",
        handler=hostile,
        summary="Escape codes, markup and bidi controls in body and headers",
        tag="hostile",
        query=(QueryParameter("as", "json for a JSON object", TEXT),),
        answers={200: _TEXT},
        example="/hostile?as=json",
    ),
    Endpoint(
        method="GET",
        path="/hostile/status",
        handler=hostile_status,
        summary="A reason phrase that is markup",
        tag="hostile",
        answers={200: _TEXT},
        example="/hostile/status",
    ),
    Endpoint(
        method="GET",
        path="/large-headers",
        handler=large_headers,
        summary="Many headers",
        tag="hostile",
        query=(QueryParameter("n", "How many"),),
        answers={200: _TEXT, 422: PROBLEM},
        example="/large-headers?n=50",
    ),
)
