"""Files of REST Client, JetBrains and httpyac: what becomes of each of their constructs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import Alone, FormatError, Item, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats.http_file import EXPORTERS, IMPORTER, read_http_file
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json as JsonPath
from tui_client.kinds.query.status import Status
from tui_client.model.collection import Collection, Folder, Surroundings
from tui_client.model.effective import ResolvedRequest, inherit
from tui_client.model.options import SendOptions
from tui_client.model.request import Assertion, Capture, NameValue, Request
from tui_client.model.variables import Constant, FromRequest, HostVariable, Prompt, Secret

GOLDEN = Path(__file__).parent / "golden" / "http_file"


class Files:
    """A few files beside the one that is read."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> Sequence[str]:
        return sorted(self.files)

    def read(self, name: str) -> bytes:
        return self.files[name]


def read(text: str | bytes, **files: str) -> Found:
    beside = Files({f"http-client.{name.replace('_', '.')}.json": content.encode() for name, content in files.items()})
    return read_http_file(text.encode() if isinstance(text, str) else text, name="a.http", beside=beside)


def requests(found: Found) -> tuple[FoundRequest, ...]:
    return found.collections[0].requests


def one(text: str) -> Request:
    (found,) = requests(read(text))
    return found.request


def golden(name: str) -> tuple[Found, dict[str, Request]]:
    found = read((GOLDEN / name).read_bytes())
    return found, {each.request.name: each.request for each in requests(found)}


def test_a_file_of_rest_client_keeps_every_request() -> None:
    """Titles, names and requests without either are all there, in order."""
    _, made = golden("shop.http")
    assert list(made) == [
        "login", "GET {{baseUrl}}/orders?page={{page}}&sort=by%20date", "Form", "Upload", "Whole file", "Graph",
        "DELETE {{baseUrl}}/orders/7", "Plain",
    ]  # fmt: skip


def test_variables_of_the_file_are_shared_by_its_requests() -> None:
    """`@name = value` is a variable of the collection, the variables in it ours."""
    found, _ = golden("shop.http")
    variables = found.collections[0].shared.variables
    assert variables["baseUrl"] == Constant("https://{{host}}/v1")
    assert variables["page"] == Constant("2")


def test_json_keeps_what_others_insert_as_it_is() -> None:
    """Outside a string the text of a variable is JSON itself, inside one it is text."""
    body = golden("shop.http")[1]["login"].body
    assert body == Json('{\n  "user": "ada",\n  "pin": {{json(pin)}},\n  "id": "{{uuid()}}"\n}')


def test_a_reference_is_a_capture_and_a_variable() -> None:
    """The request that is named captures the value; who uses it has the variable."""
    found, made = golden("shop.http")
    login, orders = made["login"], made["GET {{baseUrl}}/orders?page={{page}}&sort=by%20date"]
    assert Capture("login_token", JsonPath("$.token")) in login.captures
    assert Capture("login_X_Trace", Header("X-Trace")) in login.captures
    assert orders.auth == Bearer("{{login_token}}")
    assert found.collections[0].shared.variables["login_token"] == FromRequest("login")


def test_a_plain_test_is_a_check_and_its_script_is_gone() -> None:
    """A script that says no more than a status and a variable becomes both; nothing of it is left to keep."""
    found, made = golden("shop.http")
    assert made["login"].asserts == (Assertion(Status(), "==", 200),)
    assert Capture("token2", JsonPath("$.token")) in made["login"].captures
    assert requests(found)[0].scripts == ()


def test_a_query_on_several_lines_becomes_rows() -> None:
    """Lines that begin with ? and & are the query; settings and switched-off headers are kept."""
    orders = golden("shop.http")[1]["GET {{baseUrl}}/orders?page={{page}}&sort=by%20date"]
    assert orders.url == "{{baseUrl}}/orders"
    assert orders.params == (NameValue("page", "{{page}}"), NameValue("sort", "by date"))
    assert orders.options.follow_redirects is False
    assert orders.options.cookies is False
    assert NameValue("X-Debug", "1", enabled=False) in orders.headers
    assert orders.description == "The orders of a page."


def test_bodies_become_their_kinds() -> None:
    """Forms, parts, files, GraphQL and text, each with what it says."""
    _, made = golden("shop.http")
    assert made["Form"].body == Form(
        (NameValue("name", "Ada Lovelace"), NameValue("city", "London"), NameValue("note", "a&b"))
    )
    assert made["Upload"].body == Multipart(
        (Part("title", "Hello"), Part("photo", file="data/p.png", type="image/png", filename="p.png"))
    )
    assert made["Whole file"].body == File("data/blob.bin", "application/octet-stream")
    assert made["Graph"].body == GraphQL("query One($id: ID!) {\n  order(id: $id) { id }\n}", '{ "id": "7" }')
    assert made["Graph"].headers == ()
    assert made["Plain"].body == Text("& begins so\n# and so", "text/plain")


@pytest.mark.parametrize(
    ("value", "auth"),
    [
        ("Basic ada s3cret", Basic("ada", "s3cret")),
        ("Basic ada:s3cret", Basic("ada", "s3cret")),
        ("Basic YWRhOnB3", Basic("ada", "pw")),
        ("Basic {{u}} {{p}}", Basic("{{u}}", "{{p}}")),
        ("Basic {{u}}:{{p}}", Basic("{{u}}", "{{p}}")),
        ("Digest ada pw", Digest("ada", "pw")),
        ("Bearer {{t}}", Bearer("{{t}}")),
        ("AWS key secret", NoAuth()),
        ("Basic {{encoded}}", None),
        ("Custom x", None),
    ],
)
def test_authorization_becomes_auth(value: str, auth: object) -> None:
    """What REST Client encodes itself is an auth of ours; what is written out stays a header."""
    request = one(f"GET http://a.example\nAuthorization: {value}\n")
    assert request.auth == auth
    assert bool(request.headers) is (auth is None)


def test_an_authorization_of_very_many_variables_is_read_at_once() -> None:
    """No pattern tries all the ways to part them."""
    assert one("GET http://a.example\nAuthorization: Basic " + "{{a}}" * 20_000 + "\n").auth is None


def test_a_file_of_jetbrains_is_read() -> None:
    """Broken URLs, handlers, GraphQL, a Host header, and what is no HTTP request."""
    found, made = golden("jetbrains.http")
    assert made["Signed"].url == "http://{{host}}:8080/api/items"
    assert made["Signed"].params == (NameValue("since", "{{timestamp()}}"), NameValue("sig", "{{sig}}"))
    assert [script.phase for script in requests(found)[0].scripts] == ["pre-request", "test"]
    assert made["GRAPHQL https://{{host}}/graphql"].method == "POST"
    assert made["Host header"].url == "http://localhost:9000/things/{{random_int(1, 9)}}"
    dropped = [line.construct for line in found.report if line.outcome is Outcome.DROPPED]
    assert [each.split()[0] for each in dropped] == ["<>", "WEBSOCKET", "Authorization:"]


def test_a_file_of_httpyac_is_read() -> None:
    """Its tests are checks where we have them; its blocks are kept and not run."""
    found, made = golden("yac.rest")
    me = made["me"]
    assert me.asserts == (
        Assertion(Status(), "==", 200),
        Assertion(Header("content-type"), "==", "application/json"),
        Assertion(JsonPath("$.name"), "==", "ada"),
    )
    assert me.options.timeout.read == 5.0
    assert [script.content for script in requests(found)[0].scripts] == [
        "  console.log(response.statusCode);\n", "?? body includes x\n",
    ]  # fmt: skip
    variables = found.collections[0].shared.variables
    assert (variables["code"], variables["HOME"]) == (Prompt("One-time code"), HostVariable("HOME"))
    assert requests(found)[1].request.url == "http://localhost:3000/{{code}}/{{HOME}}/{{KEY}}/{{now('%Y-%m-%d')}}"
    assert "ref" in " ".join(line.construct for line in found.report)


def test_environments_beside_the_file_are_read() -> None:
    """Public values are variables, private ones secrets, and what is neither is reported."""
    public = '{"dev": {"host": "localhost:1", "n": 3, "Security": {}}, "$shared": {"v": "1"}}'
    found = read("GET {{host}}/x\n", env=public, private_env='{"dev": {"key": "s3cret"}}')
    (collection,) = found.collections
    assert collection.environments[0].variables == {"host": Constant("localhost:1"), "n": Constant(3), "key": Secret()}
    assert collection.secrets == {"dev": {"key": "s3cret"}}
    assert collection.shared.variables["v"] == Constant("1")
    assert collection.requests[0].request.url == "http://{{host}}/x"
    assert [line.construct for line in found.report] == ["Security"]


def test_a_file_is_recognised_by_its_name_or_its_marks() -> None:
    """A request line decides in a .http file; elsewhere only what no other format has."""
    for path in GOLDEN.iterdir():
        assert IMPORTER.recognises(Source(path.name, path.read_bytes()))
    assert IMPORTER.recognises(Source("-", b"### a\nGET https://a.example\n"))
    assert not IMPORTER.recognises(Source("a.hurl", b"GET https://a.example\nHTTP 200\n"))
    assert not IMPORTER.recognises(Source("a.md", b"### Title\n\ntext\n"))


def test_a_document_without_requests_is_refused() -> None:
    """So is one that is too large."""
    with pytest.raises(FormatError, match="has no requests"):
        read("# only words\n")
    with pytest.raises(FormatError, match="is larger than"):
        read_http_file(b"GET x", beside=Alone(), max_bytes=3)


@bad_inputs(150, mutated(st.sampled_from([path.read_bytes() for path in sorted(GOLDEN.iterdir())])))
def test_a_damaged_file_is_read_or_refused(data: bytes) -> None:
    """Whatever the bytes are, there is a result or the one error."""
    try:
        read(data)
    except FormatError as error:
        assert error.reason


def export(*made: Request) -> str:
    around = Surroundings(Collection(id="c", root=Folder(variables={"x": Constant("1")})))
    items = [Item(title=each.name, request=inherit(each.name, each, around, SendOptions()), sent=SENT) for each in made]
    return EXPORTERS[0].write(items).text


SENT = ResolvedRequest(key="k", method="GET", url="http://a.example")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="{}"), min_size=1, max_size=8
)
NAMES = st.from_regex(r"X-[A-Za-z]{1,8}", fullmatch=True)
BODIES = st.one_of(
    st.none(),
    st.builds(Json, st.sampled_from(['{"a": "{{x}}"}', '{"a": {{json(x)}}}', "[1,\n\n2]"])),
    st.builds(Text, st.just("one\n& two\n# three"), st.sampled_from(["text/plain", "text/x; charset=utf-8"])),
    st.builds(Form, st.lists(st.builds(NameValue, WORDS, WORDS), min_size=1, max_size=3).map(tuple)),
    st.just(Multipart((Part("a", "1"), Part("f", file="data/p.png", type="image/png", filename="q.png")))),
    st.builds(File, st.just("data/x.bin"), st.just("image/png")),
    st.builds(GraphQL, st.just("{ a }"), st.sampled_from(["", '{"a": 1}'])),
)
AUTHS = st.one_of(
    st.none(),
    st.builds(Basic, st.from_regex(r"[a-z ]{1,5}", fullmatch=True), st.from_regex(r"[a-z:]{0,5}", fullmatch=True)),
    st.just(Digest("ada", "{{x}}")), st.just(Bearer("{{x}}")),
)  # fmt: skip
REQUESTS = st.builds(
    Request,
    name=st.just("one"),
    method=st.sampled_from(["GET", "POST", "PURGE"]),
    url=st.sampled_from(["https://a.example/x", "https://{{x}}/y", "http://a.example:8080/z?b=:c"]),
    params=st.lists(st.builds(NameValue, WORDS, WORDS), max_size=3).map(tuple),
    headers=st.lists(st.builds(NameValue, NAMES, WORDS), max_size=2, unique_by=lambda row: row.name.lower()).map(tuple),
    body=BODIES,
    auth=AUTHS,
)


@settings(max_examples=60, deadline=None)
@given(REQUESTS)
def test_an_export_imports_to_the_same_request(request: Request) -> None:
    """Method, URL, rows, auth and body come back as they were."""
    assert one(export(request)) == request


def test_an_export_refers_to_the_reply_of_another_request() -> None:
    """A variable from another request is a reference, and becomes a capture again."""
    login = Request(name="login", url="http://a.example", captures=(Capture("token", JsonPath("$.t")),))
    use = Request(name="use", url="http://a.example/{{token}}")
    around = Surroundings(Collection(id="c", root=Folder(variables={"token": FromRequest("login")})))
    items = [
        Item(title=each.name, request=inherit(each.name, each, around, SendOptions()), sent=SENT)
        for each in (login, use)
    ]
    text = EXPORTERS[0].write(items).text
    assert "{{login.response.body.$.t}}" in text
    assert requests(read(text))[0].request.captures == (Capture("login_t", JsonPath("$.t")),)
