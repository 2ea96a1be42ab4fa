"""Insomnia's authentication as ours."""

from __future__ import annotations

from tui_client.formats._auth_words import auth_words
from tui_client.formats._insomnia.place import Place
from tui_client.formats._values import Table, is_true, table, text
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.model.kinds import Auth


def read_auth(value: object, place: Place) -> tuple[Auth | None, str]:
    """The auth, None if it is inherited, and what is to be said of it in a description."""
    fields = table(value)
    kind = text(fields.get("type"))
    if not fields or kind == "inherit":
        return None, ""
    if is_true(fields.get("disabled")) and kind not in ("", "none"):
        place.dropped(f"authentication: {kind}", "is disabled; none is sent, what it is stands in the description")
        return NoAuth(), _words(kind, fields)

    def field(name: str) -> str:
        return place.template(fields.get(name))

    match kind:
        case "" | "none":
            return NoAuth(), ""
        case "basic":
            return Basic(field("username"), field("password")), ""
        case "digest":
            return Digest(field("username"), field("password")), ""
        case "bearer":
            return Bearer(field("token"), field("prefix") or "Bearer"), ""
        case "apikey":
            return _api_key(fields, place), ""
        case "oauth2" if text(fields.get("grantType")) in ("client_credentials", "password"):
            return _oauth2(fields, place), ""
        case _:
            why = "there is no such auth here; what is no secret of it stands in the description"
            place.dropped(f"authentication: {kind}", why)
            return NoAuth(), _words(kind, fields)


def _api_key(fields: Table, place: Place) -> ApiKey:
    name, value = place.template(fields.get("key")), place.template(fields.get("value"))
    match text(fields.get("addTo")):
        case "queryParams":
            return ApiKey(name, value, "query")
        case "cookie":
            return ApiKey(name, value, "cookie")
        case _:
            return ApiKey(name, value)


def _oauth2(fields: Table, place: Place) -> OAuth2:
    def field(name: str) -> str:
        return place.template(fields.get(name))

    place.imported("authentication: oauth2", "the token is fetched when it is needed")
    return OAuth2(
        grant="password" if text(fields.get("grantType")) == "password" else "client_credentials",
        token_url=field("accessTokenUrl"),
        client_id=field("clientId"),
        client_secret=field("clientSecret"),
        username=field("username"),
        password=field("password"),
        scope=field("scope"),
        audience=field("audience"),
        client_auth="body" if is_true(fields.get("credentialsInBody")) else "basic",
    )


def _words(kind: str, fields: Table) -> str:
    given = ((name, text(value)) for name, value in fields.items() if name not in ("type", "disabled"))
    return auth_words("Insomnia", kind, given)
