"""Encodings, charsets, markup, an image."""

from __future__ import annotations

import gzip
import json
import struct
import zlib

import brotli
import pytest
from lxml import etree

from tui_client.demo.routes_content import CHARSETS


@pytest.mark.parametrize(
    ("path", "encoding", "decode"),
    [("/gzip", "gzip", gzip.decompress), ("/deflate", "deflate", zlib.decompress), ("/br", "br", brotli.decompress)],
)
async def test_bodies_are_compressed_as_declared(send, path, encoding, decode):
    """Content-Encoding says how; what is inside is JSON that says it too."""
    reply = await send("GET", path)
    assert reply.headers["Content-Encoding"] == encoding
    assert json.loads(decode(reply.body))["encoding"] == encoding


@pytest.mark.parametrize("name", CHARSETS)
async def test_text_is_in_the_charset_declared(send, name):
    """Decoded by its own name it is the text meant."""
    reply = await send("GET", f"/charset/{name}")
    assert reply.headers["Content-Type"] == f"text/plain; charset={name}"
    assert reply.body.decode(name) == CHARSETS[name] + "\n"


async def test_an_unknown_charset_lists_the_known(send):
    """404 with what there is."""
    reply = await send("GET", "/charset/klingon")
    assert reply.status == 404
    assert "shift_jis" in reply.json["message"]


async def test_invalid_utf8_is_invalid(send):
    """It claims UTF-8 and can't be decoded as such."""
    reply = await send("GET", "/invalid-utf8")
    assert "utf-8" in reply.headers["Content-Type"]
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode()


async def test_html_and_xml_are_well_formed(send):
    """XPath finds its way in both."""
    page, catalogue = await send("GET", "/html"), await send("GET", "/xml")
    assert etree.HTML(page.body).xpath("//li[2]/text()") == ["two"]
    assert etree.fromstring(catalogue.body).xpath("string(//product[@sku='lamp']/price)") == "39.90"


async def test_the_image_is_a_png(send):
    """Signature, size and pixel data fit."""
    reply = await send("GET", "/image.png?width=5&height=3")
    assert reply.headers["Content-Type"] == "image/png"
    assert reply.body.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", reply.body[16:24]) == (5, 3)
    start = reply.body.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", reply.body[start - 8 : start - 4])
    assert len(zlib.decompress(reply.body[start : start + length])) == 3 * (1 + 5 * 3)
    assert (await send("GET", "/image.png?width=0")).status == 422
