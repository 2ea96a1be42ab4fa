"""OpenAPI and Swagger documents: what becomes of their operations, and what is said of the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats._format import MAX_BYTES, Alone, FormatError, Source
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Outcome
from tui_client.formats.openapi import IMPORTER, read_openapi
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart
from tui_client.kinds.body.text import Text
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import inherit
from tui_client.model.options import SendOptions
from tui_client.model.variables import Choice, Constant, Secret
from tui_client.template.resolve import resolve

GOLDEN = Path(__file__).parent / "golden" / "openapi"
SAMPLES = sorted(GOLDEN.iterdir())


def found_in(name: str) -> Found:
    return read_openapi((GOLDEN / name).read_bytes(), name=name)


def collection(document: dict[str, Any] | str) -> FoundCollection:
    data = document if isinstance(document, str) else json.dumps(document)
    return read_openapi(data.encode()).collections[0]


def request(found: FoundCollection, operation: str) -> FoundRequest:
    return next(each for each in found.requests if each.extensions["x-openapi"]["operation"] == operation)


def rows(found: Sequence[Any]) -> list[tuple[str, str, bool]]:
    return [(row.name, row.value, row.enabled) for row in found]


def said(found: Found) -> set[tuple[str, str, Outcome]]:
    return {(line.origin, line.construct, line.outcome) for line in found.report}


def document(operation: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": {"/a": {"get": operation}}, **more}


@pytest.fixture(scope="module")
def shop() -> FoundCollection:
    return found_in("shop-3.0.json").collections[0]


@pytest.fixture(scope="module")
def pets() -> FoundCollection:
    return found_in("pets-2.0.yaml").collections[0]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_operation_becomes_a_request(path: Path) -> None:
    """None is lost, and each says which operation it is of."""
    found = read_openapi(path.read_bytes(), name=path.name)
    operations = [each.extensions["x-openapi"]["operation"] for each in found.collections[0].requests]
    expected = {"shop-3.0.json": 8, "notes-3.1.yaml": 4, "pets-2.0.yaml": 4, "lost-3.2.json": 4}
    assert len(operations) == len(set(operations)) == expected[path.name]
    assert IMPORTER.recognises(Source(path.name, path.read_bytes()))


def test_servers_become_environments_and_their_variables_ours(shop: FoundCollection) -> None:
    """The first is the base URL; its variables have their default first."""
    assert shop.base_url == "https://{{region}}.shop.example/{{base}}"
    assert [(each.name, each.base_url) for each in shop.environments] == [
        ("Production", shop.base_url),
        ("Local", "http://localhost:8080/v1"),
    ]
    assert shop.shared.variables["region"] == Choice(("eu", "us"))
    assert shop.shared.variables["base"] == Constant("v1")


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("/v1", "http://localhost/v1"),
        ("/", "http://localhost"),
        ("//api.example/v1", "https://api.example/v1"),
        ("api.example/v1", "https://api.example/v1"),
        ("http://a.example/{{x}}", "http://a.example/{{{x}}}"),
        ("{host}/v1", "{{host}}/v1"),
    ],
)
def test_a_server_that_is_not_absolute_has_the_nearest_meaning(url: str, base: str) -> None:
    """A relative one is below localhost, since no one knows where the document came from."""
    assert collection(document({}, servers=[{"url": url}])).base_url == base


def test_a_document_without_a_server_says_so() -> None:
    """Nothing is made up in silence."""
    found = read_openapi(json.dumps(document({})).encode())
    assert found.collections[0].base_url == "http://localhost"
    assert ("servers", "server", Outcome.APPROXIMATED) in said(found)


def test_folders_are_tags_else_segments(shop: FoundCollection) -> None:
    """Tags that no request has are kept; a tag of 3.2 stands below its parent."""
    assert [each.path for each in shop.folders] == [("orders",), ("empty",), ("login",), ("raw",)]
    assert shop.folders[0].shared.description == "What was bought"
    assert request(shop, "get /orders").request.tags == ("orders", "public")
    lost = found_in("lost-3.2.json").collections[0]
    assert request(lost, "query /search").folder == ("top", "deep")
    notes = found_in("notes-3.1.yaml").collections[0]
    assert [each.folder for each in notes.requests] == [("notes",), ("notes",), ("notes",), ("trees",)]


def test_parameters_become_rows_and_what_is_optional_is_off(shop: FoundCollection) -> None:
    """Styles make the rows that a server of that style reads."""
    listed = request(shop, "get /orders").request
    assert rows(listed.params) == [
        ("status", "open", True),
        ("tag", "a", False),
        ("tag", "b", False),
        ("ids", "1,2", False),
        ("filter[min]", "1", True),
        ("filter[max]", "5", True),
    ]
    assert rows(listed.headers) == [
        ("X-Trace", "stringxx", True),
        ("X-Page", "3", False),
        ("Cookie", "session=s1", True),
    ]
    assert listed.params[0].description == "Their state (string, one of: open, paid, default open)"
    assert listed.description.startswith("**Deprecated.**\n\nAll orders, newest first.")
    assert "- 200: The orders" in listed.description


def test_a_path_parameter_within_a_segment_is_a_variable(shop: FoundCollection) -> None:
    """Rows of the path fill whole segments."""
    upload = request(shop, "put /orders/{order_id}/photo.{kind}").request
    assert upload.url == "/orders/{order_id}/photo.{{url(kind)}}"
    assert rows(upload.path) == [("order_id", "3fa85f64-5717-4562-b3fc-2c963f66afa6", True)]
    assert shop.shared.variables["kind"] == Constant("png")


def test_security_becomes_auth_with_secrets_to_be_filled_in(shop: FoundCollection) -> None:
    """What cannot be had is passed over for the next; what is needed together goes along as rows."""
    assert shop.shared.auth == Bearer("{{token}}")
    auths = {each.extensions["x-openapi"]["operation"]: each.request.auth for each in shop.requests}
    assert auths["get /orders"] == NoAuth()
    assert auths["post /orders"] is None
    assert auths["get /orders/{order_id}"] == ApiKey("X-Key", "{{api_key}}", "header")
    assert auths["post /login"] == Basic("{{username}}", "{{password}}")
    machine = auths["patch /orders/{order_id}"]
    assert isinstance(machine, OAuth2)
    assert (machine.grant, machine.token_url, machine.scope) == (
        "client_credentials",
        "https://auth.shop.example/token",
        "orders:write",
    )
    assert shop.shared.variables["token"] == shop.shared.variables["client_secret"] == Secret()
    upload = request(shop, "put /orders/{order_id}/photo.{kind}").request
    assert upload.auth == ApiKey("app_id", "{{app_id_api_key}}", "query")
    assert ("X-App-Key", "{{app_key_api_key}}", True) in rows(upload.headers)


def test_security_that_cannot_be_had_is_never_replaced_by_the_inherited() -> None:
    """A secret goes to nothing that did not ask for it."""
    schemes = {"a": {"type": "http", "scheme": "bearer"}, "b": {"type": "mutualTLS"}}
    made = document({"security": [{"b": []}]}, security=[{"a": []}], components={"securitySchemes": schemes})
    assert collection(made).requests[0].request.auth == NoAuth()


def test_bodies_are_of_their_kind(shop: FoundCollection) -> None:
    """Forms, files, text; braces in an example are text."""
    upload = request(shop, "put /orders/{order_id}/photo.{kind}").request.body
    assert isinstance(upload, Multipart)
    assert [(part.name, part.value, part.file, part.type, part.enabled) for part in upload.parts] == [
        ("photo", "", "photo.bin", "image/png", True),
        ("meta", '{"width":1}', "", "application/json", False),
        ("note", "string", "", "", False),
    ]
    login = request(shop, "post /login").request.body
    assert isinstance(login, Form)
    assert rows(login.fields) == [("user", "ada", True), ("otp", "string", False)]
    raw = request(shop, "put /raw").request
    assert raw.url == "https://files.shop.example/raw"
    assert raw.body == File("body.bin", "application/octet-stream")
    assert request(shop, "post /raw").request.body == Text("hi {{'{{'}}you}}", "text/plain")
    patched = request(shop, "patch /orders/{order_id}").request
    assert patched.body == Json('{\n  "note": "{{\'{{\'}}not a variable}}"\n}')
    assert rows(patched.headers) == [("Content-Type", "application/merge-patch+json", True)]


def test_an_example_that_is_the_text_of_json_is_sent_as_it_is() -> None:
    """Where the schema is not one of a text."""
    media: dict[str, Any] = {"example": '{"a":  1}'}
    made = document({"requestBody": {"content": {"application/json": media}}})
    assert collection(made).requests[0].request.body == Json('{"a":  1}')
    media["schema"] = {"type": "string"}
    assert collection(made).requests[0].request.body == Json('"{\\"a\\":  1}"')


def test_xml_is_made_by_its_hints() -> None:
    """Names, attributes and wrapped lists."""
    schema = {
        "type": "object",
        "xml": {"name": "pet"},
        "properties": {
            "id": {"type": "integer", "xml": {"attribute": True}},
            "tags": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "tag"}}},
        },
    }
    made = collection(document({"requestBody": {"content": {"application/xml": {"schema": schema}}}}))
    body = made.requests[0].request.body
    assert isinstance(body, Text)
    assert '<pet id="1">\n  <tags>\n    <tag>string</tag>\n  </tags>\n</pet>' in body.content


def test_swagger_2_means_the_same(pets: FoundCollection) -> None:
    """Bodies and forms among the parameters, collection formats, https first."""
    assert [each.base_url for each in pets.environments] == ["https://pets.example/v2", "http://pets.example/v2"]
    assert pets.shared.auth == ApiKey("api_key", "{{api_key}}", "query")
    listed = request(pets, "get /pets").request
    assert rows(listed.params) == [("status", "a", True), ("near", "1|1", True)]
    added = request(pets, "post /pets").request
    assert added.body == Json('{\n  "name": "rex",\n  "id": 4\n}')
    assert added.auth == Bearer("{{token}}")
    upload = request(pets, "post /pets/{petId}/image").request
    assert isinstance(upload.body, Multipart) and isinstance(upload.auth, OAuth2)
    assert [(part.name, part.file, part.enabled) for part in upload.body.parts] == [
        ("note", "", False),
        ("file", "file.bin", True),
    ]
    assert upload.auth.token_url == "https://pets.example/token"


@pytest.mark.parametrize(
    ("sample", "origin", "construct", "outcome"),
    [
        ("shop-3.0.json", "POST /orders", "callback paid", Outcome.DROPPED),
        ("shop-3.0.json", "POST /orders", "body: application/xml", Outcome.APPROXIMATED),
        ("shop-3.0.json", "PATCH /orders/{order_id}", "example two", Outcome.APPROXIMATED),
        ("shop-3.0.json", "security", "security: or key", Outcome.APPROXIMATED),
        ("shop-3.0.json", "security scheme oddity", "auth: http hoba", Outcome.DROPPED),
        ("shop-3.0.json", "paths", "links (1)", Outcome.DROPPED),
        ("notes-3.1.yaml", "webhooks / noted", "webhook POST", Outcome.DROPPED),
        ("pets-2.0.yaml", "security scheme petstore_auth", "oauth2 flow implicit", Outcome.APPROXIMATED),
        ("lost-3.2.json", "$ref https://far.example/p.json#/x", "reference", Outcome.DROPPED),
        ("lost-3.2.json", "$ref ../up.json", "reference", Outcome.DROPPED),
        ("lost-3.2.json", "items", "path", Outcome.DROPPED),
        ("lost-3.2.json", "GET /x/{id}/{+rest}", "parameter id", Outcome.APPROXIMATED),
    ],
)
def test_what_is_not_carried_over_is_reported(sample: str, origin: str, construct: str, outcome: Outcome) -> None:
    """Each by its place and its name."""
    assert (origin, construct, outcome) in said(found_in(sample))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_request_can_be_sent_once_its_secrets_are_given(path: Path) -> None:
    """No template is broken, no variable unknown, no URL incomplete."""
    found = read_openapi(path.read_bytes(), name=path.name).collections[0]
    around = Surroundings(Collection(id="c", root=found.shared, base_url=found.base_url))
    secrets = {name: Constant("s") for name, each in found.shared.variables.items() if isinstance(each, Secret)}
    urls = set()
    for each in found.requests:
        effective = inherit("r", each.request, around, SendOptions())
        sent = resolve(effective, effective.scope.over("secrets", secrets))
        urls.add(f"{sent.method} {sent.url}")
        assert "{" not in sent.url or path.name == "lost-3.2.json"
    assert len(urls) == len(found.requests)
    if path.name == "shop-3.0.json":
        order = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        assert f"PUT https://eu.shop.example/v1/orders/{order}/photo.png" in urls
        assert "GET https://eu.shop.example/v1/orders?status=open&filter%5Bmin%5D=1&filter%5Bmax%5D=5" in urls


class Files(Alone):
    """Two files that refer to each other."""

    def read(self, name: str) -> bytes:
        files = {
            "parts/p.yaml": b"page: {name: page, in: query, schema: {$ref: 'q.json#/n'}}\n"
            b"back: {$ref: '../api.json#/x-me'}",
            "parts/q.json": b'{"n": {"type": "integer", "minimum": 7}}',
        }
        if name not in files:
            raise FormatError("is not there")
        return files[name]


def test_references_lead_into_files_beside_it_and_back() -> None:
    """Each relative to the file that it stands in."""
    operation = {"parameters": [{"$ref": "./parts/p.yaml#/page"}, {"$ref": "parts/p.yaml#/back"}]}
    made = document(operation, **{"x-me": {"name": "me", "in": "query"}})
    found = read_openapi(json.dumps(made).encode(), name="some/api.json", beside=Files())
    assert rows(found.collections[0].requests[0].request.params) == [("page", "7", False), ("me", "", False)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"openapi",
        b'{"info": {"name": "x", "schema": "https://schema.getpostman.com/"}, "item": []}',
        b'{"log": {"entries": [{"openapi": "3.0.0", "paths": {}}]}}',
        b"GET http://a.example\n\nopenapi: 3.0.0\npaths:\n",
        b"meta {\n  name: x\n}\n",
        b"name: a\nspec: |\n  openapi: 3.0.0\n",
        b'{"swagger": "2.0"}',
    ],
)
def test_other_files_are_not_recognised(data: bytes) -> None:
    """Also those that hold such a document."""
    assert not IMPORTER.recognises(Source("x", data))


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + b'{"openapi": "3.0.0", "paths": {}}',
        '{"swagger": "2.0", "paths": {}}'.encode("utf-16"),
        b"# A comment\n---\ninfo: {}\n'swagger' : 2.0\n",
        b'\n"openapi": "3.1.0"\n',
    ],
)
def test_documents_are_recognised_by_their_version(data: bytes) -> None:
    """Wherever it stands at the top level."""
    assert IMPORTER.recognises(Source("x", data))


@pytest.mark.parametrize("data", [b"", b"{}", b"a: b", b"[1]", b'{"paths": 1}', b'{"openapi": "3.0.0"}', b"\xff"])
def test_what_has_no_operations_is_refused(data: bytes) -> None:
    """With the one error there is."""
    with pytest.raises(FormatError):
        read_openapi(data)


def test_an_invalid_document_is_read_as_far_as_it_goes() -> None:
    """Wrong types anywhere lose that place alone."""
    operation = {"parameters": [1, {"name": 3}, {"name": "q", "in": "query", "required": "yes"}], "tags": "x",
                 "security": {}, "responses": [], "requestBody": 5, "summary": 7, "callbacks": []}  # fmt: skip
    made = collection(document(operation, servers={}, tags=7, components=[], info=[]))
    assert [each.request.url for each in made.requests] == ["/a"]
    assert rows(made.requests[0].request.params) == [("q", "", False)]


def test_what_references_make_is_bounded() -> None:
    """A small document that would become a thousand times as large is refused."""
    item = {"post": {"description": "x" * 400_000}}
    paths = {f"/{number}": {"$ref": "#/paths/~10"} for number in range(1, 600)}
    data = json.dumps({"openapi": "3.0.0", "paths": {"/0": item, **paths}}).encode()
    with pytest.raises(FormatError, match="references"):
        read_openapi(data)


@bad_inputs(120, mutated(st.sampled_from([path.read_bytes() for path in SAMPLES])))
def test_damaged_documents_are_read_or_refused(data: bytes) -> None:
    """Nothing else is raised, whatever the bytes."""
    IMPORTER.recognises(Source("x", data))
    try:
        found = read_openapi(data, max_bytes=MAX_BYTES)
    except FormatError:
        return
    assert all(each.request.method for each in found.collections[0].requests)
