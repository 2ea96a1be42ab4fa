"""What all formats share: how they refuse a document, and how they list what they leave out."""

from __future__ import annotations

import msgspec

from tui_client.errors import TuiClientError


class FormatError(TuiClientError):
    """A document is not of this format; `reason` is a clause without a subject: "is not JSON: …"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Skipped(msgspec.Struct, frozen=True):
    """A part of a document that can't be used. Its texts are outside text.

    number: its place in the document, from 1. what: "GET https://example.com/path", without a query; "" if unreadable.
    reason: a clause, "its body is not in the recording".
    """

    number: int
    what: str
    reason: str
