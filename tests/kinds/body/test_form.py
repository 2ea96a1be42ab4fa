"""Forms are URL-encoded, in order."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.body.form import Form
from tui_client.model.content import EncodedBody
from tui_client.model.request import NameValue


def test_fields_keep_order_and_repeats() -> None:
    """As browsers write them; disabled fields are left out."""
    fields = (
        NameValue("b", "1 2"),
        NameValue("a", "é&=+~*-._"),
        NameValue("off", "x", enabled=False),
        NameValue("b", ""),
    )
    assert Form(fields).encode(Path) == EncodedBody(
        (b"b=1+2&a=%C3%A9%26%3D%2B%7E*-._&b=",), "application/x-www-form-urlencoded"
    )


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_any_fields_read_back(pairs: list[tuple[str, str]]) -> None:
    """What the server reads is what the user wrote."""
    (raw,) = Form(tuple(NameValue(*pair) for pair in pairs)).encode(Path).segments
    assert isinstance(raw, bytes)
    assert parse_qsl(raw.decode(), keep_blank_values=True) == pairs


def test_a_lone_surrogate_names_the_field() -> None:
    """It has no UTF-8."""
    with pytest.raises(RequestFailed) as caught:
        Form((NameValue("a", "\ud800"),)).encode(Path)
    assert (caught.value.failure.kind, caught.value.failure.subject) == (FailureKind.BODY_INVALID, "a")
