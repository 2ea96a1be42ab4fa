"""The response viewer, driven as the screen drives it."""

from __future__ import annotations

import time

import msgspec
import pytest
from viewer_host import HOSTILE, NOW, REQUEST, SECRET, Alone, Growing, done, exchange, response, rows, until

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import (
    Hop,
    RawHeader,
    Timings,
)
from tui_client.model.step import CheckResult, Errored, Skipped
from tui_client.model.tls import Certificate, TlsDetails
from tui_client.tui.panels.response_viewer import (
    Done,
    InFlight,
    view_of,
)
from tui_client.tui.panels.response_viewer.reading import Mode
from tui_client.tui.widgets.body_view import BodyView


async def test_nothing_sent_says_what_to_do() -> None:
    """The empty panel names the key, and has no tabs."""
    app = Alone()
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert app.summary() == "No reply yet. ^r sends the request."
        assert not app.viewer.strip.display
        await pilot.press("s", "y", "ctrl+y", "right_square_bracket", "p", "n", "slash")
        assert app.messages == []


async def test_a_reply_is_summed_up_and_indented() -> None:
    """Status, time, size, version and checks in one line; JSON pretty under it."""
    checks = (CheckResult("status", "", "==", 201, 201, True), CheckResult("json", "$.id", "==", 7, 7, True))
    app = Alone(Done(exchange(response(b'{"id":7,"n":1.10}')), checks))
    async with app.run_test(size=(80, 20)) as pilot:
        await until(
            pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 4 and any(rows(app.body.view)[3:4])
        )
        assert app.summary() == "201 Created · 12.4 ms · 17 B · HTTP/1.1 · ✓ 2 of 2"
        assert [row.split(None, 1)[-1] for row in rows(app.body.view)[:4]] == ["1▾ {", '"id": 7,', '"n": 1.10', "}"]
        assert [(tab.id, tab.note) for tab in app.viewer.strip.tabs] == [
            ("body", ""),
            ("headers", "1"),
            ("cookies", ""),
            ("timing", ""),
            ("redirects", ""),
            ("tls", ""),
            ("sent", ""),
            ("checks", "2 ✓"),
        ]


async def test_in_80_by_24_the_body_has_most_of_the_room() -> None:
    """Summary, tabs and status take one row each."""
    app = Alone(done(b"[1]"))
    async with app.run_test(size=(80, 17)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.size.height > 0)
        assert app.body.view.size.height == 14


async def test_the_old_reply_stays_dimmed_until_the_new_head() -> None:
    """While a send runs the last reply can be read; with the new headers it is gone."""
    old = done(b'{"old": 1}')
    app = Alone(old)
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 3)
        app.viewer.show(InFlight(time.monotonic() - 2, "waiting", previous=old))
        await pilot.pause()
        assert app.viewer.pages.has_class("-stale")
        assert "old" in app.text()
        assert app.summary().startswith("● waiting · 2.")
        assert app.summary().endswith("Esc cancel · below: the last reply")
        body = Growing()
        head = msgspec.structs.replace(response(b""), body=body)
        app.viewer.show(InFlight(time.monotonic(), "receiving", 0, 100, REQUEST, head, old))
        await pilot.pause()
        assert not app.viewer.pages.has_class("-stale")
        assert "old" not in app.text()


async def test_status_and_headers_come_before_the_body_ends() -> None:
    """A reply is shown from its head on, and its body grows."""
    app = Alone()
    async with app.run_test(size=(100, 20)) as pilot:
        body = Growing(b'[\n"first",\n')
        head = msgspec.structs.replace(response(b""), body=body)
        app.viewer.show(InFlight(time.monotonic(), "receiving", 11, 1000, REQUEST, head))
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 2)
        assert app.summary().startswith("201 Created · ● receiving · 0.")
        assert "11 B of 1.0 kB (1 %)" in app.summary()
        body.data += b'"second",\n'
        await until(pilot, lambda: app.body.view.row_count == 3)
        body.data += b'"third"]'
        whole = msgspec.structs.replace(head, encoded_bytes=body.size)
        app.viewer.show(Done(exchange(whole)))
        await until(pilot, lambda: app.body.view.row_count == 5 and app.body.mode is Mode.PRETTY)
        assert '"third"' in app.text()


async def test_a_raw_body_keeps_its_place_when_the_reply_ends() -> None:
    """Nothing jumps when the last byte arrives."""
    app = Alone()
    async with app.run_test(size=(80, 20)) as pilot:
        body = Growing(b"line\n" * 1000)
        head = msgspec.structs.replace(response(b"", ((b"Content-Type", b"text/plain"),)), body=body)
        app.viewer.show(InFlight(time.monotonic(), "receiving", head=head, request=REQUEST))
        await until(pilot, lambda: bool(app.query(BodyView)) and app.body.view.row_count == 1000)
        app.body.view.go_to_line(500)
        body.data += b"line\n" * 500
        app.viewer.show(Done(exchange(head)))
        await until(pilot, lambda: app.body.view.row_count == 1500)
        assert app.body.view.line_position == (500, 1500)


async def test_a_failure_is_a_sentence() -> None:
    """What went wrong is said in words; nothing else is claimed."""
    failure = Failure(FailureKind.CONNECT_REFUSED, "127.0.0.1:9")
    app = Alone(view_of(Errored(failure)))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert "Could not connect to 127.0.0.1:9: connection refused. Is the server running?" in app.text()
        assert app.summary() == "✗ not sent"
        app.viewer.show(view_of(Skipped("users/create")))
        await pilot.pause()
        assert "Not sent: users/create did not pass before it." in app.text()


async def test_a_cut_reply_is_shown_with_the_reason() -> None:
    """Half a JSON text is no JSON; what arrived is there, and marked incomplete."""
    cut = msgspec.structs.replace(response(b'{"id": 7, "na'), complete=False, note="13 of 99 bytes came")
    failure = Failure(FailureKind.INCOMPLETE, "127.0.0.1:9", detail="13 of 99 bytes came")
    app = Alone(view_of(Errored(failure, msgspec.structs.replace(exchange(cut), failure=failure))))
    async with app.run_test(size=(100, 20)) as pilot:
        await until(pilot, lambda: '    "na' in app.text() and "Not valid JSON" in app.text())
        assert app.summary().startswith("✗ failed · 201 Created · incomplete: 13 of 99 bytes came · ")
        assert "Not valid JSON: it is cut off; raw from byte 10 on." in app.text()


async def test_the_sent_request_is_shown_as_sent_without_its_secrets() -> None:
    """Request line, header order and case, repeats and body; the secret is dots everywhere."""
    app = Alone(done())
    async with app.run_test(size=(80, 20)) as pilot:
        app.viewer.open_tab("sent")
        await until(pilot, lambda: "POST /users?key=••• HTTP/1.1" in app.text())
        shown = [row.split(None, 1)[-1] for row in app.text().splitlines() if ": " in row]
        assert shown == ["hOST: 127.0.0.1", "X-Key: •••", "x-key: second", '{"password": "•••", "n": 1}']
        await pilot.press("ctrl+y")
        assert SECRET not in app.text() + app.copied


async def test_tabs_are_built_when_they_are_opened() -> None:
    """A reply costs no more than the tab that is looked at."""
    app = Alone(done())
    async with app.run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: bool(app.query(BodyView)))
        assert len(app.viewer.pages.children) == 1
        await pilot.click("#reply-tabs", offset=(9, 0))
        assert app.viewer.active_tab == "headers"
        await until(pilot, lambda: "application/json" in app.text())
        assert len(app.viewer.pages.children) == 2
        app.viewer.show(done(b"[2]", ((b"X-Other", b"new"),)))
        await pilot.pause()
        assert "X-Other  new" in app.text()


@pytest.mark.parametrize("tab_id", ["body", "headers", "cookies", "timing", "redirects", "tls", "sent", "checks"])
async def test_hostile_text_is_never_drawn(tab_id: str) -> None:
    """Nothing of a reply reaches the terminal as control codes or acts as markup, in any tab."""
    raw = HOSTILE.encode()
    headers: tuple[RawHeader, ...] = ((b"X-" + raw, raw), (b"Set-Cookie", raw + b"=" + raw + b";" + raw))
    request = msgspec.structs.replace(REQUEST, method=HOSTILE, url=HOSTILE, target=raw, headers=headers, body=raw)
    hop = Hop(request, 302, HOSTILE, ((b"Location", raw), *headers), Timings(), (HOSTILE,))
    reply = msgspec.structs.replace(
        response(raw, headers), reason=HOSTILE, http_version=HOSTILE, note=HOSTILE, complete=False
    )
    certificate = Certificate(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), NOW, NOW, HOSTILE, HOSTILE)
    tls = TlsDetails(HOSTILE, HOSTILE, HOSTILE, False, HOSTILE, read=(certificate,))
    whole = msgspec.structs.replace(exchange(reply, request, (hop,)), remote=HOSTILE, tls=tls)
    check = CheckResult(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, False, error=HOSTILE)
    app = Alone(Done(whole, (check,), {HOSTILE: HOSTILE}))
    async with app.run_test(size=(160, 40)) as pilot:
        app.viewer.open_tab(tab_id)
        await pilot.pause()
        await until(pilot, lambda: bool(app.viewer.pages.children) and app.viewer.pages.children[-1].is_mounted)
        await pilot.pause()
        segments = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
        assert all(segment.text.isprintable() for segment in segments)
        assert not any(segment.style and "@click" in segment.style.meta for segment in segments)
        if tab_id != "timing":
            assert "[@click=app.quit]x[/] [/dim]" in app.text()
