"""Broken files: each says file, line, column and TOML path, and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.errors import BrokenFile
from tui_client.model.wording import describe_error
from tui_client.storage.document import MAX_BYTES, Document, read_document
from tui_client.storage.library import Library
from tui_client.storage.request_file import read_request

PATH = Path("r.toml")


def broken(text: str) -> BrokenFile:
    with pytest.raises(BrokenFile) as caught:
        read_request(Document(PATH, text))
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "reason"),
    [
        ("name = 1", 1, 1, "$.name", "must be text, not a whole number"),
        ('\nurl = "/"\nurl = "/"\n', 3, 10, "", "Cannot overwrite a value"),
        ('url = "/', 1, 9, "", "Unterminated string"),
        ("a b = 1", 1, 3, "", "Expected '='"),
        ("[params", 1, 8, "", "the file ends too early"),
        ('url = "/"\nurls = "/"\n', 2, 1, "$.urls", "did you mean 'url'?"),
        ('method = "NOT ONE"', 1, 1, "$.method", "not a method"),
        ('method = ""', 1, 1, "$.method", "not a method"),
        ("tags = ['a',\n  2]", 2, 3, "$.tags[1]", "must be text"),
        ("tags = 'a'", 1, 1, "$.tags", "must be a list, not text"),
        ("params = 1", 1, 1, "$.params", "must be a table"),
        ("[params]\na = 1\n  page.size = 10", 3, 3, "$.params.page", 'must be quoted: "page.size"'),
        ("[params]\npage.value = 10", 2, 1, "$.params.page", 'must be quoted: "page.value"'),
        ("params.page.size = 10", 1, 1, "$.params.page", 'must be quoted: "page.size"'),
        ("[params]\na = [[1]]", 2, 6, "$.params.a[0]", "must be text, a number or a boolean, not a list"),
        ("[params]\na = { value = 1, enable = false }", 2, 18, "$.params.a.enable", "did you mean 'enabled'?"),
        ('[params]\na = { value = 1, enabled = "no" }', 2, 18, "$.params.a.enabled", "must be true or false, not text"),
        ('[params]\na = { name = "b" }', 2, 7, "$.params.a.name", "its name twice"),
        ("headers = [\n  ['A', '1'],\n  ['B'],\n]", 3, 3, "$.headers[1]", '["name", "value"]'),
        ("headers = [{ value = '1' }]", 1, 12, "$.headers[0]", "needs 'name'"),
        ("[body]\ncontent = ''", 1, 1, "$.body", "needs 'kind', one of"),
        ("[body]\nkind = 'jsn'", 2, 1, "$.body.kind", "did you mean 'json'?"),
        ("[body]\nkind = 'json'\ncontents = ''", 3, 1, "$.body.contents", "did you mean 'content'?"),
        ("[body]\nkind = 'json'\ncontent = 1", 3, 1, "$.body.content", "must be text, not a whole number"),
        ("[auth]\nkind = 'baerer'", 2, 1, "$.auth.kind", "did you mean 'bearer'?"),
        ("[auth]\nkind = 'inherit'\ntoken = ''", 3, 1, "$.auth.token", "unknown key"),
        ("[options]\ntimeout = { connect = 'x' }", 2, 13, "$.options.timeout.connect", "not text"),
        ("[options]\ntimeout = { read = -1 }", 2, 13, "$.options.timeout.read", "a number of seconds"),
        ("[options]\ntimeout = { read = nan }", 2, 13, "$.options.timeout.read", "a number of seconds"),
        ("[options.timeout]\nreed = 1", 2, 1, "$.options.timeout.reed", "unknown key 'reed'"),
        ("[options]\nverfy = true", 2, 1, "$.options.verfy", "did you mean 'verify'?"),
        ("[capture]\na = 1", 2, 1, "$.capture.a", "must be a table"),
        ("[capture.a]\nexpr = '$'", 1, 1, "$.capture.a", "needs 'query'"),
        ("[capture.a]\nquery = 'jason'\nexpr = '$'", 2, 1, "$.capture.a.query", "did you mean 'json'?"),
        ("[capture.a]\nquery = 'json'", 1, 1, "$.capture.a", "needs 'expr'"),
        ("[capture.a]\nquery = 'status'\nop = '=='", 3, 1, "$.capture.a.op", "unknown key 'op'"),
        ("[[assert]]\nquery = 'url'\nop = 'exists'\n[[assert]]\nquery = 'url'", 4, 1, "$.assert[1]", "needs 'op'"),
        ("[[assert]]\nquery = 'status'\nop = 'isIntger'", 3, 1, "$.assert[0].op", "did you mean 'isInteger'"),
        ("[[assert]]\nquery = 'status'\nop = '=='", 3, 1, "$.assert[0].op", "needs a 'value'"),
        ("[[assert]]\nquery = 'status'\nop = 'exists'\nvalue = 1", 3, 1, "$.assert[0].op", "takes no value"),
        (
            "[[assert]]\nquery = 'body'\nop = 'exists'\nfilters = ['count', 'cuont']",
            4, 21, "$.assert[0].filters[1]", "did you mean 'count'?",
        ),
        (
            "[[assert]]\nquery = 'body'\nop = 'exists'\nfilters = [['nth', 'x']]",
            4, 12, "$.assert[0].filters[0]", "the filter nth takes a whole number",
        ),
        ("a = 1\n<<<<<<< ours\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n", 2, 1, "", "merge-conflict markers"),
        ("a = 1\r\n<<<<<<< o\r\n=======\r\nb = 2\r\n>>>>>>> t\r\n", 2, 1, "", "merge-conflict markers"),
        # Half an hour, for a pattern that looks for all three at once.
        ("<<<<<<< a\n" * 500 + "=======\n" * 500, 1, 1, "", "Invalid"),
        ("x = " + "[" * 5000, 1, 105, "", "nested too deep"),
        ("x = " + "{a=" * 5000, 1, 305, "", "nested too deep"),
        (".".join("a" * 20_000) + " = 1", 1, 202, "", "more than 100 parts"),
        ("[" + " . ".join("a" * 20_000) + "]", 1, 404, "", "more than 100 parts"),
        ("[params]\nn = " + "9" * 5000, 2, 5, "", "holds a whole number of more than 4,300 digits"),
        ("[params]\ns = '" + "9" * 5000 + "'\nn = [-" + "1_0" * 2500 + "]", 3, 6, "", "more than 4,300 digits"),
        ("\x00", 1, 1, "", ""),
    ],
)  # fmt: skip
def test_a_broken_request_names_its_place(
    text: str, line: int | None, column: int | None, path: str, reason: str
) -> None:
    """Line and column count from 1 and point at the key, the item or the header."""
    error = broken(text)
    assert (error.line, error.column, error.toml_path) == (line, column, path)
    assert reason in error.reason
    assert describe_error(error)


@pytest.mark.parametrize(
    ("file", "text", "line", "path", "reason"),
    [
        ("collection.toml", "format = 2", 1, "$.format", "reads format 1"),
        ("collection.toml", "bas_url = 'x'", 1, "$.bas_url", "did you mean 'base_url'?"),
        ("collection.toml", "history = 'no'", 1, "$.history", "must be true or false"),
        ("users/folder.toml", "history = false", 1, "$.history", "unknown key"),
        ("users/folder.toml", "base_url = 'x'", 1, "$.base_url", "unknown key"),
        ("users/folder.toml", "order = 'list'", 1, "$.order", "must be a list"),
        ("environments/local.toml", "auth = {}", 1, "$.auth", "unknown key"),
        ("environments/local.toml", "[variables]\na = { x = 1 }", 2, "$.variables.a", "exactly one of from, prompt"),
        ("environments/local.toml", "[variables]\na = { secret = true, env = 'A' }", 2, "$.variables.a", "exactly one"),
        ("environments/local.toml", "[variables]\na = { secret = false }", 2, "$.variables.a.secret", "must be true"),
        ("environments/local.toml", "[variables]\na = { options = [] }", 2, "$.variables.a.options", "at least one"),
        (
            "environments/local.toml",
            "[variables]\na = { from = 'list', max_age = '5 minutes' }", 2, "$.variables.a.max_age", "a duration like",
        ),
        (
            "environments/local.toml",
            "[variables]\na = { prompt = 'x', max_age = '5m' }", 2, "$.variables.a.max_age", "unknown key",
        ),
        (
            "collection.toml",
            "[variables]\na = { from = 'lst' }", 2, "$.variables.a.from", "no request 'lst'; did you mean 'list'",
        ),
        ("collection.toml", "[variables]\na = { from = 'list' }", 2, "$.variables.a.from", "has no [capture.a]"),
        ("batches/b.toml", "request = []", 1, "$.request", "did you mean 'requests'?"),
        ("batches/b.toml", "requests = ['list', 'lst']", 1, "$.requests[1]", "no request 'lst'; did you mean 'list'?"),
        ("batches/b.toml", "concurrency = 0", 1, "$.concurrency", "more than 0"),
        ("batches/b.toml", "on_exhausted = 'go'", 1, "$.on_exhausted", "Invalid enum value 'go'"),
        ("batches/b.toml", "[retry]\ncuont = 1", 2, "$.retry.cuont", "unknown key"),
        ("batches/b.toml", "[[threshold]]\nmetric = 'latency'", 1, "$.threshold[0]", "needs 'op'"),
        ("list.toml", "x = 1", 1, "$.x", "unknown key"),
    ],
)  # fmt: skip
def test_check_names_every_broken_file_and_goes_on(
    library: Callable[..., Library], file: str, text: str, line: int, path: str, reason: str
) -> None:
    """One complaint for the broken file; another broken file is still found."""
    found = list(library({"list.toml": "", "zz.toml": "<", file: text}).problems())
    assert len(found) == 2
    error = next(error for error in found if error.path.name != "zz.toml")
    assert error.path.as_posix().endswith(file)
    assert (error.line, error.toml_path) == (line, path)
    assert reason in error.reason


def test_a_whole_collection_has_no_problems(library: Callable[..., Library]) -> None:
    """A source that exists and captures, and tables of other tools, are fine."""
    files = {
        "collection.toml": 'format = 1\n[variables]\nt = { from = "login", max_age = "1h30m" }\n[x-tool]\na = 1\n',
        "login.toml": '[capture.t]\nquery = "status"\n[x-tool]\na = 1\n',
        "batches/b.toml": (
            'requests = ["login"]\nsetup = []\ndata = "d.csv"\non_exhausted = "wrap"\nconcurrency = 2\nrate = 50\n'
            'overflow = "drop"\niterations = 3\ndelay = "0s"\nbail = true\nretry_unsafe = false\n'
            'retry = { count = 3, on = ["connect", 429] }\n[[threshold]]\nmetric = "latency"\n'
            'select = { tag = "a" }\nagg = "p95"\nop = "<"\nvalue = 300\n'
        ),
    }
    assert list(library(files).problems()) == []
    assert list(library(files).warnings()) == []


def test_an_order_that_names_nothing_is_a_warning(library: Callable[..., Library]) -> None:
    """It breaks nothing, so it is no problem."""
    found = library({"collection.toml": 'order = [\n  "list",\n  "lsit",\n]', "list.toml": ""})
    assert list(found.problems()) == []
    (warning,) = found.warnings()
    assert (warning.line, warning.column, warning.toml_path) == (3, 3, "$.order[1]")


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"name = '\xff'", 1, 9, "is not UTF-8: byte 0xff"),
        (b"# \xc3\xa9\nname = '\xc3\xa9\xff'", 2, 10, "is not UTF-8"),
        (b"\xff\xfen\x00", 1, 1, "is not UTF-8"),
        (b" " * (MAX_BYTES + 1), None, None, "is larger than 4 MiB"),
    ],
)
def test_a_file_that_is_no_text_says_why(
    tmp_path: Path, data: bytes, line: int | None, column: int | None, reason: str
) -> None:
    """Its place is that of the first bad byte."""
    (tmp_path / "r.toml").write_bytes(data)
    with pytest.raises(BrokenFile) as caught:
        read_document(tmp_path / "r.toml")
    assert (caught.value.line, caught.value.column) == (line, column)
    assert reason in caught.value.reason


def test_what_is_not_a_regular_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe would wait for ever."""
    os.mkfifo(tmp_path / "r.toml")
    with pytest.raises(BrokenFile, match="not a regular file"):
        read_document(tmp_path / "r.toml")
    with pytest.raises(BrokenFile, match="No such file"):
        read_document(tmp_path / "none.toml")


@given(st.text(st.sampled_from("ab.=[]{}\"'\\\n #1,<>") | st.characters(), max_size=60))
@settings(max_examples=400, deadline=None)
def test_no_text_does_worse_than_a_broken_file(text: str) -> None:
    """Whatever stands in a file, it is a request or a BrokenFile."""
    try:
        read_request(Document(PATH, text))
    except BrokenFile as error:
        assert error.reason
