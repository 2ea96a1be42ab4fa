"""Posting's dotenv files as environments; what looks like a secret by its name is one."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._found import Report
from tui_client.formats._posting.dotenv import Reference, entries, references
from tui_client.formats._templates import literal, variable, variable_name
from tui_client.model.collection import Environment
from tui_client.model.variables import Constant, HostVariable, Secret, Variable

_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")
_SECRET_WORDS: Final = frozenset(
    ["key", "pass", "pwd", "pat", "otp", "pin", "jwt", "sid", "session", "auth", "signature", "cookie", "salt"]
)
_SECRET_PARTS: Final = ("secret", "passw", "passphrase", "token", "apikey", "credential", "authorization", "private")
_ABOUT_ONE: Final = frozenset(["url", "uri", "endpoint", "host", "ttl", "expiry", "expires", "type", "header", "name"])
_WITH_PASSWORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,40}://[^/?#@\s:]{0,500}:[^/?#@\s]{1,500}@")
_MOST: Final = 100_000


class Environments:
    """All environments of a collection. hosts: variables that come from the host, by their names here."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.made: dict[str, dict[str, Variable]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.hosts: dict[str, Variable] = {}
        self.known: dict[str, list[str]] = {}

    def add(self, name: str, source: str) -> None:
        """The variables of one file, whose text this is."""
        _File(self, name).read(source)

    def environments(self) -> tuple[Environment, ...]:
        """Each with its variables."""
        return tuple(Environment(name=name, variables=each) for name, each in self.made.items())


class _File:
    def __init__(self, around: Environments, title: str) -> None:
        self.around = around
        self.origin = f"{title}.env"
        self.variables = around.made.setdefault(title, {})
        self.secrets: dict[str, str] = {}
        self.title = title
        self.values: dict[str, str] = {}
        self.left = _MOST
        self.unknown: set[str] = set()
        self.last: dict[str, int] = {}
        self.at = 0

    def read(self, source: str) -> None:
        """All lines, in their order: a value may name those before it."""
        found = list(entries(source))
        self.last = {entry.name: at for at, entry in enumerate(found) if entry.value is not None}
        for self.at, entry in enumerate(found):
            if entry.value is None:
                why = "has no value" if entry.name else "can't be read"
                self._dropped(entry.name or f"line {entry.line}", why)
                continue
            template, self.values[entry.name] = self._put_together(entry.name, entry.value)
            if self.last[entry.name] != self.at:
                self._dropped(f"{entry.name} in line {entry.line}", "another line gives it another value")
            elif (label := variable_name(entry.name)) in self.variables:
                self._dropped(entry.name, "another has this name here")
            else:
                self._variable(label, entry.name, template)
        if self.secrets:
            self.around.secrets[self.title] = self.secrets
        for name, value in self.values.items():
            if name not in self.unknown:
                self.around.known.setdefault(name, []).append(value)

    def _variable(self, label: str, name: str, template: str) -> None:
        value = self.values[name]
        if not _is_secret(name, value):
            self.variables[label] = Constant(template)
            return
        self.variables[label] = Secret()
        if name in self.unknown:
            self._dropped(f"secret {name}", "its value has no variables here; what the host has is not in it")
        if value:
            self.secrets[label] = value
        else:
            self.around.report.imported(self.origin, f"secret {name}", "its value is not in the file; it is asked for")

    def _put_together(self, name: str, written: str) -> tuple[str, str]:
        """A value as a template, and as it is as far as the file says it."""
        template, value = [], []
        for part in references(written):
            if isinstance(part, str):
                template.append(literal(part))
                value.append(part)
                continue
            made, known = self._reference(part, name)
            template.append(made)
            value.append(known)
        return "".join(template), "".join(value)

    def _reference(self, part: Reference, name: str) -> tuple[str, str]:
        shown = f"{name}: ${{{part.name}{':-' if part.default else ''}{part.default}}}"
        if part.name in self.values:
            known = self._known(part.name, name)
            if self.last[part.name] >= self.at:
                self.around.report.imported(self.origin, shown, "its value so far stands in its place")
                return literal(known), known
            self.around.report.imported(self.origin, shown, "is a variable in the value")
            return variable(part.name), known
        if part.default:
            why = "became what stands for it where the host has no such variable"
            self.around.report.approximated(self.origin, shown, why)
            return literal(part.default), part.default
        if not part.name:
            return "", ""
        self.unknown.add(name)
        label = variable_name(f"host.{part.name}" if part.name in self.last else part.name)
        self.around.hosts[label] = HostVariable(part.name)
        self.around.report.imported(self.origin, shown, "comes from the environment of the host")
        return variable(label), ""

    def _known(self, name: str, user: str) -> str:
        """The value of a line before this one; what it lacks, the value that it is put into lacks too."""
        known = self.values[name]
        if len(known) > self.left:
            self._dropped(f"{user}: ${{{name}}}", "is too long to be put in")
            known = ""
        if name in self.unknown or len(known) < len(self.values[name]):
            self.unknown.add(user)
        self.left -= len(known)
        return known

    def _dropped(self, construct: str, why: str) -> None:
        self.around.report.dropped(self.origin, construct, why)


def _is_secret(name: str, value: str) -> bool:
    """Rather one too many than one too few."""
    if _WITH_PASSWORD.match(value):
        return True
    words = [word.lower() for word in _WORD.findall(name[:500])]
    if not words or words[-1] in _ABOUT_ONE:
        return False
    whole = "".join(words)
    return not _SECRET_WORDS.isdisjoint(words) or any(part in whole for part in _SECRET_PARTS)
