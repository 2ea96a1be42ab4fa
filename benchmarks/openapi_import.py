"""How long documents of thousands of operations take to be read, and how much memory: 10 MB of JSON, 4 MB of YAML.

python benchmarks/openapi_import.py [--json-mb 10] [--yaml-mb 4]

The documents are made in the style of large published ones: shared parameters, headers, schemas and examples, of which
most stand in the components. Each is read in a process of its own, whose peak is measured by the system; what Python
and the modules take is in it. "whole": the command as it is typed, `tui-client import FILE -C NEW`, with its start, the
texts of all files and their writing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

WORDS = "The account owner of the repository can list, create and remove what belongs to a team of an organization. "


def schema(number: int, count: int) -> dict[str, Any]:
    """One of the shared schemas; it refers to others, and now and then to itself."""
    properties: dict[str, Any] = {
        f"field_{name}": {"type": "string", "description": WORDS, "example": f"value {name}"} for name in range(12)
    }
    properties |= {f"count_{name}": {"type": "integer", "minimum": name, "example": name + 3} for name in range(4)}
    properties["url"] = {"type": "string", "format": "uri", "readOnly": number % 3 == 0}
    properties["owner"] = {"$ref": f"#/components/schemas/s{(number * 7 + 1) % count}"}
    properties["labels"] = {"type": "array", "items": {"$ref": f"#/components/schemas/s{(number * 5 + 2) % count}"}}
    properties["state"] = {"anyOf": [{"type": "string", "enum": ["open", "closed"]}, {"type": "integer"}]}
    return {"type": "object", "title": f"S {number}", "required": ["field_0", "count_1"], "properties": properties}


def operation(number: int, count: int) -> dict[str, Any]:
    """One operation, with parameters, a body of its own and shared replies."""
    parameters = [{"$ref": f"#/components/parameters/p{(number * 3 + each) % 50}"} for each in range(6)]
    own = {f"own_{name}": {"type": "string", "description": WORDS} for name in range(6)}
    body = {"type": "object", "required": ["own_1"], "properties": own | {
        "inner": {"$ref": f"#/components/schemas/s{number % count}"}}}  # fmt: skip
    reply = {"schema": {"$ref": f"#/components/schemas/s{number % count}"},
             "examples": {"default": {"$ref": f"#/components/examples/e{number % 200}"}}}  # fmt: skip
    return {
        "summary": f"Operation {number}",
        "description": WORDS * 3,
        "operationId": f"group{number % 40}/operation-{number}",
        "tags": [f"group{number % 40}"],
        "externalDocs": {"url": f"https://docs.example/rest/{number}"},
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "Response", "content": {"application/json": reply}},
                      "404": {"$ref": "#/components/responses/missing"}},
        "x-origin": {"category": f"group{number % 40}", "enabled": True},
    }  # fmt: skip


def document(size: int) -> dict[str, Any]:
    """A document of about so many characters of JSON."""
    pair = len(json.dumps(schema(1, 10))) // 2 + len(json.dumps(operation(1, 10)))
    operations = max(10, (size - 400_000) // pair)
    count = max(5, operations // 2)
    paths: dict[str, Any] = {}
    for number in range(operations):
        item = paths.setdefault(f"/group{number % 40}/{{p0}}/things{number // 2}", {})
        item["post" if number % 2 else "put"] = operation(number, count)
    names = [f"p{each}" for each in range(50)]
    return {
        "openapi": "3.0.3",
        "info": {"title": "Large", "version": "1"},
        "servers": [{"url": "https://api.large.example"}],
        "paths": paths,
        "components": {
            "parameters": {name: {"name": name, "in": "path" if name == "p0" else "query", "description": WORDS,
                                  "required": name == "p0", "schema": {"type": "string"}} for name in names},
            "responses": {"missing": {"description": "Resource not found"}},
            "examples": {f"e{each}": {"value": {f"k{n}": WORDS for n in range(15)}} for each in range(200)},
            "schemas": {f"s{each}": schema(each, count) for each in range(count)},
        },
    }  # fmt: skip


def read_one(path: Path) -> None:
    """In a process of its own: read the file, print what it took."""
    from tui_client.formats.openapi import read_openapi

    data = path.read_bytes()
    began = perf_counter()
    found = read_openapi(data, name=path.name)
    took = perf_counter() - began
    # Not getrusage: what it says includes what the process was before it became this program.
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    requests = found.collections[0].requests
    sampled = sum(len(getattr(each.request.body, "content", "")) for each in requests)
    print(json.dumps({"s": took, "peak": peak, "requests": len(requests), "lines": len(found.report), "body": sampled}))


def main() -> None:
    """Make both documents, read each, print the figures beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json-mb", type=float, default=10)
    parser.add_argument("--yaml-mb", type=float, default=4)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        read_one(options.read)
        return
    with tempfile.TemporaryDirectory() as scratch:
        whole = json.dumps(document(int(options.json_mb * 1e6)))
        (Path(scratch) / "large.json").write_text(whole)
        small = yaml.dump(document(int(options.yaml_mb * 0.93e6)), Dumper=yaml.CSafeDumper, sort_keys=False, width=1000)
        (Path(scratch) / "large.yaml").write_text(small)
        for name, bar in (("large.json", "< 5 s, < 400 MB"), ("large.yaml", "< 10 s")):
            path = Path(scratch) / name
            done = subprocess.run(
                [sys.executable, __file__, "--read", str(path)], capture_output=True, text=True, check=True
            )
            figures = json.loads(done.stdout)
            began = perf_counter()
            command = [
                sys.executable,
                "-m",
                "tui_client",
                "import",
                str(path),
                "-C",
                str(Path(scratch) / f"new-{name}"),
            ]
            subprocess.run(command, capture_output=True, check=True)
            whole_s = perf_counter() - began
            print(
                f"{name} {path.stat().st_size / 1e6:.1f} MB: {figures['s']:.2f} s, whole {whole_s:.2f} s, "
                f"peak {figures['peak'] / 1e6:.0f} MB, {figures['requests']:,} requests, "
                f"{figures['body'] / 1e6:.1f} MB of bodies, "
                f"{figures['lines']} lines of report   (bar {bar})"
            )


if __name__ == "__main__":
    main()
