"""Run as a program: the Python file named by the first argument, with bounds on its memory, its output and its time.

What it reads comes from a server: a few kilobytes of brackets or a small picture can be made to fill all the memory.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import runpy
import sys
from typing import Final

TOO_LARGE: Final = 4  # the exit code where a bound was met
MEMORY_BYTES: Final = 1 << 30
OUTPUT_BYTES: Final = 1 << 30
CPU_S: Final = 60  # whoever runs it waits less long; this is for when that one is gone


def main() -> None:
    """Set the bounds, and go on as that file."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
    ):
        # Not every system has every bound, and one that is lower already stays.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    del sys.argv[0]
    try:
        try:
            runpy.run_path(sys.argv[0], run_name="__main__")
        finally:
            sys.stdout.flush()
    except MemoryError:
        os._exit(TOO_LARGE)
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOMEM, errno.ENOSPC):
            raise
        os._exit(TOO_LARGE)


if __name__ == "__main__":
    main()
