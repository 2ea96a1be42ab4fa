"""`tui-client schema`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Cli = Callable[..., Any]


def test_the_schema_is_one_json_document(cli: Cli) -> None:
    """An editor can be pointed at what was printed."""
    ran = cli("schema")
    assert ran.code == 0
    assert ran.json["$ref"] == "#/$defs/request"
    assert {"request", "folder", "collection", "environment", "batch"} <= set(ran.json["$defs"])
