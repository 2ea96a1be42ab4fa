"""Bruno's auth as ours."""

from __future__ import annotations

from tui_client.formats._auth_words import auth_words
from tui_client.formats._bruno.place import Place
from tui_client.formats._values import Table, table, text
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.model.kinds import Auth


def read_auth(value: object, place: Place) -> tuple[Auth | None, str]:
    """The auth, None if it is inherited, and what is to be said of it in a description."""
    whole = table(value)
    mode = text(whole.get("mode"))
    fields = table(whole.get(mode))

    def field(name: str) -> str:
        return place.template(fields.get(name))

    match mode:
        case "inherit":
            return None, ""
        case "" | "none":
            return NoAuth(), ""
        case "basic":
            return Basic(field("username"), field("password")), ""
        case "digest":
            return Digest(field("username"), field("password")), ""
        case "bearer":
            return Bearer(field("token")), ""
        case "apikey":
            return ApiKey(field("key"), field("value"), "query" if "query" in field("placement") else "header"), ""
        case "oauth2" if field("grant_type") in ("client_credentials", "password"):
            return _oauth2(fields, place), ""
        case _:
            place.dropped(
                f"auth: {mode}", "there is no such auth here; what is no secret of it stands in the description"
            )
            return NoAuth(), _words(mode, fields)


def _oauth2(fields: Table, place: Place) -> OAuth2:
    def field(name: str) -> str:
        return place.template(fields.get(name))

    place.imported("auth: oauth2", "the token is fetched when it is needed")
    return OAuth2(
        grant="password" if field("grant_type") == "password" else "client_credentials",
        token_url=field("access_token_url"),
        client_id=field("client_id"),
        client_secret=field("client_secret"),
        username=field("username"),
        password=field("password"),
        scope=field("scope"),
        client_auth="basic" if field("credentials_placement") == "basic_auth_header" else "body",
    )


def _words(mode: str, fields: Table) -> str:
    return auth_words("Bruno", mode, ((name, text(value)) for name, value in fields.items()))
