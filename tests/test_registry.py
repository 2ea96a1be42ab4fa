"""A kind is one file; a file that breaks the contract is named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import BadKind
from tui_client.kinds import auth, body, query
from tui_client.model.kinds import Query
from tui_client.registry import load_kinds

_GOOD = """
from tui_client.model.kinds import Query

class One(Query, frozen=True, tag={tag!r}):
    pass

KIND = One
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Path]:
    """An empty package that can be imported, with a name of its own for each test."""
    name = f"kinds_{abs(hash(request.node.nodeid))}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


def test_kinds_come_by_tag_in_the_order_of_files(package: Path) -> None:
    """Files whose names begin with an underscore are helpers."""
    (package / "b.py").write_text(_GOOD.format(tag="second"))
    (package / "a.py").write_text(_GOOD.format(tag="first"))
    (package / "_helper.py").write_text("raise SystemExit")
    kinds = load_kinds(package.name, Query)
    assert list(kinds) == ["first", "second"]
    assert all(issubclass(kind, Query) for kind in kinds.values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "KIND must be a subclass of Query"),
        ("KIND = 5", "KIND must be a subclass of Query"),
        ("class KIND: pass", "KIND must be a subclass of Query"),
        (
            "from tui_client.model.kinds import Auth\nclass KIND(Auth, frozen=True, tag='x'): pass",
            "must be a subclass of Query",
        ),
        (
            "import msgspec\nfrom tui_client.model.kinds import Query\nclass KIND(Query, frozen=True, tag=5): pass",
            "has no tag",
        ),
        (_GOOD.format(tag="taken"), "the tag 'taken' is taken by"),
    ],
)
def test_a_file_that_breaks_the_contract_is_named(package: Path, text: str, reason: str) -> None:
    """The error names the module and what is wrong with it."""
    (package / "a.py").write_text(_GOOD.format(tag="taken"))
    (package / "bad.py").write_text(text)
    with pytest.raises(BadKind, match=reason) as raised:
        load_kinds(package.name, Query)
    assert raised.value.module == f"{package.name}.bad"


@pytest.mark.parametrize("room", [auth, body, query])
def test_our_own_kinds_load(room: Any) -> None:
    """Each file of ours keeps the contract, and says in its title what it is."""
    kinds = room.kinds()
    assert kinds
    assert all(kind.__struct_config__.tag == tag and kind.__struct_config__.frozen for tag, kind in kinds.items())
    assert all(kind.title and kind.__doc__ for kind in kinds.values())
