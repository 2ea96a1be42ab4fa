"""The user's own options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import BrokenFile
from tui_client.model.options import SendOptions, Timeouts
from tui_client.storage.defaults import read_defaults


def test_options_of_the_user_stand_over_the_built_in_ones(tmp_path: Path) -> None:
    """What isn't said stays; 0 means no limit."""
    path = tmp_path / "config.toml"
    assert read_defaults(path) == SendOptions()
    path.write_text('theme = "x"\n')
    assert read_defaults(path) == SendOptions()
    path.write_text("[options]\nhttp2 = true\ntimeout = { total = 0, read = 3 }\n")
    limits = Timeouts(read=3, total=None, given=frozenset({"read", "total"}))
    assert read_defaults(path) == SendOptions(timeouts=limits, http2=True)


def test_a_wrong_option_names_its_place(tmp_path: Path) -> None:
    """Line, column and TOML path."""
    path = tmp_path / "config.toml"
    path.write_text("[options]\nhttp3 = true\n")
    with pytest.raises(BrokenFile) as caught:
        read_defaults(path)
    assert (caught.value.line, caught.value.column, caught.value.toml_path) == (2, 1, "$.options.http3")
