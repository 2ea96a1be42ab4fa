"""KEY|URL."""

from __future__ import annotations

import pytest

from tui_client.cli.target import Changes, changed, request_of_url
from tui_client.errors import UsageError
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.effective import EffectiveRequest
from tui_client.model.options import SendOptions


def test_data_keeps_the_kind_of_the_body() -> None:
    """A JSON request stays one, whatever text is typed; without a body the text decides."""
    request = EffectiveRequest(key="a", name="", method="PUT", url="/", body=Json(content="{}"))
    assert changed(request, Changes(data="[{{x}}]")).body == Json(content="[{{x}}]")
    bare = request_of_url("http://a", SendOptions())
    assert changed(bare, Changes(data="[1]")).body == Json(content="[1]")
    assert changed(bare, Changes(data="a=1")).body == Text(content="a=1")
    assert changed(bare, Changes(data="")).method == "POST"
    assert changed(request, Changes(data="x")).method == "PUT"


def test_a_data_file_must_be_there() -> None:
    """The sentence names what was typed."""
    with pytest.raises(UsageError, match=r"none\.bin"):
        changed(request_of_url("http://a", SendOptions()), Changes(data="@none.bin"))


def test_nothing_said_changes_nothing() -> None:
    """The file's request goes out as it is."""
    request = EffectiveRequest(key="a", name="", method="PUT", url="/", body=Json(content="{}"))
    assert changed(request, Changes()) == request
