"""A digest of the body."""

from __future__ import annotations

import hashlib
from typing import ClassVar, Final

from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import response_of
from tui_client.model.exchange import Exchange
from tui_client.model.values import QueryValue

_CHUNK_BYTES: Final = 1024 * 1024


class Sha256(QueryKind, frozen=True, tag="sha256"):
    """SHA-256 of the body's bytes (Content-Encoding undone) in lower-case hex; of any size."""

    title: ClassVar[str] = "SHA-256"

    def evaluate(self, exchange: Exchange) -> QueryValue:
        body = response_of(exchange, "sha256").body
        digest = hashlib.sha256()
        for start in range(0, body.size, _CHUNK_BYTES):
            digest.update(body.read(start, _CHUNK_BYTES))
        return digest.hexdigest()


KIND = Sha256
