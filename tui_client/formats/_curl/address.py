"""URLs as curl takes them: without a scheme, with ranges, with dots; and their query as rows."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import Final
from urllib.parse import quote, unquote

from tui_client.formats._curl.data import HOLE, template
from tui_client.formats._found import Report
from tui_client.model.request import NameValue

MOST: Final = 100
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_PARTS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://[^/?#]*)([^?#]*)(\?[^#]*)?", re.DOTALL)
_GLOB: Final = re.compile(r"\{([^{}]*,[^{}]*)\}|\[(\d+|[A-Za-z])-(\d+|[A-Za-z])(?::(\d+))?\]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def globbed(url: str, origin: str, report: Report) -> list[str]:
    """Every URL that {a,b} and [1-3] stand for; `{id}` stays."""
    if len(url) > 100_000 or not _GLOB.search(url):
        return [url]
    pieces: list[list[str]] = []
    at = 0
    for match in _GLOB.finditer(url):
        pieces += [[url[at : match.start()]], _alternatives(match)]
        at = match.end()
    made = ["".join(each) for each in islice(product(*pieces, [url[at:]]), MOST + 1)]
    if len(made) > MOST:
        report.dropped(origin, f"URL {url[:80]}", f"it stands for more than {MOST} requests; there are the first")
    return made[:MOST]


def _alternatives(match: re.Match[str]) -> list[str]:
    if match[1] is not None:
        return match[1].split(",")[: MOST + 1]
    first, last, step = match[2], match[3], int((match[4] or "1")[:9]) or 1
    if first.isdigit() and last.isdigit() and len(first) < 19 and len(last) < 19:
        width = len(first) if first.startswith("0") else 0
        return [str(each).zfill(width) for each in range(int(first), int(last) + 1, step)[: MOST + 1]]
    if first.isalpha() and last.isalpha():
        return [chr(each) for each in range(ord(first), ord(last) + 1, step)]
    return [match[0]]


def completed(url: str, default: str, *, as_is: bool) -> str:
    """With a scheme, without dots, as it is on the request line."""
    url = url.strip()
    if url.startswith("\0"):
        pass  # the scheme is in the variable
    elif not _SCHEME.match(url):
        url = f"{default}://{url.lstrip('/')}"
    if as_is or "/." not in url:
        return url
    match = _PARTS.match(url)
    return url if match is None else match[1] + _without_dots(match[2]) + url[match.end(2) :]


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] in (["."], [".."]):
        kept.append("")
    return "/" + "/".join(kept)


def scheme_of(url: str) -> str:
    """In lower case, "" if a variable says it."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def with_query(url: str, query: list[str]) -> str:
    """The URL with this appended to its query."""
    url, hash_sign, fragment = url.partition("#")
    for each in query:
        joint = "?" if "?" not in url else "" if url.endswith(("?", "&")) else "&"
        url += joint + each
    return url + hash_sign + fragment


def with_name(url: str, path: str) -> str:
    """The URL of an upload: a path that ends with a slash gets the file's name."""
    match = _PARTS.match(url)
    if match is None or not (match[2].endswith("/") or not match[2]):
        return url
    name = quote(path.replace("\\", "/").rpartition("/")[2], safe="")
    return f"{match[1]}{match[2] or '/'}{name}{url[match.end(2) :]}"


def rows(url: str) -> tuple[str, tuple[NameValue, ...]]:
    """The URL as a template, its query as rows where that is sent byte for byte the same."""
    match = _PARTS.match(url)
    query = match[3] if match else None
    if not query or len(query) < 2 or match is None:
        return template(url), ()
    found: list[NameValue] = []
    for pair in query[1:].split("&"):
        name, equals, value = pair.partition("=")
        if not equals or not _same(name) or not _same(value):
            return template(url), ()
        found.append(NameValue(_row(name), _row(value)))
    return template(url[: match.start(3)] + url[match.end(3) :]), tuple(found)


def _same(text: str) -> bool:
    pieces = HOLE.split(text)[::2]
    return all(quote(unquote(piece), safe="") == piece for piece in pieces)


def _row(text: str) -> str:
    return template(unquote(text))


def not_ascii(url: str) -> bool:
    """Whether signs in it must be percent-encoded."""
    return _NOT_ASCII.search(url) is not None
