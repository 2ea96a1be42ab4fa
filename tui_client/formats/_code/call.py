"""A request as a call that code makes: its auth already where it goes, its body as what is sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import unquote

import msgspec

from tui_client.errors import RequestFailed
from tui_client.formats._code.content import Content, Rows, content_of
from tui_client.formats._code.keeping import Kept, kept_of
from tui_client.formats._code.text import Hole, How, Text, Variables, encoded, joined, known, literal
from tui_client.formats._format import Item
from tui_client.formats._found import Report
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.model.effective import EffectiveRequest
from tui_client.model.kinds import Auth
from tui_client.model.options import SendOptions
from tui_client.template.needs import reached_from
from tui_client.template.parse import variables_in

_AUTHORITY_END: Final = re.compile(r"[/?]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_NEEDS_QUOTING: Final = re.compile(r"[^\x21-\x7e]+")
# Libraries write these in other ways, or take dots away.
_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9\-._~/!$&()*+,;=:@%?]|%(?![0-9A-Fa-f]{2})")
_DOTS: Final = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)


class Login(msgspec.Struct, frozen=True):
    """User and password, by Basic or by Digest."""

    user: Text
    password: Text
    digest: bool = False


class Grant(msgspec.Struct, frozen=True):
    """What is posted for an access token. client: id and secret for Basic, as RFC 6749 writes them, or None."""

    url: Text
    form: Rows
    client: tuple[Text, Text] | None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request. origin: as the report names it. base: its URL up to the host.

    headers: those of the user and of the auth. content_type: of the body, where no header says it. target: the exact
    request target where a library would change it, else None.
    """

    title: str
    origin: str
    method: str
    url: Text
    base: Text = ()
    target: Text | None = None
    headers: Rows = ()
    content_type: Text = ()
    content: Content = None
    login: Login | None = None
    grant: Grant | None = None
    options: SendOptions = SendOptions()
    kept: tuple[Kept, ...] = ()

    @property
    def all_headers(self) -> Rows:
        """With the one of the body."""
        own: Rows = ((("Content-Type",), self.content_type),) if self.content_type else ()
        return self.headers + own


class Address(msgspec.Struct, frozen=True):
    """A URL without user, password and fragment, which stand in `login` if there were any."""

    head: Text
    tail: Text
    login: Login | None

    def with_query(self, name: Text, value: Text) -> Address:
        """With one more pair at its end."""
        marks = known(self.tail)
        joint = "?" if "?" not in marks else "" if marks.endswith(("?", "&")) else "&"
        slash = "" if self.tail else "/"
        return Address(self.head, joined(*self.tail, slash, joint, *encoded(name), "=", *encoded(value)), self.login)


def calls(items: Sequence[Item], variables: Variables, report: Report, *, keeping: bool = False) -> list[Call]:
    """The items as calls; what no code has is reported. keeping: whether the code makes captures."""
    found: list[Call] = []
    for item in items:
        origin = " / ".join((*item.folder, item.title))
        content, media_type = content_of(item.sent.body, origin, variables, report)
        found.append(_with_content(_call(item, origin, variables), content, media_type))
        if item.sent.asserts:
            why = "the code shows the reply and checks nothing"
            report.dropped(origin, f"asserts: {len(item.sent.asserts)}", why)
    for index, (call, item) in enumerate(zip(found, items, strict=True)):
        kept = kept_of(item, call.origin, variables.names, report, keeping=keeping and len(items) > 1)
        found[index] = msgspec.structs.replace(call, kept=kept)
    for name, environment in variables.names.items():
        whose = found[0].origin if len(found) == 1 else "all requests"
        report.imported(whose, f"{{{{{name}}}}}", f"it is read from the environment variable {environment}")
    return found


def _with_content(call: Call, content: Content, media_type: Text) -> Call:
    names = {(literal(name) or "").lower() for name, _ in call.headers}
    return msgspec.structs.replace(call, content=content, content_type=() if "content-type" in names else media_type)


def _call(item: Item, origin: str, variables: Variables) -> Call:
    sent = item.sent
    # A library counts what it sends; a length of ours could only contradict it.
    rows = [(name, value.strip(" \t")) for name, value in sent.headers if name.lower() != "content-length"]
    headers: Rows = tuple((variables.text(name), variables.text(value)) for name, value in rows)
    address = address_of(sent.url, _written_into_url(item.request), variables)
    login = None
    if sent.auth is None:
        login = None if "authorization" in {name.lower() for name, _ in rows} else address.login
    address, headers, login, grant = _with_auth(sent.auth, address, headers, login, variables)
    if login or grant:
        headers = without(headers, "authorization")
    if grant:
        headers = (*headers, (("Authorization",), ("Bearer ", Hole("", How.GRANTED))))
    tail = known(address.tail)
    odd = _UNUSUAL.search(tail) is not None or _DOTS.search(tail.partition("?")[0]) is not None
    return Call(
        title=item.title,
        origin=origin,
        method=sent.method,
        url=joined(*address.head, *address.tail),
        base=address.head,
        target=address.tail if odd else None,
        headers=headers,
        login=login,
        grant=grant,
        options=sent.options,
    )


def _with_auth(
    auth: Auth | None, address: Address, headers: Rows, login: Login | None, variables: Variables
) -> tuple[Address, Rows, Login | None, Grant | None]:
    text = variables.text
    match auth:
        case Basic():
            login = Login(text(auth.username), text(auth.password))
        case Digest():
            login = Login(text(auth.username), text(auth.password), digest=True)
        case Bearer():
            headers = _with_header(headers, "Authorization", text(f"{auth.prefix} {auth.token}".strip()))
        case ApiKey(place="header"):
            headers = _with_header(headers, auth.name, text(auth.value))
        case ApiKey(place="cookie"):
            headers = _with_cookie(headers, joined(*text(auth.name), "=", *text(auth.value)))
        case ApiKey():
            address = address.with_query(text(auth.name), text(auth.value))
        case OAuth2():
            return address, headers, None, _grant(auth, variables)
        case _:
            pass
    return address, headers, login, None


def _grant(auth: OAuth2, variables: Variables) -> Grant:
    by_basic = auth.client_auth == "basic" and auth.client_secret != ""
    form: dict[str, str] = {"grant_type": auth.grant}
    if auth.grant == "password":
        form |= {"username": auth.username, "password": auth.password}
    if auth.grant == "refresh_token":
        form |= {"refresh_token": auth.refresh_token}
    form |= {"scope": auth.scope, "audience": auth.audience}
    if not by_basic:
        form |= {"client_id": auth.client_id, "client_secret": auth.client_secret}
    client = (variables.text(auth.client_id), variables.text(auth.client_secret))
    return Grant(
        variables.text(auth.token_url),
        tuple(((name,), variables.text(value)) for name, value in form.items() if value),
        (encoded(client[0], How.FORM), encoded(client[1], How.FORM)) if by_basic else None,
    )


def without(headers: Rows, name: str) -> Rows:
    """The rows of other names; given in lower case."""
    return tuple(row for row in headers if (literal(row[0]) or "").lower() != name)


def _with_header(headers: Rows, name: str, value: Text) -> Rows:
    return (*without(headers, name.lower()), ((name,), value))


def _with_cookie(headers: Rows, pair: Text) -> Rows:
    cookies = [value for name, value in headers if (literal(name) or "").lower() == "cookie"]
    pieces: list[str | Hole] = []
    for cookie in cookies:
        pieces += [*cookie, "; "]
    return (*without(headers, "cookie"), (("Cookie",), joined(*pieces, *pair)))


def _written_into_url(request: EffectiveRequest) -> frozenset[str]:
    """The variables that stand in the URL itself or in its base, or are reached from there."""
    template = f"{{{{base_url}}}}{request.url}"
    try:
        return frozenset(reached_from(template, request.scope).names)
    except RequestFailed:
        return frozenset(variables_in(template))


def address_of(url: str, raw: Collection[str], variables: Variables) -> Address:
    """A URL of a request taken apart. raw: the variables that are put into it as they are."""
    written = url.strip(" ").partition("#")[0]
    scheme = _SCHEME.match(written)
    start = scheme.end() if scheme else 0
    end = _AUTHORITY_END.search(written, start)
    cut = end.start() if end else len(written)
    userinfo, at, host = written[start:cut].rpartition("@")
    login = None
    if at:
        user, _, password = userinfo.partition(":")
        login = Login(_unquoted(variables.text(user)), _unquoted(variables.text(password)))
    tail = variables.url(written[cut:], raw)
    quoted = tuple(_NEEDS_QUOTING.sub(_percent, piece) if isinstance(piece, str) else piece for piece in tail)
    slash = "/" if known(quoted).startswith("?") or (not quoted and not host.endswith("}}")) else ""
    return Address(joined(written[:start], *variables.text(host)), joined(slash, *quoted), login)


def _unquoted(text: Text) -> Text:
    return tuple(unquote(piece) if isinstance(piece, str) else piece for piece in text)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
