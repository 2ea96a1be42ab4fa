"""Servers as the base URL of a collection, and as environments where there are several."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._openapi.names import Names
from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.words import one_line, plain, text_in
from tui_client.formats._templates import converted, literal, variable
from tui_client.model.collection import Environment
from tui_client.model.variables import Choice, Constant, Variable

LOCAL: Final = "http://localhost"
MAX_SERVERS: Final = 500
_HOLE: Final = re.compile(r"\{([^{}]{1,100})\}")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://|\{[^{}]{1,100}\}(?::|/?/|\Z|[.\-])")
_HOST: Final = re.compile(
    r"(?:[A-Za-z0-9\-]{1,63}\.){1,10}[A-Za-z]{2,24}(?::[0-9]{1,5})?(?:/|\Z)|localhost(?::[0-9]|/|\Z)"
)
_TITLE: Final = 60


class Server(msgspec.Struct, frozen=True):
    """One server: its URL as a template, and its variables."""

    url: str
    title: str = ""
    variables: dict[str, Variable] = msgspec.field(default_factory=dict)


def origin_of(url: str) -> str:
    """Scheme, host and port of an absolute URL."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


class Servers:
    """Reads lists of servers. url: where the document came from, "" if that is not known."""

    def __init__(self, references: References, names: Names, report: Report, url: str = "") -> None:
        self._url = url
        self._references = references
        self._names = names
        self._report = report
        self._told: set[str] = set()

    def of(self, node: Node, origin: str) -> list[Server]:
        """The servers of a list; none for what is no list."""
        listed = node.value if isinstance(node.value, list) else []
        if len(listed) > MAX_SERVERS:
            self._report.dropped(origin, "servers", f"only the first {MAX_SERVERS} are read")
        found = [self._one(Node(each, node.file), origin) for each in listed[:MAX_SERVERS]]
        return [server for server in found if server is not None]

    def _one(self, node: Node, origin: str) -> Server | None:
        table = self._references.follow(node).table()
        url = table.get("url")
        if not isinstance(url, str):
            self._report.dropped(origin, f"server {shown(table.get('description', ''))}", "it has no URL")
            return None
        self._references.spend(len(url) + 200)
        given = self._references.child(node, "variables")
        variables: dict[str, Variable] = {}

        def hole(match: re.Match[str]) -> str:
            said = self._references.child(given, match[1]).table()
            if not said:
                self._tell(origin, f"server variable {shown(match[1])}", "it isn't described; it is empty")
            name = self._names.claim(match[1], "server")
            variables[name] = _variable(said)
            return variable(name)

        whole = self._absolute(url.strip(), origin)
        return Server(converted(whole, _HOLE, hole), one_line(text_in(table, "description")), variables)

    def _absolute(self, url: str, origin: str) -> str:
        if _ABSOLUTE.match(url):
            return url
        if url.startswith("//"):
            return f"{self._url.partition(':')[0] or 'https'}:{url}"
        if _HOST.match(url):
            self._tell(origin, f"server {shown(url)}", "it has no scheme; it counts as https")
            return f"https://{url}"
        if self._url:
            return self._beside_the_document(url, origin)
        self._tell(
            origin, f"server {shown(url)}", f"it is relative to where the document came from; {LOCAL} is before it"
        )
        return LOCAL + (url if url.startswith("/") and url != "/" else f"/{url}" if url.strip("/.") else "")

    def _beside_the_document(self, url: str, origin: str) -> str:
        """A relative URL, resolved as the specification says: against the place of the document."""
        # A server that is the document itself is none: what is meant is its host.
        try:
            whole = urljoin(self._url, url).rstrip("/") if url else origin_of(self._url)
        except ValueError:
            whole = origin_of(self._url)
        construct = f"server {shown(url)}"
        if construct not in self._told:
            self._told.add(construct)
            self._report.imported(origin, construct, f"it is relative to where the document came from: {shown(whole)}")
        return whole

    def _tell(self, origin: str, construct: str, why: str) -> None:
        if construct not in self._told:
            self._told.add(construct)
            self._report.approximated(origin, construct, why)


def environments(servers: list[Server]) -> tuple[Environment, ...]:
    """One for each of several servers."""
    if len(servers) < 2:
        return ()
    taken: set[str] = set()
    found = []
    for number, server in enumerate(servers, start=1):
        title = server.title if 0 < len(server.title) <= _TITLE else _host(server.url)
        if title.lower() in taken:
            title = f"{title} {server.url.partition('://')[0]}"[:_TITLE]
        name = title if title and title.lower() not in taken else f"{title or 'server'} {number}"
        taken.add(name.lower())
        found.append(Environment(name=name, base_url=server.url, variables=server.variables))
    return tuple(found)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].replace("{{", "").replace("}}", "")[:_TITLE]


def _variable(said: dict[str, Any]) -> Variable:
    default, enum = literal(plain(said.get("default", ""))), said.get("enum")
    options = [literal(plain(each)) for each in enum[:MAX_SERVERS]] if isinstance(enum, list) else []
    if not options:
        return Constant(default)
    return Choice(tuple(dict.fromkeys([default, *options] if default else options)))
