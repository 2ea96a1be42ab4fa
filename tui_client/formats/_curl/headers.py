"""The header rows that a command asks for."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._curl.arguments import Arguments
from tui_client.formats._curl.data import Files, template
from tui_client.formats._found import Report

Rows = list[tuple[str, str]]
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z\0]+")
_OURS: Final = frozenset({"accept", "accept-encoding", "user-agent", "host"})


class Headers:
    """Rows as written (holes in them), and the names that were taken away."""

    def __init__(self, given: Arguments, files: Files, report: Report) -> None:
        self.given, self.files, self.report = given, files, report
        self.own: Rows = []
        self.removed: set[str] = set()
        for each in given.all("header", "expand-header"):
            if each.value.startswith("@"):
                for line in (files.text(each.value[1:], each.shown) or "").splitlines():
                    self._take(line)
            else:
                self._take(each.value)
        self.names = {name.lower() for name, _ in self.own}

    def _take(self, line: str) -> None:
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip(" \t\r\n")
        if not colon and line.rstrip().endswith(";"):
            self._add(line.rstrip()[:-1], "")
        elif not colon:
            self._lost(line, "it has no colon, and curl sends nothing of it")
        elif not value:
            self.removed.add(name.lower())
            if name.lower() in _OURS:
                self._lost(f"{name}:", "this header is always sent")
        else:
            self._add(name, value)

    def _add(self, name: str, value: str) -> None:
        if not _NAME.fullmatch(name):
            self._lost(name, "it is not the name of a header")
        elif any(sign in value for sign in "\r\n"):
            self._lost(name, "its value has a line break")
        elif name.lower() == "content-length":
            self._said(name, "the length of the body is always sent")
        elif name.lower() == "transfer-encoding":
            self.report.approximated(self.given.origin, f"-H {name}", "the body is sent with its length instead")
        else:
            self.own.append((name, value))

    def _lost(self, what: str, why: str) -> None:
        self.report.dropped(self.given.origin, f"-H {what[:80]}", why)

    def _said(self, what: str, why: str) -> None:
        self.report.imported(self.given.origin, f"-H {what}", why)

    def value(self, name: str) -> str:
        """Of the last row of this name, in lower case; "" if there is none."""
        return next((value for each, value in reversed(self.own) if each.lower() == name), "")

    def without(self, name: str) -> None:
        """Takes the rows of a name away: something else sends it."""
        self.own = [row for row in self.own if row[0].lower() != name]
        self.names.discard(name)

    def rows(self, body: bool) -> list[tuple[str, str]]:
        """All rows: what options say, then what was written as a header."""
        given = self.given
        made: Rows = []
        if agent := self._agent():
            made.append(("User-Agent", agent))
        if given.value("referer") is not None:
            referer = (given.value("referer") or "").removesuffix(";auto")
            made += [("Referer", referer)] if referer else []
        if cookie := self._cookie():
            made.append(("Cookie", cookie))
        if (ranged := given.value("range")) is not None:
            made.append(("Content-Range" if body else "Range", f"bytes={ranged}"))
        own = [*self.own]
        if given.all("json") and "accept" not in self.names:
            own.append(("Accept", "application/json"))
        if given.on("tr-encoding"):
            self.report.dropped(given.origin, "--tr-encoding", "there is no such setting here")
        kept = [row for row in made if row[0].lower() not in self.names | self.removed]
        return [(template(name), template(value)) for name, value in (*kept, *own)]

    def _agent(self) -> str:
        agent = self.given.value("user-agent")
        if agent == "":
            self.report.dropped(self.given.origin, "-A ''", "a User-Agent is always sent")
        return agent or ""

    def _cookie(self) -> str:
        cookies: list[str] = []
        for each in self.given.all("cookie"):
            if "=" in each.value:
                cookies.append(each.value)
            elif each.value:
                self.report.dropped(self.given.origin, f"-b {each.value[:80]}", "files of cookies are not read")
        return ";".join(cookies)  # as curl joins them
