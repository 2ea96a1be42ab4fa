"""The [Options] of an entry."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from tui_client.formats._hurl.words import Holes, pair, unescaped
from tui_client.model.options import Options, TimeoutOptions
from tui_client.model.request import NameValue

_TIME: Final = re.compile(r"(\d{1,9})\s*(ms|s|m|h)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_BATCH: Final = "a batch has settings for it"
_WHY: Final = {
    "insecure": "certificates stay verified; allow it with verify = false and a grant for the host",
    "retry": _BATCH, "retry-interval": _BATCH, "repeat": _BATCH, "delay": _BATCH,
    "key": "put the key into the file of the certificate",
    "aws-sigv4": "there is no such auth here",
    "location-trusted": "redirects are followed, the credentials stay with the first host",
    "skip": "a request is left out of a batch, not switched off",
}  # fmt: skip
_TEXTS: Final = {"proxy": "proxy", "cacert": "ca", "cert": "client_cert"}
_TIMES: Final = {"connect-timeout": "connect", "max-time": "total"}
_DEFAULTS: Final = frozenset({"compressed"})


class Said(msgspec.Struct, frozen=True):
    """The options, and a user that stands among them."""

    options: Options = Options()
    user: tuple[NameValue, ...] = ()


def options_of(
    rows: list[tuple[int, str]], holes: Holes, variables: Callable[[str, str], None]
) -> tuple[Said, tuple[NameValue, ...]]:
    """The options of one entry, and the headers that stand among them."""
    given: dict[str, Any] = {}
    timeout: dict[str, float] = {}
    user: tuple[NameValue, ...] = ()
    headers: list[NameValue] = []
    for number, line in rows:
        name, value = pair(line) or (line, "")
        text = holes.value(value)
        seconds = _TIME.fullmatch(value)
        if name == "variable":
            variables(*(each.strip() for each in value.partition("=")[::2]))
        elif name in ("location", "http2") and value in ("true", "false"):
            given["follow_redirects" if name == "location" else "http2"] = value == "true"
        elif name == "max-redirs" and value.isdecimal() and len(value) < 9:
            given["max_redirects"] = int(value)
        elif name in _TEXTS:
            given[_TEXTS[name]] = text
        elif name in _TIMES and seconds is not None:
            timeout[_TIMES[name]] = int(seconds[1]) * _UNITS[seconds[2] or "s"]
        elif name == "user" and ":" in value:
            who, _, password = value.partition(":")
            user = (NameValue(holes.value(who), holes.value(password)),)
        elif name == "header" and (both := pair(unescaped(value))) is not None:
            headers.append(NameValue(holes.text(both[0]), holes.text(both[1])))
        else:
            if name == "location-trusted" and value == "true":
                given["follow_redirects"] = True
            if not (name in _DEFAULTS and value == "true") and value != "false":
                why = _WHY.get(name, "there is no such option here")
                holes.report.dropped(f"line {number}", f"{name}: {value}"[:80], why)
    options = Options(timeout=TimeoutOptions(**timeout), **given)
    return Said(options, user), tuple(headers)
