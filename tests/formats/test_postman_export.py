"""Requests of ours as a Postman collection: read back, they send the same; what Postman can't say is reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Found, Outcome
from tui_client.formats.postman import EXPORTERS, read_postman
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.json import Json as JsonPath
from tui_client.kinds.query.status import Status
from tui_client.model.collection import Collection, Folder, Surroundings
from tui_client.model.effective import EffectiveRequest, Layer, ResolvedRequest, Scope, inherit
from tui_client.model.kinds import Auth, Body
from tui_client.model.options import SendOptions, Timeouts
from tui_client.model.request import Assertion, Capture, NameValue, Request
from tui_client.model.variables import Constant, Prompt, Secret
from tui_client.template.resolve import resolve

SHOP = Path(__file__).parent / "golden" / "postman" / "shop.postman_collection.json"
(EXPORTER,) = EXPORTERS


def item(request: Request, variables: dict[str, Any] | None = None, **more: Any) -> Item:
    around = Surroundings(Collection(id="shop", root=Folder(variables=variables or {}), base_url="http://h/v1/"))
    effective = inherit("k", request, around, SendOptions())
    return of_effective(msgspec.structs.replace(effective, **more))


def of_effective(effective: EffectiveRequest, folder: tuple[str, ...] = ()) -> Item:
    sent = ResolvedRequest(key=effective.key, method=effective.method, url=effective.url)
    return Item(title=effective.name, folder=folder, request=effective, sent=sent)


def written(request: Request, variables: dict[str, Any] | None = None, **more: Any) -> Exported:
    return EXPORTER.write([item(request, variables, **more)])


def back(exported: Exported) -> Request:
    return read_postman(exported.text.encode()).collections[0].requests[0].request


def told(exported: Exported, *outcomes: Outcome) -> list[str]:
    return [line.construct for line in exported.report if line.outcome in (outcomes or Outcome)]


def items_of(found: Found) -> list[Item]:
    (collection,) = found.collections
    root = Collection(id="shop", root=collection.shared)
    items = []
    for each in collection.requests:
        folders = tuple(f.shared for f in collection.folders if f.path == each.folder[: len(f.path)])
        effective = inherit("k", each.request, Surroundings(root, folders), SendOptions())
        items.append(of_effective(effective, each.folder))
    return items


def test_a_collection_that_is_read_and_written_is_read_as_the_same() -> None:
    """Folders, names, URLs, rows, bodies, auth in force, options, checks: all come back."""
    first = items_of(read_postman(SHOP.read_bytes()))
    again = items_of(read_postman(EXPORTER.write(first).text.encode()))
    assert [(i.folder, i.title) for i in again] == [(i.folder, i.title) for i in first]
    for before, after in zip(first, again, strict=True):
        for name in ("method", "url", "params", "path", "headers", "body", "options", "asserts", "captures"):
            assert getattr(after.request, name) == getattr(before.request, name), (before.title, name)
        assert (after.request.auth or NoAuth()) == (before.request.auth or NoAuth())


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
ROWS = st.tuples(NAMES, NAMES, st.booleans()).map(lambda row: NameValue(row[0], row[1], row[2]))


@settings(max_examples=80, deadline=None)
@given(st.lists(ROWS, max_size=4), NAMES)
def test_any_parameter_is_sent_with_the_same_bytes(params: list[NameValue], value: str) -> None:
    """Whatever stands in a query or in a path variable, the URL is the same once it has been written and read."""
    request = Request(url="http://h/a/:id", params=tuple(params), path=(NameValue("id", value),))
    if any("{{" in text for row in params for text in (row.name, row.value)) or "{{" in value:
        return
    before = item(request).request
    after = item(back(EXPORTER.write([item(request)]))).request
    assert resolve(after, after.scope).url == resolve(before, before.scope).url
    assert [row.enabled for row in after.params] == [row.enabled for row in before.params]


@pytest.mark.parametrize(
    "body",
    [
        Json('{"a": "{{s}}", "b": {{json(n)}}}'),
        Text("a {{b}}", "text/plain"),
        Text("<a/>", "application/xml"),
        Form((NameValue("a", "1"), NameValue("a", "2", False, "why"))),
        Multipart((Part("a", "1", type="text/plain"), Part("f", file="x.png", filename="y.png", enabled=False))),
        File("data/x.bin"),
        GraphQL("{ a }", '{"x": 1}', "One"),
    ],
)
def test_bodies_come_back(body: Body) -> None:
    """Each kind is a mode of Postman's."""
    assert back(written(Request(method="POST", url="http://h/", body=body))).body == body


def test_the_body_of_a_get_is_sent_by_postman_too() -> None:
    """It would be left out without a setting of its own."""
    assert back(written(Request(url="http://h/", body=Json("{}")))).body == Json("{}")


@pytest.mark.parametrize(
    "auth",
    [
        Basic("a", "{{p}}"),
        Bearer("{{t}}"),
        Digest("a", "b"),
        ApiKey("k", "v", "query"),
        NoAuth(),
        OAuth2(grant="password", token_url="http://a/", client_id="c", username="u", password="p", client_auth="body"),
    ],
)
def test_auths_come_back(auth: Auth) -> None:
    """Those that Postman has too."""
    assert back(written(Request(url="http://h/", auth=auth))).auth == auth


def test_a_key_in_a_cookie_and_another_prefix_are_headers() -> None:
    """Postman has neither; both are sent all the same."""
    cookie = back(written(Request(url="http://h/", auth=ApiKey("sid", "1", "cookie"))))
    assert (cookie.headers, cookie.auth) == ((NameValue("Cookie", "sid=1"),), NoAuth())
    other = back(written(Request(url="http://h/", auth=Bearer("x", "Token"))))
    assert other.auth == ApiKey("Authorization", "Token x", "header")


def test_a_url_below_the_base_names_the_base() -> None:
    """base_url is a variable of the collection, without the slash that would stand there twice."""
    exported = written(Request(url="users/{id}", path=(NameValue("id", "a b"),)))
    document = json.loads(exported.text)
    url = document["item"][0]["request"]["url"]
    assert (url["raw"], url["path"]) == ("{{base_url}}/users/:id", ["users", ":id"])
    assert url["variable"] == [{"key": "id", "value": "a%20b"}]
    assert document["variable"] == [{"key": "base_url", "value": "http://h/v1"}]
    assert (document["info"]["name"], back(exported).path) == ("shop", (NameValue("id", "a b"),))


def test_no_secret_is_written_and_what_has_no_value_is_reported() -> None:
    """Variables that are used are in the collection; a secret's value is not, a prompt has none."""
    variables = {"a": Constant("{{b}}!"), "b": Constant(5), "key": Secret(), "otp": Prompt("?"), "unused": Constant(1)}
    headers = tuple(NameValue(name, f"{{{{{name}}}}}") for name in ("a", "key", "otp"))
    exported = written(Request(url="http://h/", headers=headers), variables)
    assert {row["key"]: row["value"] for row in json.loads(exported.text)["variable"]} == {
        "a": "{{b}}!",
        "b": "5",
        "key": "",
        "otp": "",
    }
    assert told(exported, Outcome.APPROXIMATED, Outcome.DROPPED) == ["secret", "Prompt"]


def test_variables_in_json_get_the_quotes_that_postman_needs() -> None:
    """Text outside of a string is quoted, since Postman puts it in as it is; a number is not."""
    variables = {"s": Constant("x"), "n": Constant(1)}
    exported = written(Request(method="POST", url="http://h/", body=Json("[{{s}}, {{n}}, {{uuid()}}]")), variables)
    body = json.loads(exported.text)["item"][0]["request"]["body"]
    assert body["raw"] == '["{{s}}", {{n}}, "{{$guid}}"]'


def test_what_postman_can_not_say_is_reported() -> None:
    """Functions, checks, captures, options: each by its name."""
    exported = written(
        Request(
            url="http://h/",
            headers=(NameValue("a", "{{sha256('x')}}"), NameValue("b", "{{'{{'}}x}}")),
            asserts=(Assertion(Status(), "!=", 500), Assertion(Status(), "==", 200)),
            captures=(Capture("all", JsonPath("$..id")), Capture("id", JsonPath("$.id"))),
        ),
        options=SendOptions(proxy="http://p/", timeouts=Timeouts(given=frozenset({"read"}))),
    )
    assert told(exported) == [
        "assert Status !=",
        "capture all",
        "option proxy",
        "option timeout",
        "{{sha256('x')}}",
        "{{",
    ]
    assert back(exported).asserts == (Assertion(Status(), "==", 200),)
    assert back(exported).captures == (Capture("id", JsonPath("$.id")),)


def test_odd_texts_are_written_without_an_error() -> None:
    """A lone surrogate and a broken template are text like any other."""
    odd = Request(url="http://h/\ud800", headers=(NameValue("a", "{{("),), params=(NameValue("\udfff", "x"),))
    effective = item(odd, scope=Scope((Layer("collection c", {}),)))
    assert json.loads(EXPORTER.write([effective]).text)["info"]["name"] == "c"
