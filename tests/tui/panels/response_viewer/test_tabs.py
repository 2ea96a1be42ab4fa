"""The summary line and what the tabs say, as text."""

from __future__ import annotations

import msgspec
import pytest
from viewer_host import JSON_HEADERS, REQUEST, SECRET, done, exchange, response

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BodyEnd, Hop, Timings
from tui_client.model.step import CheckResult
from tui_client.model.values import MISSING
from tui_client.tui.panels.response_viewer.checks import checks_content
from tui_client.tui.panels.response_viewer.redirects import redirects_content
from tui_client.tui.panels.response_viewer.summary import summary
from tui_client.tui.panels.response_viewer.tables import cookie_count, cookies_content, headers_content
from tui_client.tui.panels.response_viewer.timing import timing_content
from tui_client.tui.panels.response_viewer.view import Broke, Done, shown_of

HOPS = (
    Hop(
        REQUEST,
        302,
        "Found",
        ((b"Location", b"http://other:9/x"), (b"Set-Cookie", b"a=1")),
        Timings(total=2.0),
        ("X-Key",),
    ),
    Hop(REQUEST, 401, "Unauthorized", ((b"WWW-Authenticate", b'Digest realm="r"'),), Timings(total=1.0)),
)


@pytest.mark.parametrize(
    ("change", "badge"),
    [
        ({"response": msgspec.structs.replace(response(b"x"), body_end=BodyEnd.CLOSE)}, "? end not verifiable"),
        ({"request": msgspec.structs.replace(REQUEST, url="https://h/", verified=False)}, "⚠ not verified"),
        ({"request": msgspec.structs.replace(REQUEST, proxy="http://u:p@proxy:8080")}, "via proxy http://proxy:8080"),
    ],
)
def test_what_needs_care_is_said(change: dict[str, object], badge: str) -> None:
    """Badges are words, and a proxy's password isn't one of them."""
    view = Done(msgspec.structs.replace(exchange(response(b"x")), **change))
    assert badge in summary(view, 0.0, 200).plain


def test_what_the_user_ended_has_not_failed() -> None:
    """A stream that goes on for ever is ended by Esc; that it is not whole is said all the same."""
    cut = msgspec.structs.replace(response(b"x"), complete=False, note="Cancelled. What arrived is kept.")
    ended = msgspec.structs.replace(exchange(cut), failure=Failure(FailureKind.CANCELLED))
    line = summary(Broke("Cancelled. What arrived is kept.", ended), 0.0, 200).plain
    assert line.startswith("■ ended · 201 Created · incomplete · ")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_the_status_is_the_last_to_go(width: int) -> None:
    """Where there is no room the line says less, and says that it does."""
    whole = msgspec.structs.replace(exchange(response(b"x"), hops=HOPS), remote="127.0.0.1:8000")
    checks = (CheckResult("status", "", "==", 200, 201, False),)
    line = summary(Done(whole, checks), 0.0, width)
    assert line.cell_length <= width
    assert line.plain.startswith("201 Created")
    assert ("…" in line.plain) == (width < 100)
    assert ("1 of 1 failed" in line.plain) == (width >= 40)


def test_every_tab_shows_its_part() -> None:
    """Headers in order and case, cookies, phases, hops with what was dropped, checks with what was found."""
    headers = (*JSON_HEADERS, (b"X-a", b"1"), (b"x-A", b"2"), (b"Set-Cookie", b"session=abc; Path=/; HttpOnly"))
    checks = (
        CheckResult("json", "$.id", "==", 8, 7, False),
        CheckResult("header", "X-Nope", "exists", None, MISSING, False),
        CheckResult("json", "$[", "==", 1, MISSING, False, error="not a JSONPath"),
        CheckResult("body", "", "contains", "x", "y", True, negated=True),
    )
    shown = shown_of(Done(exchange(response(b"{}", headers), hops=HOPS), checks, {"token": SECRET, "n": 7}))
    expected = {
        "headers": ["X-a           1", "x-A           2"],
        "cookies": ["set by 302", "a = 1", "session = abc  Path=/; HttpOnly"],
        "timing": ["connect       0.40 ms", "wait          10.0 ms", "total         12.4 ms"],
        "redirects": [
            "302 Found",
            "Location: http://other:9/x",
            "not carried to another origin: X-Key",
            "asked for Digest",
        ],
        "checks": [
            "✗ json $.id == 8, was 7",
            "✗ header X-Nope exists, was nothing",
            "? json $[ == 1, could not be checked: not a JSONPath",
            '✓ body not contains "x"',
            'token = "•••"',
            "n = 7",
        ],
    }
    contents = {
        "headers": headers_content,
        "cookies": cookies_content,
        "timing": timing_content,
        "redirects": redirects_content,
        "checks": checks_content,
    }
    for tab_id, texts in expected.items():
        content = contents[tab_id](shown, 80).plain
        assert SECRET not in content
        for text in texts:
            assert text in content
    assert cookie_count(shown) == 2


def test_at_most_a_thousand_headers_are_drawn() -> None:
    """A flood of headers is cut, and said to be."""
    headers = tuple((b"H%d" % n, b"v" * 10_000 if n == 0 else b"v") for n in range(1500))
    content = headers_content(shown_of(done(b"{}", headers)), 80).plain
    assert "5.9 kB more" in content
    assert "500 more are not shown." in content
    assert len(content.splitlines()) == 1001
