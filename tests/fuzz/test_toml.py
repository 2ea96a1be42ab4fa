"""Files of a collection and the settings: whatever stands in them, they are read or broken, and soon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from fuzzing import NASTY, bad_inputs, mutated
from hypothesis import strategies as st

from tui_client import config
from tui_client.errors import BrokenFile
from tui_client.model.wording import describe_error
from tui_client.storage.batch import read_batch
from tui_client.storage.document import Document, decode
from tui_client.storage.request_file import read_request
from tui_client.storage.shared_file import read_collection, read_environment, read_folder

PATH: Final = Path("r.toml")
SAMPLES: Final = Path(__file__).resolve().parents[2] / "collections"
READERS: Final[dict[str, Callable[[Document], object]]] = {
    "request": read_request,
    "collection": lambda document: read_collection(document, "c"),
    "folder": lambda document: read_folder(document, "f"),
    "environment": lambda document: read_environment(document, "e"),
    "batch": lambda document: read_batch(document, "b"),
}
WORDS: Final = (
    *("name", "method", "url", "tags", "path", "params", "headers", "body", "auth", "options", "capture", "assert"),
    *("kind", "content", "parts", "timeout", "connect", "query", "expr", "op", "value", "filters", "variables", "from"),
    *("format", "base_url", "history", "order", "requests", "data", "stage", "threshold", "retry", "on", "diff"),
    *("ignore", "duration", "select", "prompt", "secret", "env", "choice", "options", "max_age", "x-a", "a b", ""),
)
VALUES: Final = (
    *("''", '"a"', "1", "-1", "1.10", "1e400", "inf", "nan", "true", "[]", "{}", "[[]]", "[['a', 'b']]", "['a', 1]"),
    *(
        "2026-05-01",
        "2026-05-01T10:00:00Z",
        "10:00:00",
        "{ value = 1 }",
        "{ kind = 'json' }",
        "9" * 5000,
        "0x" + "f" * 9,
    ),
    *("{ from = 'a' }", "{ prompt = 'a' }", "{ env = 'HOME' }", "'{{a}}'", "'basic'", "'json'", "'GET'", '"\\u0000"'),
    *("'''\n'''", '"""a\\\n b"""', "[1, 'a', {}]", "['count', ['nth', 0]]", "{ a = { b = { c = 1 } } }", "'9s'"),
)
WHOLE: Final = [path.read_bytes() for path in sorted(SAMPLES.rglob("*.toml"))]

key = st.sampled_from(WORDS).map(lambda word: word if word.replace("_", "a").isalnum() else f'"{word}"')
dotted = st.lists(key, min_size=1, max_size=3).map(".".join)
line = st.one_of(
    st.builds("{} = {}".format, dotted, st.sampled_from(VALUES)),
    st.builds("[{}]".format, dotted),
    st.builds("[[{}]]".format, dotted),
    st.sampled_from(["# c", "", "<<<<<<< a", "=======", ">>>>>>> b", "]", "= 1", "\ufeff", "\0", "a.b.c = 1", "'"]),
)
documents = st.builds(
    lambda lines, end: end.join(lines), st.lists(line, min_size=1, max_size=8), st.sampled_from(["\n", "\r\n", "\r"])
)


def read(text: str, reader: str) -> object:
    """What the reader makes of a text, or its error, which must name a place that is there."""
    try:
        return READERS[reader](Document(PATH, text))
    except BrokenFile as error:
        assert error.reason
        assert describe_error(error)
        lines = text.count("\n") + 1
        assert error.line is None or 1 <= error.line <= lines
        return error


@bad_inputs(840, documents, st.sampled_from(sorted(READERS)))
def test_any_document_is_read_or_broken(text: str, reader: str) -> None:
    """Keys and values of the format in any combination: never another error."""
    read(text, reader)


@bad_inputs(560, mutated(st.sampled_from(WHOLE)), st.sampled_from(sorted(READERS)))
def test_damaged_files_are_read_or_broken(data: bytes, reader: str) -> None:
    """The sample's own files with bytes changed, gone or put in."""
    try:
        text = decode(PATH, data)
    except BrokenFile as error:
        assert error.reason
        return
    read(text, reader)


@pytest.fixture(scope="module")
def settings_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings") / "config.toml"


SETTINGS: Final = (
    *("theme", "options", "keymap", "sizes", "history", "replies", "network", "cookies", "hosts", "days", "megabytes"),
    *("environment", "keep", "verify", "send", "'a:1'", "enabled", "collections", "'$'", "'['"),
)


@bad_inputs(
    320,
    st.lists(
        st.builds(
            "{} = {}".format,
            st.lists(st.sampled_from(SETTINGS), min_size=1, max_size=3).map(".".join),
            st.sampled_from(VALUES),
        )
        | st.builds("[{}]".format, st.sampled_from(SETTINGS)),
        max_size=4,
    ).map("\n".join)
    | st.text(max_size=20),
)
def test_any_settings_are_read_or_broken(settings_file: Path, text: str) -> None:
    """The user's own file is no exception."""
    settings_file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(config.load(settings_file), config.Config)
    except BrokenFile as error:
        assert error.reason


COSTLY: Final[dict[str, str]] = {
    "a dotted key": ".".join("a" * 20_000) + " = 1",
    "a dotted header": f"[{'.'.join('a' * 20_000)}]",
    "a dotted key inside": f"a = {{ {'.'.join('a' * 20_000)} = 1 }}",
    "quoted parts": ".".join(["'a'"] * 20_000) + " = 1",
    "nested lists": "a = " + "[" * 100_000,
    "nested tables": "a = " + "{ a = " * 30_000,
    "many tables": "\n".join(f"[a{number}]" for number in range(20_000)),
    "one table many times": "[[a.b]]\n" * 20_000,
    "many keys": "\n".join(f"a{number} = 1" for number in range(20_000)),
    "a number": "a = " + "9" * 1_000_000,
    "open strings": 'a = "' * 50_000,
    "half a conflict": "<<<<<<< a\n" * 20_000 + "=======\n" * 20_000,
    "a conflict turned round": ">>>>>>> a\n" * 20_000 + "=======\n" * 20_000 + "<<<<<<< a\n" * 20_000,
    "marks in lines": ("<<<<<<< " * 9 + "\n") * 10_000,
    "quotes": "a = '''" + "''" * 100_000,
    "escapes": 'a = """' + '\\"' * 100_000,
    "carriage returns": "\r" * 200_000,
}


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY.keys())
def test_no_document_is_costly(text: str, cpu: Any) -> None:
    """What takes parsers minutes, or their whole stack, is refused or read in no time."""
    with cpu:
        assert isinstance(read(text, "request"), BrokenFile)


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY.keys())
def test_no_settings_are_costly(settings_file: Path, text: str, cpu: Any) -> None:
    """The same for the user's own file."""
    settings_file.write_text(text, encoding="utf-8", newline="")
    with cpu, pytest.raises(BrokenFile):
        config.load(settings_file)


@pytest.mark.parametrize("data", NASTY, ids=repr)
def test_no_bytes_of_their_own_are_more_than_broken(data: bytes) -> None:
    """A file of nothing else."""
    try:
        read(decode(PATH, data), "request")
    except BrokenFile as error:
        assert error.reason
