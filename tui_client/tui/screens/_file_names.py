"""What a reply's body is called when it becomes a file: the server proposes, but never where to."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from tui_client.model.exchange import Exchange, header_values
from tui_client.text import redact, safe_line

_LONGEST: Final = 100
# RFC 6266: the extended form wins, since it says its charset.
_EXTENDED: Final = re.compile(r"""filename\*\s*=\s*([\w-]{1,40})'[\w-]*'([^;\s]+)""", re.IGNORECASE)
_PLAIN: Final = re.compile(r"""filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))""", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_SUFFIXES: Final = {
    "application/json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/xml": ".xml",
    "application/xhtml+xml": ".html",
    "application/javascript": ".js",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/gzip": ".gz",
    "application/yaml": ".yaml",
    "application/x-www-form-urlencoded": ".txt",
    "text/html": ".html",
    "text/xml": ".xml",
    "text/css": ".css",
    "text/csv": ".csv",
    "text/javascript": ".js",
    "text/markdown": ".md",
    "text/yaml": ".yaml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/svg+xml": ".svg",
}


def media_type_of(content_type: str) -> str:
    """The type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def suffix_of(media_type: str) -> str:
    """The end of a file's name for this type; "" where there is no usual one."""
    known = _SUFFIXES.get(media_type)
    if known is not None:
        return known
    for end, suffix in (("+json", ".json"), ("+xml", ".xml")):
        if media_type.endswith(end):
            return suffix
    return ".txt" if media_type.startswith("text/") else ""


def suggested_name(exchange: Exchange) -> str:
    """A name without a folder, for the body of this exchange: the server's, else the last part of the URL.

    One with a secret in it is passed over: file names are seen by more people than their files.
    """
    headers = exchange.response.headers if exchange.response else ()
    disposition = "".join(header_values(headers, "content-disposition")[:1])
    media_type = media_type_of("".join(header_values(headers, "content-type")[:1]))
    proposed = (_clean(_proposed(disposition)), _clean(_last_part(exchange.request.url)))
    name = next((one for one in proposed if one and redact(one, exchange.request.secrets) == one), "body")
    return name if _SUFFIX.search(name) else name + suffix_of(media_type)


def _proposed(disposition: str) -> str:
    if extended := _EXTENDED.search(disposition):
        try:
            return unquote(extended[2], encoding=extended[1], errors="strict")
        except (LookupError, UnicodeError):
            pass
    plain = _PLAIN.search(disposition)
    return re.sub(r"\\(.)", r"\1", plain[1]) if plain and plain[1] else (plain[2] or "") if plain else ""


def _last_part(url: str) -> str:
    try:
        return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    except ValueError:
        return ""


def _clean(name: str) -> str:
    """The last part of a path, with nothing that hides it, leaves the folder, or reads as an option."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(char for char in _FORBIDDEN.sub("_", last) if char.isprintable() and safe_line(char) == char)
    shown = shown.strip().lstrip(".- ").rstrip(". ")
    if len(shown) <= _LONGEST:
        return shown
    end = _SUFFIX.search(shown)
    return shown[: _LONGEST - len(end[0])] + end[0] if end else shown[:_LONGEST]
