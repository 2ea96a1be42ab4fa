"""Credentials that another origin gets to see in 60 redirects: ours, and httpx's own redirects in the same run.

    python benchmarks/redirects.py

Twelve ways to carry credentials (authentication of every kind, typed headers and cookies, the cookie jar, a client
certificate, user and password in the URL) and five ways to be redirected (another port, another name, another address,
from https to http, with user and password in the Location), by 301, 302, 303, 307 and 308 in turn. Counted on the
server that was redirected to. A redirect counts as one leak however much of the credential came along.
Bar: 0 of 60.
"""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import _support  # noqa: F401 - for the modules of the tests
import httpx
import trustme
from explorer import Explorer
from loopback import Loopback
from redirect_matrix import CANARY, CREDENTIALS, TOKEN, WAYS, Crossing, certificate, cross

from tui_client.http.engine import Engine
from tui_client.model.options import Timeouts

Get = Callable[[str, dict[str, Any]], Awaitable[Any]]


def in_httpx(url: str, given: dict[str, Any], context: ssl.SSLContext) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same request in httpx's own words: arguments of the client, and of the request."""
    client: dict[str, Any] = {"verify": context, "trust_env": False, "follow_redirects": True}
    auth = type(given.get("auth")).__name__
    if auth in ("Basic", "Digest"):
        client["auth"] = (httpx.BasicAuth if auth == "Basic" else httpx.DigestAuth)("me", CANARY)
    elif auth in ("Bearer", "OAuth2"):
        client["headers"] = {"Authorization": f"Bearer {TOKEN}"}
    elif auth == "ApiKey":
        key = given["auth"]
        places = {"header": "headers", "query": "params", "cookie": "cookies"}
        client[places[key.place]] = {key.name: key.value}
    if "jar" in given:
        client["cookies"] = {"session": TOKEN}
    if "client_cert" in given:
        context.load_cert_chain(given["client_cert"])
    return client, {"headers": dict(given.get("headers", ()))}


async def stock(url: str, given: dict[str, Any], ca: str) -> None:
    """Send with httpx alone."""
    context = ssl.create_default_context(cafile=ca)
    client, request = in_httpx(url, given, context)
    async with httpx.AsyncClient(**client) as opened:
        await opened.get(url, **request)


async def count(loopback: Loopback, authority: trustme.CA, get: Get, client_cert: str) -> dict[str, list[Crossing]]:
    """All 60, by the way of the redirect."""
    found: dict[str, list[Crossing]] = {}
    for way in WAYS:
        for credential in CREDENTIALS:
            crossing = await cross(loopback, authority, get, credential, way, client_cert)
            assert crossing.arrived and crossing.used, (way.name, credential)
            found.setdefault(way.name, []).append(crossing)
    return found


def report(name: str, found: dict[str, list[Crossing]]) -> None:
    """A line for each kind of redirect, and one for all."""
    leaks = {way: sum(bool(crossing.leaked) for crossing in crossings) for way, crossings in found.items()}
    total = sum(map(len, found.values()))
    ways = ", ".join(f"{way} {count}" for way, count in leaks.items())
    print(f"{name:12} credentials sent to another origin in {total} redirects: {sum(leaks.values())}   ({ways})")


async def main() -> None:
    authority, loopback = trustme.CA(), Loopback()
    with tempfile.TemporaryDirectory() as scratch:
        ca, client_cert = Path(scratch) / "ca.pem", certificate(authority, Path(scratch))
        authority.cert_pem.write_to_path(str(ca))
        async with Engine() as engine:
            explore = Explorer(engine)

            async def ours(url: str, given: dict[str, Any]) -> None:
                await explore(url, ca=str(ca), timeouts=Timeouts(), **given)

            report("tui-client", await count(loopback, authority, ours, client_cert))
        report(
            "httpx, stock", await count(loopback, authority, lambda url, given: stock(url, given, str(ca)), client_cert)
        )
        await loopback.aclose()


if __name__ == "__main__":
    asyncio.run(main())
