"""What `check` tells beyond what keeps a file from loading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui_client.storage.library import Library

ASSERT = "[[assert]]\nquery = 'status'\nop = '=='\nvalue = 200\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "reason"),
    [
        ("url = '{{a'", 1, 1, "$.url", "'{{a' is not a template: expected }}, found the end"),
        ("name = 'x'\nurl = '{{lowr(a)}}'", 2, 1, "$.url", "no function lowr(); did you mean lower()?"),
        ("method = '{{'", 1, 1, "$.method", "is not a template"),
        ("[params]\na = 1\n b = '{{'", 3, 2, "$.params.b", "is not a template"),
        ("[params]\n'{{' = 1", 2, 1, '$.params."{{"', "is not a template"),
        ("[params]\na = ['1', '{{']", 2, 11, "$.params.a[1]", "is not a template"),
        ("[params]\na = ['1', '2']\nb = { value = '{{' }", 3, 7, "$.params.b.value", "is not a template"),
        ("headers = [\n  ['A', '1'],\n  ['B', '{{'],\n]", 3, 9, "$.headers[1][1]", "is not a template"),
        ("headers = [{ name = '{{', value = '1' }]", 1, 14, "$.headers[0].name", "is not a template"),
        ("[body]\nkind = 'json'\ncontent = '{{'", 3, 1, "$.body.content", "is not a template"),
        ("[body]\nkind = 'form'\n[body.fields]\na = 1\nb = '{{'", 5, 1, "$.body.fields.b", "is not a template"),
        ("[body]\nkind = 'form'\nfields = [['a', '{{']]", 3, 17, "$.body.fields[0][1]", "is not a template"),
        ("[auth]\nkind = 'bearer'\ntoken = '{{'", 3, 1, "$.auth.token", "it is not a template"),
        ("[capture.a]\nquery = 'header'\nexpr = '{{'", 3, 1, "$.capture.a.expr", "is not a template"),
        ("[capture.a]\nquery = 'json'\nexpr = 'id'", 3, 1, "$.capture.a.expr", "'id' is not a JSONPath"),
        ("[capture.a]\nquery = 'xpath'\nexpr = '//['", 3, 1, "$.capture.a.expr", "'//[' can't be used"),
        (ASSERT + "[[assert]]\nquery = 'regex'\nexpr = '('\nop = 'exists'", 7, 1, "$.assert[1].expr", "missing )"),
        ("[[assert]]\nquery = 'body'\nop = 'matches'\nvalue = '('", 4, 1, "$.assert[0].value", "missing )"),
        ("[[assert]]\nquery = 'body'\nop = 'matches'\nvalue = 5", 4, 1, "$.assert[0].value", "needs a pattern"),
        (
            "[[assert]]\nquery = 'body'\nop = '=='\nvalue = ['a', { b = '{{' }]",
            4, 17, "$.assert[0].value[1].b", "is not a template",
        ),
        (
            "[capture.a]\nquery = 'body'\nfilters = ['count', ['regex', '(']]",
            3, 31, "$.capture.a.filters[1][1]", "missing )",
        ),
        (
            "[capture.a]\nquery = 'body'\nfilters = [['replace', 'a', '{{']]",
            3, 29, "$.capture.a.filters[0][2]", "is not a template",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_request_names_its_place(
    library: Callable[..., Library], text: str, line: int, column: int, path: str, reason: str
) -> None:
    """Line and column of the key or the item; the request loads and stands in the tree all the same."""
    found = library({"a.toml": text})
    (error,) = found.problems()
    assert (error.path.name, error.line, error.column, error.toml_path) == ("a.toml", line, column, path)
    assert reason in error.reason
    assert found.load("a").request
    assert [entry.key for entry in found.entries("shop")] == ["a"]


@pytest.mark.parametrize(
    ("file", "text", "line", "path"),
    [
        ("collection.toml", "base_url = '{{'", 1, "$.base_url"),
        ("collection.toml", "[headers]\na = '{{'", 2, "$.headers.a"),
        ("users/folder.toml", "[auth]\nkind = 'bearer'\ntoken = '{{'", 3, "$.auth.token"),
        ("users/folder.toml", "[variables]\na = 1\nb = '{{'", 3, "$.variables.b"),
        ("environments/local.toml", "[variables]\na = { options = ['x', '{{'] }", 2, "$.variables.a.options[1]"),
        ("environments/local.toml", "base_url = '{{'", 1, "$.base_url"),
    ],
)
def test_a_mistake_in_a_shared_file_names_its_place(
    library: Callable[..., Library], file: str, text: str, line: int, path: str
) -> None:
    """Folders, the collection and environments hold templates too."""
    (error,) = library({"users/a.toml": "", file: text}).problems()
    assert error.path.as_posix().endswith(file)
    assert (error.line, error.toml_path) == (line, path)


@pytest.mark.parametrize(
    "text",
    [
        "url = '{{nobody.knows}}'",
        "name = '{{'\ndescription = '{{'\ntags = ['{{']",
        "[params]\na = { value = '{{', enabled = false }\nenabled = false",
        "[[assert]]\nquery = 'regex'\nexpr = '('\nop = 'exists'\nenabled = false",
        "[[assert]]\nquery = 'json'\nexpr = '$.{{field}}'\nop = 'matches'\nvalue = '{{pattern}}'",
        "[capture.a]\nquery = 'body'\nfilters = [['regex', '{{pattern}}(']]",
        "[body]\nkind = 'form'\ntemplate = false\nfields = [['a', '{{']]",
        "[x-tool]\na = '{{'",
    ],
)
def test_what_sending_does_not_read_is_no_mistake(library: Callable[..., Library], text: str) -> None:
    """Unknown variables, what is switched off, words for people, and expressions that a variable completes."""
    assert list(library({"a.toml": text}).problems()) == []


def test_every_mistake_of_a_file_is_told(library: Callable[..., Library]) -> None:
    """None hides another, since the file can be read."""
    text = "url = '{{'\n[[assert]]\nquery = 'json'\nexpr = 'id'\nop = 'matches'\nvalue = '('\n"
    found = library({"a.toml": text, "b.toml": "<"}).problems()
    assert [(error.path.name, error.toml_path) for error in found] == [
        ("a.toml", "$.url"),
        ("a.toml", "$.assert[0].expr"),
        ("a.toml", "$.assert[0].value"),
        ("b.toml", ""),
    ]


def test_the_sample_collections_have_no_mistakes() -> None:
    """What comes along is in order."""
    library = Library(Path(__file__).parents[2] / "collections")
    assert library.count_files() > 10
    assert list(library.problems()) == []
