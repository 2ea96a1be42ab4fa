"""`tui-client list`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
Shop = Callable[..., Path]


def test_each_request_is_one_line(cli: Cli, shop: Shop) -> None:
    """Key, method and name; what can't be read says why."""
    shop({"a": 'name = "First\\nline"\nmethod = "PUT"\nurl = "/"\n', "b": "url = \n"})
    ran = cli("list")
    first, second = ran.out.splitlines()
    assert first == "a  PUT     First␊line"
    assert second.startswith("b  !") and "b.toml:1" in second
    assert ran.code == 0


def test_json_is_one_array(cli: Cli, shop: Shop) -> None:
    """The same rows for programs."""
    shop({"users/a": 'name = "A"\nurl = "/users"\ntags = ["smoke"]\n', "b": "url = \n"})
    rows = {row["key"]: row for row in cli("list", "--json").json}
    assert rows["users/a"] == {
        "key": "users/a",
        "method": "GET",
        "name": "A",
        "url": "/users",
        "tags": ["smoke"],
        "error": None,
    }
    assert rows["b"]["method"] is None and "b.toml" in rows["b"]["error"]


def test_an_empty_workspace_says_what_to_do(cli: Cli) -> None:
    """No requests is no error, and not silence."""
    ran = cli("list")
    assert (ran.code, ran.out) == (0, "")
    assert "There are no requests in" in ran.err


def test_a_path_without_a_collection_is_an_error(cli: Cli, tmp_path: Path) -> None:
    """A typing error in -C is not an empty list."""
    (tmp_path / "empty").mkdir()
    assert cli("list", "-C", str(tmp_path / "empty")).code == 2
    assert cli("list", "-C", str(tmp_path / "nowhere")).code == 2
