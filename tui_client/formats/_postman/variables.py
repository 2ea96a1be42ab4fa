"""Variables of a Postman collection, environment or globals file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from tui_client.formats._found import NOTHING
from tui_client.formats._postman.place import Place
from tui_client.formats._postman.values import Table, description, is_on, rows, text
from tui_client.formats._templates import variable_name
from tui_client.model.collection import Environment
from tui_client.model.variables import Constant, Secret, Variable

SECRETS: Final = "secrets"
_ABOUT_HOSTS: Final = re.compile(r"url|host|base|server|domain|endpoint", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:localhost|[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,20})(?::[0-9]{1,5})?(?:/\S*)?")


class Variables(msgspec.Struct, frozen=True):
    """Those of one place. secrets: values of those that are `Secret()`. written: all values, as Postman has them."""

    values: Mapping[str, Variable] = NOTHING
    secrets: Mapping[str, str] = NOTHING
    written: Mapping[str, str] = NOTHING


def read_variables(value: object, place: Place) -> Variables:
    """The variables that are on; the last of a name counts. One that is off is reported."""
    values: dict[str, Variable] = {}
    secrets: dict[str, str] = {}
    written: dict[str, str] = {}
    for row in rows(value):
        key = text(row.get("key") or row.get("id") or row.get("name"))
        name = variable_name(key)
        if not key and row.get("value") in (None, ""):
            continue
        if not is_on(row):
            place.dropped(f"variable {key}", "is off, so it is left out")
            continue
        if name in values:
            place.approximated(f"variable {key}", f"takes the place of an earlier {name}")
        if name != key:
            place.imported(f"variable {key}", f"is named {name}")
        if words := description(row.get("description")):
            place.approximated(f"variable {key}", f"goes without its description: {words[:200]}")
        written[key] = text(row.get("value"))
        secrets.pop(name, None)
        values[name] = Secret() if row.get("type") == "secret" else _constant(row, place)
        if row.get("type") == "secret":
            secrets[name] = written[key]
    return Variables(values, secrets, written)


def note_hosts(found: Variables, place: Place) -> None:
    """Report the hosts of an environment: where a URL begins with one, Postman adds http:// by itself."""
    for name, value in found.written.items():
        if _ABOUT_HOSTS.search(name) and _HOST.fullmatch(value.strip()):
            place.approximated(f"variable {name}", "has no scheme: put http:// before it, if URLs begin with it")


def _constant(row: Table, place: Place) -> Variable:
    match row.get("value"):
        case bool() | float() as value:
            return Constant(value)
        case int() as value if -(1 << 63) <= value < 1 << 63:  # TOML has no larger ones
            return Constant(value)
        case value:
            return Constant(place.template(value))


def without_secrets(found: Variables, place: Place) -> tuple[Variables, Environment | None]:
    """A collection's variables, and its secret ones as an environment: only there their values stay out of git."""
    if not found.secrets:
        return found, None
    for name in found.secrets:
        place.approximated(f"secret variable {name}", f'is in the environment "{SECRETS}", out of the collection')
    values = {name: each for name, each in found.values.items() if name not in found.secrets}
    secret: dict[str, Variable] = {name: Secret() for name in found.secrets}
    return msgspec.structs.replace(found, values=values), Environment(name=SECRETS, variables=secret)
