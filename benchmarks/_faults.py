"""The hostile server of the tests, in a process of its own, for measurements."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

_SERVER: Final = Path(__file__).parent.parent / "tests" / "support" / "faulty_server.py"


class Faults(NamedTuple):
    """port: of plain HTTP. tls: ports by what is wrong with their TLS. ca: the authority's file. paths: all plays."""

    port: int
    tls: dict[str, int]
    ca: str
    paths: list[str]

    def url(self, path: str) -> str:
        """Where `path` ("reset/body") is played."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def secure_url(self, name: str, path: str = "ok") -> str:
        """The same behind TLS that is wrong in the way `name` says."""
        return f"https://127.0.0.1:{self.tls[name]}/{path}"


@contextmanager
def faults() -> Iterator[Faults]:
    """A running server; it ends with the block, or with this process."""
    with subprocess.Popen(
        [sys.executable, _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Faults(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()
