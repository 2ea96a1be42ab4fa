"""Sample texts and numbers that keep to the limits of their schema."""

from __future__ import annotations

import math
from typing import Any, Final

from tui_client.formats._openapi.patterns import matching
from tui_client.formats._openapi.schema import is_number

MAX_LENGTH: Final = 10_000
_FORMATS: Final = {
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "user@example.com",
    "idn-email": "user@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ip": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "iri": "https://example.com/",
    "uri-reference": "/example",
    "uri-template": "/example/{id}",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "guid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "byte": "c3RyaW5n",
    "base64": "c3RyaW5n",
    "base64url": "c3RyaW5n",
    "json-pointer": "/example",
    "relative-json-pointer": "0",
    "regex": "a",
    "phone": "+15555550100",
}


def sample_text(says: dict[str, Any], variant: int = 0) -> str | None:
    """A text for a schema's simple keywords, another for each variant; None where its pattern is not simple."""
    shortest, longest = _limit(says.get("minLength")) or 0, _limit(says.get("maxLength"))
    if shortest > MAX_LENGTH or (longest is not None and longest < shortest):
        return None
    pattern = says.get("pattern")
    if isinstance(pattern, str):
        return matching(pattern, shortest + variant, longest)
    said = says.get("format")
    text = _FORMATS.get(said, "string") if isinstance(said, str) else "string"
    if variant:
        # Its number stands at the end, which is what is kept of a text that is too long.
        return _fitted(_varied(text, variant), str(said), shortest, longest)
    return _fitted(text if text in _FORMATS.values() else text[:longest], str(said), shortest, longest)


def _varied(text: str, variant: int) -> str:
    if text == _FORMATS["uuid"]:
        return f"{text[:-6]}{variant % 0x1000000:06x}"
    if text == _FORMATS["email"]:
        return f"user{variant}@example.com"
    if text == _FORMATS["ipv4"]:
        return f"192.0.2.{variant % 254 + 1}"
    return text if text in _FORMATS.values() and not text.endswith("/") else f"{text}{variant}"


def _fitted(text: str, said: str, shortest: int, longest: int | None) -> str | None:
    if longest is not None and len(text) > longest:
        return None if said in _FORMATS else text[-longest:] if longest else ""
    missing = shortest - len(text)
    if missing <= 0:
        return text
    if said == "email":
        return "u" * missing + text
    if said in ("byte", "base64", "base64url"):
        return "c3Ry" * math.ceil(shortest / 4) if longest is None or longest >= shortest + 3 else None
    if said in _FORMATS and not text.endswith("/"):
        return None
    return text + "x" * missing


def _limit(value: object) -> int | None:
    return int(value) if is_number(value) and isinstance(value, int | float) and 0 <= value <= 10**12 else None


def sample_number(says: dict[str, Any], variant: int = 0, *, whole: bool) -> int | float | None:
    """A number for a schema's simple keywords, near 1; None where there is none."""
    low, high, low_out, high_out = _bounds(says)
    given = says.get("multipleOf")
    step: int | float | None = given if isinstance(given, int | float) and is_number(given) and given > 0 else None
    if whole:
        low = None if low is None else math.floor(low) + 1 if low_out else math.ceil(low)
        high = None if high is None else math.ceil(high) - 1 if high_out else math.floor(high)
        low_out = high_out = False
        step = 1 if step is None else step if step == int(step) else None
        if step is None:
            return 0 if (low or 0) <= 0 <= (high or 0) else None
        step = int(step)
    value = _between(low, high, low_out=low_out, high_out=high_out)
    if step is not None and step != 1:
        value = _multiple(value, step, low, high, low_out=low_out)
    value += variant * (step or 1)
    fits_low = low is None or value > low or (value == low and not low_out)
    fits_high = high is None or value < high or (value == high and not high_out)
    return value if fits_low and fits_high else None


def _bounds(says: dict[str, Any]) -> tuple[int | float | None, int | float | None, bool, bool]:
    low, high = says.get("minimum"), says.get("maximum")
    low_out, high_out = says.get("exclusiveMinimum"), says.get("exclusiveMaximum")
    low_is_out, high_is_out = low_out is True, high_out is True
    if is_number(low_out) and (low is None or low_out >= low):
        low, low_is_out = low_out, True
    if is_number(high_out) and (high is None or high_out <= high):
        high, high_is_out = high_out, True
    return low, high, low_is_out, high_is_out


def _between(low: int | float | None, high: int | float | None, *, low_out: bool, high_out: bool) -> int | float:
    value: int | float = 1
    if low is not None and (value < low or (low_out and value == low)):
        value = low + 1 if low_out else low
    if high is not None and (value > high or (high_out and value == high)):
        value = high - 1 if high_out else high
    if low is not None and high is not None and not low <= value <= high:
        value = (low + high) / 2
    if (low_out and value == low) or (high_out and value == high):
        value = (low + high) / 2 if low is not None and high is not None else value
    return value


def _multiple(
    value: int | float, step: int | float, low: int | float | None, high: int | float | None, *, low_out: bool
) -> int | float:
    count = _ratio(value, step)
    found = step * count
    if high is not None and found > high:
        found = step * math.floor(high / step)
    return found + step if low is not None and low_out and found <= low else found


def _ratio(value: int | float, step: int | float) -> int:
    if isinstance(value, int) and isinstance(step, int):
        return -(-value // step)
    return math.ceil(value / step)
