"""Requests of ours as exporters take them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.formats import exporters
from tui_client.interop.exporting import export
from tui_client.storage.library import Library

COLLECTION = """format = 1
base_url = "http://127.0.0.1:9"
[variables]
host_home = { env = "HOME" }
asked = { prompt = "Which?" }
plain = "a value"
"""
REQUEST = """name = "One"
method = "POST"
url = "/x"
[params]
id = "{{asked}}"
p = "{{plain}}"
home = "{{host_home}}"
[auth]
kind = "bearer"
token = "{{token}}"
[body]
kind = "json"
content = '{"a": "{{nobody}}"}'
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """One request with variables of all kinds, and a secret."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "collection.toml").write_text(COLLECTION)
    (tmp_path / "one.toml").write_text(REQUEST)
    (tmp_path / "environments/local.toml").write_text("[variables]\ntoken = { secret = true }\n")
    secret = tmp_path / "environments/local.secret.toml"
    secret.write_text('token = "canary-s3cret"\n')
    secret.chmod(0o600)
    return Library(tmp_path)


@pytest.mark.parametrize("name", exporters())
def test_every_format_writes_a_request_without_its_secret(library: Library, name: str) -> None:
    """Nor a value of this machine; what is only known when it is sent stands there by its name."""
    text = export(library, exporters()[name], ["."], "local", {}).text
    assert "canary-s3cret" not in text and str(Path.home()) not in text
    for variable in ("token", "asked", "home", "nobody"):
        assert variable in text.lower()
    assert "127.0.0.1:9" in text


def test_a_name_stands_readably_in_the_url(library: Library) -> None:
    """Not percent-encoded; what the command line gives is a value, and what a file gives is encoded."""
    curl = exporters()["curl"]
    assert "id={{asked}}&p=a%20value" in export(library, curl, ["one"], "local", {}).text
    assert "id=7&p=a%20value" in export(library, curl, ["one"], "local", {"asked": "7"}).text
