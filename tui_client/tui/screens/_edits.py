"""Taking back edits of the open requests, one by one."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import Final

import msgspec

from tui_client.model.request import Request
from tui_client.tui.screens._open_requests import OpenRequests

_KEPT: Final = 50
# Typing is taken back by the burst, not by the letter.
_BURST_S: Final = 1.0


class Edits:
    """The drafts each open request had before its last edits, by the id of the request."""

    def __init__(self) -> None:
        self._before: dict[str, deque[Request]] = {}
        self._last: tuple[str, frozenset[str], float] | None = None

    def made(self, request_id: str, before: Request, after: Request) -> None:
        """An edit was made; one of the same text, soon after the last, belongs to it."""
        if before == after:
            return
        now, last = monotonic(), self._last
        changed = _typed_fields(before, after)
        self._last = (request_id, changed, now)
        if changed and last and last[:2] == (request_id, changed) and now - last[2] < _BURST_S:
            return
        self._before.setdefault(request_id, deque(maxlen=_KEPT)).append(before)

    def take_back(self, request_id: str, now: Request) -> Request | None:
        """The draft before the last edit; None where none is left."""
        self._last = None
        drafts = self._before.get(request_id, deque())
        while drafts:
            if (draft := drafts.pop()) != now:
                return draft
        return None

    def follow(self, before: OpenRequests, after: OpenRequests) -> None:
        """What others wrote took the place of a draft: an older one, saved, would undo their change unasked."""
        for item in after.items:
            old = before.get(item.id)
            if old and old.loaded is not item.loaded and _renamed(old.draft, item.draft) != item.draft:
                self.forget(item.id)

    def forget(self, request_id: str) -> None:
        """The request was closed."""
        self._before.pop(request_id, None)


def _renamed(draft: Request, like: Request) -> Request:
    return msgspec.structs.replace(draft, name=like.name)


def _typed_fields(before: Request, after: Request) -> frozenset[str]:
    """The fields that differ; none where rows came or went, or a value of another kind: that is an edit of its own."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in Request.__struct_fields__}
    changed = {name: (old, new) for name, (old, new) in pairs.items() if old != new}
    if any(type(old) is not type(new) or _rows(old) != _rows(new) for old, new in changed.values()):
        return frozenset()
    return frozenset(changed)


def _rows(value: object) -> int:
    return len(value) if isinstance(value, tuple) else 0
