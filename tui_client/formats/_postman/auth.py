"""Postman's auth as ours: a list or an object of fields under its type."""

from __future__ import annotations

from typing import Final

from tui_client.formats._auth_words import auth_words
from tui_client.formats._postman.place import Place
from tui_client.formats._postman.values import Table, rows, table, text
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.model.kinds import Auth

_GRANTS: Final = {"client_credentials": "client_credentials", "password_credentials": "password"}
# Shown in Postman only, or the same as if they were not there.
_IDLE: Final = frozenset({"tokenName", "tokenType", "showPassword", "saveToken", "useBrowser", "disableRetryRequest"})


def read_auth(value: object, place: Place) -> tuple[Auth | None, str]:
    """The auth, None if it is inherited, and what is to be said of it in a description.

    One that we don't have is none, so that none is inherited in its place.
    """
    whole = table(value)
    kind = text(whole.get("type"))
    if kind in ("", "inherit"):
        return None, ""
    fields = _fields(whole.get(kind))
    match kind:
        case "noauth":
            return NoAuth(), ""
        case "basic":
            auth: Auth = Basic(place.template(fields.pop("username", "")), place.template(fields.pop("password", "")))
        case "bearer":
            auth = Bearer(place.template(fields.pop("token", "")))
        case "apikey":
            auth = _api_key(fields, place)
        case "digest":
            auth = Digest(place.template(fields.pop("username", "")), place.template(fields.pop("password", "")))
        case "oauth2":
            return _oauth2(fields, place)
        case _:
            return _unknown(kind, fields, place)
    _note_rest(kind, fields, place)
    return auth, ""


def _fields(value: object) -> Table:
    return {text(row.get("key")): row.get("value") for row in rows(value)}


def _api_key(fields: Table, place: Place) -> ApiKey:
    where = "query" if text(fields.pop("in", "header")) == "query" else "header"
    name = place.template(fields.pop("key", ""))
    return ApiKey(name, place.template(fields.pop("value", "")), "query" if where == "query" else "header")


def _oauth2(fields: Table, place: Place) -> tuple[Auth | None, str]:
    grant = text(fields.get("grant_type")) or "authorization_code"
    if grant in _GRANTS and text(fields.get("accessTokenUrl")):
        return _granted(fields, grant, place), ""
    token = text(fields.pop("accessToken", ""))
    if not token:
        return _unknown("oauth2", fields, place)
    fields.pop("grant_type", None)
    place.approximated("auth: oauth2", f"sends the access token of the file; the grant {grant} is not here")
    prefix = text(fields.pop("headerPrefix", "Bearer")).strip()
    if text(fields.pop("addTokenTo", "header")) == "queryParams":
        return ApiKey("access_token", place.template(token), "query"), _words("oauth2", fields)
    return Bearer(place.template(token), place.template(prefix)), _words("oauth2", fields)


def _granted(fields: Table, grant: str, place: Place) -> OAuth2:
    fields.pop("grant_type", None)
    by_header = text(fields.pop("client_authentication", "header")) != "body"
    if text(fields.get("headerPrefix")).strip() in ("", "Bearer"):
        fields.pop("headerPrefix", None)
    if text(fields.get("addTokenTo")) in ("", "header"):
        fields.pop("addTokenTo", None)

    def field(name: str) -> str:
        return place.template(fields.pop(name, ""))

    auth = OAuth2(
        grant="password" if grant == "password_credentials" else "client_credentials",
        token_url=field("accessTokenUrl"),
        client_id=field("clientId"),
        client_secret=field("clientSecret"),
        username=field("username"),
        password=field("password"),
        scope=field("scope"),
        audience=field("audience"),
        client_auth="basic" if by_header else "body",
    )
    _note_rest("oauth2", fields, place)
    return auth


def _note_rest(kind: str, fields: Table, place: Place) -> None:
    rest = [name for name, value in fields.items() if name not in _IDLE and text(value) not in ("", "[]", "false")]
    if rest:
        place.approximated(f"auth: {kind}", f"goes without {', '.join(rest)}")


def _unknown(kind: str, fields: Table, place: Place) -> tuple[Auth | None, str]:
    place.dropped(f"auth: {kind}", "there is no such auth here; what is no secret of it stands in the description")
    return NoAuth(), _words(kind, fields)


def _words(kind: str, fields: Table) -> str:
    given = (
        (name, text(value))
        for name, value in fields.items()
        if name not in _IDLE and not isinstance(value, dict | list)
    )
    return auth_words("Postman", kind, given)
