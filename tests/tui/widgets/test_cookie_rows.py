"""Cookies as rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_client.http.cookies import Cookie
from tui_client.text import safe_line
from tui_client.tui.widgets.cookie_rows import HIDDEN, INDENT, CookieRows, cookie_id

NOW = datetime(2030, 1, 1, tzinfo=UTC)
A, B = "http://127.0.0.1:8000", "https://api.example.com"
SESSION = Cookie(origin=B, name="session", value="canary", expires=NOW + timedelta(days=3), secure=True, http_only=True)
COOKIES = (Cookie(origin=A, name="a", value="canary", path="/deep"), SESSION)


def lines(rows: CookieRows) -> list[str]:
    """The rows as text, their gaps as one space."""
    return [" ".join(rows[index].label.split()) for index in range(len(rows))]


def test_all_of_a_cookie_but_its_value_is_in_its_row() -> None:
    """Below its origin with the port, when it goes in words."""
    rows = CookieRows(COOKIES, NOW, 100)
    assert rows.heading.split() == ["name", "value", "path", "expires", "flags"]
    assert lines(rows) == [
        f"{A} (1)",
        f"a {HIDDEN} /deep with the app",
        f"{B} (1)",
        f"session {HIDDEN} / in 3 days Secure HttpOnly",
    ]


def test_one_value_is_shown_where_it_is_asked_for() -> None:
    """The others stay dots."""
    assert "canary" in lines(CookieRows(COOKIES, NOW, 100, cookie_id(SESSION)))[3]
    assert "canary" not in lines(CookieRows(COOKIES, NOW, 100, cookie_id(SESSION)))[1]


def test_a_row_leads_to_its_cookie_and_its_origin() -> None:
    """Beyond the rows there is neither; a folded origin hides its own."""
    rows = CookieRows(COOKIES, NOW, 100)
    assert [rows.at(index) for index in (-1, 0, 1, 3, 4)] == [None, None, COOKIES[0], SESSION, None]
    assert [rows.origin_at(index) for index in (0, 1, 2, 3, 4)] == [A, A, B, B, ""]
    assert rows.place(cookie_id(SESSION)) == 3
    folded = CookieRows(COOKIES, NOW, 100, folded={A})
    assert (len(folded), folded.at(1), folded.place(cookie_id(COOKIES[0]))) == (3, None, None)


def test_no_cookies_are_no_rows() -> None:
    """And no titles over them."""
    rows = CookieRows((), NOW, 100)
    assert (len(rows), rows.heading, rows.origin_at(0)) == (0, "", "")


@pytest.mark.parametrize("width", [68, 100])
@given(text=st.text(max_size=60))
def test_columns_fit_whatever_is_in_them(width: int, text: str) -> None:
    """No control character gets out, no wide sign moves a column, and the end of the row is there."""
    odd = Cookie(origin=B, name=text, value=text, path=f"/{text}", expires=NOW + timedelta(days=3), secure=True)
    rows = CookieRows((odd, SESSION), NOW, width, cookie_id(odd))
    for row in (rows[1].label, rows[2].label):
        assert safe_line(row) == row
        assert cell_len(row) <= width - INDENT
        assert "Secure" in row
        assert cell_len(row.partition("in 3 days")[0]) == cell_len(rows.heading.partition("expires")[0])


def test_flags_are_whole_on_the_smallest_usual_terminal() -> None:
    """In a dialog on 80 columns, next to a long name and value."""
    cookie = Cookie(
        origin=B,
        name="n" * 40,
        value="v",
        expires=NOW + timedelta(days=300),
        path="/" * 40,
        secure=True,
        http_only=True,
    )
    assert CookieRows((cookie,), NOW, 70)[1].label.endswith("Secure HttpOnly")
