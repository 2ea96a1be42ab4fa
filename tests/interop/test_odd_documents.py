"""Documents with anything in any place: read and placed, or refused; never an error of ours, never a file elsewhere."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from fuzzing import Spent
from scale import tries

from tui_client.formats import importers
from tui_client.formats._data import json_or_yaml
from tui_client.formats._format import FormatError, Source
from tui_client.interop import importing
from tui_client.interop.placing import Placed
from tui_client.interop.shape import as_json

GOLDEN: Final = Path(__file__).parents[1] / "formats" / "golden"
FOLDERS: Final = {"http": "http_file"}
ODD: Final = (
    *(None, True, 0, -1, 1e308, 10**30, [], {}, [None], {"a": None}, [[]]),
    *("", "../../x", "..", "a/b", "a" * 5000, "é" * 300, "x\x00y", "\x1b[31m", "\u202e", "\u2028", "a\r\nb", "con"),
    *("{{", "}}", "{{a", "{{$guid}}", "{%", "${", "'''", '"""', "\\", "%", "://", "http://[", "folder", "collection"),
)
SIGNS: Final = (
    b"\x00",
    b"\xff",
    b"{{",
    b"}}",
    b'"',
    b"'",
    b"'''",
    b"\n",
    b"\r",
    b"../",
    b"[",
    b"{",
    b"\\u0000",
    b"9" * 400,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a document."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from places(each, (*path, key))


def with_odd_values(document: Any, dice: random.Random) -> bytes:
    """A document of JSON in which some values, names and numbers of things are others."""
    changed = [deepcopy(document)]
    for _ in range(dice.randrange(1, 5)):
        *above, last = dice.choice([path for path in places(changed) if path])
        around: Any = changed
        for key in above:
            around = around[key]
        if not isinstance(around, dict) or dice.random() < 0.7:
            around[last] = deepcopy(dice.choice(ODD))
        else:
            around[str(dice.choice(ODD))] = around.pop(last)
    return json.dumps(changed[0]).encode()


def with_odd_signs(data: bytes, dice: random.Random) -> bytes:
    """A text in which some signs are others, missing, or there again."""
    out = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(out) + 1)
        out[at : at + dice.choice((0, 1, 20))] = dice.choice((*SIGNS, bytes(out[at : at + 60]), b""))
    return bytes(out)


def documents(name: str, count: int) -> Iterator[Source]:
    """Damaged samples of a format."""
    dice = random.Random(name)
    files = sorted(path for path in (GOLDEN / FOLDERS.get(name, name)).iterdir() if path.is_file())
    for _ in range(count):
        file = dice.choice(files)
        data = file.read_bytes()
        if file.suffix in (".json", ".yaml", ".yml", ".har") and dice.random() < 0.8:
            # Recordings may hold half surrogate pairs, which only the lenient reader takes.
            document = json.loads(data) if file.suffix == ".har" else json_or_yaml(data)
            yield Source(file.name, with_odd_values(document, dice))
        else:
            yield Source(file.name, with_odd_signs(data, dice))


def assert_harmless(placed: Placed) -> None:
    for file in placed.files:
        parts = file.path.split("/")
        assert ".." not in parts and "" not in parts and all(len(part.encode()) <= 255 for part in parts)
        file.text.encode()


def is_placed(name: str, source: Source, workspace: Path) -> bool:
    """Whether it was read; if so, all of it is harmless."""
    try:
        found = importers()[name].read(source)
    except FormatError:
        return False
    placed = importing.place(found, importing.Target(workspace))
    assert_harmless(placed)
    json.dumps(as_json(found, placed), default=str)
    return True


@pytest.mark.parametrize("name", importers())
def test_anything_in_any_place_is_placed_or_refused(name: str, tmp_path: Path) -> None:
    """All the way to the texts of the files and the JSON, and most documents are read."""
    count = tries(100, 5000)
    read = 0
    for source in documents(name, count):
        with Spent():
            read += is_placed(name, source, tmp_path)
    assert read > count // 10
    assert list(tmp_path.iterdir()) == []
