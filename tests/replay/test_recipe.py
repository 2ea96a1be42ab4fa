"""What goes the short way, and what must not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from short_way import a_request, a_session, assert_never_differs, assert_same

from tui_client.config import HostSettings
from tui_client.http.hosts import Network
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.status import Status
from tui_client.model.effective import EffectiveRequest
from tui_client.model.options import SendOptions
from tui_client.model.request import Assertion, NameValue
from tui_client.model.variables import Constant
from tui_client.replay.recipe import Recipes, recipe_of
from tui_client.replay.scope import session_scope
from tui_client.template import resolve

TOKEN = {"token": "t-1"}
JSON_BODY = Json('{"name": "{{name}}", "mail": "{{mail}}", "age": {{int(age)}}, "note": {{note}}}')
GRAPHQL = GraphQL("query($id: Int) { user(id: $id) { name } }", '{"id": {{int(age)}}, "name": "{{name}}"}')
ADA = {"name": "Ada", "mail": "ada", "age": "36", "note": "n"}
EVE = {"name": 'Eve "E" O\'Hé', "mail": "eve+1@h.org", "age": "7", "note": "two\nlines"}


@pytest.mark.parametrize(
    "request_",
    [
        a_request("/users/{{age}}"),
        a_request("/users/{id}", path=(NameValue("id", "{{mail}}"),)),
        a_request("/users/:id/x", path=(NameValue("id", "{{name}}"),)),
        a_request("/find?x=1", params=(NameValue("q", "{{name}}"), NameValue("{{note}}", "{{mail}}"))),
        a_request(headers=(NameValue("X-Name", "is {{name}}"),)),
        a_request(body=JSON_BODY, auth=Bearer("{{secret}}"), variables={"secret": Constant("s3cret")}),
        a_request(auth=Basic("{{name}}", "{{mail}}")),
        a_request(auth=Bearer("{{mail}}"), headers=(NameValue("X-Again", "{{mail}}"),)),
        a_request(body=Form((NameValue("name", "{{name}}"), NameValue("mail", "{{mail}}")))),
        a_request(body=Text("{{name}}, {{mail}}")),
        a_request(body=GRAPHQL, auth=NoAuth()),
        a_request("http://u:p@h/{{age}}", asserts=(Assertion(Status(), "==", "{{int(age)}}"),)),
        a_request("/find?x={{greeting}}", {"greeting": Constant("hi-{{age}}")}),
    ],
)
def test_ordinary_requests_go_the_short_way(request_: EffectiveRequest) -> None:
    """Rows of names, addresses and texts need no resolving, whichever way they are written."""
    assert assert_never_differs(request_, a_session(ADA), a_session(EVE)) == [True]


def test_whole_numbers_of_json_rows_go_the_short_way() -> None:
    """A number in a JSON body stays a number, and text in its place goes the long way."""
    request = a_request("/users/{{n}}", body=Json('{"n": {{n}}, "s": "{{n}}"}'))
    others = (a_session({"n": -5}), a_session({"n": "5"}), a_session({"n": True}), a_session({"n": 10**5000}))
    assert assert_never_differs(request, a_session({"n": 1}), *others) == [True, False, False, False]


@pytest.mark.parametrize("value", ["ok", "", "\ud800", 7, 7.0, True, None, [1], {"a": 1}])
def test_an_expected_value_keeps_the_type_of_its_rows(value: Any) -> None:
    """A check against `{{x}}` compares with the row's own value: 7 is not "7"."""
    request = a_request(asserts=(Assertion(Status(), "==", "{{x}}"), Assertion(Status(), "exists")))
    recipe = recipe_of(request, a_session({"x": "first"}))
    assert recipe is not None
    ready = recipe.fill(a_session({"x": value}))
    assert ready is not None and assert_same(ready, request, a_session({"x": value}))
    assert ready.resolved.asserts[0].value is value


def test_text_around_an_expected_value_is_filled_in() -> None:
    """A check may expect a sentence with the row's name in it."""
    request = a_request(asserts=(Assertion(Status(), "==", "Hello {{x}} of {{y}}"),))
    assert assert_never_differs(request, a_session({"x": "A", "y": "B"}), a_session({"x": "é %", "y": ""})) == [True]


def test_half_a_surrogate_pair_beside_an_expected_value_is_kept() -> None:
    """A captured value that no UTF-8 can say may still be compared with."""
    request = a_request(asserts=(Assertion(Status(), "==", "{{seen}} {{x}}"),))
    sessions = [a_session({"x": x}, captured={"seen": "\ud800"}) for x in "AB"]
    assert assert_never_differs(request, *sessions) == [True]


def test_a_rows_own_token_is_a_secret() -> None:
    """What one row's login gave is masked in that row, and another's is not among its secrets."""
    request = a_request(auth=Bearer("{{token}}"))
    first, second = (a_session(captured={"token": f"{word}+token"}) for word in ("first", "second"))
    recipe = recipe_of(request, first, frozenset({"token"}))
    assert recipe is not None
    ready = recipe.fill(second)
    assert ready is not None and assert_same(ready, request, second)
    assert ready.prepared.secrets == {"second+token", "second%2Btoken", "second%252Btoken"}


def test_an_expected_value_that_the_row_lacks_goes_the_long_way() -> None:
    """A column that is missing in one row is not the value of another."""
    request = a_request(variables={"x": Constant("env")}, asserts=(Assertion(Status(), "==", "{{x}}"),))
    assert assert_never_differs(request, a_session({"x": "A"}), a_session({})) == [False]


@pytest.mark.parametrize(
    ("request_", "row", "other"),
    [
        (a_request("{{x}}://h/"), {"x": "a"}, {"x": "http"}),
        (a_request("h{{x}}://h/"), {"x": "a"}, {"x": "ttp"}),
        (a_request("http://h{{x}}/"), {"x": "a"}, {"x": "b"}),
        (a_request("http://{{x}}@h/"), {"x": "a"}, {"x": "b"}),
        (a_request("{{x}}"), {"x": "a"}, {"x": "//h"}),
        (a_request("/:{{x}}", path=(NameValue("id", "5"),)), {"x": "a"}, {"x": "id"}),
        (a_request("/{{{x}}}", path=(NameValue("id", "5"),)), {"x": "a"}, {"x": "id"}),
        (a_request("/a#{{x}}"), {"x": "a"}, {"x": "\x7f"}),
        (a_request("/a?{{x}}", params=(NameValue("p", "1"),)), {"x": "a"}, {"x": "b&"}),
        (a_request("/a/{{x}}"), {"x": "a"}, {"x": "#b"}),
        (a_request("/a/{{x}}"), {"x": "a"}, {"x": "b "}),
        (a_request(params=(NameValue("p", "{{x}}"),)), {"x": "a"}, {"x": "\ud800"}),
        (a_request(path=(NameValue("unused", "{{x}}"),)), {"x": "a"}, {"x": "\ud800"}),
        (a_request(method="{{x}}"), {"x": "GET"}, {"x": "PUT"}),
        (a_request(headers=(NameValue("{{x}}", "1"),)), {"x": "A"}, {"x": "B"}),
        (a_request(headers=(NameValue("X", "{{x}}"),)), {"x": "A"}, {"x": "B\r\nY: 1"}),
        (a_request(headers=(NameValue("Content-Length", "1"),), body=Text("{{x}}")), {"x": "A"}, {"x": "BC"}),
        (a_request(body=Text("{{x}}", "text/plain; charset=utf-16")), {"x": "A"}, {"x": "B"}),
        (a_request(body=Text("{{url(x)}}", "text/plain; charset=punycode")), {"x": "A"}, {"x": ""}),
        (a_request(body=GraphQL("q", '{"n": {{int(x)}}1}')), {"x": "1"}, {"x": "0"}),
        (a_request(body=GraphQL("q", "", "{{x}}")), {"x": "op"}, {"x": ""}),
        (a_request(body=Multipart((Part("a", "{{x}}"),))), {"x": "A"}, {"x": "B"}),
        (a_request(body=Text("{{lower(x)}}")), {"x": "A"}, {"x": "B"}),
        (a_request(body=Text("{{uuid()}}")), {"x": "A"}, {"x": "B"}),
        (a_request(body=Text("{{default(x, 'y')}}")), {"x": "A"}, {"x": ""}),
        (a_request("/{{int(v)}}", {"v": Constant("-{{x}}")}), {"x": 1}, {"x": 0}),
        (a_request("/{{int(url(v))}}", {"v": Constant("0{{x}}")}), {"x": 1}, {"x": -5}),
        (a_request(body=Text("{{int(x)}}")), {"x": "1"}, {"x": "007"}),
        (a_request(auth=Bearer("{{x}}")), {"x": "A"}, {"x": "B\n"}),
        (a_request("https://h/{{x}}", options=SendOptions(verify=False)), {"x": "A"}, {"x": "B"}),
        (a_request(options=SendOptions(ca="ca.pem")), {"x": "A"}, {"x": "B"}),
        (a_request(options=SendOptions(proxy="http://{{x}}:1")), {"x": "A"}, {"x": "B"}),
        (a_request("/{{v}}", {"v": Constant("env")}), {}, {"v": "row"}),
        (a_request("/{{v}}", {"v": Constant("env")}), {"v": "row"}, {}),
        (a_request(body=File("{{x}}")), {"x": "A"}, {"x": "B"}),
    ],
)
def test_what_a_value_could_change_goes_the_long_way(
    request_: EffectiveRequest, row: Mapping[str, Any], other: Mapping[str, Any]
) -> None:
    """Where a value decides how a request is read, who gets it, or whether it is sent, nothing is joined."""
    recipe = recipe_of(request_, a_session(row))
    assert recipe is None or recipe.fill(a_session(other)) is None


@pytest.mark.parametrize("other", [2, True, 1.0, "1", None])
def test_a_captured_value_that_changed_goes_the_long_way(other: Any) -> None:
    """What a login gave is taken for the same only if it is: 1 is not true."""
    request = a_request("/{{n}}")
    learnt_in, later = a_session(captured={"n": 1}), a_session(captured={"n": other})
    assert assert_never_differs(request, learnt_in, learnt_in, later, a_session()) == [True, False, False]


def test_values_of_the_command_line_are_not_mixed_up() -> None:
    """Another session's given value is never sent."""
    request = a_request("/{{n}}")
    others = (a_session(given={"n": "1"}), a_session(given={"n": "2"}), a_session({"n": "3"}))
    assert assert_never_differs(request, others[0], *others) == [True, False, False]


def test_captures_that_change_between_sessions_become_gaps() -> None:
    """A chain whose first step captures an id goes the short way once two sessions had different ones."""
    request, recipes = a_request("/{{id}}"), Recipes()
    run = [a_session(captured={"id": f"id-{number}", **TOKEN}) for number in range(5)]
    short = []
    for session in run:
        short.append(assert_same(recipes.ready(request, session), request, session))
        if not short[-1]:
            recipes.learn(request, session)
    assert short == [False, False, False, True, True]


def test_a_draft_of_the_same_key_is_another_request() -> None:
    """What was learnt of a request is never sent in place of another with its key."""
    recipes, session = Recipes(), a_session({"x": "1"})
    saved, draft = a_request("/saved/{{x}}"), a_request("/draft/{{x}}")
    for _ in range(2):
        recipes.learn(saved, session)
    assert recipes.ready(saved, session) is not None
    assert recipes.ready(draft, session) is None


def test_too_long_a_target_goes_the_long_way() -> None:
    """The limit of URLs holds for rows as well."""
    request = a_request("/x", params=tuple(NameValue("p", "{{x}}") for _ in range(61)))
    assert assert_never_differs(request, a_session({"x": "a"}), a_session({"x": "b" * 999})) == [False]


def test_the_users_settings_of_hosts_hold_on_the_short_way() -> None:
    """What he lets go unverified needs no asking, so nothing keeps it from the short way; a collection's word does."""
    request = a_request("https://h/{{x}}", options=SendOptions(verify=False))
    network = Network({"h": HostSettings(verify=False)}, {})
    recipe = recipe_of(request, a_session({"x": "A"}), network=network)
    assert recipe is not None
    ready = recipe.fill(a_session({"x": "B"}))
    assert ready is not None and ready.prepared.url == "https://h/B"
    resolved = resolve(request, session_scope(request.scope, a_session({"x": "B"})))
    assert ready.prepared == prepare(resolved, Path, environ={}, hosts=network.hosts)
    assert not ready.prepared.profile.verify
    # Verified after all, there is nothing to ask for either.
    strict = recipe_of(request, a_session({"x": "A"}), network=Network({"h": HostSettings(verify=True)}, {}))
    assert strict is not None and strict.first.prepared.profile.verify
    assert recipe_of(request, a_session({"x": "A"}), network=Network({"other": HostSettings(verify=False)})) is None
