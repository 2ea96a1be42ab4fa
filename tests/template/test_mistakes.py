"""What is wrong with a template before anything is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import RequestFailed
from tui_client.template.mistakes import mistake
from tui_client.template.parse import parse


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a{{b", "'{{b' is not a template: expected }}, found the end"),
        ("{{}}", "'{{}}' is not a template: expected a name"),
        ("{{ok}}{{lower('a}}", '"{{lower(\'a}}" is not a template: a string without its closing quote'),
        ("{{lowr(a)}}", "there is no function lowr(); did you mean lower()?"),
        ("{{zzzzzz(a)}}", "there is no function zzzzzz(); known: uuid, "),
        ("{{upper(lowr(a))}}", "there is no function lowr()"),
        ("{{uuid(1)}}", "uuid() is used as uuid()"),
        ("{{random_int(1)}}", "random_int() is used as random_int(low, high)"),
    ],
)
def test_a_mistake_is_said_in_words(text: str, reason: str) -> None:
    """The hole, the function or its use is named."""
    assert mistake(text).startswith(reason)


@pytest.mark.parametrize("text", ["", "plain", "{{nobody.knows}}", "{{default(x, 'y')}}", "{{'{{'}}", "{{{a}}}", "}}"])
def test_what_can_be_read_is_no_mistake(text: str) -> None:
    """Variables that nothing declares are not looked up."""
    assert mistake(text) == ""


def test_a_secret_text_is_not_quoted() -> None:
    """A password with braces in it is not shown by a check."""
    assert "canary" not in mistake("{{canary-7", secret=True)


@given(st.text(alphabet="{}a('\", )1", max_size=30))
def test_every_text_that_can_not_be_parsed_is_a_mistake(text: str) -> None:
    """A check misses no syntax error that sending would meet."""
    try:
        parse(text)
    except RequestFailed:
        assert mistake(text)
