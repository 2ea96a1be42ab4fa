"""The functions of templates: one table. Pure but for the clock and the dice, which the context gives."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias
from urllib.parse import quote

import msgspec

from tui_client.model.values import Value
from tui_client.template.values import json_of, parsed_json, text_of

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,4000}")  # Python reads no more than 4,300 digits
_FLOAT: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_BOOLEANS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Context(msgspec.Struct, frozen=True):
    """The clock (UTC) and the dice; tests pin them."""

    clock: Callable[[], datetime] = _utc_now
    rng: random.Random = random.SystemRandom()


Apply: TypeAlias = Callable[..., Value]


class Function(msgspec.Struct, frozen=True):
    """One function. `usage` shows its arguments, `fresh` says that each call gives another value.

    `apply` takes the context and the arguments; it raises ValueError, with the reason, for what it can't take.
    """

    usage: str
    doc: str
    apply: Apply
    least: int = 1
    most: int = 1
    fresh: bool = False

    @property
    def name(self) -> str:
        return self.usage.partition("(")[0]


def shown(value: Value) -> str:
    """A value for a message: quoted, and cut where it is long."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _uuid(context: Context) -> str:
    return str(uuid.UUID(int=context.rng.getrandbits(128), version=4))


def _now(context: Context, form: Value = None) -> str:
    now = context.clock()
    if form is None:
        return now.isoformat(timespec="seconds").replace("+00:00", "Z")
    return now.strftime(text_of(form))


def _timestamp(context: Context) -> int:
    return int(context.clock().timestamp())


def _random_int(context: Context, low: Value, high: Value) -> int:
    first, last = _int(context, low), _int(context, high)
    if first > last:
        raise ValueError(f"{first} is more than {last}")
    return context.rng.randint(first, last)


def _int(_: Context, value: Value) -> int:
    match value:
        case int():
            return int(value)
        case float() if value.is_integer():
            return int(value)
        case str() if _INTEGER.fullmatch(value.strip()):
            return int(value)
        case _:
            raise ValueError(f"{shown(value)} is not a whole number")


def _float(_: Context, value: Value) -> float:
    match value:
        case int() | float():
            return float(value)
        case str() if _FLOAT.fullmatch(value.strip()):
            return float(value)
        case _:
            raise ValueError(f"{shown(value)} is not a number")


def _bool(_: Context, value: Value) -> bool:
    known = _BOOLEANS.get(text_of(value).strip().lower())
    if known is None:
        raise ValueError(f"{shown(value)} is neither true nor false")
    return known


def _json(_: Context, value: Value) -> str:
    if not isinstance(value, str):
        return parsed_json(json_of(value))
    try:
        return parsed_json(value)
    except ValueError:
        raise ValueError(f"{shown(value)} is not JSON") from None


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else text_of(value).encode()


def _base64(_: Context, value: Value) -> str:
    return base64.b64encode(_bytes(value)).decode()


def _base64_decode(_: Context, value: Value) -> str:
    raw = re.sub(r"\s", "", text_of(value)).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True).decode()
    except ValueError:
        raise ValueError(f"{shown(value)} is not base64 of text") from None


def _default(_: Context, value: Value, fallback: Value) -> Value:
    return fallback if value is None or value == "" else value


_TABLE: Final = (
    Function("uuid()", "A random UUID, version 4.", _uuid, 0, 0, fresh=True),
    Function("now(format)", "The time in UTC: ISO 8601, or in a strftime format.", _now, 0, 1, fresh=True),
    Function("timestamp()", "Seconds since 1970, a whole number.", _timestamp, 0, 0, fresh=True),
    Function("random_int(low, high)", "A random whole number, both ends included.", _random_int, 2, 2, fresh=True),
    Function("int(x)", "A whole number.", _int),
    Function("float(x)", "A number.", _float),
    Function("bool(x)", "True or false: from true, yes, on, 1 and their opposites.", _bool),
    Function("json(x)", "Text that is JSON, put into a JSON body as it stands.", _json),
    Function("string(x)", "Text: in a JSON body, a string.", lambda _, x: str(text_of(x))),
    Function("base64(x)", "Base64 of the text's UTF-8.", _base64),
    Function("base64_decode(x)", "The text that base64 (or base64url) stands for.", _base64_decode),
    Function(
        "sha256(x)", "SHA-256 of the text's UTF-8, in hexadecimal.", lambda _, x: hashlib.sha256(_bytes(x)).hexdigest()
    ),
    Function(
        "url(x)", "Percent-encoded, everything but letters, digits and - . _ ~.", lambda _, x: quote(_bytes(x), safe="")
    ),
    Function("lower(x)", "In lower case.", lambda _, x: text_of(x).lower()),
    Function("upper(x)", "In upper case.", lambda _, x: text_of(x).upper()),
    Function("trim(x)", "Without blanks at both ends.", lambda _, x: text_of(x).strip()),
    Function("default(x, fallback)", "The fallback where x is unknown, null or empty.", _default, 2, 2),
)

FUNCTIONS: Final[dict[str, Function]] = {function.name: function for function in _TABLE}
