"""Run as a program: JSON from standard input, indented to standard output. A refusal is one line on standard error.

Formatting holds the interpreter's lock from its first byte to its last, so a large body needs a process of its own.
"""

from __future__ import annotations

import codecs
import mmap
import sys

import msgspec

REFUSED = 3


def main() -> int:
    """Format standard input, a file that is not empty; 0, or 3 if it is refused."""
    # The system may take mapped pages back, where a copy would stay until the end.
    with mmap.mmap(sys.stdin.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        begin = len(codecs.BOM_UTF8) if mapped[:3] == codecs.BOM_UTF8 else 0
        with memoryview(mapped) as whole, whole[begin:] as text:
            try:
                indented = msgspec.json.format(text, indent=2)
            except (msgspec.DecodeError, RecursionError) as error:
                sys.stderr.write(str(error))
                return REFUSED
    sys.stdout.buffer.write(indented)
    return 0


if __name__ == "__main__":
    sys.exit(main())
