"""Editing a TOML text in place: only what differs between two trees is touched, everything else stays byte for byte."""

from __future__ import annotations

import difflib
from typing import Any

from tui_client.storage.document import Document
from tui_client.storage.literals import dotted_literal, key_literal, literal, multiline_like
from tui_client.storage.positions import Header, Place, Span
from tui_client.storage.sections import is_section, pair_text, rank, section_text, value_text
from tui_client.text.toml_limits import TOKEN


class Untouchable(Exception):
    """An edit that can't be made in place; the caller writes that part anew."""


def same(one: Any, two: Any) -> bool:
    """Whether two TOML values are equal in type, text and order too."""
    if isinstance(one, dict) and isinstance(two, dict):
        return list(one) == list(two) and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    return type(one) is type(two) and literal(one) == literal(two)


def patch(
    document: Document, target: dict[str, Any], *, anew: frozenset[str] = frozenset(), comments: bool = True
) -> str:
    """The text with `target` in it instead of the document's table.

    `anew`: top-level keys that are taken out and written again as a whole. `comments`: those in what is written again
    stand above it. Raises Untouchable, ValueError.
    """
    patcher = _Patcher(document, comments)
    patcher.table((), document.table, target, anew)
    return patcher.text()


class _Patcher:
    def __init__(self, document: Document, comments: bool) -> None:
        self.comments = comments
        self.source = document.text
        self.raw = document.table
        self.outline = document.outline
        self.first: list[tuple[int, int, str]] = []  # pairs before any section: they win a tie of offsets
        self.edits: list[tuple[int, int, str]] = []

    # The text

    def text(self) -> str:
        out, at = [], 0
        for start, end, text in sorted([*self.first, *self.edits], key=lambda edit: edit[:2]):
            if end <= at and start < at:
                continue  # already taken out, with the section around it
            if start < at:
                raise Untouchable
            out += [self.source[at:start], text]
            at = end
        whole = "".join((*out, self.source[at:]))
        return whole if self.source.endswith("\n\n") else whole.rstrip("\n") + "\n" * whole.endswith("\n")

    def line_start(self, offset: int) -> int:
        return self.source.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        found = self.source.find("\n", offset)
        return len(self.source) if found < 0 else found + 1

    def insert(self, offset: int, text: str, *, first: bool = False) -> None:
        # A last line without a line end needs one before anything can follow.
        loose = offset == len(self.source) and self.source and not self.source.endswith("\n")
        (self.first if first else self.edits).append((offset, offset, "\n" + text if loose else text))

    # Sections

    def header_end(self, header: Header) -> int:
        """Where the section of a header ends: at the comments that stand right above the next header."""
        index = self.outline.headers.index(header)
        return self.lead(self.outline.headers[index + 1]) if index + 1 < len(self.outline.headers) else len(self.source)

    def lead(self, header: Header) -> int:
        """The start of the comment lines right above a header."""
        at = self.line_start(header.start)
        while at > 0:
            before = self.line_start(at - 1)
            line = self.source[before:at].strip()
            if not line.startswith("#") or self.in_value(before):
                break
            at = before
        return at

    def in_value(self, offset: int) -> bool:
        return any(
            self.outline.spans[place].start <= offset < self.outline.spans[place].end
            for place in self.outline.statements
        )

    def section_of(self, offset: int) -> Place:
        found: Place = ()
        for header in self.outline.headers:
            if header.start > offset:
                break
            found = header.place
        return found

    def headers_below(self, place: Place) -> list[Header]:
        return [header for header in self.outline.headers if header.place[: len(place)] == place]

    def statements_below(self, place: Place) -> list[Place]:
        return [statement for statement in self.outline.statements if statement[: len(place)] == place]

    # Tables

    def table(self, place: Place, raw: dict[str, Any], target: dict[str, Any], anew: frozenset[str]) -> None:
        if place and not anew and (renamed := self.renamed(place, raw, target)):
            for old, new in renamed.items():
                self.rename((*place, old), new)
            target = {key: raw[key] if key in renamed else target[key] for key in raw}
        notes = {key: self.notes_of((*place, key)) for key in anew}
        for key in raw:
            if key not in target or key in anew:
                self.remove((*place, key))
        stays = [key for key in target if key in raw and key not in anew]
        if place and stays != [key for key in raw if key in stays]:
            self.reorder(place, raw, target)
            return
        previous: str | None = None
        for key, value in target.items():
            if key not in raw or key in anew:
                self.add(place, key, value, previous, notes.get(key, ""))
            else:
                if not same(raw[key], value):
                    self.change((*place, key), raw[key], value)
                previous = key

    def renamed(self, place: Place, raw: dict[str, Any], target: dict[str, Any]) -> dict[str, str]:
        """The keys that have another name at the same place, each by its old one, if all of them kept their values.

        A row that says something else is another row: the comment beside the old one is not about it.
        """
        if len(raw) != len(target):
            return {}
        pairs = {old: new for old, new in zip(raw, target, strict=True) if old != new}
        if pairs.keys() & target.keys() or set(pairs.values()) & raw.keys():
            return {}
        kept = all(self.says((*place, old), raw[old], target[new]) for old, new in pairs.items())
        return pairs if kept else {}

    def says(self, place: Place, raw: Any, value: Any) -> bool:
        """Whether a pair on a line of its own says this value, bare or as a text; or a section does."""
        if place not in self.outline.statements:
            return self.header_of(place) is not None and same(raw, value)
        span = self.outline.spans[place]
        return same(raw, value) or self.source[span.start : span.end] == value

    def rename(self, place: Place, new: str) -> None:
        """Another name on the line of a pair, or of the header of a section."""
        if (header := self.header_of(place)) is not None:
            self.edits.append((header.start, header.end, f"[{dotted_literal((*place[:-1], new))}]"))
            return
        span = self.outline.spans[place]
        before = self.source[span.key : span.start]
        sign = before[len(before[: before.rindex("=")].rstrip()) :]
        relative = place[len(self.section_of(span.key)) : -1]
        self.edits.append((span.key, span.start, dotted_literal((*relative, new)) + sign))

    def header_of(self, place: Place) -> Header | None:
        """The header of a table that has all of its lines below one."""
        headers, pairs = self.headers_below(place), self.statements_below(place)
        inside = all(self.section_of(self.outline.spans[pair].key) == place for pair in pairs)
        return headers[0] if len(headers) == 1 and headers[0].place == place and inside else None

    def change(self, place: Place, raw: Any, value: Any) -> None:
        if place in self.outline.spans:
            self.value(place, raw, value)
        elif isinstance(raw, dict) and isinstance(value, dict):
            self.table(place, raw, value, frozenset())
        elif isinstance(raw, list) and isinstance(value, list) and all(isinstance(item, dict) for item in value):
            self.tables(place, raw, value)
        else:
            notes = self.notes_of(place)
            self.remove(place)
            self.add(place[:-1], str(place[-1]), value, None, notes)

    def remove(self, place: Place) -> None:
        self.edits += [(start, end, "") for start, end in self.parts_of(place)]

    def parts_of(self, place: Place) -> list[tuple[int, int]]:
        """Where all of a table or a pair stands, whole lines."""
        pairs = [self.outline.spans[statement] for statement in self.statements_below(place)]
        return [
            *((self.line_start(header.start), self.header_end(header)) for header in self.headers_below(place)),
            *(
                (self.line_start(span.key), self.line_end(span.end))
                for span in pairs
                if self.section_of(span.key)[: len(place)] != place
            ),
        ]

    def notes_of(self, place: Place) -> str:
        return "".join(self.notes(start, end) for start, end in sorted(self.parts_of(place)))

    def notes(self, start: int, end: int) -> str:
        """The comments in a part of the text, a line each."""
        tokens = TOKEN.finditer(self.source[start:end]) if self.comments else ()
        return "".join(f"{token[0].rstrip()}\n" for token in tokens if token[0].startswith("#"))

    def reorder(self, place: Place, raw: dict[str, Any], target: dict[str, Any]) -> None:
        """Write the lines of a table in another order, each with the comments above it."""
        spans = {key: self.outline.spans.get((*place, key)) for key in raw}
        header = next((header for header in self.outline.headers if header.place == place), None)
        if header is None or len(self.headers_below(place)) > 1 or None in spans.values():
            raise Untouchable
        start = at = self.line_end(header.end)
        chunks: dict[str, str] = {}
        for key, span in spans.items():
            if span is None or (*place, key) not in self.outline.statements:
                raise Untouchable
            end = self.line_end(span.end)
            value = self.source[span.start : span.end]
            if key in target and not same(raw[key], target[key]):
                value = self.rendered((*place, key), raw[key], target[key])
            chunks[key] = self.source[at : span.start] + value + self.source[span.end : end]
            at = end
        lines = [chunks.get(key) or pair_text(key, value, place=place) for key, value in target.items()]
        self.edits = [edit for edit in self.edits if not start <= edit[0] < at]
        self.edits.append((start, at, "".join(line if line.endswith("\n") else line + "\n" for line in lines)))

    # Adding

    def add(self, place: Place, key: str, value: Any, previous: str | None, notes: str) -> None:
        """notes: the comments to stand above it."""
        if is_section((*place, key), value):
            self.add_section((*place, key), value, notes)
            return
        pair = pair_text(key, value, place=place)
        line = notes + pair
        headers = self.headers_below(place)
        header = next((found for found in headers if found.place == place), None)
        if not place:
            self.add_first(key, line)
        elif header is not None:
            self.insert(self.after(place, previous, self.line_end(header.end)), self.indented(place, line))
        elif statements := self.statements_below(place):
            span = self.outline.spans[statements[-1]]
            relative = place[len(self.section_of(span.key)) :]
            self.insert(self.line_end(span.end), f"{notes}{dotted_literal(relative)}.{pair}")
        elif headers:
            self.insert(self.lead(headers[0]), f"[{dotted_literal(place)}]\n{line}\n")
        else:
            raise Untouchable

    def indented(self, place: Place, line: str) -> str:
        statements = [found for found in self.statements_below(place) if len(found) == len(place) + 1]
        if not statements:
            return line
        start = self.outline.spans[statements[-1]].key
        return self.source[self.line_start(start) : start] + line

    def after(self, place: Place, previous: str | None, first: int) -> int:
        below = self.statements_below((*place, previous)) if previous is not None else []
        spans = [self.outline.spans[statement] for statement in below]
        inside = [span for span in spans if self.section_of(span.key) == place]
        return self.line_end(inside[-1].end) if inside else first

    def add_first(self, key: str, line: str) -> None:
        """A pair of the file's first table: behind those that come before it in a new file."""
        root = [found for found in self.outline.statements if self.section_of(self.outline.spans[found].key) == ()]
        before = [found for found in root if rank(str(found[0])) <= rank(key)]
        if before:
            self.insert(self.line_end(self.outline.spans[before[-1]].end), line, first=True)
        elif root:
            self.insert(self.line_start(self.outline.spans[root[0]].key), line, first=True)
        elif self.outline.headers:
            self.insert(self.lead(self.outline.headers[0]), line + "\n", first=True)
        else:
            self.insert(len(self.source), line, first=True)

    def add_section(self, place: Place, value: Any, notes: str) -> None:
        text = notes + section_text(place, value)
        if place == ("capture",) and not value:
            text = notes + "[capture]\n"
        siblings = self.headers_below(place[:1]) if len(place) > 1 else []
        before = siblings or [
            found for found in self.outline.headers if rank(str(found.place[0])) <= rank(str(place[0]))
        ]
        if before:
            self.insert_section(self.header_end(before[-1]), text)
        elif self.outline.headers:
            self.insert_section(self.lead(self.outline.headers[0]), text)
        else:
            self.insert_section(len(self.source), text)

    def insert_section(self, offset: int, text: str) -> None:
        before = self.source[:offset]
        gap = "" if not before or before.endswith("\n\n") or before == "\n" else "\n"
        self.insert(offset, gap + text + ("\n" if offset < len(self.source) else ""))

    # Arrays of tables

    def tables(self, place: Place, raw: list[Any], value: list[Any]) -> None:
        kept = [repr(_typed(item)) for item in raw]
        wanted = [repr(_typed(item)) for item in value]
        for kind, start, end, at, stop in difflib.SequenceMatcher(None, kept, wanted, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            both = min(end - start, stop - at)
            for step in range(both):
                self.table((*place, start + step), raw[start + step], value[at + step], frozenset())
            for index in range(start + both, end):
                self.remove((*place, index))
            if at + both < stop:
                self.insert_tables(place, start + both, value[at + both : stop])

    def insert_tables(self, place: Place, index: int, items: list[Any]) -> None:
        text = section_text(place, items)
        if below := self.headers_below((*place, index)):
            self.edits.append((self.lead(below[0]), self.lead(below[0]), text + "\n"))
        else:
            self.insert_section(self.header_end(self.headers_below((*place, index - 1))[-1]), text)

    # Values

    def value(self, place: Place, raw: Any, value: Any) -> None:
        span = self.outline.spans[place]
        if isinstance(raw, dict) and isinstance(value, dict) and list(raw) == list(value):
            for key in raw:
                if not same(raw[key], value[key]):
                    self.change((*place, key), raw[key], value[key])
        elif isinstance(raw, list) and isinstance(value, list) and raw and value and self.is_tall(place, len(raw)):
            self.items(place, raw, value)
        else:
            line = self.line_start(span.key)
            if notes := self.notes(span.start, span.end):
                self.edits.append((line, line, notes))
            self.edits.append((span.start, span.end, self.rendered(place, raw, value)))

    def rendered(self, place: Place, raw: Any, value: Any) -> str:
        span = self.outline.spans[place]
        old = self.source[span.start : span.end]
        if isinstance(raw, str) and isinstance(value, str) and old[:3] in ('"""', "'''"):
            return multiline_like(old, value)
        return value_text(value, place) if place in self.outline.statements else literal(value)

    def is_tall(self, place: Place, count: int) -> bool:
        """Whether each item of an array stands on lines of its own."""
        spans = [self.outline.spans.get((*place, index)) for index in range(count)]
        return all(
            span is not None
            and not self.source[self.line_start(span.start) : span.start].strip()
            and self.rest_of_line(span) is not None
            for span in spans
        )

    def rest_of_line(self, span: Span) -> str | None:
        """What follows an item on its line: a comma, a comment; None if it is more than that."""
        rest = self.source[span.end : self.line_end(span.end)].strip().removeprefix(",").strip()
        return rest if not rest or rest.startswith("#") else None

    def items(self, place: Place, raw: list[Any], value: list[Any]) -> None:
        kept = [repr(_typed(item)) for item in raw]
        wanted = [repr(_typed(item)) for item in value]
        for _, start, end, at, stop in difflib.SequenceMatcher(None, kept, wanted, autojunk=False).get_opcodes():
            both = min(end - start, stop - at)
            for step in range(both):
                if not same(raw[start + step], value[at + step]):
                    self.change((*place, start + step), raw[start + step], value[at + step])
            for index in range(start + both, end):
                span = self.outline.spans[(*place, index)]
                self.edits.append((self.line_start(span.start), self.line_end(span.end), ""))
            if at + both < stop:
                self.insert_items(place, start + both, value[at + both : stop])

    def insert_items(self, place: Place, index: int, items: list[Any]) -> None:
        near = self.outline.spans[(*place, max(index - 1, 0))]
        indent = self.source[self.line_start(near.start) : near.start]
        lines = "".join(f"{indent}{literal(item)},\n" for item in items)
        if index == 0:
            self.insert(self.line_start(near.start), lines)
            return
        if not self.source[near.end :].lstrip(" \t").startswith(","):
            self.edits.append((near.end, near.end, ","))
        self.insert(self.line_end(near.end), lines)


def _typed(value: Any) -> Any:
    match value:
        case dict():
            return [(key_literal(key), _typed(item)) for key, item in value.items()]
        case list():
            return [_typed(item) for item in value]
        case _:
            return type(value).__name__, literal(value)
