"""Paths as people type, paste and drop them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.tui.widgets.path_words import PathSuggester, is_text, path_of


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("shop.json", "shop.json"),
        ("  /a/shop.json ", "/a/shop.json"),
        ("'/a/My API.json'", "/a/My API.json"),
        ('"/a/it\'s.json"', "/a/it's.json"),
        ("file:///a/My%20API.json", "/a/My API.json"),
        ("FILE://localhost/a/b.json", "/a/b.json"),
        (r"/a/My\ API\ \(1\).json", "/a/My API (1).json"),
        (r"C:\odd", "C:odd"),
        ("/a/'unclosed", "/a/'unclosed"),
        ("\\", "\\"),
        ("", ""),
    ],
)
def test_a_path_is_what_the_word_means(word: str, path: str) -> None:
    """Quotes, a shell's backslashes and file:// are no part of a name."""
    assert path_of(word) == path


def test_a_tilde_is_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Quoted or not."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert path_of("~/a.json") == path_of("'~/a.json'") == str(tmp_path / "a.json")
    assert path_of("~nobody-of-this-name/a") == "~nobody-of-this-name/a"


@pytest.mark.parametrize("text", ["curl http://a", '{"a": 1}', "openapi: 3.1.0", "GET /a\nHost: b", "[1]", "a\r\nb"])
def test_a_document_is_no_path(text: str) -> None:
    """What has lines, or begins like one."""
    assert is_text(text)


@pytest.mark.parametrize("text", ["shop.json", "~/curl.txt", "/a b/c", "http://a/openapi.json", "shop.json\n", ""])
def test_a_path_is_no_document(text: str) -> None:
    """A terminal may put a line's end after a dropped file."""
    assert not is_text(text)


async def test_the_rest_of_a_name_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first by name; of a folder with its slash; nothing of a name that is no text, and none that is hidden."""
    (tmp_path / "apis" / "shop").mkdir(parents=True)
    for name in ("shop.json", "zoo.yaml", "b\x1b[31m.json", ".hidden"):
        (tmp_path / "apis" / name).write_text("")
    monkeypatch.setenv("HOME", str(tmp_path))
    suggest = PathSuggester().get_suggestion
    assert await suggest("~/ap") == "~/apis/"
    assert await suggest(f"{tmp_path}/apis/sho") == f"{tmp_path}/apis/shop.json"
    assert await suggest(f"{tmp_path}/apis/shop/") is None
    for typed in ("b", "q", "nowhere/x"):
        assert await suggest(f"{tmp_path}/apis/{typed}") is None
    for typed in ("", "http://a/b", "curl x", "~nobody-of-this-name/a", "a\0b"):
        assert await suggest(typed) is None
