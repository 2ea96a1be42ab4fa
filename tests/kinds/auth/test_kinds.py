"""Every auth kind keeps the contract."""

from __future__ import annotations

import msgspec
import pytest

from tui_client.kinds.auth import AuthKind, kinds

SECRETS = {
    "none": set(),
    "basic": {"password"},
    "bearer": {"token"},
    "api_key": {"value"},
    "digest": {"password"},
    "oauth2": {"client_secret", "password", "refresh_token"},
}


def test_all_kinds_are_there() -> None:
    """Under the names of the collection format."""
    assert set(kinds()) == set(SECRETS)


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_a_kind_declares_title_and_fields(kind: type[AuthKind]) -> None:
    """Forms, schema and docs are drawn from the declaration alone, and every field has a default."""
    assert kind.title
    schema = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    assert all("title" in field for name, field in schema.items() if name != "kind")
    assert msgspec.convert(msgspec.to_builtins(kind()), kind) == kind()


@pytest.mark.parametrize("tag", SECRETS)
def test_a_kind_says_which_fields_are_secret(tag: str) -> None:
    """What is masked on screen and redacted in everything written."""
    info = msgspec.inspect.type_info(kinds()[tag])
    assert isinstance(info, msgspec.inspect.StructType)
    marked = {
        field.name
        for field in info.fields
        if isinstance(field.type, msgspec.inspect.Metadata) and (field.type.extra or {}).get("secret")
    }
    assert marked == SECRETS[tag]
