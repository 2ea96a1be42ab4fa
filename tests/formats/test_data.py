"""JSON and YAML of others: leniently read, bounded, and never more than data."""

from __future__ import annotations

from typing import Any

import pytest

from tui_client.formats._data import json_or_yaml, text_of, yaml_data
from tui_client.formats._format import FormatError

NESTED = b"".join(b"%c: &%c [%s]\n" % (97 + n, 97 + n, b",".join([b"*%c" % (96 + n)] * 9)) for n in range(1, 20))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("22:22:22", "22:22:22"),
        ("2020-01-01", "2020-01-01"),
        ("1.10", 1.1),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("~", None),
        ("True", True),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!python/object/apply:os.system [id]", ["id"]),
        ("{200: ok, on: 1}", {"200": "ok", "on": 1}),
        ("{a: &x {b: 1}, c: {<<: *x, d: 2}}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    """Times, dates and on stay text; names are text; tags run nothing."""
    assert yaml_data(f"a: {text}\n".encode()) == {"a": value}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a: &a [1, 1]\n" + NESTED, id="bomb"),
        pytest.param(b"a: &x [*x]\n", id="loop"),
        pytest.param(b"[" * 100_000, id="lists"),
        pytest.param(b"{" * 100_000, id="tables"),
        pytest.param(b"- " * 100_000, id="dashes"),
        pytest.param(b"a: *none\n", id="no anchor"),
        pytest.param(b"a: \x00\n", id="nul"),
        pytest.param(b"\xc3\x28", id="no text"),
        pytest.param(b'{"a": ' * 100_000, id="json"),
    ],
)
def test_what_is_made_to_break_is_refused(data: bytes) -> None:
    """With a clause that says why."""
    with pytest.raises(FormatError, match=r"^(is|has) "):
        json_or_yaml(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_unicode_is_read(encoding: str) -> None:
    """With a byte order mark and without."""
    assert json_or_yaml('{"ä": 1}\r\n'.encode(encoding)) == {"ä": 1}
    assert json_or_yaml("name: ä\r\n".encode(encoding)) == {"name": "ä"}
    assert text_of("a\r\nb\rc".encode(encoding)) == "a\nb\nc"
