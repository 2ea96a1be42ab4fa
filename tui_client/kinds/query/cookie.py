"""A cookie that the reply sets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, ClassVar, Final

import msgspec

from tui_client.errors import QueryError
from tui_client.kinds.operators import quoted
from tui_client.kinds.query._kind import QueryKind
from tui_client.kinds.reply import response_of
from tui_client.model.exchange import Exchange, header_values
from tui_client.model.values import MISSING, QueryValue

_EXPR: Final = re.compile(r"([^\[\]]+?)(?:\[([A-Za-z-]+)\])?")
_FLAGS: Final = ("secure", "httponly")
_TEXTS: Final = ("domain", "path", "samesite")


class Cookie(QueryKind, frozen=True, tag="cookie"):
    """A cookie's value ("session"), or an attribute of it.

    "session[Expires]" is a date, [Max-Age] an integer, [Domain], [Path] and [SameSite] text, [Secure] and [HttpOnly]
    true where they are set.
    """

    title: ClassVar[str] = "Cookie"

    expr: Annotated[str, msgspec.Meta(title="Name or name[Attribute]", extra={"placeholder": "session[Expires]"})]

    def evaluate(self, exchange: Exchange) -> QueryValue:
        parts = _EXPR.fullmatch(self.expr.strip())
        if parts is None:
            raise QueryError("cookie", f"{self.expr!r} is not a name or name[Attribute]")
        name, attribute = parts[1], (parts[2] or "Value").lower()
        found: QueryValue = MISSING
        for line in header_values(response_of(exchange, "cookie").headers, "set-cookie"):
            pair, *rest = line.split(";")
            given, _, value = pair.partition("=")
            if given.strip() == name:
                # A later cookie of the same name replaces the earlier one, as in the jar.
                found = value.strip() if attribute == "value" else _attribute(attribute, rest)
        return found


def _attribute(wanted: str, rest: list[str]) -> QueryValue:
    if wanted not in (*_FLAGS, *_TEXTS, "expires", "max-age"):
        raise QueryError("cookie", f"there is no attribute {wanted!r} of cookies")
    pairs = [part.partition("=") for part in rest]
    values = [value.strip() for name, _, value in pairs if name.strip().lower() == wanted]
    if not values:
        return MISSING
    if wanted in _FLAGS:
        return True
    if wanted == "expires":
        return _date(values[-1])
    return _integer(values[-1]) if wanted == "max-age" else values[-1]


def _date(text: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError) as error:
        raise QueryError("cookie", f"Expires={quoted(text)} is not a date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,20}", text):
        raise QueryError("cookie", f"Max-Age={quoted(text)} is not an integer")
    return int(text)


KIND = Cookie
