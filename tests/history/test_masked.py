"""Masks where secrets were."""

from __future__ import annotations

import pytest

from tui_client.history.masked import masked_places, same_but_masked
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.text import Text
from tui_client.model.request import NameValue, Request

MASKED = Request(
    name="•",
    url="http://h/•••?x=1",
    params=(NameValue("page", "1"), NameValue("key", "•••")),
    headers=(NameValue("Authorization", "Bearer •••", description="of •••"),),
    auth=ApiKey(name="X-Key", value="•••"),
    body=Form((NameValue("user", "ada"), NameValue("password", "•••"))),
)


def test_each_masked_place_is_named() -> None:
    """So that a person knows what to put in again."""
    assert masked_places(MASKED) == (
        "the URL",
        "the parameter key",
        "the header Authorization",
        "the header Authorization description",
        "the body fields password",
        "the authentication's X-Key",
    )
    assert masked_places(Request(url="http://h/a")) == ()


@pytest.mark.parametrize(
    ("kept", "now", "same"),
    [
        ("abc", "abc", True),
        ("abc", "abd", False),
        ("Bearer •••", "Bearer s3cret", True),
        ("Bearer •••", "Basic s3cret", False),
        ("a ••• b ••• c", "a 1 b 2 c", True),
        ("a ••• b ••• c", "a 1 2 c", False),
        ("ab•••bc", "abc", False),
        ("•••", "", True),
        ("•••", "•••", True),
    ],
)
def test_a_request_is_the_one_that_was_kept_whatever_its_secrets_are(kept: str, now: str, same: bool) -> None:
    """Everything else must be equal."""
    assert same_but_masked(Request(body=Text(kept)), Request(body=Text(now))) is same


def test_more_or_fewer_rows_are_another_request() -> None:
    """And so is another kind of body."""
    assert not same_but_masked(Request(params=(NameValue("a"),)), Request())
    assert not same_but_masked(Request(body=Text("a")), Request(body=Form()))
    assert same_but_masked(MASKED, MASKED)


def test_comparing_long_texts_takes_no_time() -> None:
    """However many masks there are."""
    assert not same_but_masked(Request(body=Text("a•••" * 500 + "b")), Request(body=Text("a" * 100_000)))
