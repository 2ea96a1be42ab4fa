"""Requests and replies as HAR 1.2 writes them."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tui_client.model.exchange import RawHeader, Response, SentRequest, header_text, header_values
from tui_client.model.tls import TlsDetails


def request_of(request: SentRequest) -> dict[str, Any]:
    """A `request` object, with the body as far as it was kept; a comment says how much that is."""
    fields: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": request.http_version,
        "cookies": cookies_of(header_values(request.headers, "cookie")),
        "headers": _headers(request.headers),
        "queryString": pairs(query_of(request.url)),
        "headersSize": -1,
        "bodySize": request.body_bytes,
    }
    if request.body_bytes or request.body:
        fields["postData"] = _post_data(request)
    return fields


def _post_data(request: SentRequest) -> dict[str, Any]:
    text, encoding = _as_text(request.body)
    data: dict[str, Any] = {"mimeType": _content_type(request.headers), "text": text}
    if encoding:
        # HAR knows no encoding of what was sent; a name of our own is passed over by those who don't know it.
        data["_encoding"] = encoding
    if len(request.body) < request.body_bytes:
        data["comment"] = f"{len(request.body):,} of {request.body_bytes:,} bytes were kept"
    return data


def response_of(response: Response) -> dict[str, Any]:
    """A `response` object, with the body as far as it was kept; a comment says what was cut."""
    fields = empty_response(response.status, response.reason, response.http_version, response.headers)
    body = response.body.read()
    text, encoding = _as_text(body)
    content = fields["content"]
    content["size"] = len(body)
    if body:
        content["text"] = text
    if encoding:
        content["encoding"] = encoding
    if response.note:
        content["comment"] = response.note
    fields["bodySize"] = response.encoded_bytes
    return with_location(fields, response.headers)


def empty_response(status: int, reason: str, http_version: str, headers: tuple[RawHeader, ...]) -> dict[str, Any]:
    """A `response` object without a body, its size unknown."""
    return {
        "status": status,
        "statusText": reason,
        "httpVersion": http_version,
        "cookies": _set_cookies(headers),
        "headers": _headers(headers),
        "content": {"size": 0, "mimeType": _content_type(headers)},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }


def with_location(response: dict[str, Any], headers: tuple[RawHeader, ...]) -> dict[str, Any]:
    """The same with the Location header, if any, as `redirectURL`."""
    return {**response, "redirectURL": next(iter(header_values(headers, "location")), "")}


def security_of(details: TlsDetails) -> dict[str, Any]:
    """What TLS came to, in the names of browsers' tools (HAR has none); of the certificate what was kept of it."""
    found: dict[str, Any] = {"protocol": details.version, "cipher": details.cipher, "verified": details.verified}
    for own in details.chain[:1]:
        found |= {"subjectName": own.common_name, "issuer": own.issuer_name, "sanList": list(own.plain_names)}
        if own.not_before is not None and own.not_after is not None:
            found |= {"validFrom": own.not_before.timestamp(), "validTo": own.not_after.timestamp()}
    return found


def _as_text(body: bytes) -> tuple[str, str]:
    """The body, and its encoding: "" for text, else "base64"."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        # Text that was cut within its last character is text still.
        if error.reason != "unexpected end of data" or error.start < len(body) - 3:
            return base64.b64encode(body).decode(), "base64"
        text = body[: error.start].decode()
    return (base64.b64encode(body).decode(), "base64") if "\0" in text else (text, "")


def _headers(headers: tuple[RawHeader, ...]) -> list[dict[str, str]]:
    return pairs([(header_text(name), header_text(value)) for name, value in headers])


def pairs(rows: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Rows as HAR has them."""
    return [{"name": name, "value": value} for name, value in rows]


def _content_type(headers: tuple[RawHeader, ...]) -> str:
    return next(iter(header_values(headers, "content-type")), "")


def query_of(url: str) -> list[tuple[str, str]]:
    """The rows of a query, decoded."""
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # such a URL was never sent; its text stands in `url`
        return []


def cookies_of(values: Iterable[str]) -> list[dict[str, str]]:
    """The cookies in the values of Cookie headers."""
    return pairs(_cookie(part) for value in values for part in value.split(";") if part.strip())


def _set_cookies(headers: tuple[RawHeader, ...]) -> list[dict[str, str]]:
    return pairs([_cookie(value.split(";")[0]) for value in header_values(headers, "set-cookie")])


def _cookie(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()
