"""Bruno's files become our requests, and what can't is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fuzzing import TEXT, bad_inputs, mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import FormatError, Item, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats.bruno import EXPORTERS, IMPORTER, read_bruno
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.query.json import Json as JsonQuery
from tui_client.kinds.query.status import Status
from tui_client.model.effective import EffectiveRequest, Layer, ResolvedRequest, Scope
from tui_client.model.request import Assertion, Capture, NameValue
from tui_client.model.variables import Constant, HostVariable, Secret

GOLDEN = Path(__file__).parent / "golden" / "bruno"
SAMPLES = sorted(path for path in GOLDEN.iterdir() if path.is_file())


class Files:
    """A folder in memory."""

    def __init__(self, **files: str) -> None:
        self.files = {name.replace("__", "/").replace("_dot_", "."): each.encode() for name, each in files.items()}

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise FormatError("is not there")
        return self.files[name]


def golden(name: str) -> Found:
    return read_bruno((GOLDEN / name).read_bytes(), name=name)


def only(found: Found) -> FoundRequest:
    (request,) = found.collections[0].requests
    return request


def bru(text: str) -> Found:
    return read_bruno(f"meta {{\n  name: A\n}}\n\n{text}\n".encode(), name="a.bru")


def told(found: Found, outcome: Outcome) -> list[str]:
    return [line.construct for line in found.report if line.outcome is outcome]


def test_a_request_has_its_url_rows_and_switches() -> None:
    """The query stands once, a disabled row stays disabled, a quoted name keeps its colon, escapes are decoded."""
    request = only(golden("create-user.bru")).request
    assert (request.method, request.url, request.tags) == ("POST", "{{host}}/users/:team", ("smoke", "users"))
    assert request.params == (NameValue("notify", "yes"), NameValue("dry", "1", False), NameValue("q", "a b"))
    assert request.path == (NameValue("team", "{{team_id}}"),)
    assert request.headers[0] == NameValue("X-Trace", "{{uuid()}}")
    assert request.headers[2] == NameValue("X: odd", "{{'{{'}}literal")
    assert (request.options.timeout.total, request.options.follow_redirects) == (5.0, False)
    assert request.description == "# Creates a user"


def test_a_variable_of_the_host_is_one_of_ours() -> None:
    """{{process.env.X}} becomes a variable of the collection that comes from the host."""
    found = golden("create-user.bru")
    assert only(found).request.auth == Bearer("{{process.env.API_TOKEN}}")
    assert found.collections[0].shared.variables["process.env.API_TOKEN"] == HostVariable("API_TOKEN")
    assert found.loose


def test_a_variable_of_a_request_stands_in_its_places() -> None:
    """A text body keeps its lines; a variable outside a string keeps its type; another body is told."""
    found = golden("create-user.bru")
    body = only(found).request.body
    assert isinstance(body, Json)
    assert body.content.startswith('{\n  "name": "Ann {{suffix}}",\n  "age": {{json(age)}},')
    assert told(found, Outcome.DROPPED) == ["body:text"]


def test_asserts_and_captures_are_ours_where_they_mean_the_same() -> None:
    """The others are kept as text."""
    found = only(golden("create-user.bru"))
    assert found.request.asserts[0] == Assertion(Status(), "==", 201)
    assert [(each.op, each.value, each.enabled) for each in found.request.asserts[1:]] == [
        ("contains", "Ann", True),
        ("==", 3, True),
        ("startsWith", "application/json", False),
        (">=", 1, True),
        ("<=", 9, True),
    ]
    assert found.request.captures[0] == Capture("user_id", JsonQuery("$.data[0].id"))
    assert [script.phase for script in found.scripts] == ["pre-request", "test", "assert", "vars:post-response"]
    assert found.scripts[3].content == "odd: res.body.items.find(x => x)"


def test_a_multipart_body_has_a_part_for_each_file() -> None:
    """Values of several lines, files, media types and disabled parts; an auth that we don't have is told."""
    found = golden("upload.bru")
    request = only(found).request
    assert request.body == Multipart(
        (
            Part("note", "two\nlines"),
            Part("photo", file="data/a.png", type="image/png"),
            Part("photo", file="data/b.png", type="image/png"),
            Part("off", "x", enabled=False),
        )
    )
    assert told(found, Outcome.DROPPED) == ["auth: awsv4"]
    assert "region eu-west-1" in request.description and "AKIA" not in request.description


def test_an_exported_collection_has_folders_environments_and_secrets() -> None:
    """Folders come first; a secret's value stands apart; what is not HTTP is told."""
    found = golden("collection.json")
    (collection,) = found.collections
    me, ping = collection.requests
    assert (me.folder, me.request.auth, me.request.body) == (("Users",), NoAuth(), GraphQL("{ me { id } }", "{}"))
    assert (ping.folder, ping.request.auth) == ((), None)
    assert collection.shared.auth == Basic("u", "{{key}}")
    assert collection.environments[0].variables == {"host": Constant("http://127.0.0.1"), "key": Secret()}
    assert collection.secrets == {"Local": {"key": "k1"}}
    assert told(found, Outcome.DROPPED) == ["type: grpc"]


def test_an_opencollection_is_read_like_the_other_files() -> None:
    """Requests, bodies, asserts and scripts of the YAML form."""
    found = golden("opencollection.yml")
    (collection,) = found.collections
    request = only(found)
    assert (collection.title, request.folder, request.request.name) == ("Open shop", ("Users",), "Find")
    assert request.request.params == (NameValue("q", "1"),)
    assert request.request.headers == (NameValue("X-Off", "a", False),)
    assert request.request.body == Form((NameValue("a", "1"),))
    assert request.request.asserts == (Assertion(Status(), "==", 200),)
    assert request.scripts[0].content == "done()"
    assert collection.folders[0].shared.auth is None


def test_a_folder_is_one_collection() -> None:
    """Order by seq, folders first, inherited auth, environments; a damaged file is told and the others count."""
    files = Files(
        bruno_dot_json='{"name": "Shop"}',
        collection_dot_bru="auth {\n  mode: bearer\n}\nauth:bearer {\n  token: {{t}}\n}\nheaders {\n  A: 1\n}\n",
        environments__Local_dot_bru="vars {\n  host: http://h\n  ~off: 1\n}\nvars:secret [\n  t\n]\n",
        b_dot_bru="meta {\n  name: B\n  seq: 2\n}\nget {\n  url: /b\n  auth: inherit\n}\n",
        a_dot_bru="meta {\n  name: A\n  seq: 9\n}\nget {\n  url: /a\n  auth: none\n}\n",
        bad_dot_bru="meta {",
        users__folder_dot_bru="meta {\n  name: People\n  seq: 1\n}\nvars:pre-request {\n  host: x\n}\n",
        users__get_dot_bru="meta {\n  name: Get\n}\nget {\n  url: /u\n  auth: inherit\n}\n",
        empty__folder_dot_bru="meta {\n  name: Empty\n  seq: 2\n}\n",
    )
    found = IMPORTER.read(Source("shop", b"", files, is_folder=True))
    (collection,) = found.collections
    assert IMPORTER.recognises(Source("shop", b"", files, is_folder=True))
    assert (collection.title, collection.shared.auth, found.loose) == ("Shop", Bearer("{{t}}"), False)
    assert [(each.folder, each.request.name) for each in collection.requests] == [
        (("People",), "Get"),
        ((), "B"),
        ((), "A"),
    ]
    assert [each.request.auth for each in collection.requests] == [None, None, NoAuth()]
    assert [each.path for each in collection.folders] == [("People",), ("Empty",)]
    assert collection.environments[0].variables == {"host": Constant("http://h"), "t": Secret()}
    assert set(told(found, Outcome.DROPPED)) == {"file", "~off"}
    assert told(found, Outcome.APPROXIMATED) == ["vars:pre-request host"]


def test_a_file_body_is_the_one_that_is_chosen() -> None:
    """A disabled one beside it is told."""
    found = bru("post {\n  url: h\n  body: file\n}\nbody:file {\n  ~file: @file(a.bin)\n  file: @file(b.bin)\n}")
    assert only(found).request.body == File("b.bin")
    assert told(found, Outcome.DROPPED) == ["body:file a.bin"]


def test_blocks_that_are_not_known_are_told() -> None:
    """Nothing of a file goes without a word."""
    found = bru("get {\n  url: http://h/{{$randomCity}}\n}\nexample {\n  name: x\n}")
    assert set(told(found, Outcome.DROPPED)) == {"block example", "{{$randomCity}}"}
    assert only(found).request.url == "http://h/{{'{{'}}$randomCity}}"


def item(title: str, **fields: Any) -> Item:
    """A request to be written; what is filled in of it is not looked at."""
    variables = {"base_url": Constant("http://h"), "a": Constant("{{b}}"), "b": Constant(3), "s": Secret()}
    request = EffectiveRequest(key="k", name=title, scope=Scope((Layer("env", variables),)), **fields)
    return Item(
        title=title, folder=("Users", "Admin"), request=request, sent=ResolvedRequest(key="k", method="GET", url="")
    )


def test_what_is_written_is_read_again() -> None:
    """As the same requests in the same folders, with the values of the variables that they use."""
    fields: dict[str, Any] = {
        "params": (NameValue("q", "a b/{{a}}"), NameValue("off", "1", False)),
        "path": (NameValue("id", "7"),),
        "headers": (NameValue("A", "1"), NameValue("B", "2", False, "two")),
        "body": Multipart((Part("a", "1"), Part("f", file="a.png", type="image/png", enabled=False))),
        "auth": Bearer("{{s}}"),
        "asserts": (
            Assertion(Status(), "==", 200),
            Assertion(JsonQuery("$.a[0]"), "contains", "x", negated=True, enabled=False),
            Assertion(JsonQuery("$.a"), "isEmpty", negated=True),
        ),
        "captures": (Capture("id", JsonQuery("$.data.id")),),
    }
    exporter = EXPORTERS[0]
    written = exporter.write([item("Find", method="POST", url="/users/:id?x=1", **fields)])
    (collection,) = read_bruno(written.text.encode()).collections
    (found,) = collection.requests
    assert (found.folder, found.request.url) == (("Users", "Admin"), "{{base_url}}/users/:id")
    assert found.request.params[:2] == (NameValue("x", "1"), NameValue("q", "a b/{{a}}"))
    assert {name: getattr(found.request, name) for name in fields if name != "params"} == {
        name: value for name, value in fields.items() if name != "params"
    }
    assert collection.shared.variables == {"base_url": Constant("http://h"), "a": Constant("{{b}}"), "b": Constant("3")}
    assert [line.construct for line in written.report] == ["variable s"]


def test_what_cant_be_written_is_told() -> None:
    """A function, an auth and an assert that Bruno doesn't have."""
    asserts = (Assertion(JsonQuery("$..a"), "==", 1),)
    written = EXPORTERS[0].write(
        [item("A", method="GET", url="http://h/{{sha256(b)}}", auth=Bearer("t", prefix="X"), asserts=asserts)]
    )
    assert [line.construct for line in written.report] == ["{{sha256(b)}}", "auth", "assert =="]


@given(TEXT, TEXT, TEXT)
@settings(max_examples=60)
def test_odd_text_is_written_as_yaml(title: str, value: str, content: str) -> None:
    """Whatever stands in a request, the file can be read."""
    row, auth = NameValue(title, value), Basic(value, title)
    given = item(title, method="GET", url=value, params=(row,), headers=(row,), body=Json(content), auth=auth)
    written = EXPORTERS[0].write([given]).text
    assert len(read_bruno(written.encode("utf-8", "replace")).collections[0].requests) == 1


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_recognised(path: Path) -> None:
    """By its head or its keys."""
    assert IMPORTER.recognises(Source(path.name, path.read_bytes()))


@pytest.mark.parametrize("data", [b"", b"{}", b"openapi: 3.0.0", b'{"info": {}, "item": []}', b"GET http://h", b"\xff"])
def test_another_formats_file_is_not(data: bytes) -> None:
    """Nor is it read."""
    assert not IMPORTER.recognises(Source("a", data))
    with pytest.raises(FormatError):
        read_bruno(data)


NAMES = st.text(st.sampled_from("abcXYZ019-_"), min_size=1, max_size=8)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12).filter(
    lambda word: not word.startswith(("'''", "[")) and "{{" not in word
)


@given(st.lists(st.tuples(NAMES, WORDS, st.booleans()), max_size=8))
@settings(max_examples=40)
def test_every_header_arrives(rows: list[tuple[str, str, bool]]) -> None:
    """In order, with its value and its switch."""
    lines = "".join(f"  {'' if on else '~'}{name}: {value}\n" for name, value, on in rows)
    found = bru(f"get {{\n  url: http://h\n}}\n\nheaders {{\n{lines}}}")
    assert only(found).request.headers == tuple(NameValue(*row) for row in rows)


@bad_inputs(120, mutated(st.sampled_from([path.read_bytes() for path in SAMPLES])))
def test_damage_is_refused_or_read(data: bytes) -> None:
    """Nothing but FormatError comes out."""
    try:
        read_bruno(data, name="a.bru")
    except FormatError as error:
        assert error.reason


def test_deep_folders_are_refused() -> None:
    """Before the stack ends."""
    items: object = []
    for _ in range(400):
        items = [{"type": "folder", "name": "a", "items": items}]
    with pytest.raises(FormatError):
        read_bruno(json.dumps({"name": "a", "version": "1", "items": items}).encode())


def test_of_variants_the_selected_one_counts_and_the_others_are_told() -> None:
    """Bodies and values may be kept several at a time; saved examples and settings without a place here are told."""
    found = read_bruno(b"""
opencollection: "1.0.0"
info: {name: Shop}
config:
  proxy: {inherit: false}
  environments:
    - name: dev
      extends: base
      variables:
        - name: a
          value: [{title: x, value: "1"}, {title: y, selected: true, value: {type: number, data: "2"}}]
items:
  - info: {name: Create, type: http}
    http:
      method: POST
      url: https://h/x
      body:
        - {title: small, body: {type: json, data: '{"a": 1}'}}
        - {title: big, selected: true, body: {type: json, data: '{"b": 2}'}}
    examples: [{name: ok}]
""")
    (collection,) = found.collections
    assert collection.requests[0].request.body == Json('{"b": 2}')
    assert collection.environments[0].variables == {"a": Constant("2")}
    assert [line.construct for line in found.report if line.outcome is Outcome.DROPPED] == [
        "extends",
        "block config proxy",
        "block examples",
        "block body small",
    ]
