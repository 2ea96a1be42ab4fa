"""Run as a program: reads the operation that its arguments name, and writes it as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from tui_client.interop.operation import read_operation


def main() -> None:
    """Arguments: collection, document, operation. `null` where there is none."""
    root, document, operation = sys.argv[1:4]
    sys.stdout.buffer.write(msgspec.json.encode(read_operation(Path(root), (document, operation))))


if __name__ == "__main__":
    main()
