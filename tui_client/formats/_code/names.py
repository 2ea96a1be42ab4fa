"""Names and comments that a language accepts, made from titles that people wrote."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_WORD: Final = re.compile(r"[a-z0-9]+|[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")
_MOST_CHARS: Final = 60
_JAVASCRIPT: Final = (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export "
    "extends false finally for function if implements import in instanceof interface let new null of package private "
    "protected public return static super switch this throw true try typeof undefined var void while with yield "
    "fetch form http open encoding file granted joined main options process response show token console"
)
_PYTHON: Final = (
    "asyncio client context file granted httpx json main open os print quote quote_plus requests response session "
    "show ssl token wait_time host environment on_start on_stop task run start stop tokens weight abstract"
)
_TAKEN: Final = frozenset((*_JAVASCRIPT.split(), *_PYTHON.split()))


def snake_case(titles: Sequence[str]) -> list[str]:
    """A name for each title as Python wants it, no two the same: "Create user" is create_user."""
    return list(_unique(("_".join(_words(title)) for title in titles), "_"))


def camel_case(titles: Sequence[str]) -> list[str]:
    """A name for each title as JavaScript wants it, no two the same: "Create user" is createUser."""
    return list(_unique((_camel(_words(title)) for title in titles), ""))


def comment(text: str) -> str:
    """Text for one line of a comment: nothing in it ends the line, or turns it round."""
    flat = "".join(sign if sign.isprintable() else " " for sign in text)
    return flat.replace("</", "< /").replace("<!--", "< !--").strip()


def _camel(words: list[str]) -> str:
    return "".join(word if index == 0 else word.capitalize() for index, word in enumerate(words))


def _words(title: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", title[:200]).encode("ascii", "ignore").decode()
    words = [word.lower() for word in _WORD.findall(plain[:_MOST_CHARS])]
    return ["request", *words] if not words or words[0][0].isdigit() else words


def _unique(names: Iterable[str], joint: str) -> Iterable[str]:
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        if keyword.iskeyword(name) or name in _TAKEN:
            name = f"{name}{joint}request" if joint else f"{name}Request"
        unique = name
        while unique in taken:
            counts[name] = counts.get(name, 1) + 1
            unique = f"{name}{joint}{counts[name]}"
        taken.add(unique)
        yield unique
