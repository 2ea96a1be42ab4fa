"""Run as a program: has a foreign format read hostile documents, and says what that made the process do.

Argument: the name of a module of `tui_client.formats`. Further arguments: files to damage.
"""

from __future__ import annotations

import importlib
import inspect
import json
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from audited import noting
from scale import tries

from tui_client.formats._format import FormatError

# Where a format names files that a request uploads: one that is there.
FILE_NAMES: Final = re.compile(rb'("(?:fileName|src|file|path)" *: *)"[^"]*"')
MEMORY_BYTES: Final = 2 << 30
DEEP: Final = 200_000
WIDE: Final = tries(100_000, 300_000)
# References that a reader could follow: to this machine's files and to others, and to themselves.
REFERENCES: Final = (
    b'{"$ref": "file:///etc/passwd"}',
    b'{"$ref": "http://127.0.0.1:9/x.json"}',
    b'{"a": {"$ref": "#/a"}}',
    b'{"$ref": "../../secret.json"}',
    b"$ref: /etc/passwd",
    b"a: !include /etc/passwd",
    b"a: !!python/object/apply:os.system [id]",
    b"!!python/name:os.system",
    b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>",
    b"curl -d @/etc/passwd -K /etc/passwd --netrc http://127.0.0.1:9",
    b"< /etc/passwd\nGET http://127.0.0.1:9/{{$(id)}}",
    b"meta {\n  name: a\n}\nscript:pre-request {\n  require('fs')\n}",
    b'{"item": [{"event": [{"script": {"exec": ["process.exit()"]}}]}]}',
)
BOMBS: Final = (
    b"[" * DEEP,
    b'{"a":' * DEEP,
    b"a: " + b"[" * DEEP,
    b"- " * DEEP,
    b"<a>" * DEEP,
    b"{\n" * DEEP,
    b"(" * DEEP,
    b'"' + b"\\" * DEEP,
    b"[" + b"{}," * WIDE + b"{}]",
    b'{"log": {"entries": [' + b"{}," * WIDE + b"{}]}}",
    b"a: 1\n" * WIDE,
    b"curl " + b"-H a " * WIDE,
    b"a: &a [x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(20)),
    b"\0" * WIDE,
    b"\xff\xfe" * WIDE,
    "é".encode("utf-16") * WIDE,
    b"\n" * WIDE,
    b"9" * WIDE,
    b"",
)


def documents(samples: list[bytes]) -> Iterator[bytes]:
    """Hostile ones, and damaged ones of the format itself."""
    yield from REFERENCES
    yield from BOMBS
    dice = random.Random(7)
    for sample in samples:
        yield sample
        yield FILE_NAMES.sub(rb'\1"/etc/passwd"', sample)
        for reference in REFERENCES[:4]:
            yield sample.replace(b'"http', b'"' + b"file", 1).replace(b"{}", reference)
        for _ in range(max(3, 120 // len(samples))):
            at = dice.randrange(len(sample) + 1)
            yield sample[:at] + dice.choice(REFERENCES) + sample[at + dice.randrange(9) :]


def refused(read: Callable[..., Any], document: bytes, **limits: int) -> bool:
    """Whether it raised the one error it may."""
    try:
        read(document, **limits)
    except FormatError as error:
        assert error.reason
        return True
    return False


def main() -> int:
    """Everything in less memory than a bomb would take."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    name, *files = sys.argv[1:]
    read = getattr(importlib.import_module(f"tui_client.formats.{name}"), f"read_{name}")
    samples = [Path(file).read_bytes() for file in files]
    # Once before: a codec of Python's, say, is imported when it is first needed.
    for document in documents(samples):
        refused(read, document)
    slowest = 0.0
    with noting() as noted:
        for count, document in enumerate(documents(samples), start=1):  # noqa: B007 - told below
            began = time.process_time()
            refused(read, document)
            slowest = max(slowest, time.process_time() - began)
        capped = refused(read, b" " * 11, max_bytes=10) and "max_bytes" in inspect.signature(read).parameters
    json.dump({"documents": count, "noted": noted, "slowest_s": slowest, "capped": capped}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
