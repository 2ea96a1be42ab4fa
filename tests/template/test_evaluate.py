"""Variables are looked up, filled in and followed, and always to an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.effective import Layer, Scope
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.template.evaluate import MAX_VARIABLE_DEPTH, SECRETS_ORIGIN, Evaluator
from tui_client.template.functions import Context


def evaluator(**variables: Variable) -> Evaluator:
    found = Evaluator(Scope((Layer("env local", variables),)), Context())
    found.place = "users/list: $.headers.X-Id"
    return found


def refusal(text: str, **variables: Variable) -> Failure:
    with pytest.raises(RequestFailed) as caught:
        evaluator(**variables).text(text)
    return caught.value.failure


def test_variables_may_hold_variables() -> None:
    """A constant that is text is a template itself."""
    assert evaluator(a=Constant("<{{b}}>"), b=Constant("{{c}}!"), c=Constant(1)).text("{{a}}") == "<1!>"


def test_a_literal_constant_is_never_a_template() -> None:
    """What came from outside the files can't reach other variables."""
    assert evaluator(a=Constant("{{b}}", literal=True), b=Constant("x")).text("{{a}}") == "{{b}}"


def test_a_choice_gives_its_first_option() -> None:
    """Unless the user picked another, which then is a constant above."""
    assert evaluator(region=Choice(("eu", "us"))).text("{{region}}") == "eu"
    assert refusal("{{region}}", region=Choice(())).kind is FailureKind.VARIABLE_OPTIONS


def test_the_first_layer_wins() -> None:
    """Layers are ordered from the nearest."""
    scope = Scope((Layer("row 1", {"a": Constant("row")}), Layer("env", {"a": Constant("env")})))
    assert Evaluator(scope, Context()).text("{{a}}") == "row"


def test_a_variable_has_one_value_throughout() -> None:
    """Two uses of a variable that holds uuid() agree; two calls of uuid() do not."""
    one = evaluator(id=Constant("{{uuid()}}"))
    assert one.text("{{id}}") == one.text("{{id}}")
    assert one.text("{{uuid()}}") != one.text("{{uuid()}}")


def test_an_unknown_variable_is_named_with_its_place() -> None:
    """The message leads to the line, through the variable that brought it."""
    failure = refusal("{{a}}", a=Constant("{{b}}"))
    assert (failure.kind, failure.subject) == (FailureKind.TEMPLATE_UNKNOWN_VARIABLE, "b")
    assert failure.place == "users/list: $.headers.X-Id, in a"


def test_a_loop_is_shown_as_a_path() -> None:
    """The whole way round, from the variable back to itself."""
    failure = refusal("{{x}}", x=Constant("{{a}}"), a=Constant("{{b}}"), b=Constant("{{upper(a)}}"))
    assert (failure.kind, failure.subject, failure.detail) == (FailureKind.TEMPLATE_LOOP, "a", "a → b → a")


@pytest.mark.parametrize(
    ("variable", "kind", "subject"),
    [
        (FromRequest("auth/login"), FailureKind.VARIABLE_FROM, "x"),
        (Prompt("Code?"), FailureKind.VARIABLE_PROMPT, "x"),
        (Secret(), FailureKind.VARIABLE_SECRET, "x"),
        (HostVariable("HOME"), FailureKind.TRUST_REFUSED, "env:HOME"),
    ],
)
def test_what_must_be_fetched_first_fails_by_its_kind(variable: Variable, kind: FailureKind, subject: str) -> None:
    """Nothing here sends, asks or reads; the caller does, and puts a constant above."""
    failure = refusal("{{default(x, 'no')}}", x=variable)
    assert (failure.kind, failure.subject) == (kind, subject)


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3), max_size=6))
def test_every_web_of_variables_comes_to_an_end(web: dict[str, list[str]]) -> None:
    """A value, an unknown name or a loop, whatever refers to whatever."""
    variables = {name: Constant("".join(f"{{{{{other}}}}}" for other in others)) for name, others in web.items()}
    try:
        assert evaluator(**variables).text("{{a}}") == ""
    except RequestFailed as error:
        assert error.failure.kind in (FailureKind.TEMPLATE_LOOP, FailureKind.TEMPLATE_UNKNOWN_VARIABLE)


def test_a_long_chain_fails_before_the_stack_does() -> None:
    """Ten thousand variables in a row are an error, not a crash."""
    chain: dict[str, Variable] = {f"v{index}": Constant(f"{{{{v{index + 1}}}}}") for index in range(10_000)}
    failure = refusal("{{v0}}", **chain)
    assert (failure.kind, failure.detail) == (
        FailureKind.TEMPLATE_LOOP,
        f"more than {MAX_VARIABLE_DEPTH} variables deep",
    )


def test_variables_that_double_each_other_are_stopped() -> None:
    """A billion laughs end with a failure, not with the memory."""
    laughs: dict[str, Variable] = {f"v{i}": Constant(f"{{{{v{i + 1}}}}}" * 10) for i in range(9)}
    failure = refusal("{{v0}}", v9=Constant("ha" * 10), **laughs)
    assert failure.kind is FailureKind.TEMPLATE_CONVERSION
    assert "grows past" in failure.detail


def test_secrets_and_what_is_made_of_them_are_known() -> None:
    """A secret stays one through functions and other variables."""
    layers = (
        Layer(SECRETS_ORIGIN, {"pw": Constant("s3cret", literal=True), "flag": Constant("true", literal=True)}),
        Layer("env", {"pair": Constant("me:{{pw}}"), "open": Constant("visible")}),
    )
    found = Evaluator(Scope(layers), Context())
    assert found.text("{{base64(pair)}} {{open}} {{bool(flag)}}") == "bWU6czNjcmV0 visible true"
    assert found.secrets == {"s3cret", "bWU6czNjcmV0", "true"}
    assert found.value("{{upper(pair)}}").secret
    assert not found.value("{{open}}").secret


def test_a_failing_secret_is_not_quoted() -> None:
    """A message never carries the value of a secret."""
    found = Evaluator(Scope((Layer(SECRETS_ORIGIN, {"pw": Constant("canary", literal=True)}),)), Context())
    with pytest.raises(RequestFailed) as caught:
        found.text("{{int(pw)}}")
    assert caught.value.failure.subject == "pw"
    assert "canary" not in str(caught.value) + repr(caught.value.failure)
