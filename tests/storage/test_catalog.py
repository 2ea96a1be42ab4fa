"""The words that requests are found by."""

from __future__ import annotations

from pathlib import Path

from tui_client.storage.catalog import Catalog, found_by
from tui_client.storage.library import Library

FILES = {
    "collection.toml": "format = 1\n",
    "a.toml": 'url = "/Orders"\nname = "All orders"\ntags = ["smoke", "slow"]\n',
    "b.toml": "oops\n",
    "c.toml": 'url = "/users"\n',
}


def catalog_of(root: Path) -> Catalog:
    for name, text in FILES.items():
        (root / name).write_text(text)
    return Catalog(Library(root))


def always() -> bool:
    return True


def test_requests_are_found_by_url_name_and_tag(tmp_path: Path) -> None:
    """In any case, each word somewhere; a tag by its beginning."""
    catalog = catalog_of(tmp_path)
    catalog.read(always)
    assert catalog.complete
    assert catalog.progress() == ""
    words = catalog.words("a")
    for text in ("orders", "all", "tag:smoke", "tag:sl", "orders tag:slow", "a"):
        assert found_by(text.split(), "a", words), text
    for text in ("tag:low", "orders users"):
        assert not found_by(text.split(), "a", words), text


def test_a_broken_file_has_no_words_and_stops_nothing(tmp_path: Path) -> None:
    """It is found by its path alone."""
    catalog = catalog_of(tmp_path)
    catalog.read(always)
    assert catalog.words("b") == ""
    assert catalog.words("c").startswith("/users")


def test_how_far_the_reading_is_can_be_said(tmp_path: Path) -> None:
    """It pauses for others, says what it has, and ends when nobody wants it."""
    for number in range(300):
        (tmp_path / f"r{number}.toml").write_text(f'url = "/{number}"\n')
    catalog = catalog_of(tmp_path)
    said: list[str] = []

    def pause(seconds: float) -> None:
        said.append(catalog.progress())

    catalog.read(lambda: len(said) < 3, pause)
    assert not catalog.complete
    assert all(text.endswith(" of 303 read") for text in said)
    assert len(set(said)) == 3
    assert catalog.words("a")


def test_a_second_reading_follows_the_files(tmp_path: Path) -> None:
    """A changed file has other words, a removed one none; meanwhile the old words stay."""
    catalog = catalog_of(tmp_path)
    catalog.read(always)
    (tmp_path / "a.toml").unlink()
    (tmp_path / "c.toml").write_text('url = "/people"\n')
    assert catalog.words("a")
    catalog.read(always)
    assert catalog.words("a") == ""
    assert catalog.words("c").startswith("/people")
