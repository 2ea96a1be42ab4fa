"""Hurl files: what becomes of each of their constructs."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import FormatError, Item, Source
from tui_client.formats._found import Found
from tui_client.formats.hurl import EXPORTERS, IMPORTER, read_hurl
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.cookie import Cookie
from tui_client.kinds.query.duration import Duration
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json as JsonPath
from tui_client.kinds.query.sha256 import Sha256
from tui_client.kinds.query.status import Status
from tui_client.kinds.query.version import Version
from tui_client.model.collection import Collection, Folder, Surroundings
from tui_client.model.effective import ResolvedRequest, inherit
from tui_client.model.options import Options, SendOptions
from tui_client.model.request import Assertion, Capture, Filter, NameValue, Request
from tui_client.model.variables import Constant

GOLDEN = Path(__file__).parent / "golden" / "hurl"


def golden(name: str) -> tuple[Found, list[Request]]:
    found = read_hurl((GOLDEN / name).read_bytes(), name=name)
    return found, [each.request for each in found.collections[0].requests]


def one(text: str) -> Request:
    (found,) = read_hurl(text.encode()).collections[0].requests
    return found.request


def test_every_entry_is_a_request_named_by_the_comment_before_it() -> None:
    """An entry without one is named by its method and URL; comments further up are kept."""
    _, made = golden("login.hurl")
    assert [each.name for each in made] == [
        "Log in", "Orders", "POST https://{{host}}/form", "POST https://{{host}}/upload",
    ]  # fmt: skip
    assert made[0].description == 'The shop\'s smoke test.\njsonpath "$.off" exists'


def test_options_are_taken_over_except_for_certificates() -> None:
    """Redirects and times are settings of ours; what is not is reported, `insecure` too."""
    found, made = golden("login.hurl")
    assert made[0].options.follow_redirects is True
    assert made[0].options.verify is None
    assert made[0].options.timeout.total == 2.0
    (collection,) = found.collections
    assert collection.shared.options.follow_redirects is False
    assert collection.shared.variables == {"page": Constant("2")}
    said = [line.construct for line in found.report]
    assert said[:3] == ["insecure: true", "variable: page", "retry: 3"]


def test_checks_map_one_to_one() -> None:
    """Version, status, headers and every assert that we have, in order."""
    assert golden("login.hurl")[1][0].asserts == (
        Assertion(Version(), "==", "1.1"),
        Assertion(Status(), "==", 200),
        Assertion(Header("Content-Type"), "==", "application/json"),
        Assertion(JsonPath("$.items"), ">=", 2, (Filter("count"),)),
        Assertion(JsonPath("$.name"), "startsWith", "A"),
        Assertion(JsonPath("$.gone"), "exists", None, (), negated=True),
        Assertion(JsonPath("$.none"), "isNull"),
        Assertion(JsonPath("$.list"), "==", 1, (Filter("nth", (0,)), Filter("toInt"))),
        Assertion(Header("Date"), "isEmpty", None, (Filter("toDate", ("%a",)),), negated=True),
        Assertion(BodyText(), "matches", '^\\{"a/b"'),
        Assertion(Cookie("session[Expires]"), "exists"),
        Assertion(Sha256(), "==", "00ff"),
        Assertion(Status(), "<", 300),
        Assertion(Duration(), "<", 1000),
    )


def test_captures_map_one_to_one_and_the_rest_is_reported() -> None:
    """A query that we don't have is dropped by name."""
    found, made = golden("login.hurl")
    assert made[0].captures == (
        Capture("token", JsonPath("$.token")),
        Capture("csrf", Header("X-CSRF"), (Filter("replace", ("a", "b")),)),
    )
    said = [line.construct for line in found.report][3:]
    assert said == ["csrf: redact", "capture hash: md5", "assert ip isIpv4", 'assert variable "x" == 1']


def test_sections_become_rows_auth_and_bodies() -> None:
    """Query, cookies, user, form and parts; a reply that may have any status is no failure."""
    _, (login, orders, form, upload) = golden("login.hurl")
    assert login.body == Json('{\n  "user": "ada",\n  "pin": {{json(pin)}}\n}')
    assert login.headers == (NameValue("X-Trace", "a#b"),)
    assert orders.params == (NameValue("page", "{{page}}"), NameValue("sort", "by date"))
    assert orders.auth == Basic("ada", "s3cret")
    assert orders.headers == (NameValue("Cookie", "a=1; b=2"),)
    assert orders.options.allow_http_errors is True
    assert form.body == Form((NameValue("name", "Ada L"), NameValue("city", "{{uuid()}}")))
    assert form.options.allow_http_errors is True
    assert upload.body == Multipart((Part("title", "Hello"), Part("photo", file="data/p.png", type="image/png")))
    assert upload.asserts == (Assertion(Status(), "==", 201), Assertion(BodyText(), "==", "done"))


def test_bodies_of_all_kinds_are_read() -> None:
    """GraphQL, text, files, bytes that are text, XML and lists."""
    _, made = golden("bodies.hurl")
    assert [each.body for each in made] == [
        GraphQL("query One($id: ID!) { order(id: $id) { id } }", '{\n  "id": "7"\n}'),
        Text("a,b\n1,{{x}}\n", "text/csv"),
        File("data/p.png", "image/png"),
        Text("hello", ""),
        Text("<a>\n  <b/>\n</a>", "application/xml"),
        Json("[1, 2,\n 3]"),
    ]
    assert made[0].asserts[1] == Assertion(JsonPath("$"), "==", {"data": {"a": [1, True]}})


def test_a_file_is_recognised_by_its_first_line_and_its_name_or_sections() -> None:
    """A .http file is none, nor is a program."""
    for path in GOLDEN.iterdir():
        assert IMPORTER.recognises(Source(path.name, path.read_bytes()))
    assert IMPORTER.recognises(Source("-", b"GET https://a.example\nHTTP 200\n"))
    assert not IMPORTER.recognises(Source("a.http", b"### x\nGET https://a.example\n"))
    assert not IMPORTER.recognises(Source("-", b"curl https://a.example\n"))


@pytest.mark.parametrize("text", ["", "# only a comment", "HTTP 200", "nothing of it", "GET http://a\n{\n"])
def test_what_is_no_hurl_file_is_refused(text: str) -> None:
    """The error says why, with the line where there is one."""
    with pytest.raises(FormatError):
        read_hurl(text.encode())


@bad_inputs(150, mutated(st.sampled_from([path.read_bytes() for path in sorted(GOLDEN.iterdir())])))
def test_a_damaged_file_is_read_or_refused(data: bytes) -> None:
    """Whatever the bytes are, there is a result or the one error."""
    try:
        read_hurl(data)
    except FormatError as error:
        assert error.reason


SENT = ResolvedRequest(key="k", method="GET", url="http://a.example")
AROUND = Surroundings(Collection(id="c", root=Folder(variables={"x": Constant("1")})))
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="{}\r"), min_size=1, max_size=8
)
HEADER = st.from_regex(r"[!-~]([ -~]{0,6}[!-~])?", fullmatch=True).filter(lambda text: "{" not in text)
BODIES = st.one_of(
    st.none(),
    st.builds(Json, st.sampled_from(['{"a": "{{x}}"}', '{"a": {{json(x)}}}', "[1,\n2]\n", '"a"', "[1,\n\n2]"])),
    st.builds(
        Text, st.text(st.characters(codec="utf-8", exclude_characters="{}\r"), min_size=1), st.just("text/plain")
    ),
    st.builds(Form, st.lists(st.builds(NameValue, WORDS, WORDS), min_size=1, max_size=3).map(tuple)),
    st.just(Multipart((Part("a", "1"), Part("f", file="data/p.png", type="image/png")))),
    st.builds(File, st.just("data/x.bin"), st.just("image/png")),
    st.builds(GraphQL, st.just("{ a }"), st.sampled_from(["", '{"a": 1}'])),
)
QUERIES = st.one_of(st.just(Status()), st.just(BodyText()), st.builds(Header, WORDS), st.just(JsonPath('$["a b"].c')))
FILTERS = st.lists(
    st.sampled_from(
        [Filter("count"), Filter("nth", (-1,)), Filter("replace", ('"', "\\n")), Filter("toDate", ("%Y",))]
    ),
    max_size=2,
).map(tuple)
VALUES = WORDS | st.integers(-9, 9) | st.booleans() | st.just("{{x}}")
ASSERTS = st.one_of(
    st.tuples(QUERIES, st.sampled_from(["==", "!=", "contains"]), VALUES, FILTERS, st.booleans()),
    st.tuples(QUERIES, st.sampled_from(["exists", "isNull", "isList"]), st.none(), FILTERS, st.booleans()),
    st.tuples(st.just(Status()), st.just("=="), st.integers(100, 599), st.just(()), st.just(False)),
).map(lambda said: Assertion(*said))
REQUESTS = st.builds(
    Request,
    name=st.just("one"),
    method=st.sampled_from(["GET", "POST", "PURGE"]),
    url=st.sampled_from(["https://a.example/x", "https://{{x}}/y", "http://a.example:8080/z?b=:c"]),
    params=st.lists(st.builds(NameValue, WORDS, WORDS), max_size=3).map(tuple),
    headers=st.lists(st.builds(NameValue, st.sampled_from(["X-A", "Accept"]), HEADER), max_size=2).map(tuple),
    body=BODIES,
    auth=st.none() | st.builds(Basic, WORDS, WORDS),
    options=st.just(Options(follow_redirects=True)),
    captures=st.lists(st.builds(Capture, st.just("c"), QUERIES, FILTERS), max_size=1).map(tuple),
    asserts=st.lists(ASSERTS, max_size=2).map(tuple),
)


@settings(max_examples=80, deadline=None)
@given(REQUESTS)
def test_an_export_imports_to_the_same_request(request: Request) -> None:
    """Method, URL, rows, auth, body, captures and asserts come back as they were."""
    item = Item(title="one", request=inherit("one", request, AROUND, SendOptions()), sent=SENT)
    text = EXPORTERS[0].write([item]).text
    assert one(text) == request


def test_text_of_several_lines_is_compared_as_it_stands() -> None:
    """The line end behind the first fence is not part of it."""
    made = one('GET https://a.example\nHTTP 200\n[Asserts]\njsonpath "$.a" == ```\nb\n# c\n```\nbody exists\n')
    assert made.asserts[1:] == (Assertion(JsonPath("$.a"), "==", "b\n# c\n"), Assertion(BodyText(), "exists"))


def test_a_reply_header_that_stands_twice_may_be_either() -> None:
    """Hurl asks whether one of them has the value."""
    made = one("GET https://a.example\nHTTP 200\nSet-Cookie: a=1\nSet-Cookie: b=2\n")
    assert made.asserts[1:] == tuple(Assertion(Header("Set-Cookie"), "contains", each) for each in ("a=1", "b=2"))


def test_variables_are_set_where_they_are_first_used() -> None:
    """A value of the collection is an option of the first request that needs it."""
    request = Request(name="one", url="https://a.example/{{x}}")
    item = Item(title="one", request=inherit("one", request, AROUND, SendOptions()), sent=SENT)
    assert EXPORTERS[0].write([item, item]).text.count('variable: x="1"') == 1
