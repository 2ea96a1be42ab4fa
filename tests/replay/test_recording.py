"""A HAR file is sent again as it was recorded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.errors import BrokenFile, NotFound, UsageError
from tui_client.formats.har import HarEntry, read_har
from tui_client.http.cookies import CookieJar
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.model.options import SendOptions, Timeouts
from tui_client.model.step import Replied, StepId, StepResult
from tui_client.replay.memory import FromCache, Memory
from tui_client.replay.plan import Recording
from tui_client.replay.recording import RecordedSource, load
from tui_client.replay.services import Services
from tui_client.replay.session import Session
from tui_client.replay.step import run_step
from tui_client.template import needs, resolve
from tui_client.text.redact import redact
from tui_client.trust.gates import HeadlessGate
from tui_client.trust.store import GrantStore

GOLDEN = Path(__file__).parent.parent / "formats" / "golden" / "har"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)
EVERYTHING = Recording(Path("some.har"), unsafe=True)


def entry(url: str = "http://h.example/", method: str = "GET", **more: Any) -> HarEntry:
    more.setdefault("number", 1)
    more.setdefault("started", START)
    return HarEntry(method=method, url=url, **more)


def source_of(*entries: HarEntry, **recording: Any) -> RecordedSource:
    return RecordedSource(entries, Recording(Path("some.har"), **{"unsafe": True, **recording}))


def write_har(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    return path


class Wire:
    """A loopback server that keeps head and body of each request; `/status/404` has that status."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.authority = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lengths = [line[16:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length: ")]
                self.heads.append(head)
                self.bodies.append(await reader.readexactly(int(lengths[0]) if lengths else 0))
                status = head.split(b" ")[1].partition(b"/status/")[2] or b"200"
                writer.write(b"HTTP/1.1 " + status + b" X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    found = Wire()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.authority = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield found


class Nothing:
    """No secrets, and nobody to ask."""

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        raise AssertionError("a recording needs no secret")

    async def ask(self, questions: object) -> dict[str, str]:
        raise AssertionError("a recording asks nothing")


async def replayed(source: RecordedSource, folder: Path) -> list[StepResult]:
    """Each session, in order, through the real step and engine."""
    gate = HeadlessGate(GrantStore(folder / "grants.json"))
    async with Engine() as engine:
        services = Services(engine, source, Nothing(), Nothing(), gate, Memory(FromCache()))
        results = []
        for number in range(1, len(source) + 1):
            for index, key in enumerate(source.steps_of(number)):
                session = Session(CookieJar(), row=number)
                results.append(await run_step(StepId(number, 0, index, key), session, services))
        return results


async def test_what_was_recorded_arrives(wire: Wire, tmp_path: Path) -> None:
    """Method, target, headers in their order and body arrive byte for byte, templates and escapes untouched."""
    headers = (
        ("X-B", "1"),
        ("user-agent", "recorded"),
        ("x-b", "{{x}}"),
        ("Accept", "{{{uuid()}}"),
        ("Cookie", "a={{b}}; c=d"),
        ("accept-encoding", "identity"),
        ("Authorization", "Basic {{z}}"),
        ("Content-Type", "application/x-{{t}}"),
        ("X-Empty", ""),
    )
    body = bytes(range(256)) + b"{{x}}"
    target = "/a%2Fb/../:id/{{x}}//?q=a+b&q=%20&&{{'{{'}}={{{"
    recorded = entry(f"http://{wire.authority}{target}", "POST", headers=headers, body=body, status=200)
    (result,) = await replayed(source_of(recorded), tmp_path)
    assert isinstance(result.outcome, Replied)
    assert result.passed
    lines = [f"POST {target} HTTP/1.1", f"Host: {wire.authority}", *(f"{name}: {value}" for name, value in headers)]
    assert wire.heads[0].decode() == "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    assert wire.bodies == [body]


async def test_a_file_is_sent_to_the_host_that_stands_for_the_recorded_one(wire: Wire, tmp_path: Path) -> None:
    """With `hosts`, a recording of the internet is replayed on loopback, the Host header too."""
    hosts = {"api.example": f"http://{wire.authority}"}
    path = GOLDEN / "charles.har"
    results = await replayed(load(Recording(path, hosts=hosts, unsafe=True)), tmp_path)
    assert [result.exchange is not None and result.exchange.failure for result in results] == [None] * 3
    assert wire.bodies == [b"a+b=1%262&%C3%BC=*~", b"GIF89a", b"caf\xe9"]
    assert all(f"\r\nHost: {wire.authority}\r\n".encode() in head for head in wire.heads)
    assert not any(b"virtual.example" in head for head in wire.heads)


async def test_redirects_and_cookies_are_left_to_the_recording(wire: Wire, tmp_path: Path) -> None:
    """What followed a redirect was recorded too, so one entry is one request; the jar adds nothing."""
    first, second = entry(f"http://{wire.authority}/status/302", status=302), entry(f"http://{wire.authority}/next")
    results = await replayed(source_of(first, second), tmp_path)
    assert [head.split(b" ")[1] for head in wire.heads] == [b"/status/302", b"/next"]
    assert all(result.passed for result in results)


async def test_another_status_than_recorded_fails(wire: Wire, tmp_path: Path) -> None:
    """A reply is as expected when its status is the recorded one, be it 404; the check can be switched off."""
    url = f"http://{wire.authority}/status/404"
    entries = (entry(url, status=404), entry(url, status=200), entry(url))
    assert [one.passed for one in await replayed(source_of(*entries), tmp_path)] == [True, False, True]
    assert [one.passed for one in await replayed(source_of(*entries, check_status=False), tmp_path)] == [True] * 3


async def test_credentials_are_secrets(wire: Wire, tmp_path: Path) -> None:
    """Recorded credentials are sent, and masked wherever the exchange is shown."""
    headers = (("Authorization", "Bearer t0k3n{{x}}"), ("Cookie", "sid=s3ss10n"))
    (result,) = await replayed(source_of(entry(f"http://{wire.authority}/?t0k3n{{{{x}}}}", headers=headers)), tmp_path)
    assert b"Authorization: Bearer t0k3n{{x}}\r\nCookie: sid=s3ss10n\r\n" in wire.heads[0]
    assert result.exchange is not None
    shown = redact(wire.heads[0].decode(), result.exchange.request.secrets)
    assert "t0k3n" not in shown
    assert "s3ss10n" not in shown
    assert "Bearer" in shown
    assert "t0k3n" not in result.label


def test_keys_are_unique_sorted_and_without_queries() -> None:
    """Keys list in the order of the recording, can be printed, and hold no query, which may hold secrets."""
    entries = [entry(f"http://h.example/{'ü' * 99}\u202e?secret=1", started=START)] * 12_345
    source = source_of(*entries)
    keys = [source.steps_of(number)[0] for number in range(1, len(source) + 1)]
    assert keys == sorted(set(keys))
    assert keys[0].startswith("har/00001 GET /%C3%BC")
    assert all(key.isprintable() and "secret" not in key and len(key) < 120 for key in keys[:3])
    assert source_of(entry("http://h.example")).steps_of(1) == ("har/0001 GET /",)


def test_sessions_follow_the_clock_of_the_recording() -> None:
    """Entries are sent in the order in which they began, at their distance from the first."""
    starts = ((1, 2.5), (2, 0), (3, 0.25))
    entries = [
        entry(f"http://h.example/{after_s}", number=number, started=START + timedelta(seconds=after_s))
        for number, after_s in starts
    ]
    source = source_of(*entries)
    assert [source.entry(source.steps_of(number)[0]).number for number in (1, 2, 3)] == [2, 3, 1]
    assert list(source.times()) == [0, 0.25, 2.5]


def test_only_safe_methods_are_taken_unless_told_otherwise() -> None:
    """What may change something on a server is left out and counted."""
    entries = [entry(method=method) for method in ("GET", "POST", "HEAD", "DELETE", "OPTIONS", "get")]
    safe, all_of_them = source_of(*entries, unsafe=False), source_of(*entries)
    assert (len(safe), safe.left_out) == (3, 3)
    assert (len(all_of_them), all_of_them.left_out) == (6, 0)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry("http://h example/"), "its URL can't be used"),
        (entry("http://h.example/\ud800"), "its URL can't be used"),
        (entry(method="GET\r\nX: y"), "not one word"),
        (entry(headers=(("a b", ""),)), "its header a b can't be sent"),
        (entry(headers=(("A", "x\r\nB: y"),)), "its header A can't be sent"),
    ],
)
def test_what_the_engine_would_refuse_is_skipped(bad: HarEntry, reason: str) -> None:
    """An entry that could not be sent is listed before the run, and the others are sent."""
    source = source_of(bad, entry(number=2))
    assert len(source) == 1
    assert reason in source.skipped[0].reason


def test_skipped_entries_are_listed_in_the_order_of_the_file() -> None:
    """What the file's reader left out and what can't be sent come in one list."""
    found = load(Recording(GOLDEN / "chrome.har", unsafe=True))
    assert [one.number for one in found.skipped] == [3, 4, 5, 6, 7, 8]
    assert len(found) == 3


def test_the_users_options_stay_but_for_those_of_the_recording(tmp_path: Path) -> None:
    """Timeouts and certificates are the user's; HTTP/2 is offered where it was spoken."""
    defaults = SendOptions(timeouts=Timeouts(total=7), verify=False, http2=True)
    path = write_har(
        tmp_path, {"startedDateTime": "2026-03-01T09:00:00Z", "request": {"method": "GET", "url": "http://h.example/"}}
    )
    source = load(Recording(path), defaults)
    options = source.effective(source.steps_of(1)[0], "").options
    assert (options.timeouts.total, options.verify, options.http2) == (7, False, False)
    assert (options.follow_redirects, options.cookies, options.allow_http_errors) == (False, False, True)
    assert source.collection_root("") == tmp_path
    newer = source_of(entry(http_version="h2"), entry(http_version="http/2.0"), entry(http_version="HTTP/1.1"))
    assert [newer.effective(newer.steps_of(n)[0], "").options.http2 for n in (1, 2, 3)] == [True, True, False]


def test_an_unknown_key_is_not_found() -> None:
    """Nothing is sent for a key that the recording doesn't have."""
    source = source_of(entry())
    for number in (0, 2):
        with pytest.raises(NotFound):
            source.steps_of(number)
    with pytest.raises(NotFound):
        source.effective("har/0002 GET /", "")
    assert list(source_of().times()) == []


def test_a_file_that_can_not_be_read_names_itself(tmp_path: Path) -> None:
    """A missing, wrong or broken file is told with its path and the reason."""
    broken = tmp_path / "broken.har"
    broken.write_bytes(b"{")
    for path, reason in ((tmp_path / "none.har", "can't be read"), (tmp_path, "regular file"), (broken, "is not JSON")):
        with pytest.raises(BrokenFile, match=reason) as caught:
            load(Recording(path))
        assert caught.value.path == path
    with pytest.raises(UsageError):
        source_of(hosts={"a b": "c"})


TEXT = st.text(st.characters()) | st.sampled_from(["{{x}}", "{{{", "{{'{{'}}", "}}"])


@given(
    path=TEXT,
    headers=st.lists(st.tuples(st.sampled_from(["A", "Cookie", "authorization", "{{x}}", "Host"]), TEXT)),
    body=st.none() | st.binary(),
    moved=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_anything_recorded_is_a_literal(
    path: str, headers: list[tuple[str, str]], body: bytes | None, moved: bool
) -> None:
    """Whatever stands in a recording, an entry that is taken can be prepared, needs no variable and stays as it was."""
    hosts = {"h.example": "localhost:1"} if moved else {}
    recorded = entry(f"http://h.example/{path}", "POST", headers=tuple(headers), body=body)
    source = source_of(recorded, hosts=hosts)
    assert len(source) + len(source.skipped) == 1
    for key in source.steps_of(1) if len(source) else ():
        request = source.effective(key, "")
        assert needs(request, request.scope) == ()
        resolved = resolve(request, request.scope)
        assert list(resolved.headers) == [row for row in headers if not (moved and row[0] == "Host")]
        host = "localhost:1" if moved else "h.example"
        assert resolved.url == f"http://{host}/{path}".rstrip(" \t")
        prepared = prepare(resolved, Path, environ={})
        assert b"".join(part for part in prepared.body.segments if isinstance(part, bytes)) == (body or b"")


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.har")), ids=lambda path: path.stem)
def test_each_writers_entries_can_be_sent(path: Path) -> None:
    """Every entry that the reader took from a real writer's file can be prepared with the bytes it had."""
    recorded = read_har(path.read_bytes()).entries
    source = load(msgspec.structs.replace(EVERYTHING, path=path))
    assert len(source) == len(recorded)
    for number in range(1, len(source) + 1):
        (key,) = source.steps_of(number)
        request = source.effective(key, "")
        prepared = prepare(resolve(request, request.scope), Path, environ={})
        assert prepared.body.size == len(source.entry(key).body or b"")
