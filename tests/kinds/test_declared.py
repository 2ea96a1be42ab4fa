"""The fields of kinds."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from tui_client.kinds import auth, body, query
from tui_client.kinds.declared import DeclaredField, declared_fields, empty_value


class Sample(msgspec.Struct, frozen=True):
    """One field of each sort."""

    user_name: str
    secret: Annotated[str, Meta(title="Password", extra={"secret": True, "placeholder": "{{password}}"})]
    place: Annotated[str, Meta(extra={"choices": ["header", "query"]})] = "header"
    text: Annotated[str, Meta(title="Text", extra={"multiline": True})] = ""
    on: bool = True
    rows: tuple[str, ...] = ()
    off: Annotated[bool, Meta(title="Off")] = False


def test_a_field_says_all_that_a_form_needs() -> None:
    """Title, type, default and the keys of `extra` come from the declaration alone."""
    assert declared_fields(Sample) == (
        DeclaredField("user_name", "User name", str, ""),
        DeclaredField("secret", "Password", str, "", secret=True, placeholder="{{password}}"),
        DeclaredField("place", "Place", str, "header", choices=("header", "query")),
        DeclaredField("text", "Text", str, "", multiline=True),
        DeclaredField("on", "On", bool, True),
        DeclaredField("rows", "Rows", tuple[str, ...], ()),
        DeclaredField("off", "Off", bool, False),
    )


def test_an_empty_value_has_the_defaults() -> None:
    """What has no default is empty text."""
    assert empty_value(Sample) == Sample("", "")


@pytest.mark.parametrize(
    "kind", [*auth.kinds().values(), *body.kinds().values(), *query.kinds().values()], ids=lambda kind: kind.__name__
)
def test_every_kind_has_an_empty_value_and_titles(kind: type[msgspec.Struct]) -> None:
    """A form can be drawn for every kind there is."""
    value = empty_value(kind)
    for field in declared_fields(kind):
        assert field.title
        assert not field.choices or getattr(value, field.name) in field.choices
