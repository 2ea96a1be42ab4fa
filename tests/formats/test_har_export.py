"""Requests as HAR: complete, without a reply, and the same requests when they are read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import Exported, Item, Source
from tui_client.formats._found import Outcome
from tui_client.formats.har import EXPORTERS, IMPORTER, read_har
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.body._kind import BodyKind
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import EffectiveRequest, ResolvedRequest, inherit
from tui_client.model.options import SendOptions
from tui_client.model.request import NameValue
from tui_client.template.resolve import resolve

URL = "https://h.example/a"


def item(url: str = URL, method: str = "GET", **more: Any) -> Item:
    sent = ResolvedRequest(key="a", method=method, url=url, **more)
    return Item(title="A", request=EffectiveRequest(key="a", name="A", method=method, url=url), sent=sent)


def exported(*items: Item) -> Exported:
    return EXPORTERS[0].write(items)


def entry(one: Item) -> dict[str, Any]:
    (found,) = json.loads(exported(one).text)["log"]["entries"]
    return dict(found)


def again(text: str) -> ResolvedRequest:
    """What is sent after the text was read."""
    (found,) = IMPORTER.read(Source("a.har", text.encode())).collections[0].requests
    effective = inherit("a", found.request, Surroundings(Collection(id="c")), SendOptions())
    return resolve(effective, effective.scope)


def encoded(url: str) -> str:
    return quote(url, safe="%:/?&=+")


def body_of(request: ResolvedRequest) -> tuple[str, bytes]:
    if not isinstance(request.body, BodyKind):
        return "", b""
    encoded = request.body.encode(Path)
    own = next((value for name, value in request.headers if name == "Content-Type"), encoded.content_type)
    return own, b"".join(each for each in encoded.segments if isinstance(each, bytes))


def test_an_entry_is_complete_and_was_never_sent() -> None:
    """Query, headers, cookies and body; status 0, no times, and the same text each time."""
    rows = (("Cookie", "a=1; b=2"), ("X-A", "1"))
    found = entry(item(f"{URL}?q=a%20b&e=", "POST", headers=rows, body=Form((NameValue("f", "ü 1"),))))
    request = found["request"]
    assert (request["method"], request["url"]) == ("POST", f"{URL}?q=a%20b&e=")
    assert request["queryString"] == [{"name": "q", "value": "a b"}, {"name": "e", "value": ""}]
    assert request["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    assert request["headers"][-1] == {"name": "Content-Type", "value": "application/x-www-form-urlencoded"}
    assert request["postData"]["params"] == [{"name": "f", "value": "ü 1"}] and "text" not in request["postData"]
    assert request["bodySize"] == len("f=%C3%BC+1")
    assert (found["response"]["status"], found["time"], found["startedDateTime"][:4]) == (0, 0, "1970")
    assert {name for name, value in found["timings"].items() if value == -1} == {"blocked", "dns", "connect", "ssl"}


@pytest.mark.parametrize(
    ("auth", "name", "value"),
    [
        (Bearer("{{token}}"), "Authorization", "Bearer {{token}}"),
        (Basic("a", "b"), "Authorization", "Basic YTpi"),
        (ApiKey("X-Key", "{{key}}"), "X-Key", "{{key}}"),
        (ApiKey("k", "v", "cookie"), "Cookie", "a=1; k=v"),
    ],
)
def test_an_auth_is_a_header(auth: Any, name: str, value: str) -> None:
    """In the place of one that was written."""
    found = entry(item(auth=auth, headers=(("Cookie", "a=1"), ("authorization", "old"))))
    headers = {row["name"]: row["value"] for row in found["request"]["headers"]}
    assert headers[name] == value
    assert "authorization" not in headers or name != "Authorization"


def test_what_a_recording_cannot_hold_is_told() -> None:
    """Files, and an auth that needs a challenge; a key of the query stands there."""
    parts = Multipart((Part("a", "1"), Part("f", file="data/cat.png")))
    found = exported(
        item(body=File("a/b.bin")), item(body=parts), item(auth=Digest("u", "p")), item(auth=ApiKey("k", "v", "query"))
    )
    assert [(line.construct, line.outcome) for line in found.report] == [
        ("body: file a/b.bin", Outcome.DROPPED),
        ("file data/cat.png", Outcome.APPROXIMATED),
        ("auth: Digest", Outcome.DROPPED),
    ]
    entries = json.loads(found.text)["log"]["entries"]
    assert entries[1]["request"]["postData"]["params"] == [
        {"name": "a", "value": "1"},
        {"name": "f", "fileName": "cat.png", "contentType": "image/png"},
    ]
    assert entries[3]["request"]["url"] == f"{URL}?k=v"


def test_a_variable_keeps_its_name_over_both() -> None:
    """A secret that stands by its name in the text is that variable again."""
    text = exported(item(auth=Bearer("{{my_token}}"), headers=(("X-Api-Key", "{{key}}"),))).text
    (found,) = IMPORTER.read(Source("a.har", text.encode())).collections[0].requests
    assert found.request.auth == Bearer("{{my_token}}")
    assert found.request.headers == (NameValue("X-Api-Key", "{{key}}"),)


def test_a_form_of_several_parts_comes_back_and_can_be_replayed() -> None:
    """Every part that is sent, in its order."""
    body = Multipart((Part("a", "1"), Part("off", "x", enabled=False), Part("b", "{}", type="application/json")))
    text = exported(item(method="POST", body=body)).text
    assert again(text).body == Multipart((body.parts[0], body.parts[2]))
    assert b'name="b"' in (read_har(text.encode()).entries[0].body or b"")


TEXT = st.text("aZ0 é{}$&=+%#?/:;\"'\\\n~*.", max_size=8)
WORD = st.text("aZ0é{}&=+%#?/:;\"'~*.", min_size=1, max_size=8)
QUERY = st.text("aZ0%2F+&=._~{}'", max_size=12)
HEADERS = st.lists(st.tuples(st.sampled_from(["X-A", "Accept", "X-B"]), WORD), max_size=3).map(tuple)
BODIES = st.one_of(
    st.none(),
    st.builds(Json, TEXT.filter(bool)),
    st.builds(Text, TEXT.filter(bool), st.sampled_from(["text/plain", "text/csv; charset=utf-8", "application/xml"])),
    st.builds(Form, st.lists(st.builds(NameValue, TEXT, TEXT), min_size=1, max_size=3).map(tuple)),
    st.builds(GraphQL, st.just("{ a }"), st.just('{"b": 1}')),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["GET", "POST", "PURGE"]), QUERY, HEADERS, BODIES)
def test_the_same_is_sent_after_it_was_written_and_read(
    method: str, query: str, headers: tuple[tuple[str, str], ...], body: Any
) -> None:
    """Method, URL, headers and body, whatever signs are in them."""
    before = item(f"{URL}?{query}" if query else URL, method, headers=headers, body=body).sent
    after = again(exported(item(before.url, method, headers=headers, body=body)).text)
    assert (after.method, encoded(after.url)) == (method, encoded(before.url))
    assert [row for row in after.headers if row[0] != "Content-Type"] == list(headers)
    assert body_of(after) == body_of(before)
