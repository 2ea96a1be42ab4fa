"""Forms as rows."""

from __future__ import annotations

import io

import pytest

from tui_client.tui.widgets.format_form import rows


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a=1&name=J%C3%BCrgen+M", "a    = 1\nname = Jürgen M"),
        (b"a=1&a=2&&b=&c\r\n", "a = 1\na = 2\nb = \nc"),
        (b"a=one%0D%0Ab+%3D+two", "a = one␍␊b = two"),
        (b"a=x%3Dy=z&%zz=%4", "a   = x=y=z\n%zz = %4"),
        (b"n" * 40 + b"=1&b=2", "n" * 40 + " = 1\nb" + " " * 31 + " = 2"),
        (b"", ""),
    ],
)
def test_each_field_is_a_row(data: bytes, text: str) -> None:
    """Names and values are decoded, in order; no value can pass for another field."""
    out = io.BytesIO()
    rows(data, out.write)
    assert out.getvalue().decode() == text


def test_bytes_that_are_no_utf8_stay() -> None:
    """The view says that they are broken."""
    out = io.BytesIO()
    rows(b"a=%E9", out.write)
    assert out.getvalue() == b"a = \xe9"
