"""The JSON Schema says the same as the reader."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tui_client.storage.schema import FILES, definitions, schema

COLLECTIONS = Path(__file__).parents[2] / "collections"
DEFINITIONS = definitions()
NUMBERS = {"string": str, "array": list, "object": dict, "boolean": bool, "integer": int, "null": type(None)}


def has_type(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, int | float) if name == "number" else isinstance(value, NUMBERS[name])


def accepts(rule: Any, value: Any) -> bool:
    """A validator of the keywords that our schema uses; any other keyword is a failure of this test."""
    if isinstance(rule, bool):
        return rule
    return all(keyword(name, rule, value) for name in rule)


def keyword(name: str, rule: dict[str, Any], value: Any) -> bool:
    wanted = rule[name]
    match name:
        case "$ref":
            return accepts(DEFINITIONS[wanted.removeprefix("#/$defs/")], value)
        case "anyOf":
            return any(accepts(each, value) for each in wanted)
        case "type":
            return any(has_type(value, each) for each in ([wanted] if isinstance(wanted, str) else wanted))
        case "enum":
            return value in wanted
        case "const":
            return bool(value == wanted)
        case "required":
            return all(key in value for key in wanted)
        case "properties":
            return all(accepts(wanted[key], item) for key, item in value.items() if key in wanted)
        case "additionalProperties":
            patterns = rule.get("patternProperties", {})
            known = rule.get("properties", {})
            rest = [key for key in value if key not in known and not any(re.search(each, key) for each in patterns)]
            return all(accepts(wanted, value[key]) for key in rest)
        case "items":
            return all(accepts(wanted, item) for item in value[len(rule.get("prefixItems", ())) :])
        case "prefixItems":
            return all(accepts(each, item) for each, item in zip(wanted, value, strict=False))
        case "minItems" | "minLength":
            return len(value) >= wanted
        case "pattern":
            return re.search(wanted, value) is not None
        case "title" | "description" | "default" | "examples" | "patternProperties":
            return True
        case _:
            raise AssertionError(name)


def kind_of(path: Path) -> str:
    if path.name in ("collection.toml", "folder.toml"):
        return path.stem
    return {"environments": "environment", "batches": "batch"}.get(path.parent.name, "request")


SAMPLES = [path for path in sorted(COLLECTIONS.rglob("*.toml")) if not path.name.endswith(".secret.toml")]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(COLLECTIONS).as_posix())
def test_every_sample_file_is_accepted_and_an_unknown_key_is_not(path: Path) -> None:
    """What the reader takes, editors take."""
    table = tomllib.loads(path.read_text())
    assert accepts(DEFINITIONS[kind_of(path)], table)
    assert accepts(DEFINITIONS[kind_of(path)], {**table, "x-tool": {"a": 1}})
    assert not accepts(DEFINITIONS[kind_of(path)], {**table, "unknown": 1})


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("params = [['a', 1], { name = 'b', value = '2', enabled = false }]", True),
        ("params = [['a']]", False),
        ("params = [['a', 1, 2]]", False),
        ("[params]\na = 1\nb = ['x', 2]\nc = { value = true, enabled = false }", True),
        ("[params]\npage.size = 10", False),
        ("[body]\nkind = 'form'\n[body.fields]\na = '1'\nb = ['1', '2']", True),
        ("[body]\nkind = 'multipart'\n[body.parts]\na = { file = 'a.png', type = 'image/png' }", True),
        ("[body]\nkind = 'multipart'\n[body.parts]\na = { fiel = 'a.png' }", False),
        ("[body]\nkind = 'jsn'", False),
        ("[body]\nkind = 'json'\ncontents = ''", False),
        ("[auth]\nkind = 'inherit'", True),
        ("[auth]\nkind = 'bearer'\ntoken = 1", False),
        ("[options]\ntimeout = { read = 1 }\nhttp2 = true", True),
        ("[options]\nhttp3 = true", False),
        ("[[assert]]\nquery = 'json'\nexpr = '$'\nop = '=='\nvalue = 1\nfilters = ['count', ['nth', 0]]", True),
        ("[[assert]]\nquery = 'json'\nop = '=='\nvalue = 1", False),
        ("[[assert]]\nquery = 'status'\nop = '='\nvalue = 1", False),
        ("[[assert]]\nquery = 'status'", False),
        ("[capture.a]\nquery = 'header'\nexpr = 'X'", True),
        ("[capture.a]\nquery = 'header'\nexpr = 'X'\nop = '=='", False),
    ],
)
def test_the_schema_takes_what_the_reader_takes(text: str, accepted: bool) -> None:
    """And refuses what it refuses."""
    assert accepts(DEFINITIONS["request"], tomllib.loads(text)) is accepted


def test_the_document_is_json_and_all_its_references_lead_somewhere() -> None:
    """For each kind of file."""
    for name in FILES:
        text = json.dumps(schema(name))
        found = re.findall(r'"\$ref": "#/\$defs/([^"]+)"', text)
        assert set(found) <= DEFINITIONS.keys()
