"""Secrets of every origin in one collection, and the search for them in what was left behind."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

from counting_server import Counting

ROWS: Final = 12

# By where the value comes from; those with "-" at the end are followed by a row's number.
CANARIES: Final = {
    "secret file": 'canary1 "file" ü',
    "vault": "canary2/vault+value=",
    "command line": "canary3-given",
    "capture": "canary5-captured-token",
    "bearer": "canary6-bearer",
    "basic": "canary7-basic-password",
    "api key": "canary8 api key&more",
    "client secret": "canary9-client-secret",
    "access token": "canary10-access-token",
    "digest": "canary11-digest-password",
    "URL": "canary12-userinfo",
    "cookie": "canary13-cookie-value",
    "row": "canary4-row-",
}

SHARED: Final = """
[variables]
filed = { secret = true }
kept = { secret = true }
given = { secret = true }
row = { secret = true }
token = { secret = true }
"""

# What the reply to each of the single requests sends back.
OWN: Final = {
    "bearer": "bearer",
    "basic": "basic",
    "key": "api key",
    "oauth": "access token",
    "userinfo": "URL",
}

_HEAD: Final = 'method = "POST"\n'


def files(base_url: str) -> dict[str, str]:
    """The requests by key. `echo/…` are answered with what the server knows of all secrets."""
    host = base_url.removeprefix("http://")
    auths = {
        "bearer": f'kind = "bearer"\ntoken = "{CANARIES["bearer"]}"',
        "basic": f'kind = "basic"\nusername = "ann"\npassword = "{CANARIES["basic"]}"',
        "key": f'kind = "api_key"\nname = "k"\nvalue = "{CANARIES["api key"]}"\nplace = "query"',
        "oauth": f'kind = "oauth2"\ntoken_url = "{base_url}/token"\nclient_id = "ann"\n'
        f'client_secret = "{CANARIES["client secret"]}"',
        "digest": f'kind = "digest"\nusername = "ann"\npassword = "{CANARIES["digest"]}"',
    }
    found = {f"auth/{name}": f'{_HEAD}url = "/echo/{name}"\n[auth]\n{auth}\n' for name, auth in auths.items()}
    found["auth/userinfo"] = f'url = "http://ann:{CANARIES["URL"]}@{host}/echo/userinfo"\n'
    found["flow/login"] = (
        f'{_HEAD}url = "/login"\n[params]\nq = "{{{{filed}}}}"\n[headers]\nX-Kept = "{{{{kept}}}}"\n'
        '[body]\nkind = "json"\ncontent = \'{"given": "{{given}}", "row": "{{row}}"}\'\n'
        '[capture.token]\nquery = "json"\nexpr = "$.token"\n'
    )
    found["flow/use"] = (
        'url = "/echo/{{given}}/{{token}}"\n[params]\nrow = "{{row}}"\n[headers]\nX-Token = "{{token}}"\n'
        '[[assert]]\nquery = "body"\nop = "contains"\nvalue = "{{filed}}"\n'
        '[[assert]]\nquery = "json"\nexpr = "$.token"\nop = "=="\nvalue = "other"\n'
    )
    found["environments/local"] = ""
    found["environments/local.secret"] = f"filed = {json.dumps(CANARIES['secret file'])}\n"
    return found


def teach(server: Counting) -> None:
    """Have the server hand out its own secrets, and echo all others in every way of writing them."""
    server.bodies["/login"] = json.dumps({"token": CANARIES["capture"]})
    server.bodies["/token"] = json.dumps(
        {"access_token": CANARIES["access token"], "token_type": "Bearer", "expires_in": 3600}
    )
    server.cookies["/login"] = f"session={CANARIES['cookie']}; Path=/"
    for name, origin in OWN.items():
        server.bodies[f"/echo/{name}"] = _echo(CANARIES[origin])
    given, token = CANARIES["command line"], CANARIES["capture"]
    server.bodies[f"/echo/{given}/{token}"] = _echo(given, token)


def _echo(*values: str) -> str:
    """A reply that says them in all ways, as echoes and error pages do."""
    ways = {way for value in values for way in ways_to_write(value)}
    return json.dumps({"token": "other", "html": [html.escape(way) for way in ways], "plain": sorted(ways)})


def rows_file(path: Path) -> Path:
    """A data file with a secret in each row."""
    path.write_text("".join(f"{line}\n" for line in ["row", *(f"{CANARIES['row']}{n}" for n in range(ROWS))]))
    return path


def sent(server: Counting) -> set[str]:
    """The origins whose value really arrived at the server."""
    everything = "\n".join([*server.arrived, *server.heads, *server.received])
    return {origin for origin, value in CANARIES.items() if any(form in everything for form in ways_to_write(value))}


def ways_to_write(value: str) -> set[str]:
    """As it is, in a URL, a form, JSON, HTML and Base64 with a user before it."""
    plain = {value, quote(value), quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}
    encoded = {base64.b64encode(text.encode()).decode() for text in (value, f"ann:{value}")}
    return plain | encoded | {value.encode().decode("latin-1")}


def hits(data: bytes, origins: Iterable[str] = tuple(CANARIES)) -> set[str]:
    """The origins whose value stands in these bytes, however it is written there."""
    forms = {origin: {form.encode() for form in ways_to_write(CANARIES[origin])} for origin in origins}
    wide = {origin: {CANARIES[origin].encode("utf-16-le")} for origin in origins}
    return {origin for origin in origins if any(form in data for form in forms[origin] | wide[origin])}


def leaks(folder: Path, allowed: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(file, origin) of each secret in the files below a folder. allowed: paths below it where they may stand."""
    left_out = tuple(allowed)
    paths = [path for path in folder.rglob("*") if path.is_file()]
    found = [(path.relative_to(folder).as_posix(), path) for path in paths]
    return [
        (name, origin)
        for name, path in found
        if not name.startswith(left_out)
        for origin in sorted(hits(path.read_bytes()) | hits(name.encode()))
    ]
