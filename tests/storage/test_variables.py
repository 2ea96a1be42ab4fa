"""Variables: values and sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.storage.document import Document
from tui_client.storage.node import Node
from tui_client.storage.shared_file import read_environment
from tui_client.storage.variables import read_duration, write_duration


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("20", Constant(20)),
        ("1.5", Constant(1.5)),
        ("true", Constant(True)),
        ('"x"', Constant("x")),
        ("[1, 'a', { b = 2.5 }]", Constant([1, "a", {"b": 2.5}])),
        ("{ from = 'auth/login' }", FromRequest("auth/login")),
        ("{ from = 'auth/login', max_age = '1h30m' }", FromRequest("auth/login", 5400.0)),
        ("{ prompt = 'Code' }", Prompt("Code")),
        ("{ secret = true }", Secret()),
        ("{ options = ['eu', 1] }", Choice(("eu", 1))),
        ("{ env = 'HOME' }", HostVariable("HOME")),
    ],
)
def test_a_value_or_where_it_comes_from(text: str, variable: Variable) -> None:
    """A table is a source, anything else a constant of its TOML type."""
    found = read_environment(Document(Path("e.toml"), f"[variables]\nv = {text}"), "e").variables["v"]
    assert repr(found) == repr(variable)


@given(st.integers(0, 10**9))
def test_a_duration_is_read_as_it_was_written(milliseconds: int) -> None:
    """To the millisecond."""
    text = write_duration(milliseconds / 1000)
    node = Node(Document(Path("e.toml"), ""), (), text)
    assert read_duration(node) == pytest.approx(milliseconds / 1000)
