"""Cookies of a reply as queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import QueryError
from tui_client.kinds.query.cookie import Cookie
from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.model.values import MISSING, QueryValue

_SESSION = (
    b"session=a=b; Expires=Wed, 13 Jan 2027 22:23:01 GMT; max-age=3600; Domain=example.com; Path=/; "
    b"Secure; HttpOnly ; SameSite=Lax"
)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("session", "a=b"),
        ("session[Value]", "a=b"),
        ("session[Expires]", datetime(2027, 1, 13, 22, 23, 1, tzinfo=UTC)),
        ("session[Max-Age]", 3600),
        ("session[Domain]", "example.com"),
        ("session[path]", "/"),
        ("session[Secure]", True),
        ("session[HttpOnly]", True),
        ("session[SameSite]", "Lax"),
        ("plain", "2"),
        ("plain[Secure]", MISSING),
        ("plain[Expires]", MISSING),
        ("Session", MISSING),
        ("none[Path]", MISSING),
    ],
)
def test_a_cookie_and_its_attributes(exchange: Callable[..., Exchange], expr: str, value: QueryValue) -> None:
    """Values are text, Expires a date, Max-Age an integer, flags true where set; the name's case matters."""
    reply = exchange(b"", "", (b"Set-Cookie", b"plain=1"), (b"set-cookie", _SESSION), (b"Set-Cookie", b"plain=2"))
    assert Cookie(expr).evaluate(reply) == value


@pytest.mark.parametrize(
    ("expr", "reason"),
    [
        ("bad[Expires]", "not a date"),
        ("bad[Max-Age]", "not an integer"),
        ("bad[Colour]", "no attribute"),
        ("bad[", "not a name"),
        ("", "not a name"),
    ],
)
def test_what_can_not_be_read_is_an_error(exchange: Callable[..., Exchange], expr: str, reason: str) -> None:
    """A date that is none, or an attribute that cookies don't have, is an error and not an absent value."""
    reply = exchange(b"", "", (b"Set-Cookie", b"bad=1; Expires=soon; Max-Age=long"))
    with pytest.raises(QueryError, match=reason):
        Cookie(expr).evaluate(reply)


@given(st.text(), st.binary())
def test_any_cookie_gives_a_value_or_a_query_error(expr: str, line: bytes) -> None:
    """Nothing that a server sets breaks the query."""
    headers = ((b"Set-Cookie", b"a=1; Expires=" + line), (b"Set-Cookie", line))
    reply = Exchange(
        SentRequest("GET", "http://x/", b"/", ()),
        Response(200, "", "HTTP/1.1", headers, BytesBody()),
        Timings(),
        datetime.now(UTC),
    )
    for asked in (expr, "a[Expires]"):
        try:
            Cookie(asked).evaluate(reply)
        except QueryError as error:
            assert error.query == "cookie"
