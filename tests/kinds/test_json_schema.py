"""A schema that judges values, whoever wrote it."""

from __future__ import annotations

import socket
from typing import Any, NoReturn

import msgspec
import pytest

from tui_client.errors import QueryError
from tui_client.kinds import json_schema
from tui_client.kinds.bounded import TooSlow, quickly
from tui_client.kinds.json_schema import MAX_NODES, judge_of, schema_problem


def text_of(schema: Any) -> str:
    return msgspec.json.encode(schema).decode()


def chain(levels: int, link: dict[str, Any] | None = None) -> dict[str, Any]:
    """Each level asks the next one twice."""

    def asked(level: int) -> dict[str, Any]:
        reference = {"$ref": f"#/$defs/a{level + 1}"}
        return {"properties": {"a": reference}} if link is None else reference

    levels_of = {f"a{level}": {"allOf": [asked(level), asked(level)]} for level in range(levels)}
    return {"$ref": "#/$defs/a0", "$defs": {**levels_of, f"a{levels}": {"type": "integer"}}}


def test_a_schema_is_2020_12_unless_it_says_so() -> None:
    """`items` as a list is one of the words that changed."""
    assert judge_of(text_of({"prefixItems": [{"type": "string"}]})).fits([1]) is False
    old = {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]}
    assert judge_of(text_of(old)).fits([1]) is False
    draft4 = {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 3, "exclusiveMinimum": True}
    assert judge_of(text_of(draft4)).fits(3) is False


def test_formats_are_not_asserted() -> None:
    """As JSON Schema says: they describe, and servers and libraries differ in what they take for an e-mail address."""
    assert judge_of(text_of({"format": "email"})).fits("nobody")


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (b"{", "not valid JSON"),
        ([], "a schema is an object, true or false"),
        ({"type": "text"}, "can't be used"),
        ({"pattern": "("}, "can't be used"),
        ({"$ref": "#/$defs/none"}, "can't be used"),
        ({"$ref": "other.json"}, "can't be used"),
        (b'{"properties": ' * 3000 + b"{}" + b"}" * 3000, "too deeply nested"),
        (b'{"not": ' * 700 + b"{}" + b"}" * 700, "can't be used"),
        ({"allOf": [{}] * (MAX_NODES + 1)}, "more than 100,000 parts"),
        (chain(40), "too many times"),
        (chain(40, {}), "too many times"),
    ],
    ids=range(11),
)
def test_a_schema_that_cant_be_used_says_why(schema: Any, reason: str) -> None:
    """At once, however it was made to keep the program busy."""
    text = schema.decode() if isinstance(schema, bytes) else text_of(schema)
    assert reason in schema_problem(text)
    with pytest.raises(QueryError, match="schema: "):
        judge_of(text)


@pytest.mark.parametrize("reference", ["http://127.0.0.1:9/a", "https://example.com/a", "file:///etc/hostname"])
def test_nothing_is_ever_fetched(monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    """A reference that leads outside is refused before a socket or a file is opened."""

    def no_socket(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", no_socket)
    for name in ("$ref", "$dynamicRef"):
        assert "nothing is fetched" in schema_problem(text_of({name: reference}))
        assert "nothing is fetched" in schema_problem(text_of({"$id": reference, "items": {name: "beside.json"}}))
    assert judge_of(text_of({"$schema": reference})).fits(1)  # no draft that is known: the newest


def test_patterns_take_linear_time() -> None:
    """Those that explode elsewhere are no danger; those that look around are for small replies only."""
    text = "a" * 100_000 + "!"
    assert judge_of(text_of({"pattern": "^(a+)+$"})).fits(text) is False
    around = judge_of(text_of({"items": {"pattern": "^(?=(a|a)*$)b"}}))
    assert around.fits(["a" * 100 + "!"], 110) is False
    assert judge_of(text_of({"pattern": "^(?=.*[0-9]).{3}"})).fits("ab1", 5)
    with pytest.raises(QueryError, match="looks around"):
        around.fits([], 1_000_000)


def test_a_schema_of_many_combinations_is_for_small_replies() -> None:
    """Both together could keep the program busy for hours; the error says how much goes."""
    judge = judge_of(text_of({"items": chain(12, {}), "$defs": chain(12, {})["$defs"]}))
    assert judge.fits([1] * 1000, 3000)
    with pytest.raises(QueryError, match="replies up to"):
        judge.fits([], 10_000_000)
    with pytest.raises(TooSlow), quickly():
        judge.fits([], 60_000)


def test_a_schema_that_refers_to_itself_ends() -> None:
    """In itself at once, and along a value of any depth."""
    assert judge_of('{"$ref": "#"}').fits(1)
    twice = {"allOf": [{"properties": {"a": {"$ref": "#"}}}] * 2}
    value: Any = 1
    for _ in range(60):
        value = {"a": value}
    assert judge_of(text_of(twice)).fits(value)


def test_a_schema_is_compiled_where_it_holds_nothing_up() -> None:
    """What is done between two frames of the screen, or two steps of a replay, finds it ready or goes elsewhere."""
    text = text_of({"type": "object", "description": "compiled once"})
    with pytest.raises(TooSlow), quickly():
        judge_of(text)
    judge_of(text)
    with quickly():
        assert judge_of(text).fits({})


def test_parts_are_judged_by_their_pointer() -> None:
    """Names that have signs of pointers and addresses in them are found too."""
    judge = judge_of(text_of({"$id": "https://a.example/s", "properties": {"a/b %20~": {"type": "integer"}}}))
    assert judge.part_fits("/properties/a~1b %20~0", 1)
    assert not judge.part_fits("/properties/a~1b %20~0", "1")
    assert not judge.items_fit("/properties/a~1b %20~0", [1, "1"])


def test_parts_of_many_schemas_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last ones used are kept; those that went are compiled again."""
    monkeypatch.setattr(json_schema, "_PARTS_CHARS", 10_000)
    kept = json_schema._Parts()
    monkeypatch.setattr(json_schema, "_parts", kept)
    names = [f"a{number}" for number in range(100)]
    judge = judge_of(text_of({"properties": {name: {"type": "integer", "const": len(name)} for name in names}}))
    for _ in range(2):
        for name in names:
            assert judge.part_fits(f"/properties/{name}", len(name))
    assert 1 <= len(kept._kept) <= 10
