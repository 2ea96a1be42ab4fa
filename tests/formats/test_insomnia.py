"""Insomnia's exports become our requests, and what can't is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats.insomnia import IMPORTER, read_insomnia
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json as JsonQuery
from tui_client.model.request import Capture, NameValue
from tui_client.model.variables import Constant, Secret

GOLDEN = Path(__file__).parent / "golden" / "insomnia"
SAMPLES = sorted(GOLDEN.iterdir())


def golden(name: str) -> tuple[Found, dict[str, FoundRequest]]:
    found = read_insomnia((GOLDEN / name).read_bytes(), name=name)
    return found, {each.request.name: each for each in found.collections[0].requests}


def export(*resources: dict[str, Any]) -> Found:
    whole = [{"_type": "workspace", "_id": "w", "name": "W", "parentId": None}]
    whole += [{"parentId": "w", **each} for each in resources]
    return read_insomnia(json.dumps({"_type": "export", "__export_format": 4, "resources": whole}).encode())


def request(**fields: Any) -> FoundRequest:
    (found,) = export({"_type": "request", "_id": "r", "name": "A", **fields}).collections[0].requests
    return found


def told(found: Found, outcome: Outcome) -> list[str]:
    return [line.construct for line in found.report if line.outcome is outcome]


def test_flat_resources_become_a_tree_in_their_order() -> None:
    """By parent and by sort key, whatever the order in the file."""
    found, _ = golden("v4.json")
    (collection,) = found.collections
    assert (collection.title, collection.shared.description) == ("Shop", "All of it")
    assert [(each.folder, each.request.name) for each in collection.requests] == [
        ((), "Login"),
        (("Users",), "Create"),
        (("Users",), "Photo"),
        (("Users",), "Ask"),
    ]


def test_a_request_has_its_rows_body_and_settings() -> None:
    """Templates of either spelling, functions, disabled rows; a tag that we don't have stays as text."""
    created = golden("v4.json")[1]["Create"].request
    assert (created.method, created.url) == ("POST", "{{base}}/users/:team")
    assert created.path == (NameValue("team", "{{user.team}}"),)
    assert created.params == (NameValue("q", "a b", description="what"), NameValue("dry", "1", False))
    assert [row.value for row in created.headers] == [
        "{{uuid()}}",
        "{{now()}}",
        "{% prompt 'Code', '' %}",
        "dXNlcg==",
    ]
    assert created.body == Json('{"name": "{{user.name}}", "age": {{json(age)}}}')
    assert (created.options.follow_redirects, created.options.cookies) == (False, False)


def test_a_tag_that_wants_a_reply_is_a_capture_of_that_request() -> None:
    """And a variable where the tag was; of the body, and of a header."""
    _, flat = golden("v4.json")
    assert flat["Create"].request.auth == Bearer("{{Login_token}}")
    assert flat["Login"].request.captures == (Capture("Login_token", JsonQuery("$.token")),)
    _, nested = golden("v5.yaml")
    assert nested["Xml"].request.body == Text("<a>{{List_X_Id}}</a>", "application/xml")
    assert nested["List"].request.captures == (Capture("List_X_Id", Header("X-Id")),)


def test_bodies_by_their_media_types() -> None:
    """Forms, parts with files, GraphQL and files."""
    _, found = golden("v4.json")
    assert found["Login"].request.body == Form((NameValue("u", "ann"), NameValue("off", "1", False)))
    assert found["Photo"].request.body == Multipart((Part("a", "1"), Part("f", file="/tmp/a.png")))
    assert found["Ask"].request.body == GraphQL("{ me }", '{"id": 1}', "Me")
    assert request(body={"mimeType": "application/octet-stream", "fileName": "a.bin"}).request.body == File("a.bin")
    assert request(body={}).request.body is None


def test_environments_are_flat_and_the_base_one_is_shared() -> None:
    """Members of members have dots in their names; the other environments are ours; folders have their own."""
    found, _ = golden("v4.json")
    (collection,) = found.collections
    assert collection.shared.variables == {
        "base": Constant("http://127.0.0.1"),
        "user.name": Constant("Ann"),
        "user.team": Constant(7),
        "list": Constant("[1]"),
    }
    assert [each.name for each in collection.environments] == ["Live"]
    assert collection.environments[0].variables == {"base": Constant("https://live.example")}
    assert collection.folders[0].shared.variables == {"age": Constant(3)}


def test_what_is_not_here_is_told() -> None:
    """Each thing of a file that is no request over HTTP has a line."""
    found, _ = golden("v4.json")
    assert told(found, Outcome.DROPPED) == [
        "API description",
        "unit test suite",
        "unit test",
        "gRPC request",
        "authentication: oauth1",
        "{% prompt 'Code', '' %}",
        "authentication: basic",
        "cookie",
    ]
    assert told(found, Outcome.KEPT) == ["script: pre-request"]
    assert "hidden" not in repr(found)


def test_nested_files_are_read_like_flat_ones() -> None:
    """Folders with auth, settings, scripts, secrets of environments."""
    found, requests = golden("v5.yaml")
    (collection,) = found.collections
    assert (collection.title, collection.folders[0].shared.auth) == ("Pets", ApiKey("X-Key", "{{key}}"))
    listed = requests["List"]
    assert (listed.folder, listed.request.auth, listed.request.options.follow_redirects) == (("Dogs",), NoAuth(), True)
    assert [script.content for script in listed.scripts] == ["before()", "after()"]
    assert requests["Xml"].request.auth is None
    assert collection.environments[1].variables == {"key": Secret()}
    assert collection.secrets == {"Vault": {"key": "k1"}}
    assert told(found, Outcome.DROPPED) == ["WebSocket request", "unit tests", "variable old"]
    assert told(found, Outcome.APPROXIMATED) == ["private environment", "setting: encode URL"]


def test_two_workspaces_are_two_collections() -> None:
    """And an export in YAML is as good as one in JSON."""
    text = "_type: export\n__export_format: 4\nresources:\n"
    text += "".join(f"  - _id: wrk_{name}\n    _type: workspace\n    name: {name}\n" for name in "AB")
    found = read_insomnia(text.encode())
    assert [each.title for each in found.collections] == ["A", "B"]
    assert IMPORTER.recognises(Source("a.yaml", text.encode()))


def test_resources_that_go_round_in_circles_are_told() -> None:
    """A folder that is in itself belongs to nothing."""
    loop = [{"_type": "request_group", "_id": each, "parentId": other, "name": each} for each, other in ("ab", "ba")]
    found = export(*loop)
    assert told(found, Outcome.DROPPED) == ["request_group", "request_group"]


def test_basic_and_inherited_auth() -> None:
    """What has no kind is inherited; `none` counts only where something could be inherited."""
    assert request(authentication={"type": "basic", "username": "u", "password": "{{ p }}"}).request.auth == Basic(
        "u", "{{p}}"
    )
    assert request(authentication={}).request.auth is None
    assert request(authentication={"type": "none"}).request.auth is None


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_recognised(path: Path) -> None:
    """By its head or its keys."""
    assert IMPORTER.recognises(Source(path.name, path.read_bytes()))


@pytest.mark.parametrize("data", [b"", b"{}", b"openapi: 3.0.0", b'{"info": {}, "item": []}', b"meta {\n}\n", b"\xff"])
def test_another_formats_file_is_not(data: bytes) -> None:
    """Nor is it read."""
    assert not IMPORTER.recognises(Source("a", data))
    with pytest.raises(FormatError):
        read_insomnia(data)


ROWS = st.tuples(st.text("abcXYZ-", min_size=1, max_size=6), st.text(st.characters(codec="utf-8")), st.booleans())


@given(st.lists(ROWS, max_size=8))
@settings(max_examples=40)
def test_every_row_arrives(rows: list[tuple[str, str, bool]]) -> None:
    """In order, with its value and its switch; foreign braces stay literal."""
    given = [{"name": name, "value": value, "disabled": not on} for name, value, on in rows]
    made = request(headers=given, parameters=given).request
    wanted = [(name, on) for name, _, on in rows]
    assert [(row.name, row.enabled) for row in made.headers] == wanted
    assert [(row.name, row.enabled) for row in made.params] == wanted


@bad_inputs(120, mutated(st.sampled_from([path.read_bytes() for path in SAMPLES])))
def test_damage_is_refused_or_read(data: bytes) -> None:
    """Nothing but FormatError comes out."""
    try:
        read_insomnia(data)
    except FormatError as error:
        assert error.reason
