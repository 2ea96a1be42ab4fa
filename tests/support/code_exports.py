"""Requests for the exporters to code, and what arrives at a server when the code runs, or our own engine sends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from loopback import Peer

from tui_client.formats._format import Item
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.effective import EffectiveRequest, ResolvedRequest
from tui_client.model.options import SendOptions
from tui_client.model.request import NameValue

VALUES: Final = {"name": 'a b&c/é"\\', "token": "t0ken", "password": "p:ä ss"}
ENVIRONMENT: Final = {name.upper(): value for name, value in VALUES.items()}
TEXT: Final = 'it\'s "${x}" `b` $y \\n %s {z} </script> \u2028 <!-- é 日本 😀\r\n\ttab\n\nend'
Fill = Callable[[str], str]


def item(title: str, url: str, method: str = "GET", *, template: str | None = None, **sent: Any) -> Item:
    """An item whose request is that which is sent."""
    request = EffectiveRequest(key=title, name=title, method=method, url=url if template is None else template)
    return Item(title=title, request=request, sent=ResolvedRequest(key=title, url=url, method=method, **sent))


def unfilled(name: str) -> str:
    """As a value stands in an item that is only known when it is sent."""
    return f"{{{{{name}}}}}"


def filled(name: str) -> str:
    """The value that the environment of a program has."""
    return VALUES[name]


def in_json(fill: Fill, name: str) -> str:
    value = fill(name)
    return value if value.startswith("{{") else value.replace("\\", "\\\\").replace('"', '\\"')


def items(base: str, fill: Fill, folder: Path) -> list[Item]:
    """One request of each sort."""
    file = folder / "it's a file.txt"
    name, secret = quote(fill("name"), safe=""), fill("password")
    odd = (("a*~", "b c+d"), ("é&=", ""), ("a*~", TEXT))
    plain = (("user", fill("name")), ("empty", ""), ("more", "a b&c"))
    parts = (Part("a", "1"), Part("text", "é\"'$x"), Part("doc", file=str(file)), Part("b", file=str(file), type="a/b"))
    return [
        item("List users", f"{base}/list?a=1&a=2&q={name}&e=", headers=(("X-A", "1"), ("X-B", f"b {fill('token')}"))),
        item("Text of all sorts", f"{base}/text", "POST", body=Text(TEXT), headers=(("X-Text", "é 'q' \"d\" $x `y`"),)),
        item("Json", f"{base}/json", "PUT", auth=Bearer(fill("token")), body=Json(json_of(in_json(fill, "name")))),
        item("latin", f"{base}/latin", "POST", body=Text("é\n'\"", "text/plain; charset=iso-8859-1")),
        item("Form", f"{base}/form", "POST", body=Form(tuple(NameValue(*row) for row in plain))),
        item("Odd form", f"{base}/odd", "POST", body=Form(tuple(NameValue(*row) for row in odd))),
        item("Multipart", f"{base}/parts", "POST", body=Multipart(parts)),
        item("File", f"{base}/file", "PUT", body=File(str(file), "application/x-own")),
        item("Basic", f"{base}/basic", auth=Basic("üser", secret), headers=(("Authorization", "replaced"),)),
        item("Key", f"{base}/key?x=1", auth=ApiKey("api key", fill("name"), "query")),
        item("Cookie", f"{base}/cookie", auth=ApiKey("k", "v", "cookie"), headers=(("cookie", "a=b"),)),
        item("User in the URL", base.replace("://", "://me:p%40ss@") + "/user?q=%2F+é#fragment"),
        item("GraphQL", f"{base}/graphql", "POST", body=GraphQL('{ a(b: "c") }', '{"v": 1}', "Op")),
        item("Purge", f"{base}/x", "PURGE", headers=(("X-Empty", ""),)),
        item("class", f"{base}/redirect", options=SendOptions(follow_redirects=False)),
        item("class", f"{base}/redirect"),
        item("Token", f"{base}/api", auth=OAuth2(token_url=f"{base}/token", client_id="i d", client_secret=secret)),
    ]


def json_of(value: str) -> str:
    """JSON over several lines."""
    return f'{{\n  "name": "{value}",\n  "list": [1, 2.50],\n  "quote": "it\'s \\"{value}\\" \\u00e9 é"\n}}\n'


def digest(base: str, fill: Fill) -> Item:
    """One that the server answers with a challenge."""
    return item("Digest", f"{base}/digest?x", auth=Digest("me", fill("token")))


@dataclass
class Arrival:
    """One request as it came in."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def said(self, *, joined: bool = False) -> tuple[Any, ...]:
        """What must be the same, whoever sends it: boundaries are made up each time."""
        own = {"authorization", "content-type", "cookie"}
        rows = sorted((n, v) for n, v in self.headers if n in own or n.startswith("x-"))
        kind = dict(rows).get("content-type", "")
        boundary = kind.partition("boundary=")[2]
        if joined:
            rows = [(n, ", ".join(v for m, v in rows if m == n)) for n in dict(rows)]
        shown = [(n, v.replace(boundary, "B") if boundary else v) for n, v in rows]
        shown = [(n, "Digest" if v.startswith("Digest ") else v) for n, v in shown]
        return self.method, self.target, shown, self.body.replace(boundary.encode(), b"B") if boundary else self.body


@dataclass
class Arrivals:
    """Plays a server that keeps all, redirects /redirect, challenges /digest, and grants a token to everybody."""

    all: list[Arrival] = field(default_factory=list)

    async def play(self, peer: Peer) -> None:
        while True:
            lines = (await peer.head()).decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            rows = [line.partition(":") for line in lines[1:] if line]
            headers = [(name.lower(), value.strip().encode("latin-1").decode()) for name, _, value in rows]
            length = int(dict(headers).get("content-length", 0))
            assert "transfer-encoding" not in dict(headers)
            body = await peer.reader.readexactly(length)
            self.all.append(Arrival(method, target, headers, body))
            peer.send(_reply(target, dict(headers)))

    def taken(self) -> list[Arrival]:
        """All that came since the last time."""
        found, self.all = self.all, []
        return found


def _reply(target: str, headers: Mapping[str, str]) -> bytes:
    if target == "/redirect":
        return b"HTTP/1.1 302 Found\r\nLocation: /landed\r\nContent-Length: 0\r\n\r\n"
    if target.startswith("/digest") and "authorization" not in headers:
        ask = b'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
        return b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nWWW-Authenticate: " + ask + b"\r\n\r\n"
    body = b'{"access_token": "granted"}'
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def run(*command: str, folder: Path, path: str = "") -> str:
    """Run a program in a folder with the values in its environment; what it printed. Fails with what it complained."""
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "PYTHONPATH": str(folder), "PYTHONUTF8": "1", **ENVIRONMENT}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment, stdout=pipe, stderr=pipe)
    async with asyncio.timeout(60):
        said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()[-3000:]
    return said.decode()


async def run_python(text: str, folder: Path) -> str:
    """Run a program of Python."""
    (folder / "program.py").write_text(text, encoding="utf-8")
    return await run(sys.executable, "program.py", folder=folder)
