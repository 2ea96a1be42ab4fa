"""Templates in kinds are found by what the fields declare."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from tui_client.model.kinds import Body
from tui_client.model.options import SendOptions
from tui_client.model.request import NameValue
from tui_client.template.fields import Spot, fill, is_constant


class Sample(Body, frozen=True, tag="sample"):
    plain: str = "plain"
    content: Annotated[str, Meta(extra={"template": "json"})] = "content"
    raw: Annotated[str, Meta(extra={"template": "off"})] = "raw"
    token: Annotated[str, Meta(title="Token", extra={"secret": True})] = "token"
    rows: Annotated[tuple[NameValue, ...], Meta(title="Rows")] = ()
    words: tuple[str, ...] = ()
    number: int = 1
    template: bool = True


def spots(sample: Sample) -> list[Spot]:
    found: list[Spot] = []

    def put(spot: Spot, text: str) -> str:
        found.append(spot)
        return text

    fill(sample, "$.body", put)
    return found


def test_each_field_is_filled_as_it_declares() -> None:
    """Text unless declared; secrets are marked; "off" is left alone."""
    assert spots(Sample()) == [
        Spot("$.body.plain"),
        Spot("$.body.content", "json"),
        Spot("$.body.token", secret=True),
    ]


def test_rows_and_lists_are_filled_with_their_place() -> None:
    """Names and values, not descriptions; the place counts rows as the file does."""
    sample = Sample(
        rows=(NameValue("a", "1", enabled=False), NameValue("b", "2", description="{{words}}")), words=("x",)
    )
    assert [spot.path for spot in spots(sample)][3:] == [
        "$.body.rows[1].name",
        "$.body.rows[1].value",
        "$.body.words[0]",
    ]


def test_disabled_rows_are_dropped_and_not_looked_at() -> None:
    """A row that is switched off can't fail a request."""
    sample = Sample(rows=(NameValue("a", "1"), NameValue("b", "2", enabled=False)))
    assert fill(sample, "$", lambda _, text: text.upper()) == Sample(
        plain="PLAIN", content="CONTENT", token="TOKEN", rows=(NameValue("A", "1"),)
    )


def test_templates_can_be_switched_off() -> None:
    """`template = false` leaves every text, and still drops disabled rows."""
    sample = Sample(rows=(NameValue("b", "2", enabled=False),), template=False)
    assert fill(sample, "$", lambda _, text: "changed") == msgspec.structs.replace(sample, rows=())


def test_what_does_not_change_is_the_same_value() -> None:
    """Replays fill thousands of requests; nothing is copied in vain."""
    sample = Sample()
    assert fill(sample, "$", lambda _, text: text) is sample


@pytest.mark.parametrize(
    ("struct", "constant"),
    [
        (SendOptions(), True),
        (SendOptions(proxy="{{p}}"), False),
        (Sample(), True),
        (Sample(content="{{name}}"), False),
        (Sample(rows=(NameValue("a", "b"),)), False),
    ],
)
def test_what_has_no_template_is_known_to_have_none(struct: msgspec.Struct, constant: bool) -> None:
    """What is said to be constant is left as it is by `fill`."""
    assert is_constant(struct) is constant
    if constant:
        assert fill(struct, "$", lambda spot, text: f"{text}!" if "{{" in text else text) == struct
