"""What must be fetched is known before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.json import Json
from tui_client.model.effective import EffectiveRequest, Layer, Scope
from tui_client.model.kinds import Query
from tui_client.model.options import SendOptions
from tui_client.model.request import Assertion, Capture, Filter, NameValue
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.template.needs import Need, needs


class JsonPath(Query, frozen=True, tag="json"):
    expr: str


def names(variables: dict[str, Variable], **fields: Any) -> list[str]:
    request = EffectiveRequest(**{"key": "k", "name": "", "method": "GET", "url": "http://h", **fields})
    return [need.name for need in needs(request, Scope((Layer("env", variables),)))]


ASKED = {"x": Prompt("X?")}


@pytest.mark.parametrize(
    "fields",
    [
        {"method": "{{x}}"},
        {"url": "http://h/{{x}}"},
        {"url": "/relative"},
        {"path": (NameValue("a", "{{x}}"),)},
        {"params": (NameValue("{{x}}", ""),)},
        {"headers": (NameValue("a", "{{x}}"),)},
        {"body": Json("[{{int(x)}}]")},
        {"auth": Bearer("{{x}}")},
        {"options": SendOptions(proxy="{{x}}")},
        {"captures": (Capture("c", JsonPath("{{x}}")),)},
        {"captures": (Capture("c", JsonPath(""), (Filter("split", ("{{x}}",)),)),)},
        {"asserts": (Assertion(JsonPath("{{x}}"), "exists"),)},
        {"asserts": (Assertion(JsonPath(""), "==", {"a": ["{{x}}"]}),)},
    ],
)
def test_needs_are_found_in_every_part(fields: dict[str, Any]) -> None:
    """Whatever `resolve` fills is looked at, base_url too."""
    assert names({**ASKED, "base_url": Constant("http://{{x}}")}, **fields) == ["x"]


def test_needs_are_found_through_other_variables_once_and_in_order() -> None:
    """Constants and choices are followed; loops and unknown names are left for resolve."""
    variables: dict[str, Variable] = {
        "a": Constant("{{b}}{{a}}"),
        "b": Choice(("{{otp}}{{pw}}",)),
        "otp": Prompt("Code?"),
        "pw": Secret(),
        "token": FromRequest("auth/login"),
        "home": HostVariable("HOME"),
        "plain": Constant("{{otp2}}", literal=True),
        "otp2": Prompt("?"),
    }
    assert names(variables, url="http://h/{{token}}/{{a}}/{{otp}}/{{home}}/{{plain}}/{{nowhere}}") == [
        "token",
        "otp",
        "pw",
        "home",
    ]


def test_a_need_says_what_and_where() -> None:
    """The variable as declared, and the layer that declares it."""
    request = EffectiveRequest(key="k", name="", method="GET", url="http://h/{{t}}")
    source = FromRequest("auth/login", 60.0)
    assert needs(request, Scope((Layer("folder users", {"t": source}),))) == (Need("t", source, "folder users"),)


def test_a_value_above_ends_the_need() -> None:
    """What the command line gives is not asked for."""
    request = EffectiveRequest(key="k", name="", method="GET", url="http://h/{{x}}")
    scope = Scope((Layer("env", dict(ASKED)),)).over("command line", {"x": Constant("1", literal=True)})
    assert needs(request, scope) == ()


def test_disabled_rows_and_absolute_urls_need_nothing() -> None:
    """Nobody is asked for what is not sent."""
    off = (NameValue("a", "{{x}}", enabled=False),)
    asserts = (Assertion(JsonPath("{{x}}"), "exists", enabled=False),)
    assert names({**ASKED, "base_url": Prompt("?")}, path=off, params=off, headers=off, asserts=asserts) == []


def test_nobody_is_asked_for_a_request_that_cant_be_read() -> None:
    """A syntax error comes before the questions."""
    with pytest.raises(RequestFailed) as caught:
        names(dict(ASKED), url="http://h/{{x}}", headers=(NameValue("a", "{{oh no}}"),))
    failure = caught.value.failure
    assert (failure.kind, failure.place) == (FailureKind.TEMPLATE_SYNTAX, "k: $.headers.a")
