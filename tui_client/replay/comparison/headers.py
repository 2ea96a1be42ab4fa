"""The headers of two replies, name by name."""

from __future__ import annotations

from typing import Final

import msgspec

from tui_client.model.exchange import RawHeader, header_text

# These differ between any two replies and say nothing of what was asked for.
VOLATILE: Final = frozenset(
    {
        "date",
        "age",
        "etag",
        "last-modified",
        "expires",
        "server-timing",
        "set-cookie",
        "x-request-id",
        "x-correlation-id",
        "x-trace-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "x-amz-request-id",
        "x-amz-id-2",
        "x-amz-cf-id",
        "x-runtime",
        "x-response-time",
        "x-served-by",
        "x-timer",
        "x-github-request-id",
        "traceparent",
        "cf-ray",
        "report-to",
        "nel",
    }
)
_VOLATILE_BEGINNINGS: Final = ("ratelimit", "x-ratelimit-", "x-rate-limit-")


class HeaderRow(msgspec.Struct, frozen=True):
    """One name, as the left side writes it if it has it, and its values in order; outside text."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the values are not the same, also where they are expected not to be."""
        return self.left != self.right

    @property
    def volatile(self) -> bool:
        """Whether a difference here says nothing."""
        name = self.name.lower()
        return name in VOLATILE or name.startswith(_VOLATILE_BEGINNINGS)


def compare_headers(left: tuple[RawHeader, ...], right: tuple[RawHeader, ...]) -> tuple[HeaderRow, ...]:
    """A row for each name, whatever its case: those of the left side in their order, then those of the right alone."""
    before, after = _by_name(left), _by_name(right)
    rows = []
    for name in before | after:
        shown = (before.get(name) or after[name])[0]
        rows.append(HeaderRow(shown, tuple(before.get(name, ("",))[1:]), tuple(after.get(name, ("",))[1:])))
    return tuple(rows)


def _by_name(headers: tuple[RawHeader, ...]) -> dict[str, list[str]]:
    """By the name in lower case: the name as written, then its values."""
    found: dict[str, list[str]] = {}
    for raw, value in headers:
        name = header_text(raw)
        found.setdefault(name.lower(), [name]).append(header_text(value))
    return found


def differing(rows: tuple[HeaderRow, ...]) -> int:
    """How many names differ, those not counted that always do."""
    return sum(row.differs and not row.volatile for row in rows)
