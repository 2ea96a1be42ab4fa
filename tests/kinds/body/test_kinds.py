"""Every body kind keeps the contract."""

from __future__ import annotations

import msgspec
import pytest

from tui_client.kinds.body import BodyKind, kinds


def test_all_kinds_are_there() -> None:
    """Under the names of the collection format."""
    assert set(kinds()) == {"json", "text", "form", "multipart", "file", "graphql"}


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_a_kind_declares_title_and_fields(kind: type[BodyKind]) -> None:
    """Forms, schema and docs are drawn from the declaration alone, and every field has a default."""
    assert kind.title
    assert kind().template is True  # type: ignore[attr-defined]  # each kind declares it, the base does not
    schema = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    assert all("title" in field for name, field in schema.items() if name != "kind")
    assert msgspec.convert(msgspec.to_builtins(kind()), kind) == kind()
