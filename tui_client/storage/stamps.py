"""When the times of a file don't tell whether it changed again."""

from __future__ import annotations

import os
from typing import Final

_SECOND_NS: Final = 1_000_000_000
_COARSE_NS: Final = 2 * _SECOND_NS  # FAT
_FINE_NS: Final = _SECOND_NS // 20  # a clock tick and more; what systems take for "now" is as old as that


def may_hide_a_change(status: os.stat_result, now_ns: int) -> bool:
    """Whether a file was written so shortly before `now_ns`, a date, that a later write may leave the same times.

    Whoever read it then has to read it again. Times in the future say nothing: a copied file may have them for years.
    """
    stamps = (status.st_mtime_ns, status.st_ctime_ns)
    return any(abs(now_ns - stamp) < (_COARSE_NS if stamp % _SECOND_NS == 0 else _FINE_NS) for stamp in stamps)
