"""A request is resolved whole, or fails with the place that can't be."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.effective import EffectiveRequest, Layer, ResolvedRequest, Scope
from tui_client.model.kinds import Query
from tui_client.model.options import SendOptions
from tui_client.model.request import Assertion, Capture, Filter, NameValue
from tui_client.model.values import Value
from tui_client.model.variables import Constant
from tui_client.template.evaluate import SECRETS_ORIGIN
from tui_client.template.resolve import resolve


class JsonPath(Query, frozen=True, tag="json"):
    expr: str


def request(**fields: Any) -> EffectiveRequest:
    return EffectiveRequest(**{"key": "users/list", "name": "List", "method": "GET", "url": "/users", **fields})


def resolved(asked: EffectiveRequest, secrets: dict[str, str] | None = None, **variables: Value) -> ResolvedRequest:
    values = {"base_url": "http://h:1/api", **variables}
    scope = Scope((Layer("env local", {name: Constant(value) for name, value in values.items()}),))
    return resolve(asked, scope.over(SECRETS_ORIGIN, {name: Constant(v, True) for name, v in (secrets or {}).items()}))


def refusal(asked: EffectiveRequest, **variables: Value) -> Failure:
    with pytest.raises(RequestFailed) as caught:
        resolved(asked, **variables)
    return caught.value.failure


def test_every_text_of_a_request_is_filled() -> None:
    """Method, URL, path, params, headers, body, auth, options, captures and asserts."""
    asked = request(
        method="{{m}}",
        url="/users/{id}?x={{raw}}",
        path=(NameValue("id", "{{id}}"),),
        params=(NameValue("{{name}}", "a {{id}}"),),
        headers=(NameValue("X-{{name}}", "<{{id}}>"),),
        body=Json('{"id": {{id}}}'),
        auth=Bearer("{{name}}"),
        options=SendOptions(proxy="http://{{name}}:1"),
        captures=(Capture("c", JsonPath("$.{{name}}"), (Filter("nth", (0, "{{id}}")),)),),
        asserts=(Assertion(JsonPath("$.{{name}}"), "==", "{{id}}", (Filter("split", ("{{name}}",)),)),),
    )
    assert resolved(asked, m="PATCH", raw="a/b", id=7, name="n") == ResolvedRequest(
        key="users/list",
        method="PATCH",
        url="http://h:1/api/users/7?x=a/b&n=a%207",
        headers=(("X-n", "<7>"),),
        body=Json('{"id": 7}'),
        auth=Bearer("n"),
        options=SendOptions(proxy="http://n:1"),
        captures=(Capture("c", JsonPath("$.n"), (Filter("nth", (0, "7")),)),),
        asserts=(Assertion(JsonPath("$.n"), "==", 7, (Filter("split", ("n",)),)),),
        secrets=frozenset({"n"}),
    )


def test_disabled_rows_are_not_resolved() -> None:
    """A row that is switched off is not sent, and can't fail."""
    off = (NameValue("a", "{{nowhere}}", enabled=False),)
    asked = request(
        path=off,
        params=off,
        headers=off,
        body=Form(off),
        asserts=(Assertion(JsonPath("{{nowhere}}"), "exists", enabled=False),),
    )
    found = resolved(asked)
    assert (found.url, found.headers, found.body, found.asserts) == ("http://h:1/api/users", (), Form(()), ())


@given(st.text(min_size=1), st.text(), st.text())
def test_encoded_values_decode_back(segment: str, name: str, value: str) -> None:
    """What the server reads from path and query is the value, whatever is in it."""
    asked = request(
        url="/users/{id}/x", path=(NameValue("id", "{{s}}"),), params=(NameValue("{{n}}", "{{v}}"), NameValue("z", "1"))
    )
    scope = Scope(
        (Layer("row 1", {"s": Constant(segment, True), "n": Constant(name, True), "v": Constant(value, True)}),)
    )
    parts = urlsplit(resolve(asked, scope.over("given", {"base_url": Constant("http://h")})).url)
    assert unquote(parts.path) == f"/users/{segment}/x"
    assert parse_qsl(parts.query, keep_blank_values=True) == [(name, value), ("z", "1")]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"method": "{{no}}"}, "users/list: $.method"),
        ({"url": "/{{no}}"}, "users/list: $.url"),
        ({"url": "/{id}", "path": (NameValue("id", "{{no}}"),)}, "users/list: $.path.id"),
        ({"params": (NameValue("page", "{{no}}"),)}, "users/list: $.params.page"),
        ({"headers": (NameValue("X-Id", "{{no}}"),)}, "users/list: $.headers.X-Id"),
        ({"body": Json("[{{no}}]")}, "users/list: $.body.content"),
        ({"body": Form((NameValue("a", ""), NameValue("b", "{{no}}")))}, "users/list: $.body.fields[1].value"),
        ({"auth": Bearer("{{no}}")}, "users/list: $.auth.token"),
        ({"auth": Bearer("{{no}}"), "auth_origin": "users"}, "users: $.auth.token"),
        ({"captures": (Capture("c", JsonPath("{{no}}")),)}, "users/list: $.capture.c.expr"),
        ({"asserts": (Assertion(JsonPath(""), "==", ["{{no}}"]),)}, "users/list: $.assert[0].value"),
        ({"options": SendOptions(proxy="{{no}}")}, "users/list: $.options.proxy"),
    ],
)
def test_a_failure_names_its_place(fields: dict[str, Any], place: str) -> None:
    """The request's key and the TOML path, for every part of a request."""
    failure = refusal(request(**fields))
    assert (failure.kind, failure.subject, failure.place) == (FailureKind.TEMPLATE_UNKNOWN_VARIABLE, "no", place)


def test_a_request_in_no_file_is_not_named() -> None:
    """A URL given on the command line has no key to show."""
    assert refusal(request(key="", url="/{{no}}")).place == "$.url"


def test_an_absolute_url_needs_no_base() -> None:
    """Also where a variable brings the scheme."""
    asked = request(url="{{host}}/x")
    assert resolve(asked, Scope((Layer("given", {"host": Constant("http://o:2")}),))).url == "http://o:2/x"


@pytest.mark.parametrize("base", [None, "", " "])
def test_a_relative_url_without_a_base_names_base_url(base: str | None) -> None:
    """The message says which variable to set."""
    scope = Scope() if base is None else Scope((Layer("env", {"base_url": Constant(base)}),))
    with pytest.raises(RequestFailed) as caught:
        resolve(request(), scope)
    failure = caught.value.failure
    assert (failure.kind, failure.subject) == (FailureKind.TEMPLATE_UNKNOWN_VARIABLE, "base_url")


def test_a_base_without_a_scheme_is_refused() -> None:
    """`localhost:8000` alone would be read as a scheme."""
    assert refusal(request(), base_url="localhost:8000").kind is FailureKind.URL_INVALID


@pytest.mark.parametrize(("sign", "words"), [("\r", "a carriage return"), ("\n", "a line feed"), ("\0", "a NUL")])
def test_a_line_break_in_url_or_header_names_the_variable(sign: str, words: str) -> None:
    """Refused before anything is sent; the variable that brought it is named."""
    header = refusal(request(headers=(NameValue("X-A", "{{fine}}{{bad}}"),)), fine="f", bad=f"a{sign}b")
    assert (header.kind, header.subject, header.detail) == (FailureKind.HEADER_INVALID, "X-A", f"bad brings {words}")
    for bad in (f"a{sign}b", f"a{sign}"):
        url = refusal(request(url="/{{bad}}"), bad=bad)
        assert (url.kind, url.detail) == (FailureKind.URL_INVALID, f"bad brings {words}")
    assert refusal(request(headers=(NameValue("X-A", f"a{sign}b"),))).detail == f"it has {words}"


def test_a_lone_surrogate_in_a_param_is_refused() -> None:
    """It has no UTF-8, so no encoding."""
    failure = refusal(request(params=(NameValue("a", "{{x}}"),)), x="\ud800")
    assert (failure.kind, failure.place) == (FailureKind.URL_INVALID, "users/list: $.params.a")


def test_expected_values_keep_their_type() -> None:
    """ "1" is not 1 in an assert, so a variable's type counts."""
    asserts = (Assertion(JsonPath("$"), "==", {"a": ["{{n}}", "x{{n}}", 2]}),)
    assert resolved(request(asserts=asserts), n=1).asserts[0].value == {"a": [1, "x1", 2]}


def test_templates_of_a_body_can_be_switched_off() -> None:
    """`template = false` sends the braces."""
    assert resolved(request(body=Text("{{x}}", template=False))).body == Text("{{x}}", template=False)


def test_secrets_are_listed_in_every_form_they_take() -> None:
    """As they are, percent-encoded, as a form writes them, in JSON, and the base64 of user and password."""
    asked = request(
        params=(NameValue("k", "{{pw}}"),), body=Json('{"p":"{{pw}}","h":"{{sha256(pw)}}"}'), auth=Basic("me", "{{pw}}")
    )
    secrets = resolved(asked, {"pw": 'a "b/', "unused": "nowhere"}).secrets
    assert {'a "b/', "a%20%22b%2F", "a+%22b%2F", 'a \\"b/', "bWU6YSAiYi8="} <= secrets
    assert "nowhere" not in secrets
    assert "" not in secrets
    assert any(len(secret) == 64 for secret in secrets)


def test_a_secret_fields_value_is_secret_wherever_it_comes_from() -> None:
    """A token from a captured value is masked too."""
    assert "tok" in resolved(request(auth=Bearer("{{t}}")), t="tok").secrets
    assert resolved(request(auth=Bearer(""))).secrets == frozenset()
