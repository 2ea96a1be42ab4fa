"""Run as a program: XML or HTML ("html" as the first argument) from standard input, indented to standard output.

Only whitespace between tags is changed, and only where it means nothing: not in text with tags in it, not in `<pre>`,
scripts, styles, comments and CDATA. Entities stay as they are. Broken markup moves the margin, and loses nothing.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

# Deeper lines stand at the same margin: 20,000 levels would take 400 MB of blanks.
DEEPEST: Final = 100
_LINES: Final = tuple(b"\n" + b"  " * level for level in range(DEEPEST + 1))
_FLUSH: Final = 1 << 14  # pieces
_SHORT: Final = 100  # bytes

_VALUE: Final = rb"=\s*+(?:\"[^\"]*+\"|'[^']*+')"
_TAG: Final = re.compile(
    rb"<(/?)([A-Za-z_:\x80-\xff][^\s/>\"'<=]*+)(?:(?:[^\"'<>=]++|" + _VALUE + rb"|[\"'=])*+>|[^<>]*+>)"
)
_DOCTYPE: Final = re.compile(rb"<![A-Za-z](?:[^\[<>\"']++|\"[^\"]*+\"|'[^']*+'|\[[^\]]*+\])*+>")
_DECLARATION: Final = re.compile(rb"<![A-Za-z][^<>]*+>")
_KEPT_XML: Final = re.compile(rb"""\sxml:space\s*+=\s*+["']preserve""")
_BRACKETED: Final = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))

VOID: Final = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
_RAW: Final = frozenset(b"script style textarea title".split())
_KEPT: Final = frozenset({b"pre"})
_INLINE: Final = frozenset(
    b"a abbr acronym b bdi bdo big button cite code data del dfn em font i img input ins kbd label map mark q s samp"
    b" select small span strike strong sub sup svg textarea time tt u var wbr".split()
)
# No line begins at these but where there was one.
_TIGHT: Final = _INLINE | {b"<!--"}
_CELLS: Final = frozenset({b"td", b"th"})
_IN_ROWS: Final = _CELLS | {b"tr"}
# Elements that end where these begin, since HTML lets their end tags be left out.
_ENDS: Final[dict[bytes, frozenset[bytes]]] = {
    b"li": frozenset({b"li"}),
    **dict.fromkeys((b"dt", b"dd"), frozenset({b"dt", b"dd"})),
    **dict.fromkeys((b"td", b"th"), _CELLS),
    b"tr": _IN_ROWS,
    **dict.fromkeys((b"thead", b"tbody", b"tfoot"), _IN_ROWS | {b"thead", b"tbody", b"tfoot"}),
    b"option": frozenset({b"option"}),
    b"optgroup": frozenset({b"option", b"optgroup"}),
    b"body": frozenset({b"head"}),
    **dict.fromkeys(
        b"p div ul ol dl table form section article aside header footer main nav pre blockquote h1 h2 h3 h4 h5 h6 hr"
        b" fieldset figure address".split(),
        frozenset({b"p"}),
    ),
}

TEXT, OPEN, CLOSE, ALONE = range(4)


class Token(NamedTuple):
    """A piece of the document: text, a tag that opens or closes, or one that stands alone (void, comment, CDATA)."""

    kind: int
    start: int
    end: int
    name: bytes = b""


# The same without names for its parts, which cost a third of the time.
_Raw: TypeAlias = tuple[int, int, int, bytes]


class _Scanner:
    """Tokens in order, without a gap; all of them together are the document."""

    def __init__(self, data: bytes, *, html: bool) -> None:
        self._data = data
        self._html = html
        self._declared = False
        self._missing: set[bytes] = set()  # ends that don't come any more, so that they are looked for once

    def tokens(self) -> Iterator[_Raw]:
        data, at, text = self._data, 0, 0
        find, tag, html = data.find, _TAG.match, self._html
        while (sign := find(b"<", at)) >= 0:
            found = tag(data, sign)
            token = self._tag(found) if found else self._markup(sign)
            if token is None:
                at = sign + 1
                continue
            if text < sign:
                yield (TEXT, text, sign, b"")
            yield token
            at = text = token[2]
            if html and token[0] == OPEN and token[3] in _RAW:
                text, at = at, self._raw_end(token[3], at)
        if text < len(data):
            yield (TEXT, text, len(data), b"")

    def _tag(self, found: re.Match[bytes]) -> _Raw:
        (start, end), (slash, name) = found.span(), found.groups()
        name = name.lower() if self._html else name
        if slash:
            return (CLOSE, start, end, name)
        alone = name in VOID if self._html else self._data.startswith(b"/", end - 2)
        return (ALONE if alone else OPEN, start, end, name)

    def _markup(self, at: int) -> _Raw | None:
        data = self._data
        for begin, end in _BRACKETED:
            if data.startswith(begin, at):
                stop = self._find(end, at + len(begin))
                return (ALONE, at, stop + len(end), begin) if stop >= 0 else None
        return self._declaration(at)

    def _declaration(self, at: int) -> _Raw | None:
        # Only the first may hold declarations of its own: looking for their end again and again would take minutes.
        found = None if self._declared else _DOCTYPE.match(self._data, at)
        found = found or _DECLARATION.match(self._data, at)
        if found is None and not self._data.startswith(b"<!", at):
            return None
        self._declared = True
        return (ALONE, at, found.end(), b"<!") if found else None

    def _find(self, end: bytes, at: int) -> int:
        if end in self._missing:
            return -1
        stop = self._data.find(end, at)
        if stop < 0:
            self._missing.add(end)
        return stop

    def _raw_end(self, name: bytes, at: int) -> int:
        """Where the end tag of a script and the like begins; the end of the document where there is none."""
        end = b"</" + name
        if end not in self._missing:
            found = re.compile(re.escape(end) + rb"[\s/>]", re.IGNORECASE).search(self._data, at)
            if found:
                return found.start()
            self._missing.add(end)
        return len(self._data)


def scan(data: bytes, *, html: bool) -> Iterator[Token]:
    """The tokens of a document, in order, without a gap."""
    return (Token(*raw) for raw in _Scanner(data, html=html).tokens())


class _Layout:
    """Where tokens stand: the element around each, how deep, and what may be broken into lines."""

    def __init__(self, data: bytes, *, html: bool) -> None:
        self._data = data
        self._html = html
        self._stack: list[tuple[bytes, int]] = []
        self._open: Counter[bytes] = Counter()
        # One entry a token, but for blank text; the name of the tag decides `loose`: whether lines may begin around it.
        self.kinds, self.loose = bytearray(), bytearray()
        self.starts, self.ends = array("Q"), array("Q")
        self.depths, self.around = array("L"), array("L")
        # One entry an element, numbered in their order; 0 is the document.
        self.kept, self.mixed, self.parents = bytearray(1), bytearray(1), array("L", [0])
        self._blocks, self._begins = bytearray(1), array("Q", [0])
        self._top = 0
        for token in _Scanner(data, html=html).tokens():
            self._take(token)
        if not html:
            self._inherit()

    def _take(self, token: _Raw) -> None:
        kind, start, end, name = token
        if kind == TEXT:
            if self._data[start:end].isspace():
                return
            self.mixed[self._top] = 1
        elif kind != CLOSE and self._html:
            self._end_implied(name)
        self._add(token)
        if kind == OPEN:
            self._begin(token)
        elif kind == CLOSE:
            self._end(token)
        elif name == b"<![CDATA[":
            self.mixed[self._top] = 1

    def _add(self, token: _Raw) -> None:
        kind, start, end, name = token
        loose = kind != TEXT and name not in _TIGHT
        self.kinds.append(kind)
        self.loose.append(loose)
        self.starts.append(start)
        self.ends.append(end)
        self.depths.append(len(self._stack))
        self.around.append(self._top)
        if loose and kind != CLOSE:
            self._blocks[self._top] = 1

    def _begin(self, token: _Raw) -> None:
        _, start, end, name = token
        kept = self.kept[self._top]
        if not kept:
            kept = name in _KEPT if self._html else _KEPT_XML.search(self._data, start, end) is not None
        self.parents.append(self._top)
        self.kept.append(kept)
        self.mixed.append(0)
        self._blocks.append(0)
        self._begins.append(start)
        self._top = len(self.kept) - 1
        self._stack.append((name, self._top))
        self._open[name] += 1

    def _end(self, token: _Raw) -> None:
        _, start, _, name = token
        if self._stack and self._stack[-1][0] == name:
            self._keep_short(self._top, start)
        if self._open[name]:
            while self._pop() != name:
                pass
        self.depths[-1] = len(self._stack)

    def _keep_short(self, element: int, end: int) -> None:
        """In HTML, an element that fits on a line, with nothing in it that begins one, stays as it is."""
        if self._html and not self._blocks[element] and end - self._begins[element] < _SHORT:
            self.mixed[element] = 1

    def _pop(self) -> bytes:
        name, _ = self._stack.pop()
        self._top = self._stack[-1][1] if self._stack else 0
        self._open[name] -= 1
        return name

    def _end_implied(self, name: bytes) -> None:
        if ended := _ENDS.get(name):
            while self._stack and self._stack[-1][0] in ended:
                self._pop()

    def _inherit(self) -> None:
        """In XML, nothing within text with tags in it may be moved."""
        for element, parent in enumerate(self.parents):
            if parent and (self.mixed[parent] or self.kept[parent]):
                self.kept[element] = 1

    def breaks(self, at: int) -> bool:
        """Whether token `at` may begin a line of its own, seen from the one before."""
        before, kind, around = self.kinds[at - 1], self.kinds[at], self.around[at]
        if TEXT in (before, kind) or self.kept[around] or (before == OPEN and kind == CLOSE):
            return False
        if not self._html:
            return not self.mixed[around]
        if self.loose[at - 1] and self.loose[at]:
            return True
        if self.loose[at - 1] or self.loose[at]:
            # Beside the tags of the element around, its text goes on.
            return not (self.mixed[around] and (before == OPEN or kind == CLOSE))
        return self.ends[at - 1] < self.starts[at] and not self.mixed[around]


def indent(data: bytes, write: Callable[[bytes], object], *, html: bool) -> None:
    """Write the indented document in pieces."""
    layout = _Layout(data, html=html)
    starts, ends, depths = layout.starts, layout.ends, layout.depths
    out: list[bytes] = []
    for at, start in enumerate(starts):
        if at:
            out.append(_LINES[min(depths[at], DEEPEST)] if layout.breaks(at) else data[ends[at - 1] : start])
        out.append(data[start : ends[at]])
        if len(out) > _FLUSH:
            write(b"".join(out))
            out.clear()
    write(b"".join(out))


def main() -> int:
    """Format standard input."""
    data = sys.stdin.buffer.read().removeprefix(b"\xef\xbb\xbf")
    indent(data, sys.stdout.buffer.write, html="html" in sys.argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
