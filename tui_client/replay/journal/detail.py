"""The `detail` of a step: its exchange but for the bodies, as JSON that people can query, secrets masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from tui_client.errors import Failure
from tui_client.model.exchange import Timings
from tui_client.model.saved import SavedHop, SavedRequest, SavedResponse, SavedTls


class SavedCheck(msgspec.Struct, frozen=True, omit_defaults=True):
    """An assert; value and actual as `values.to_plain` makes them, no `actual` where the reply had nothing to give."""

    query: str
    expr: str
    op: str
    passed: bool
    value: Any = None
    actual: Any = msgspec.UNSET
    negated: bool = False
    error: str = ""


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """failure: of the step; send_failure: of its exchange. because: the step for which it was skipped.

    tls: without its certificates, which a million steps would repeat.
    """

    request: SavedRequest | None = None
    response: SavedResponse | None = None
    timings: Timings | None = None
    started: datetime | None = None
    remote: str = ""
    hops: tuple[SavedHop, ...] = ()
    failure: Failure | None = None
    send_failure: Failure | None = None
    warnings: tuple[str, ...] = ()
    checks: tuple[SavedCheck, ...] = ()
    http_error: bool = False
    because: str = ""
    tls: SavedTls | None = None


_decode: Final = msgspec.json.Decoder(Detail).decode


def detail_from_json(text: str) -> Detail:
    """What `model.saved.masked_json` made of a detail. Raises msgspec.MsgspecError for what it never did."""
    return _decode(text)
