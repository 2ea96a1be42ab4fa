"""The Idempotency-Key header: the same on every attempt of a step, whoever makes it and when."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

import msgspec

from tui_client.http.headers import has_header
from tui_client.http.prepare import PreparedRequest
from tui_client.model.step import StepId

NAME: Final = b"Idempotency-Key"


def with_idempotency_key(prepared: PreparedRequest, step: StepId, run: str) -> PreparedRequest:
    """The request with that header, unless its user gave one. run: "" makes a key that comes only once."""
    if has_header(prepared.headers, NAME.lower()):
        return prepared
    return msgspec.structs.replace(prepared, headers=(*prepared.headers, (NAME, key_of(step, run).encode())))


def key_of(step: StepId, run: str) -> str:
    """32 hexadecimal digits: a hash of run, row, iteration and step."""
    if not run:
        return secrets.token_hex(16)
    words = (run, str(step.row), str(step.iteration), str(step.index), step.key)
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]
