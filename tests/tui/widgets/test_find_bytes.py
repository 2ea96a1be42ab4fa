"""Searching a body in pieces."""

from __future__ import annotations

import re
import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.find_bytes import LIMIT, Finder
from tui_client.tui.widgets.find_query import Query, Scanner, Unusable, scanner_for

PATTERNS = st.sampled_from(
    [
        *(
            "a+",
            "^b",
            "b$",
            r"\s+",
            "[^a]+",
            r"a\sb",
            r"a(?!\s)",
            "(?<=a)b",
            "a*",
            r"\bab\b",
            "ä.",
            r"(?>a\s*)$",
            "a|b\n",
        ),
        *("^$", r"\Ab", r"b\Z", r"(a)\1", ".*b", ".*?b", r"\w+", "$", "[ \n]b", "a++b", r"\R", "b\r?", r"\S$", "(?i)A"),
    ]
)


class Growing:
    """A body that is added to."""

    data = b""
    path = None

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        return self.data[start:] if length is None else self.data[start : start + length]


def _scanner(query: Query, charset: str = "utf-8", *, hex: bool = False) -> Scanner:
    scanner = scanner_for(query, charset, hex=hex)
    assert scanner is not None
    assert not isinstance(scanner, Unusable), scanner
    return scanner


def _finish(finder: Finder) -> list[tuple[int, int]]:
    while not finder.complete:
        finder.extend()
    return list(zip(finder.starts, finder.ends, strict=True))


def _found(data: bytes, query: Query | str, charset: str = "utf-8", *, hex: bool = False) -> list[bytes]:
    scanner = _scanner(Query(query) if isinstance(query, str) else query, charset, hex=hex)
    return [data[start:end] for start, end in _finish(Finder(BytesBody(data), scanner))]


def _bytes_before(text: str, at: int) -> int:
    return len(text[:at].encode())


@given(
    st.text("abA_ ä\nÄ", max_size=120), st.text("abA äÄ\n", min_size=1, max_size=4), st.integers(1, 40), st.booleans()
)
def test_a_text_is_found_wherever_pieces_end(text: str, wanted: str, piece: int, whole: bool) -> None:
    """The same matches as in all of the text at once; words as a whole, and smart case beyond ASCII too."""
    escaped = rf"(?<!\w){re.escape(wanted)}(?!\w)" if whole else re.escape(wanted)
    flags = re.IGNORECASE if wanted == wanted.lower() else 0
    expected = [tuple(_bytes_before(text, at) for at in match.span()) for match in re.finditer(escaped, text, flags)]
    finder = Finder(BytesBody(text.encode()), _scanner(Query(wanted, whole=whole)), piece=piece)
    assert _finish(finder) == expected


@given(st.text("ab ä\n\rÄ", max_size=120), PATTERNS, st.integers(1, 40))
def test_a_pattern_finds_what_it_finds_in_each_line_alone(text: str, pattern: str, piece: int) -> None:
    """Whatever the pieces: no match crosses a line end, and none is empty."""
    expected: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        for match in regex.finditer(pattern, line.removesuffix("\r"), regex.MULTILINE | regex.IGNORECASE):
            if match.end() > match.start():
                expected.append((at + _bytes_before(line, match.start()), at + _bytes_before(line, match.end())))
        at += len(line.encode()) + 1
    scanner = _scanner(Query(pattern, pattern=True))
    scanner.overlap = 0  # so that the pieces are small; lines must fit them
    longest = max(len(line.encode()) for line in text.split("\n"))
    assert _finish(Finder(BytesBody(text.encode()), scanner, piece=max(piece, longest + 2))) == expected


@given(
    st.lists(st.text("ab ä\n\r", max_size=20), max_size=5),
    st.one_of(
        st.builds(Query, PATTERNS, pattern=st.just(True)),
        st.builds(Query, st.text("abA ä", min_size=1, max_size=4), whole=st.booleans()),
    ),
)
def test_a_body_that_grows_is_searched_as_if_it_had_been_whole(parts: list[str], query: Query) -> None:
    """What was found at its end is found anew, as long as it has become."""
    body = Growing()
    finder = Finder(body, _scanner(query))
    for part in parts:
        body.data += part.encode()
        _finish(finder)
    assert _finish(finder) == _finish(Finder(BytesBody(body.data), _scanner(query)))


def test_a_line_larger_than_a_piece_is_searched_throughout() -> None:
    """Minified JSON: matches are found once each, and the beginning of a line is there once."""
    line = b"".join(b'{"id":%d},' % number for number in range(60_000))
    found = _found(b"[" + line + b"\nend", Query(r"\d{4,}\}", pattern=True))
    assert found == [b"%d}" % number for number in range(1000, 60_000)]
    assert len(_found(line * 2, Query("^.", pattern=True))) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("äb", ["Äb", "äB", "äb"]), ("ÄB", []), ("Äb", ["Äb"]), ("a.c", ["a.c"])],
)
def test_a_query_without_capitals_finds_them_too(query: str, found: list[str]) -> None:
    """Smart case, also beyond ASCII; nothing in a text is a pattern."""
    text = "Äb äB äb abc a.c"
    assert _found(text.encode(), query) == [word.encode() for word in found]
    assert _found(text.encode("latin-1"), query, "latin-1") == [word.encode("latin-1") for word in found]


def test_a_pattern_reads_letters_in_the_charset_of_the_body() -> None:
    """A class of letters is one of letters, not of their bytes; bytes that mean nothing are passed over."""
    text = "grün \udcff grÖn"
    data = text.encode("utf-8", "surrogateescape")
    assert _found(data, Query("gr[üö]n", pattern=True)) == ["grün".encode(), "grÖn".encode()]
    assert _found("grün".encode("latin-1"), Query(r"^\w+$", pattern=True), "latin-1") == ["grün".encode("latin-1")]


def test_case_and_whole_words_can_be_asked_for() -> None:
    """Both for texts and for patterns."""
    data = b"Id id ID ids _id"
    assert _found(data, Query("id", case=True)) == [b"id", b"id", b"id"]
    assert _found(data, Query("id", whole=True)) == [b"Id", b"id", b"ID"]
    assert _found(data, Query("i.", pattern=True, case=True, whole=True)) == [b"id"]
    assert _found(data, Query(r"\bI\S", pattern=True)) == [b"Id", b"ID"]


def test_bytes_can_be_looked_for_in_hex() -> None:
    """Only there: elsewhere 0x1f is a text."""
    data = b"0x1f8b \x1f\x8b\x08"
    assert _found(data, "0x1f 8B", hex=True) == [b"\x1f\x8b"]
    assert _found(data, "0x1f8b") == [b"0x1f8b"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (Query("x" * 600), "at most 512 characters"),
        (Query("Ω"), "LATIN-1 has no such characters"),
        (Query("a(b", pattern=True), "missing ) at character 4"),
        (Query("[", pattern=True), "unterminated character set at character 2"),
        (Query("(?:a{9999}){9999}", pattern=True), "repeats more than 20,000 times"),
    ],
)
def test_what_can_not_be_looked_for_says_why(query: Query, reason: str) -> None:
    """Endless, not in the charset, no pattern: what is wrong, and where."""
    unusable = scanner_for(query, "latin-1")
    assert isinstance(unusable, Unusable)
    assert reason in unusable.reason
    assert scanner_for(Query(""), "latin-1") is None


@pytest.mark.parametrize("query", [Query("a"), Query("a", pattern=True)])
def test_matches_are_kept_up_to_a_limit(query: Query) -> None:
    """A search for one letter of a huge body ends."""
    assert len(_found(b"a" * (LIMIT + 5000), query)) == LIMIT


def test_a_pattern_that_would_go_on_for_years_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets its time for each piece, then the search says so and keeps what it has."""
    monkeypatch.setattr("tui_client.tui.widgets.find_bytes.LIMIT_S", 0.05)
    finder = Finder(BytesBody(b"aab\n" + b"a" * 60 + b"c"), _scanner(Query("(a|a)+b", pattern=True)))
    began = time.process_time()
    _finish(finder)
    assert (finder.problem, finder.complete) == ("the pattern takes too long", True)
    assert time.process_time() - began < 1
