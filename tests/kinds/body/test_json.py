"""JSON bodies are sent as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.body.json import Json
from tui_client.model.content import EncodedBody


@pytest.mark.parametrize("content", ['{ "a": 1.10,\n "a": "ü" }\n', "", "{ not JSON"])
def test_json_is_sent_byte_for_byte(content: str) -> None:
    """Layout, numbers, repeated keys and mistakes are the user's."""
    assert Json(content).encode(Path) == EncodedBody((content.encode(),), "application/json")


def test_a_lone_surrogate_is_refused() -> None:
    """It has no UTF-8; the failure says where."""
    with pytest.raises(RequestFailed) as caught:
        Json('"\ud800"').encode(Path)
    assert (caught.value.failure.kind, caught.value.failure.detail) == (
        FailureKind.BODY_INVALID,
        "has a lone surrogate at character 2",
    )
