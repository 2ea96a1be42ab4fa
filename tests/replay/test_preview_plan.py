"""What a plan would send, before anything is sent."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.errors import NotFound
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.body.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.content import Locate
from tui_client.model.effective import EffectiveRequest, Layer, Scope
from tui_client.model.request import Capture, NameValue
from tui_client.model.values import Value
from tui_client.model.variables import Constant, FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.replay.feed import Turn
from tui_client.replay.plan import Plan
from tui_client.replay.preview_plan import PlannedStep, preview_plan, to_json
from tui_client.replay.rows import Row
from tui_client.storage.inside import locate_in


class Made:
    """Requests by key; nothing on disk."""

    def __init__(self, *requests: EffectiveRequest) -> None:
        self.requests = {request.key: request for request in requests}

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        if key not in self.requests:
            raise NotFound("request", key)
        return self.requests[key]

    def collection_root(self, key: str) -> Path:
        return Path("/nowhere")


def locate_of(key: str) -> Locate:
    return locate_in(Path("/nowhere"))


def made(key: str = "a", url: str = "http://x/", **more: object) -> EffectiveRequest:
    plain = EffectiveRequest(key=key, name="", method="POST", url=url)
    return msgspec.structs.replace(plain, **more)


def scope(**variables: Variable) -> Scope:
    return Scope((Layer("collection x", variables),))


def planned(
    *requests: EffectiveRequest, values: dict[str, Value] | None = None, plan: Plan | None = None
) -> list[PlannedStep]:
    keys = tuple(request.key for request in requests)
    turn = Turn(None if values is None else Row(1, values), int(values is not None), 0, keys)
    found = preview_plan(plan or Plan(steps=keys), Made(*requests), [turn], 1, locate_of)
    assert msgspec.json.encode(to_json(found))
    return list(found.sessions[0].steps)


def test_values_to_come_are_words() -> None:
    """Where from, and what; whatever a function or a JSON body makes of them."""
    request = made(
        url="http://x/{{token}}?{{lower(code)}}",
        headers=(NameValue("X-Home", "{{home}}"), NameValue("X-Key", "{{key}}")),
        body=Json(content='{"id": {{int(token)}}, "code": "{{code}}", "n": {{n}}}'),
        scope=scope(token=FromRequest("auth/login"), code=Prompt("Code"), home=HostVariable("HOME"), key=Secret()),
    )
    [step] = planned(request, values={"n": 7})
    assert step.url == "http://x/«token from auth/login»?«code, asked for»"
    headers = dict(step.headers)
    assert (headers["X-Home"], headers["X-Key"]) == ("«home of this machine»", "«secret key»")
    assert step.body == '{"id": «token from auth/login», "code": "«code, asked for»", "n": 7}'
    assert step.body_bytes is None and "Content-Length" not in headers


def test_captures_of_earlier_steps_are_words_too() -> None:
    """Those of the setup in all sessions, those of a session in its own later steps; the command line wins."""
    capture = (Capture("id", Status()),)
    first, second = made("first", captures=capture), made("second", url="http://x/{{id}}")
    plan = Plan(steps=("second",), setup=("first",))
    found = preview_plan(plan, Made(first, second), [Turn(None, 0, 0, ("second",))], None, locate_of)
    assert found.sessions[0].steps[0].url == "http://x/«id from first»"
    assert to_json(found)["steps_total"] is None
    assert planned(first, second)[1].url == "http://x/«id from first»"
    given = msgspec.structs.replace(plan, steps=("first", "second"), setup=(), given={"id": "7"})
    assert planned(first, second, plan=given)[1].url == "http://x/7"


def test_a_step_that_can_not_be_made_shows_what_is_known() -> None:
    """And the reason; the steps after it are whole."""
    wrong = made("wrong", url="http://x/{{int(word)}}/{{nothing}}", scope=scope(word=Constant("seven")))
    found = planned(wrong, made("gone", "http://{{nothing}}"), made("well"))
    assert "word" in found[0].problem and found[0].method == "POST"
    assert "nothing" in found[1].problem
    assert (found[2].problem, found[2].url) == ("", "http://x/")


def test_a_key_for_idempotency_is_announced() -> None:
    """By the plan or by the request; its value is another one for each step."""
    [step] = planned(made(), plan=Plan(steps=("a",), idempotency_key=True))
    assert dict(step.headers)["Idempotency-Key"] == "«made for each step»"


@settings(deadline=None)
@given(secret=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=4, max_size=40))
def test_no_secret_of_the_command_line_is_shown(secret: str) -> None:
    """Neither as it is, nor in a URL, in JSON or in Base64."""
    request = made(
        params=(NameValue("q", "x{{key}}y"),),
        headers=(NameValue("X-Key", "{{base64(key)}}"),),
        body=Json(content='{"k": "{{key}}"}'),
        auth=Basic("user", "{{key}}"),
        scope=scope(key=Secret()),
    )
    marked = f"canary{secret}canary"
    [step] = planned(request, plan=Plan(steps=("a",), given={"key": marked}))
    assert "canary" not in msgspec.json.encode(step).decode()
    assert marked not in step.url + step.body + str(step.headers) + step.problem


def test_no_secret_is_shown_by_what_goes_wrong() -> None:
    """Neither in the sentence that says why nor in what is known of the request."""
    wrong = made(url="http://x/{{key}}/{{int(key)}}", scope=scope(key=Secret()))
    [step] = planned(wrong, plan=Plan(steps=("a",), given={"key": "canary-4711"}))
    assert "can't be converted" in step.problem
    assert "canary" not in msgspec.json.encode(step).decode()
