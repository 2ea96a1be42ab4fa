"""The text of a file as entries, each with its lines sorted by section, still as they are written."""

from __future__ import annotations

import re
from typing import Final

from tui_client.formats._format import FormatError

MAX_ENTRIES: Final = 100_000
_METHOD: Final = re.compile(r"(?!HTTP[ \t])([A-Z]+(?:[-_][A-Z]+)*)[ \t]+(\S.*)")
_RESPONSE: Final = re.compile(r"HTTP(?:/([0-9.]+))?[ \t]+(\d{1,3}|\*)[ \t]*(?:#.*)?")
_SECTION: Final = re.compile(r"\[([A-Za-z]+)\][ \t]*(?:#.*)?")
_LONG: Final = {
    "QueryStringParams": "Query", "FormParams": "Form", "MultipartFormData": "Multipart",
}  # fmt: skip
SECTIONS: Final = frozenset({"Query", "Form", "Multipart", "Cookies", "BasicAuth", "Options", "Captures", "Asserts"})
_DATA: Final = re.compile(r"(?:base64|hex|file),")
_JSON_SIGN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\{\{[^{}]*\}\}|[\[\]{}]', re.DOTALL)


class Half:
    """A request or a response: headers, sections, body. body: its kind ("json", "text", "fence", "data", "xml")."""

    def __init__(self) -> None:
        self.headers: list[tuple[int, str]] = []
        self.sections: dict[str, list[tuple[int, str]]] = {}
        self.kind = ""
        self.language = ""
        self.body = ""


class Entry:
    """A request and what is said of its reply, if anything is."""

    def __init__(self, line: int, method: str, url: str, comments: list[str]) -> None:
        self.line = line
        self.method = method
        self.url = url
        self.comments = comments
        self.notes: list[str] = []
        self.request = Half()
        self.response: Half | None = None
        self.version = ""
        self.status = ""


def entries(text: str) -> list[Entry]:
    """All entries in order. Raises FormatError for a line that belongs nowhere."""
    return _Reader(text.split("\n")).read()


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.found: list[Entry] = []
        self.comments: list[str] = []
        self.section = ""

    def read(self) -> list[Entry]:
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            self.at += 1
            if line.startswith("#"):
                self.comments.append(line.lstrip("#").strip())
            elif line:
                self._line(line)
        self._noted()
        return self.found

    def _noted(self) -> None:
        """Comments that no request follows belong to the one that they stand in."""
        if self.found:
            self.found[-1].notes += [each for each in self.comments if each]
            self.comments = []

    def _line(self, line: str) -> None:
        half = self._half()
        if not _METHOD.fullmatch(line):
            self._noted()
        if half is not None and self._section(line, half):
            return
        if response := _RESPONSE.fullmatch(line):
            self._response(response)
        elif half is not None and not half.kind and self._body(line, half):
            self.section = ""
        elif (method := _METHOD.fullmatch(line)) and not line.split(None, 1)[0].endswith(":"):
            self._entry(method)
        elif half is not None and not half.kind and (":" in line or self.section == "Asserts"):
            self._row(line, half)
        else:
            raise FormatError(f"can't be read in line {self.at}: {line[:60]}")

    def _half(self) -> Half | None:
        return (self.found[-1].response or self.found[-1].request) if self.found else None

    def _section(self, line: str, half: Half) -> bool:
        found = _SECTION.fullmatch(line)
        if found is None or half.kind:
            return False
        name = _LONG.get(found[1], found[1])
        if name not in SECTIONS:
            return False
        self.section = name
        half.sections.setdefault(name, [])
        return True

    def _row(self, line: str, half: Half) -> None:
        rows = half.sections[self.section] if self.section else half.headers
        first = self.at
        if line.count("```") == 1:
            # The value goes on up to the closing fence.
            taken = [line]
            while self.at < len(self.lines) and "```" not in taken[-1][0 if len(taken) > 1 else len(line) :]:
                taken.append(self.lines[self.at])
                self.at += 1
            line = "\n".join(taken)
        rows.append((first, line))

    def _entry(self, found: re.Match[str]) -> None:
        if len(self.found) >= MAX_ENTRIES:
            raise FormatError(f"has more than {MAX_ENTRIES:,} requests")
        url = re.split(r"[ \t]#", found[2], maxsplit=1)[0].strip()
        self.found.append(Entry(self.at, found[1], url, [each for each in self.comments if each]))
        self.comments = []
        self.section = ""

    def _response(self, found: re.Match[str]) -> None:
        if not self.found or self.found[-1].response is not None:
            raise FormatError(f"has a reply without a request in line {self.at}")
        entry = self.found[-1]
        entry.response, entry.version, entry.status = Half(), found[1] or "", found[2]
        self.section = ""

    def _body(self, line: str, half: Half) -> bool:
        if line.startswith("```"):
            self._fence(line, half)
        elif line[0] == "`" and line.endswith("`") and len(line) > 1:
            half.kind, half.body = "text", line[1:-1]
        elif line[0] in "{[" and not line.startswith("{{"):
            half.kind, half.body = "json", self._balanced(line)
        elif line[0] == "<":
            half.kind, half.body = "xml", self._xml(line)
        elif _DATA.match(line) and ";" in line:
            half.kind, half.body = "data", line.partition("#")[0].strip() if "file," not in line else line
        else:
            return False
        return True

    def _fence(self, line: str, half: Half) -> None:
        half.kind = "fence"
        rest = line[3:]
        if rest.endswith("```"):
            half.body = rest[:-3]
            return
        half.language = rest.split("#")[0].strip()
        taken: list[str] = []
        while self.at < len(self.lines):
            each = self.lines[self.at]
            self.at += 1
            if each.rstrip().endswith("```"):
                taken.append(each.rstrip()[:-3])
                break
            taken.append(each)
        half.body = "\n".join(taken)

    def _balanced(self, first: str) -> str:
        """JSON up to the bracket that closes it; all the rest where none does."""
        start, depth = self.at, 0
        taken: list[str] = []
        while True:
            line = first if not taken else self.lines[self.at - 1].rstrip()
            taken.append(line)
            for sign in _JSON_SIGN.finditer(line):
                depth += (sign[0] in "{[") - (sign[0] in "}]") if len(sign[0]) == 1 else 0
            if depth <= 0 or self.at >= len(self.lines):
                break
            self.at += 1
        if depth > 0:
            raise FormatError(f"has JSON that is not closed in line {start}")
        return "\n".join(taken)

    def _xml(self, first: str) -> str:
        taken = [first]
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            if _RESPONSE.fullmatch(line) or (_METHOD.fullmatch(line) and "://" in line):
                break
            taken.append(self.lines[self.at])
            self.at += 1
        return "\n".join(taken).strip()
