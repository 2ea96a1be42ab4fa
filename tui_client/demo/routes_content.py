"""Replies of many kinds: encodings, charsets, markup, an image."""

from __future__ import annotations

import gzip
import struct
import zlib

import brotli
import msgspec
from aiohttp import web

from tui_client.demo.endpoint import BINARY, PROBLEM, TEXT, Answer, Endpoint, Handler, QueryParameter
from tui_client.demo.parameters import query_number
from tui_client.demo.replies import refused

CHARSETS = {
    "latin-1": "Smörgåsbord, Ærø, ¿qué?",
    "iso-8859-15": "Prix : 12 €, cœur",
    "windows-1252": "“Curly” quotes – and a €",
    "koi8-r": "Привет, мир",
    "shift_jis": "こんにちは、世界",
    "euc-jp": "こんにちは、世界",
    "euc-kr": "안녕하세요",
    "big5": "你好，世界",
    "gb18030": "你好，世界",
    "utf-8": "Zażółć gęślą jaźń",
    "utf-16": "Ünïcödé 漢字",
    "utf-16le": "Ünïcödé 漢字",
    "utf-32": "Ünïcödé 漢字",
}

_HTML = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Demo page</title></head>
<body>
<h1>A page</h1>
<p class="lead">With <em>markup</em>, an &amp; entity and a <a href="/users">link</a>.</p>
<ul><li>one</li><li>two</li><li>three</li></ul>
</body>
</html>
"""
_XML = """<?xml version="1.0" encoding="UTF-8"?>
<catalogue xmlns:s="urn:demo:stock">
  <product sku="mug"><title>Mug</title><price currency="EUR">12.50</price><s:stock>40</s:stock></product>
  <product sku="lamp"><title>Lamp</title><price currency="EUR">39.90</price><s:stock>3</s:stock></product>
</catalogue>
"""


def _compressed(encoding: str, data: bytes) -> web.Response:
    return web.Response(body=data, content_type="application/json", headers={"Content-Encoding": encoding})


def _message(encoding: str) -> bytes:
    return msgspec.json.encode({"encoding": encoding, "message": "compressed on the way, " * 20})


async def gzipped(request: web.Request) -> web.Response:
    """JSON under Content-Encoding: gzip."""
    return _compressed("gzip", gzip.compress(_message("gzip"), mtime=0))


async def deflated(request: web.Request) -> web.Response:
    """JSON under Content-Encoding: deflate (zlib)."""
    return _compressed("deflate", zlib.compress(_message("deflate")))


async def brotlied(request: web.Request) -> web.Response:
    """JSON under Content-Encoding: br."""
    return _compressed("br", brotli.compress(_message("br")))


async def html(request: web.Request) -> web.Response:
    """A small page."""
    return web.Response(text=_HTML, content_type="text/html")


async def xml(request: web.Request) -> web.Response:
    """A small catalogue with a namespace."""
    return web.Response(body=_XML.encode(), content_type="application/xml")


def png(width: int, height: int) -> bytes:
    """An RGB image of a colour gradient."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # filter: none
        for x in range(width):
            rows += bytes((255 * x // width, 255 * y // height, 160))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(rows))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


async def image(request: web.Request) -> web.Response:
    """A PNG, 64 by 64 unless asked otherwise."""
    width, height = (query_number(request, name, 64, 1, 512) for name in ("width", "height"))
    return web.Response(body=png(width, height), content_type="image/png")


async def invalid_utf8(request: web.Request) -> web.Response:
    """Says it is UTF-8, and is not."""
    return web.Response(
        body=b"valid, then \xff\xfe, a cut \xe2\x82, a lone \x80, a NUL \x00, valid again\n",
        headers={"Content-Type": "text/plain; charset=utf-8"},
    )


async def charset(request: web.Request) -> web.Response:
    """Text in the charset asked for, and declared."""
    name = request.match_info["name"].lower()
    if name not in CHARSETS:
        raise refused(404, "not_found", f"There is {', '.join(CHARSETS)}.", "name")
    body = f"{CHARSETS[name]}\n".encode(name)
    return web.Response(body=body, headers={"Content-Type": f"text/plain; charset={name}"})


def _get(path: str, handler: Handler, summary: str, answer: Answer, example: str = "") -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        tag="content",
        answers={200: answer},
        example=example or path,
    )


_JSON = Answer("A message")

ENDPOINTS = (
    _get("/gzip", gzipped, "JSON compressed with gzip", _JSON),
    _get("/deflate", deflated, "JSON compressed with deflate", _JSON),
    _get("/br", brotlied, "JSON compressed with Brotli", _JSON),
    _get("/html", html, "A small page", Answer("HTML", "text/html", TEXT)),
    _get("/xml", xml, "A small catalogue", Answer("XML", "application/xml", TEXT)),
    _get("/invalid-utf8", invalid_utf8, "Text that is not the UTF-8 it claims", Answer("Text", "text/plain", BINARY)),
    Endpoint(
        method="GET",
        path="/charset/{name}",
        handler=charset,
        summary=f"Text in another charset: {', '.join(CHARSETS)}",
        tag="content",
        answers={200: Answer("Text", "text/plain", BINARY), 404: PROBLEM},
        example="/charset/shift_jis",
    ),
    Endpoint(
        method="GET",
        path="/image.png",
        handler=image,
        summary="A PNG of a gradient",
        tag="content",
        query=(QueryParameter("width", "Pixels, 1 to 512"), QueryParameter("height", "Pixels, 1 to 512")),
        answers={200: Answer("The image", "image/png", BINARY), 422: PROBLEM},
        example="/image.png",
    ),
)
