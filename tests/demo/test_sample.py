"""The sample collection is found, and its copy is set to the server."""

from __future__ import annotations

import tomllib

from tui_client.demo.sample import copy_sample, sample_path


def test_the_sample_is_a_collection():
    """Wherever it is, collection.toml is in it."""
    assert (sample_path() / "collection.toml").is_file()


def test_a_copy_points_at_the_server_and_keeps_its_comments(tmp_path):
    """Only base_url differs."""
    copied = copy_sample(tmp_path / "scratch" / "demo", "http://127.0.0.1:54321")
    text = (copied / "environments" / "local.toml").read_text()
    original = (sample_path() / "environments" / "local.toml").read_text()
    assert tomllib.loads(text)["base_url"] == "http://127.0.0.1:54321"
    assert text.replace("http://127.0.0.1:54321", "http://127.0.0.1:8000") == original
    assert "#" in original


def test_a_copy_has_every_file(tmp_path):
    """And they can be written to."""
    copied = copy_sample(tmp_path / "demo", "http://127.0.0.1:1")
    relative = {path.relative_to(sample_path()) for path in sample_path().rglob("*")}
    assert {path.relative_to(copied) for path in copied.rglob("*")} == relative
    (copied / "collection.toml").write_text("format = 1\n")
