"""Where a reply sends us next, and what may go along; pure."""

from __future__ import annotations

import re
import sys
from typing import Final

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.http.prepare import PreparedRequest, connection_profile
from tui_client.http.profile import ConnectionProfile
from tui_client.http.url import Url, parse_url
from tui_client.model.content import EncodedBody
from tui_client.model.exchange import RawHeader
from tui_client.model.masking import masked_bytes
from tui_client.text.redact import MIN_SECRET_CHARS

STATUSES: Final = frozenset({301, 302, 303, 307, 308})
# All that another origin gets to see of a request; every other header may be meant for the first one alone.
CARRIED: Final = frozenset(
    {
        b"accept",
        b"accept-charset",
        b"accept-encoding",
        b"accept-language",
        b"cache-control",
        b"content-encoding",
        b"content-language",
        b"content-length",
        b"content-type",
        b"expect",
        b"pragma",
        b"range",
        b"user-agent",
    }
)
_MOST_MASKED: Final = sys.maxsize
_OF_BODY: Final = (b"content-", b"transfer-encoding", b"expect")
_PARTS: Final = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?", re.DOTALL)


class Onward(msgspec.Struct, frozen=True):
    """The next request. elsewhere: it goes to another origin, and only CARRIED headers with it."""

    request: PreparedRequest
    elsewhere: bool


class Refused(msgspec.Struct, frozen=True):
    """A redirect that is not followed."""

    failure: Failure


def follow(
    request: PreparedRequest, status: int, headers: tuple[RawHeader, ...], followed: int
) -> Onward | Refused | None:
    """What to do with a reply: None if it is not a redirect, or redirects are not to be followed.

    followed: how many redirects led to this reply.
    """
    location = next((value for name, value in headers if name.lower() == b"location"), None)
    if status not in STATUSES or location is None or not request.options.follow_redirects:
        return None
    subject = request.address.authority
    if followed >= request.options.max_redirects:
        detail = f"more than {request.options.max_redirects} redirects. Raise max_redirects in the options"
        return Refused(Failure(FailureKind.REDIRECT_TOO_MANY, subject=subject, detail=detail))
    try:
        address = resolve(request.address, location)
    except RequestFailed as error:
        detail = f"{error.failure.subject}: {error.failure.detail}"
        return Refused(Failure(FailureKind.REDIRECT_INVALID, subject=subject, detail=detail))
    request = _with_method(request, status)
    if address.origin != request.address.origin and (what := _only_for_one(request)):
        # 307 and 308 repeat the body, and with it what was meant for the first one alone.
        detail = f"{address.authority} would get {what} that is in the body. Send the request there yourself"
        return Refused(Failure(FailureKind.REDIRECT_INVALID, subject=subject, detail=detail))
    return _onward(request, address)


def resolve(base: Url, location: bytes) -> Url:
    """The address that a Location means (RFC 3986, 5.2), re-quoted no more than it must be.

    Raises RequestFailed (url.invalid).
    """
    try:
        text = location.decode().strip(" \t")
    except UnicodeDecodeError:
        text = re.sub(rb"[\x80-\xff]", lambda match: b"%%%02X" % match[0][0], location).decode("ascii").strip(" \t")
    found = _PARTS.match(text.partition("#")[0])
    assert found is not None  # every part of the pattern is optional
    scheme, authority, path, query = found[1], found[2], found[3], found[4] or ""
    if scheme is not None:
        return parse_url(f"{scheme}:{'' if authority is None else '//' + authority}{without_dots(path)}{query}")
    if authority is not None:
        return parse_url(f"{base.scheme}://{authority}{without_dots(path)}{query}")
    own_path, mark, own_query = base.target.decode("ascii").partition("?")
    if not path:
        return parse_url(base.origin + own_path + (query or mark + own_query))
    if not path.startswith("/"):
        path = own_path[: own_path.rfind("/") + 1] + path
    return parse_url(base.origin + without_dots(path) + query)


def without_dots(path: str) -> str:
    """A path whose "." and ".." segments are followed (RFC 3986, 5.2.4)."""
    if "." not in path:
        return path
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _with_method(request: PreparedRequest, status: int) -> PreparedRequest:
    # As browsers do: 303 always becomes GET, 301 and 302 only after POST.
    to_get = request.method not in {"GET", "HEAD"} if status == 303 else status < 303 and request.method == "POST"
    if not to_get:
        return request
    headers = tuple(row for row in request.headers if not row[0].lower().startswith(_OF_BODY))
    return msgspec.structs.replace(request, method="GET", body=EncodedBody(), headers=headers)


def _only_for_one(request: PreparedRequest) -> str:
    """What of the body no other origin may get, in words; "" for nothing."""
    texts = [segment for segment in request.body.segments if isinstance(segment, bytes)]
    if len(texts) < len(request.body.segments):
        # The user chose who gets it, and it may be read differently now.
        return "a file"
    return "a secret" if _holds_secret(b"".join(texts), request.secrets) else ""


def _holds_secret(data: bytes, secrets: frozenset[str]) -> bool:
    if not secrets or not data:
        return False
    # Those that are too short to be masked are still told to nobody else.
    short = any(secret.encode("utf-8", "surrogatepass") in data for secret in secrets if len(secret) < MIN_SECRET_CHARS)
    return short or masked_bytes(data, secrets, _MOST_MASKED, whole=True) != data


def profile_elsewhere(request: PreparedRequest, address: Url) -> ConnectionProfile:
    """How to reach an address that may not be the request's own.

    Elsewhere certificates are verified, unless the user's own settings of that very host say otherwise.
    """
    options = request.options
    if address.origin != request.address.origin:
        # The user let one host go unverified, not those it points to.
        options = msgspec.structs.replace(options, verify=True)
    return connection_profile(options, address, request.environ, request.hosts)[0]


def _onward(request: PreparedRequest, address: Url) -> Onward:
    if address.origin == request.address.origin:
        return Onward(msgspec.structs.replace(request, address=address), elsewhere=False)
    request = msgspec.structs.replace(request, options=msgspec.structs.replace(request.options, client_cert=""))
    profile = profile_elsewhere(request, address)
    headers = (
        (b"Host", address.host_header.encode("ascii")),
        *(row for row in request.headers if row[0].lower() in CARRIED and not _holds_secret(row[1], request.secrets)),
    )
    request = msgspec.structs.replace(
        request,
        address=address,
        headers=headers,
        auth=None,
        options=msgspec.structs.replace(request.options, verify=True),
        profile=profile,
    )
    return Onward(request, elsewhere=True)
