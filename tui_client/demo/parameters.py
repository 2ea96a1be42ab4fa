"""Reading numbers and JSON out of a request, with an error that says what was expected."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from tui_client.demo.replies import refused

T = TypeVar("T")


def whole_number(text: str, name: str, low: int, high: int) -> int:
    """A whole number from low to high, both included. Raises Refused (422)."""
    # isdecimal alone lets other scripts' digits through, which int() reads too; a long one would be slow to read.
    if not (text.isascii() and text.isdecimal() and len(text) <= 12) or not low <= int(text) <= high:
        raise refused(422, "invalid", f"{name} must be a whole number from {low} to {high}.", name)
    return int(text)


def query_number(request: web.Request, name: str, default: int, low: int, high: int) -> int:
    """A number after the `?`, or the default. Raises Refused (422)."""
    text = request.query.get(name)
    return default if text is None else whole_number(text, name, low, high)


def path_number(request: web.Request, name: str, low: int, high: int) -> int:
    """A number in the path. Raises Refused (422)."""
    return whole_number(request.match_info[name], name, low, high)


def query_flag(request: web.Request, name: str) -> bool:
    """Whether a parameter is given and is not "0", "false" or "no"."""
    return request.query.get(name, "0").lower() not in ("0", "false", "no")


async def json_body(request: web.Request, shape: type[T]) -> T:
    """The request's body as `shape`. Raises Refused: 400 for what is not JSON, 422 for what does not fit."""
    data = await request.read()
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(400, "not_json", f"The body is not JSON: {error}.") from error


async def form_fields(request: web.Request) -> list[tuple[str, str]]:
    """The fields of a URL-encoded body, in order; what is not UTF-8 becomes a replacement character."""
    text = (await request.read()).decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True)


def text_of_bytes(raw: bytes) -> str:
    """UTF-8 if the bytes are, else Latin-1."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def sayable(text: str) -> str:
    """Text of a header or target, where aiohttp keeps bytes that are not UTF-8 as surrogates, fit for a reply."""
    return text_of_bytes(text.encode("utf-8", "surrogateescape"))


def invalid(error: msgspec.ValidationError) -> Exception:
    """msgspec's reason as a 422: "Expected `int`, got `str` - at `$.age`" becomes message and path."""
    message, _, place = str(error).partition(" - at ")
    return refused(422, "invalid", f"{message}.", place.strip("`") or "$")
