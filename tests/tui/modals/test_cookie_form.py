"""A cookie that is typed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tui_client.http.cookies import LONGEST, Cookie
from tui_client.tui.modals.cookie_form import BadCookie, typed_cookie

NOW = datetime(2030, 1, 1, tzinfo=UTC)
GOOD = {"origin": "http://a:8000", "name": "sid", "value": "1", "path": "/", "days": ""}


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({}, {}),
        ({"days": " 30 "}, {"expires": NOW + timedelta(days=30)}),
        ({"origin": "HTTPS://a:443/x?y#z"}, {"origin": "https://a"}),
        ({"value": ""}, {"value": ""}),
        ({"value": " a=b é "}, {"value": "a=b é"}),
    ],
)
def test_a_cookie_is_what_was_typed(fields: dict[str, str], change: dict[str, object]) -> None:
    """The origin as the jar writes it, however it was typed."""
    good: dict[str, object] = {"origin": "http://a:8000", "name": "sid", "value": "1"}
    assert typed_cookie({**GOOD, **fields}, NOW) == Cookie(**{**good, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "needs a name"),
        ({"origin": "a:8000"}, "origin is a scheme"),
        ({"origin": "ftp://a"}, "origin is a scheme"),
        ({"origin": "http://[bad"}, "origin is a scheme"),
        ({"path": "x"}, "begins with a slash"),
        ({"days": "0"}, "whole number"),
        ({"days": "401"}, "whole number"),
        ({"days": "1.5"}, "whole number"),
        ({"days": "١"}, "whole number"),
        ({"days": "9" * 5000}, "whole number"),
        ({"name": "a=b"}, "holds no ="),
        ({"value": "a; b=c"}, "no ;"),
        ({"value": "a\r\nX: y"}, "control characters"),
        ({"value": "x" * LONGEST}, "at most 4,096 bytes"),
    ],
)
def test_what_is_no_cookie_is_said_in_a_sentence(fields: dict[str, str], said: str) -> None:
    """Nothing that would be another header, another cookie or none is made."""
    with pytest.raises(BadCookie, match=said):
        typed_cookie({**GOOD, **fields}, NOW)
