"""HTML that was fetched in place of a document: pages of Swagger UI, Redoc and others that show one."""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import urljoin, urlsplit

_HEAD: Final = 256 * 1024
_BEGINS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|!--|\?xml[^>]{0,200}>\s*<(?:!doctype )?html)", re.I
)
_SAYS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # SwaggerUIBundle({url: '/openapi.json'}), and its list of several: the first.
        r"""\burl["']?\s{0,20}:\s{0,20}["']([^"'<>\s]{1,1000})["']""",
        # Redoc and RapiDoc; Scalar; Stoplight Elements.
        r"""\b(?:spec-url|data-url|apiDescriptionUrl)\s{0,20}=\s{0,20}["']([^"'<>\s]{1,1000})["']""",
        r"""\bRedoc\.init\(\s{0,20}["']([^"'<>\s]{1,1000})["']""",
        r"""\b(?:href|src)\s{0,20}=\s{0,20}["']([^"'<>\s]{0,500}(?:openapi|swagger|api-docs)[^"'<>\s]{0,200}\.(?:json|ya?ml))["']""",
    )
)


def is_page(data: bytes) -> bool:
    """Whether it is HTML, as its beginning says; none of our formats looks like it."""
    return _BEGINS.match(data[:_HEAD]) is not None


def document_of(data: bytes, url: str) -> str:
    """The URL of the document that a page at `url` shows, without user and password; "" where it doesn't say."""
    text = data[:_HEAD].decode("utf-8", "replace")
    for pattern in _SAYS:
        if found := pattern.search(text):
            try:
                parts = urlsplit(urljoin(url, html.unescape(found[1]).replace("\\/", "/")))
            except ValueError:
                continue
            if parts.scheme in ("http", "https"):
                return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return ""
