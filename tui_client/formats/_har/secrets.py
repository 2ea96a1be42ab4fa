"""What was recorded of secrets never gets into a file: a variable stands in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._templates import variable_name
from tui_client.model.variables import Secret, Variable

# Too many names are hidden rather than one too few.
_HEADERS: Final = (
    *("authorization", "cookie", "token", "secret", "passw", "api-key", "apikey", "credential", "signature"),
    *("session", "x-auth", "jwt"),
)
_FIELDS: Final = (
    *("token", "secret", "passw", "passphrase", "pwd", "apikey", "accesskey", "privatekey", "subscriptionkey"),
    *("credential", "signature", "authorization", "session", "jwt", "csrf", "xsrf"),
)
# Names that many things have; what they name is a secret if it is long.
_AMBIGUOUS: Final = frozenset({"key", "sig", "auth", "sid", "code", "pass", "pin", "otp", "assertion", "hash", "hmac"})
_LONG: Final = 12
_NO_SECRETS: Final = re.compile(
    r"(sec-fetch|access-control|idempotency|surrogate|page|next|prev|cursor|continuation|sync|max|num).*|.*type",
    re.DOTALL,
)
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{8,}+\.[\w-]{4,}+\.[\w-]*+", re.ASCII)
# What is worth looking for in other places: neither a word nor a date.
_TOKEN: Final = re.compile(r"[\w.~-]{12,}+", re.ASCII)
_MIXED: Final = re.compile(r"(?=[^0-9]*+[0-9])(?=[^A-Za-z]*+[A-Za-z]).*", re.DOTALL)
_OURS: Final = re.compile(r"\{\{([\w.\-]+)\}\}")
HOLE: Final = re.compile("\0([^\0]+)\0")


def is_secret_header(name: str) -> bool:
    """Whether a header of this name is one that lets somebody in."""
    lowered = name.lower().replace("_", "-")
    if _NO_SECRETS.fullmatch(lowered):
        return False
    return lowered.endswith("-key") or any(word in lowered for word in _HEADERS)


def is_secret_field(name: str, value: str) -> bool:
    """The same of a parameter, or a field of a body."""
    lowered = name.lower().replace("-", "").replace("_", "")
    if not value or _NO_SECRETS.fullmatch(lowered):
        return False
    return any(word in lowered for word in _FIELDS) or (lowered in _AMBIGUOUS and len(value) >= _LONG)


class _Taken(msgspec.Struct):
    """One variable. seen: the values that were recorded, only to know whether they were one."""

    name: str
    what: str
    count: int = 0
    seen: set[str] = msgspec.field(default_factory=set)


class Secrets:
    """The variables of a recording: one for each thing that a host wants to know, whatever it was at the time."""

    def __init__(self, *, many_hosts: bool) -> None:
        self._many_hosts = many_hosts
        self._taken: dict[tuple[str, str], _Taken] = {}
        self._names: set[str] = {"base_url"}
        self._known: dict[str, str] = {}
        self._notes: dict[tuple[str, str], int] = {}

    def learn(self, name: str, value: str) -> None:
        """Have a value looked for wherever it may stand: a cookie's is often a field of a form too."""
        value = value.strip().strip('"')
        if _TOKEN.fullmatch(value) and _MIXED.fullmatch(value):
            self._known.setdefault(value, name)

    def note(self, construct: str, why: str) -> None:
        """Have something said once that is so of many requests."""
        self._notes[construct, why] = self._notes.get((construct, why), 0) + 1

    def hole(self, host: str, what: str, name: str, value: str) -> str:
        """A place for a variable, in text that has no NUL. what: "header Cookie"; name: of the variable, about."""
        ours = _OURS.fullmatch(value.strip())
        key = (host, what.lower() if ours is None else f"{what} {value}")
        taken = self._taken.get(key)
        if taken is None:
            shown = f"{what} of {host}" if self._many_hosts else what
            taken = self._taken[key] = _Taken(ours[1] if ours else self._free(name, host), shown)
        taken.count += 1
        taken.seen.add(value)
        return f"\0{taken.name}\0"

    def has_token(self, text: str) -> bool:
        """Whether `without_tokens` would find one."""
        return _JWT.search(text) is not None or any(word in self._known for word in _TOKEN.findall(text))

    def without_tokens(self, host: str, text: str) -> str:
        """Text with holes where a JSON Web Token stands, or what is a secret elsewhere in the recording."""

        def token(match: re.Match[str]) -> str:
            name = self._known.get(match[0])
            return match[0] if name is None else self.hole(host, f"value of {name} in other places", name, match[0])

        if "eyJ" in text:
            text = _JWT.sub(lambda match: self.hole(host, "JSON Web Token", "jwt", match[0]), text)
        return _TOKEN.sub(token, text) if self._known else text

    def _free(self, name: str, host: str) -> str:
        wanted = variable_name(f"{name}_{host}" if self._many_hosts else name).replace("-", "_").replace(".", "_")
        wanted = wanted.lower()[:80]
        free, number = wanted, 2
        while free in self._names:
            free, number = f"{wanted}_{number}", number + 1
        self._names.add(free)
        return free

    def variables(self) -> Mapping[str, Variable]:
        """All of them, without a value."""
        return {taken.name: Secret() for taken in self._taken.values()}

    def tell(self, report: Report) -> None:
        """A line for each."""
        for taken in self._taken.values():
            why = (
                f"not taken over from a recording; set {taken.name} in the workbench, or with -v {taken.name}=VALUE; "
                f"{_times(taken.count)}"
            )
            if len(taken.seen) > 1:
                different = f"{why}, {len(taken.seen)} different values"
                report.approximated(f"variable {taken.name}", taken.what, different)
            else:
                report.imported(f"variable {taken.name}", taken.what, why)
        for (construct, why), count in self._notes.items():
            report.approximated("log", construct, f"{why}; {_times(count)}")


def _times(count: int) -> str:
    return "it was there once" if count == 1 else f"it was there {count} times"
