"""How much the history keeps."""

from __future__ import annotations

from typing import Final

import msgspec

# Of each body; a longer reply stands in a file of its own.
INLINE_BYTES: Final = 64 * 1024


class Limits(msgspec.Struct, frozen=True):
    """How much is kept, and how long; the oldest entries go first.

    days: of an entry, 0 for ever. megabytes: of all entries together. body_bytes: of one reply's body; the rest is cut.
    """

    days: int = 30
    megabytes: int = 512
    body_bytes: int = 32 * 1024 * 1024
