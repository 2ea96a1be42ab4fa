"""One recorded request as ours: URL, query, headers and auth."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final, TypeVar
from urllib.parse import unquote

from tui_client.formats._format import FormatError
from tui_client.formats._found import Report
from tui_client.formats._har.bodies import read_body
from tui_client.formats._har.body import text_of
from tui_client.formats._har.file import Entry
from tui_client.formats._har.file import Request as Recorded
from tui_client.formats._har.recorded import Headers, announced, sent_rows, without_connection
from tui_client.formats._har.secrets import HOLE, Secrets, is_secret_field, is_secret_header
from tui_client.formats._spot import Spot
from tui_client.formats._templates import converted, literal, query_rows, variable
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.model.kinds import Auth
from tui_client.model.request import NameValue, Request

_URL: Final = re.compile(r"(?P<scheme>https?://)(?:(?P<user>[^/?#]*)@)?(?P<host>[^/?#@]*)(?P<path>[^?#]*)", re.I)
_Auth = TypeVar("_Auth", Basic, Digest)
_DIGEST_USER: Final = re.compile(r'username="([^"]*+)"', re.IGNORECASE)
_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_TITLE: Final = 120
_SESSION: Final = re.compile(r"(;[a-z]*session[a-z]*=)([^/?#;]++)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(https?:/)?/[^\s?]*+\?\S*+\Z", re.IGNORECASE)
_CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate", "br", "identity", "*", ""})


class Place(Spot):
    """An entry: where what is said of it goes, and the variables of its host."""

    __slots__ = ("host", "origin", "report", "secrets")

    def __init__(self, report: Report, host: str, secrets: Secrets) -> None:
        self.report, self.host, self.secrets, self.origin = report, host, secrets, ""

    def hole(self, what: str, name: str, value: str) -> str:
        """A place for a variable instead of a value that was secret."""
        return self.secrets.hole(self.host, what, name, value)

    def is_secret(self, name: str, value: str) -> bool:
        """Whether the value of a field is one, or has one."""
        return is_secret_field(name, value) or self.secrets.has_token(value)

    def hidden(self, what: str, name: str, value: str) -> str:
        """The value of a field, a hole if it is a secret or has one."""
        if is_secret_field(name, value):
            return self.hole(f"{what} {name}", name, value)
        return self.secrets.without_tokens(self.host, value)


def refuse_method(entry: Entry) -> None:
    """Raises FormatError for what no request line can begin with."""
    if not _METHOD.fullmatch(entry.request.method.strip()):
        raise FormatError("it has no method that can be sent")


def learn(entry: Entry, secrets: Secrets) -> None:
    """Have the values of secret headers and cookies looked for in all requests."""
    for name, value in sent_rows(entry.request):
        if name.lower() == "cookie":
            for pair in value.split(";"):
                cookie, _, held = pair.partition("=")
                secrets.learn(f"cookie {cookie.strip()}", held)
        elif is_secret_header(name):
            secrets.learn(f"header {name}", value.strip().rpartition(" ")[2])


def template(marked: str) -> str:
    """Text with holes as a template; all else in it is literal."""
    return converted(marked, HOLE, lambda match: variable(match[1]))


def clean(text: object) -> str:
    """Text of a recording that a file can hold, without the sign that marks holes."""
    return text_of(text).encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def read_request(entry: Entry, place: Place) -> Request:
    """The request of an entry that can be sent."""
    recorded = entry.request
    url = recorded.url.strip()
    rows = sent_rows(recorded)
    media_type = "" if recorded.post_data is None else text_of(recorded.post_data.mime_type)
    said = announced(recorded, rows, media_type)
    body, has_type = read_body(recorded.post_data, said, place)
    if any(name.lower() == "proxy-authorization" for name, _ in rows):
        place.secrets.note("Proxy-Authorization", "is of the recording's proxy; give yours with its user in options")
    auth, headers = _auth(url, _with_cookies(recorded, without_connection(rows, url)), place)
    left_out = {"content-type"} if has_type else set()
    if said.coded and body is not None:
        place.approximated("Content-Encoding", "the body is sent as it was before it was compressed")
        left_out.add("content-encoding")
    marked = _marked(url, place)
    sent, params = query_rows(marked, HOLE, lambda match: variable(match[1]))
    method = recorded.method.strip()
    return Request(
        name=_title(method, marked),
        method=literal(method),
        url=sent,
        params=params,
        headers=tuple(_header(*row, place) for row in headers if row[0].lower() not in left_out),
        body=body,
        auth=auth,
        description=HOLE.sub(r"{\1}", place.secrets.without_tokens(place.host, clean(entry.comment))),
    )


def _title(method: str, marked: str) -> str:
    """ "GET /path", without tokens."""
    match = _URL.match(marked)
    shown = HOLE.sub(r"{\1}", match["path"] if match else "") or "/"
    return f"{method} {shown if len(shown) <= _TITLE else shown[:_TITLE] + '…'}"


def _marked(url: str, place: Place) -> str:
    """The URL as it is sent, without its user, with holes."""
    url = _URL.sub(lambda match: match["scheme"] + match["host"] + match["path"], url.replace("\0", "%00"), count=1)
    base, hash_sign, _ = clean(url).partition("#")
    if hash_sign:
        place.dropped("fragment of the URL", "it is never sent")
    return _without_secrets(base, place)


def _without_secrets(url: str, place: Place) -> str:
    """A URL, or a part of one, with holes for credentials in its path and its query."""
    path, mark, query = url.partition("?")
    pairs = [_pair(pair, place) for pair in query.split("&")] if mark else []
    return _path(path, place) + mark + "&".join(pairs)


def _path(path: str, place: Place) -> str:
    path = _SESSION.sub(lambda match: match[1] + place.hole("session of the path", "session", match[2]), path)
    return place.secrets.without_tokens(place.host, path)


def _pair(pair: str, place: Place) -> str:
    name, equals, value = pair.partition("=")
    return name + equals + place.hidden("parameter", unquote(name), value) if equals else pair


def _with_cookies(recorded: Recorded, rows: Headers) -> Headers:
    """Cookies in one header: HTTP/2 has many, and some recordings have them in their own list only."""
    given = [value for name, value in rows if name.lower() == "cookie"]
    if given:
        first = next(row for row in rows if row[0].lower() == "cookie")
        others = (row for row in rows if row is first or row[0].lower() != "cookie")
        return tuple((row[0], "; ".join(filter(None, given))) if row is first else row for row in others)
    listed = recorded.cookies if isinstance(recorded.cookies, list) else []
    pairs = [f"{clean(each.get('name'))}={clean(each.get('value'))}" for each in listed if isinstance(each, dict)]
    return (*rows, ("Cookie", "; ".join(pairs))) if pairs else rows


def _auth(url: str, rows: Headers, place: Place) -> tuple[Auth | None, Headers]:
    """The auth of the URL or of a header that says it in a known way, and the headers without that."""
    authorizations = [row for row in rows if row[0].lower() == "authorization"]
    if len(authorizations) == 1:
        auth = _of_header(authorizations[0][1], place)
        return auth, rows if auth is None else tuple(row for row in rows if row is not authorizations[0])
    match = _URL.match(url)
    if authorizations or match is None or not match["user"]:
        return None, rows
    return _basic(unquote(match["user"]), "user of the URL", place), rows


def _of_header(value: str, place: Place) -> Auth | None:
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() == "bearer" and rest.strip():
        hole = place.hole("header Authorization (bearer)", "token", rest.strip())
        return Bearer(template(hole), scheme)
    if scheme.lower() == "digest":
        user = _DIGEST_USER.search(rest)
        return _user(Digest, user[1] if user else "", rest, "header Authorization (digest)", place)
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
        return _basic(pair, "header Authorization (basic)", place) if ":" in pair else None
    return None


def _basic(pair: str, what: str, place: Place) -> Basic:
    user, _, password = pair.partition(":")
    return _user(Basic, user, password, what, place)


def _user(kind: type[_Auth], user: str, password: str, what: str, place: Place) -> _Auth:
    return kind(
        template(place.hole(f"{what}, user", "user", user)) if user else "",
        template(place.hole(f"{what}, password", "password", password)) if password else "",
    )


def _header(name: str, value: str, place: Place) -> NameValue:
    name, value = clean(name), clean(value)
    if is_secret_header(name) and value.strip():
        marked = place.hole(f"header {name}", name, value)
    elif _ADDRESS.match(value):
        marked = _address(name, value, place)
    elif name.lower() == "accept-encoding":
        marked = _readable(value, place)
    else:
        marked = place.secrets.without_tokens(place.host, value)
    return NameValue(literal(name), template(marked))


def _address(name: str, value: str, place: Place) -> str:
    """Where somebody came from: what was secret there is no concern of this request, so it goes without."""
    path, _, query = value.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    kept = ["".join(pair) for pair in pairs if not place.is_secret(unquote(pair[0]), pair[2])]
    if len(kept) < len(pairs):
        place.secrets.note(name, "goes without the credentials that were in its address")
    return _path(path, place) + "?" * bool(kept) + "&".join(kept)


def _readable(value: str, place: Place) -> str:
    """The codings that a reply can be read in here; a browser knows more."""
    codings = [each.strip() for each in value.split(",")]
    kept = [each for each in codings if each.partition(";")[0].strip().lower() in _CODINGS]
    if len(kept) == len(codings):
        return value
    place.secrets.note("Accept-Encoding", "goes without what no reply can be read in here: zstd and others")
    return ", ".join(kept) or "identity"
