"""Slumber's collections as ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats import importers
from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats._slumber.expressions import Call, Items, Literal, Name, NotUnderstood, Pipe, parsed
from tui_client.formats.slumber import IMPORTER, read_slumber
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json as JsonQuery
from tui_client.model.request import Capture, NameValue
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret

GOLDEN = Path(__file__).parent / "golden"
NEW = (GOLDEN / "slumber" / "shop.yml").read_bytes()
OLD = (GOLDEN / "slumber" / "shop-3.yml").read_bytes()


def requests(found: Found) -> dict[str, FoundRequest]:
    (collection,) = found.collections
    return {each.request.name: each for each in collection.requests}


def told(found: Found, outcome: Outcome) -> list[str]:
    return [f"{line.origin}: {line.construct}" for line in found.report if line.outcome is outcome]


def test_functions_become_variables_and_captures() -> None:
    """What a reply gives is captured there; prompts, choices and the environment are variables of the collection."""
    found = read_slumber(NEW, name="slumber.yml")
    made = requests(found)
    assert found.collections[0].shared.variables == {
        "login_token": FromRequest("Log in", 1800.0),
        "user_2": HostVariable("USER"),
        "password": Secret(),
        "tries": Prompt("Tries"),
        "region": Choice(("eu", "us")),
        "list_etag": FromRequest("list"),
        "list_0_id": FromRequest("list"),
    }
    assert made["Log in"].request.captures == (Capture("login_token", JsonQuery("$.token")),)
    assert made["list"].request.captures == (
        Capture("list_etag", Header("ETag")),
        Capture("list_0_id", JsonQuery("$[0].id")),
    )
    assert made["list"].request.auth == Bearer("{{login_token}}")


def test_profiles_are_environments_the_default_one_first() -> None:
    """Numbers stay numbers; a field never has the name of the variable that it is made of."""
    environments = read_slumber(NEW).collections[0].environments
    assert [each.name for each in environments] == ["local", "Staging"]
    assert environments[1].variables == {"host": Constant("https://staging.shop.example"), "page_size": Constant(20)}
    assert environments[0].variables["user"] == Constant("{{user_2}}")


def test_every_body_is_there() -> None:
    """A text of nothing but a template has the value's own type in JSON; files are sent as they are."""
    made = requests(read_slumber(NEW))
    body = made["Log in"].request.body
    assert isinstance(body, Json)
    assert body.content == (
        '{\n  "user": {{user}},\n  "password": {{password}},\n  "device": "braces {{\'{{\'}} stay }}",\n'
        '  "tries": {{int(tries)}}\n}'
    )
    assert made["create"].request.body == Form((NameValue("item", "1 2"), NameValue("etag", "{{list_etag}}")))
    assert made["photo"].request.body == Multipart((Part("note", "hello"), Part("photo", file="photo.png")))
    assert made["photo"].request.auth == Basic("{{user}}", "x")
    assert made["upload"].request.body == File("data.bin")
    assert made["odd"].request.body == Text("who: {{'{{'}} command(['whoami']) | trim() }}, first: {{list_0_id}}", "")


def test_rows_stay_in_their_order_and_folders_too() -> None:
    """A list of values is a row each."""
    made = requests(read_slumber(NEW))
    assert made["list"].folder == ("Orders",)
    assert [(row.name, row.value) for row in made["list"].request.params] == [
        ("size", "{{page_size}}"), ("state", "open"), ("state", "paid"), ("region", "{{region}}"),
    ]  # fmt: skip
    assert made["list"].request.headers == (NameValue("Accept", "application/json"),)


def test_what_is_not_one_to_one_is_told() -> None:
    """Commands are never run; defaults of prompts, and what has no place here."""
    found = read_slumber(NEW)
    assert told(found, Outcome.KEPT) == ["Orders / odd: {{ command(['whoami']) | trim() }}"]
    assert told(found, Outcome.DROPPED) == ["Orders / list: persist: false"]
    assert "Log in: prompt default 3" in told(found, Outcome.APPROXIMATED)


def test_tags_and_chains_mean_what_they_did() -> None:
    """Version 3."""
    found = read_slumber(OLD, name="old.yml")
    made = requests(found)
    assert list(made) == ["login", "List users", "replace", "who"]
    assert made["login"].request.body == Json('{\n  "user": "{{user}}",\n  "password": "{{password}}"\n}')
    assert made["login"].request.headers == (NameValue("Accept", "application/json"),)
    assert made["List users"].request.auth == Bearer("{{login_token}}")
    assert [(row.name, row.value) for row in made["List users"].request.params] == [
        ("one", "1"), ("tag", "a=b"), ("tag", "{{login_etag}}"),
    ]  # fmt: skip
    assert made["replace"].request.body == File("./data.json")
    assert made["replace"].request.auth == Basic("ann", "{{password}}")
    assert found.collections[0].shared.variables["login_token"] == FromRequest("login", 43200.0)
    assert told(found, Outcome.DROPPED) == []
    assert told(found, Outcome.KEPT) == ['Users / who: {{chains.who}}: !command {"command": ["whoami"]}']


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("host", Name("host")),
        ("'a\\'b'", Literal("a'b")),
        ("f(1, x=[true, 'a'],)", Call("f", (Literal(1),), (("x", Items((Literal(True), Literal("a")))),))),
        (" a | b() | c(2.5) ", Pipe(Name("a"), (Call("b"), Call("c", (Literal(2.5),))))),
    ],
)
def test_expressions_are_taken_apart(text: str, expression: object) -> None:
    """Names, literals, lists, calls and pipes."""
    assert parsed(text) == expression


@pytest.mark.parametrize(
    "text", ["", "a b", "f(", "[1", "a |", "a | 'b'", "$x", "'a", "(" * 50, "[" * 5000, "x" * 3000]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    """It stays as text then."""
    with pytest.raises(NotUnderstood):
        parsed(text)


def test_no_other_format_takes_it_and_it_takes_no_other() -> None:
    """Each sample is recognised by its own format alone."""
    for folder in sorted(GOLDEN.iterdir()):
        for path in sorted(each for each in folder.iterdir() if each.is_file()):
            source = Source(path.name, path.read_bytes())
            assert IMPORTER.recognises(source) is (folder.name == "slumber"), path
            if folder.name == "slumber":
                assert [name for name, each in importers().items() if each.recognises(source)] == ["slumber"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a: b",
        "requests: 5",
        "openapi: 3.1.0",
        'requests: {a: {$ref: "#/requests/a"}}',
        "requests: !x [",
        "\0",
    ],
)
def test_what_is_no_collection_is_refused(text: str) -> None:
    """As is a reference that leads to itself."""
    with pytest.raises(FormatError):
        read_slumber(text.encode())


def test_a_reference_to_nothing_is_told() -> None:
    """The rest of the recipe counts."""
    found = read_slumber(b'requests: {a: {$ref: "#/.x", method: GET, url: http://h/}}')
    assert list(requests(found)) == ["a"]
    assert told(found, Outcome.DROPPED) == ["#/.x: $ref"]


SAMPLES = st.sampled_from([NEW, OLD])


@bad_inputs(200, mutated(SAMPLES))
def test_damaged_collections_are_read_or_refused(data: bytes) -> None:
    """Nothing but a refusal comes of them."""
    try:
        read_slumber(data)
    except FormatError:
        return


KEYS = st.sampled_from(["requests", "type", "url", "body", "data", "query", "$ref", "a"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@bad_inputs(100, ANYTHING)
def test_any_value_in_any_place_is_read_or_refused(value: object) -> None:
    """YAML takes JSON."""
    try:
        read_slumber(json.dumps({"profiles": value, "chains": value, "requests": {"a": value}}).encode())
    except FormatError:
        return


@pytest.mark.parametrize(
    ("jq", "path"),
    [(".[0].id", "$[0].id"), (".a.b[2]", "$.a.b[2]"), (".a.[0]", "$.a[0]"), ("[1]", "$[1]"), ('.["x y"]', '$["x y"]')],
)
def test_a_plain_path_of_jq_is_one_of_ours(jq: str, path: str) -> None:
    """What is captured can be asked of a reply."""
    text = f"requests:\n  a: {{method: GET, url: http://h/}}\n  b:\n    url: \"{{{{ response('a') | jq({jq!r}) }}}}\"\n"
    found = read_slumber(text.replace('["x y"]', '[\\"x y\\"]').encode())
    (capture,) = requests(found)["a"].request.captures
    assert capture.query == JsonQuery(path)
    assert JsonQuery(path).problem() == ""


def test_a_long_path_that_is_none_is_refused_at_once() -> None:
    """A name is matched in one way only."""
    found = read_slumber(b"requests: {a: {url: \"{{ response('a') | jq('" + b"a" * 1500 + b"!') }}\"}}")
    assert told(found, Outcome.DROPPED) != []
