"""Every tab of a reply but its body: each part of it is hostile."""

from __future__ import annotations

from pathlib import Path

import msgspec
from payloads import PAYLOADS, Payload, few, joined

from sink_walks.bench import REQUEST, Bench, exchange, raw, reply, workbench
from tui_client.demo.sample import copy_sample
from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import Hop, SentRequest, Timings
from tui_client.model.step import CheckResult, Skipped
from tui_client.model.tls import Certificate, TlsDetails
from tui_client.model.wording import describe
from tui_client.text import safe_line
from tui_client.tui.panels.response_viewer import Broke, InFlight
from tui_client.tui.panels.response_viewer.view import Empty, view_of
from tui_client.tui.panels.response_viewer.viewer import TAB_IDS


async def walk_lines(base: Path) -> Bench:
    """What has room for one payload at a time: the line over a reply, and what is said where none came."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (330, 20)) as b:
        await _lines(b)
        await _failures(b)
        return b


async def walk_tabs(base: Path) -> Bench:
    """The tabs, each with all payloads in each of its parts."""
    async with workbench(copy_sample(base / "demo", "http://127.0.0.1:9"), (160, 120)) as b:
        await b.show(exchange(reply(b"x")))
        await b.zoom("reply")
        for look in (_headers, _cookies, _redirects, _tls, _sent, _checks):
            await look(b)
        await b.show(exchange(reply(b"x")), "timing")
        assert b.tabs == set(TAB_IDS), "a tab that nobody looked at"
        return b


async def _lines(b: Bench) -> None:
    """One at a time: the line has room for one."""
    for one in few(first=0, every=6):
        response = reply(
            b"x",
            ((b"Content-Type", b"text/%b; charset=" % raw(one).replace(b";", b":") + raw(one).replace(b";", b":")),),
            reason=f"reason {one.whole}",
            http_version=f"version {one.whole}",
            complete=False,
            note=f"note {one.whole}.",
        )
        request = msgspec.structs.replace(REQUEST, proxy=f"http://me@proxy {one.whole.replace('@', 'a')}")
        found = exchange(response, request, remote=f"peer {one.whole}")
        await b.show(found, origin=f"origin {one.whole}")
        for part in ("reason", "version", "note", "peer", "origin"):
            await b.see(f"reply: {part}", [one], b.screen.reply.summary_line, prefix=f"{part} ")
        line = b.screen.reply.summary_line
        await b.see("reply: proxy", [one], line, prefix="proxy ", shown=lambda one: one.shown.replace("@", "a"))
        assert b.screen.reply.body is not None
        await b.see("reply: media type", [one], b.screen.reply.body.status, prefix="text/", shown=_as_type)


def _as_type(one: Payload) -> str:
    return safe_line(one.whole.lower().replace(";", ":"))


async def _failures(b: Bench) -> None:
    for one in few(first=1):
        failure = Failure(
            FailureKind.PROTOCOL,
            subject=f"subject {one.whole}",
            detail=f"detail {one.whole}",
            place=f"place {one.whole}",
        )
        b.screen.reply.show(Broke(describe(failure), None))
        for part in ("subject", "detail", "place"):
            await b.see(f"failure: {part}", [one], b.screen.reply.failure, prefix=f"{part} ")
    for one in few(first=2):
        b.screen.reply.show(view_of(Skipped(one.whole)))
        await b.see("failure: step that was skipped", [one], b.screen.reply.failure)
    for one in few(first=3):
        b.screen.reply.show(InFlight(0.0, f"phase {one.whole}"))
        await b.see("reply: phase", [one], b.screen.reply.summary_line, prefix="phase ")
    for one in few(first=0, every=6):
        b.screen.reply.show(Empty(one.whole))
        await b.see("reply: hint", [one], b.screen.reply.summary_line)


async def _headers(b: Bench) -> None:
    pairs = tuple((raw(one), b"is " + raw(one)) for one in PAYLOADS)
    await b.show(exchange(reply(b"x", pairs)), "headers")
    await b.see("headers: name", widget=b.screen.reply.pages)
    await b.see("headers: value", widget=b.screen.reply.pages, prefix="is ")


async def _cookies(b: Bench) -> None:
    def cookie(at: int) -> bytes:
        # "=" and ";" end a part of a cookie.
        one = _in_cookie(PAYLOADS[at].whole).encode()
        return b"name %b=value %b; Path=%b" % (one, one, one)

    pairs = tuple((b"Set-Cookie", cookie(at)) for at in range(len(PAYLOADS)))
    await b.show(exchange(reply(b"x", pairs)), "cookies")
    for part in ("name ", "value ", "Path="):
        pages, sink = b.screen.reply.pages, f"cookies: {part.strip(' =')}"
        await b.see(sink, widget=pages, prefix=part, shown=lambda one: _in_cookie(one.shown))


def _in_cookie(text: str) -> str:
    return text.replace(";", ":").replace("=", "_")


async def _redirects(b: Bench) -> None:
    def hop(at: int) -> Hop:
        one = PAYLOADS[at]
        request = SentRequest("GET", f"http://h/{one.whole}", b"/", ())
        headers = ((b"Location", b"to " + raw(one)),)
        return Hop(request, 302, f"reason {one.whole}", headers, Timings(), (f"dropped {one.whole}",))

    hops = tuple(map(hop, range(len(PAYLOADS))))
    await b.show(exchange(reply(b"x"), hops=hops), "redirects")
    for part in ("http://h/", "reason ", "Location: to ", "dropped "):
        await b.see(f"redirects: {part.strip()}", widget=b.screen.reply.pages, prefix=part)
    asked = tuple(
        msgspec.structs.replace(one, status=401, headers=((b"WWW-Authenticate", raw(payload)),))
        for one, payload in zip(hops, PAYLOADS, strict=True)
    )
    await b.show(exchange(reply(b"x"), hops=asked), "redirects")
    await b.see("redirects: challenge", widget=b.screen.reply.pages, prefix="asked for ")


async def _tls(b: Bench) -> None:
    some = PAYLOADS[:20]
    chain = tuple(Certificate("", f"of {one.whole}", f"by {one.whole}", (f"DNS:{one.whole}",)) for one in some)
    told = {"version": f"version {some[1].whole}", "cipher": f"cipher {some[2].whole}", "alpn": some[3].whole}
    details = TlsDetails(problem=f"problem {some[4].whole}", read=chain, **told)
    await b.show(exchange(reply(b"x"), tls=details), "tls")
    for part in ("of ", "by "):
        await b.see(f"TLS: {'subject' if part == 'of ' else 'issuer'}", some, b.screen.reply.pages, prefix=part)
    await b.see("TLS: name", some, b.screen.reply.pages)
    for at, part in enumerate(("version ", "cipher ", "ALPN ", "problem "), 1):
        await b.see(f"TLS: {part.strip()}", some[at : at + 1], b.screen.reply.pages, prefix=part)


async def _sent(b: Bench) -> None:
    headers = tuple((b"X-" + raw(one), b"is " + raw(one)) for one in PAYLOADS)
    request = SentRequest("GET", "http://h/", b"/" + raw(PAYLOADS[0]), headers, joined(by="\nbody ").encode(), 10**6)
    await b.show(exchange(reply(b"x"), request), "sent")
    await b.see("sent: header's name", widget=b.screen.reply.pages, prefix="X-")
    await b.see("sent: header's value", widget=b.screen.reply.pages, prefix="is ")
    await b.see("sent: body", PAYLOADS[1:], b.screen.reply.pages, prefix="body ")


async def _checks(b: Bench) -> None:
    def check(at: int) -> CheckResult:
        one = PAYLOADS[at]
        error = "" if at % 2 else f"error {one.whole}"
        return CheckResult(f"query {one.whole}", f"of {one.whole}", "==", 1, f"was {one.whole}", False, error=error)

    checks = tuple(map(check, range(len(PAYLOADS))))
    captures = {f"name {one.whole}": 1 for one in PAYLOADS}
    await b.show(exchange(reply(b"x")), "checks", checks=checks, captures=captures)
    for part in ("query ", "of "):
        await b.see(f"checks: {part.strip()}", widget=b.screen.reply.pages, prefix=part)
    await b.see("checks: error", PAYLOADS[::2], b.screen.reply.pages, prefix="error ")
    await b.see("captures: name", widget=b.screen.reply.pages, prefix="name ")
