"""One file of Posting's as one request of ours."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._auth_words import auth_words
from tui_client.formats._data import yaml_data
from tui_client.formats._format import FormatError
from tui_client.formats._found import FoundRequest, Script
from tui_client.formats._posting.address import Row, named, read_address, read_rows
from tui_client.formats._posting.bodies import read_body
from tui_client.formats._posting.place import Place
from tui_client.formats._posting.scripts import Scripts
from tui_client.formats._values import Table, number, table, text
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.model.kinds import Auth
from tui_client.model.options import Options, TimeoutOptions
from tui_client.model.request import Request

KNOWN: Final = (
    *("name", "description", "method", "url", "body", "auth", "headers", "params", "path_params"),
    *("posting_version", "scripts", "options", "cookies"),
)
_USER: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^/?#@]{1,1000}@")
_OPTIONS: Final = (
    *("follow_redirects", "verify_ssl", "attach_cookies", "substitute_body_variables", "proxy_url", "timeout"),
)


def document_of(data: bytes) -> Table:
    """The table that a file is. Raises FormatError."""
    document = yaml_data(data, typed=False)
    if not isinstance(document, dict):
        raise FormatError("is no table of a request's fields")
    found = table(document)
    if not found.keys() & set(KNOWN):
        raise FormatError("has no field of a request")
    return found


def request_of(content: Table, title: str, folder: tuple[str, ...], place: Place, scripts: Scripts) -> FoundRequest:
    """The request that a file holds, and the code that belongs to it."""
    place.note_unknown(content, KNOWN)
    if content.get("cookies"):
        place.dropped("cookies", "cookies are kept per session here, not in files")
    headers = read_rows(content.get("headers"), "headers", place)
    url, path, params = read_address(content, place)
    options, filled = _options(content.get("options"), place)
    auth, words = _auth(content.get("auth"), place)
    if auth is None and _USER.match(url):
        headers = _without_authorization(headers, place)
    request = Request(
        name=title,
        method=text(content.get("method")).strip() or "GET",
        url=url,
        description="\n\n".join(filter(None, (text(content.get("description")), words))),
        path=path,
        params=params,
        headers=named(headers, place),
        body=read_body(content.get("body"), headers, place, filled=filled),
        auth=auth,
        options=options,
    )
    return FoundRequest(request=request, folder=folder, scripts=_scripts(content, place, scripts))


def _without_authorization(headers: list[Row], place: Place) -> list[Row]:
    """Of a user in the URL and such a header Posting sends the first."""
    made = []
    for row in headers:
        if row.enabled and row.name.lower() == "authorization":
            place.imported("headers: Authorization", "is switched off: the user in the URL is sent instead of it")
            row = Row(row.name, row.value, enabled=False)
        made.append(row)
    return made


def _auth(value: object, place: Place) -> tuple[Auth | None, str]:
    whole = table(value)
    kind = text(whole.get("type"))
    fields = table(whole.get(kind))
    place.note_unknown(whole, ("type", "basic", "digest", "bearer_token", kind), "auth.")
    for other in ("basic", "digest", "bearer_token"):
        if other != kind and whole.get(other):
            place.dropped(f"auth.{other}", "is not what is sent" + (f": the auth is {kind[:40]}" if kind else ""))

    def field(name: str) -> str:
        return place.template(fields.get(name))

    match kind:
        case "":
            return None, ""
        case "basic" | "digest":
            place.note_unknown(fields, ("username", "password"), f"auth.{kind}.")
            made = Basic if kind == "basic" else Digest
            return made(field("username"), field("password")), ""
        case "bearer_token":
            place.note_unknown(fields, ("token",), "auth.bearer_token.")
            return Bearer(field("token")), ""
        case _:
            place.dropped(
                f"auth: {kind[:40]}", "there is no such auth here; what is no secret of it stands in the description"
            )
            return None, auth_words("Posting", kind, ((name, text(each)) for name, each in fields.items()))


def _options(value: object, place: Place) -> tuple[Options, bool]:
    """The options, and whether variables in the body are filled in."""
    given = table(value)
    place.note_unknown(given, _OPTIONS, "options.")

    def flag(name: str) -> bool:
        return place.flag(given.get(name), f"options.{name}", default=True)

    if not flag("verify_ssl"):
        place.dropped(
            "options.verify_ssl: false", "certificates stay verified; allow it with `verify = false` in the options"
        )
    return Options(
        timeout=_timeout(given.get("timeout"), place),
        follow_redirects=flag("follow_redirects") if given.get("follow_redirects") is not None else None,
        proxy=place.template(given.get("proxy_url")) or None,
        cookies=None if flag("attach_cookies") else False,
    ), flag("substitute_body_variables")


def _timeout(value: object, place: Place) -> TimeoutOptions:
    if value is None:
        return TimeoutOptions()
    seconds = number(value)
    if not seconds:
        place.dropped(f"options.timeout: {text(value)[:40]}", "is no number of seconds that a request could take")
        return TimeoutOptions()
    # Posting's is one for each step, and none for all of them.
    return TimeoutOptions(connect=seconds, read=seconds, write=seconds, pool=seconds, total=0)


def _scripts(content: Table, place: Place, scripts: Scripts) -> tuple[Script, ...]:
    given = table(content.get("scripts"))
    place.note_unknown(given, Scripts.PHASES, "scripts.")
    return tuple(
        scripts.script(name, text(given[name]), place) for name in Scripts.PHASES if text(given.get(name)).strip()
    )
