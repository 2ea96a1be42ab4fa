"""Run as a program: JSON from standard input, indented to standard output. A refusal is one line on standard error.

Formatting holds the interpreter's lock from its first byte to its last, so a large body needs a process of its own.
"""

from __future__ import annotations

import codecs
import sys

import msgspec

REFUSED = 3


def main() -> int:
    """Format standard input; 0, or 3 if it is refused."""
    try:
        text = msgspec.json.format(sys.stdin.buffer.read().removeprefix(codecs.BOM_UTF8), indent=2)
    except (msgspec.DecodeError, RecursionError) as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
