"""From the words of one curl command to its options, grouped by --next."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from tui_client.formats._curl.table import FLAGS, SHORTS, VALUED, named
from tui_client.formats._found import Report


class Given(msgspec.Struct, frozen=True):
    """One option by its whole name, as written (`shown`); an argument without an option is a `url`."""

    name: str
    value: str = ""
    on: bool = True
    shown: str = ""


class Arguments:
    """The options of one request, or of several with the same: what was said last wins."""

    def __init__(self, origin: str, stdin: str | None) -> None:
        self.origin, self.stdin = origin, stdin
        self.given: list[Given] = []
        # By name: some options are asked for once for each of thousands of URLs.
        self._named: dict[str, list[Given]] = {}

    def add(self, given: Given) -> None:
        """One more."""
        self.given.append(given)
        self._named.setdefault(given.name, []).append(given)

    def all(self, *names: str) -> list[Given]:
        """Every one of these, in order."""
        if len(names) == 1:
            return self._named.get(names[0], [])
        if not any(name in self._named for name in names):
            return []
        return [each for each in self.given if each.name in names]

    def value(self, name: str) -> str | None:
        """What was said last."""
        given = self._named.get(name)
        return given[-1].value if given else None

    def on(self, name: str) -> bool:
        """Whether a flag is set at the end."""
        given = self._named.get(name)
        return given[-1].on if given else False


def arguments(words: tuple[str, ...], origin: str, stdin: str | None, report: Report) -> list[Arguments]:
    """Those of each request group."""
    groups = [Arguments(origin, stdin)]
    for given in _Reader(words, origin, report).options():
        if given.name == "next":
            groups.append(Arguments(origin, stdin))
        else:
            groups[-1].add(given)
    return groups


class _Reader:
    def __init__(self, words: tuple[str, ...], origin: str, report: Report) -> None:
        self.words = iter(words)
        self.origin, self.report = origin, report

    def options(self) -> Iterator[Given]:
        literal = False
        for word in self.words:
            if literal or not word.startswith("-") or word == "-":
                yield Given("url", word, shown=word)
            elif word == "--":
                literal = True
            elif word.startswith("--"):
                yield from self._long(word)
            else:
                yield from self._short(word[1:])

    def _long(self, word: str) -> Iterator[Given]:
        name, equals, value = word[2:].partition("=")
        on = True
        whole = named(name)
        if whole is None and name.startswith("no-") and named(name[3:]) in FLAGS:
            whole, on = named(name[3:]), False
        if whole is None:
            self.report.dropped(self.origin, word[:80], "it is no option of curl, or could be several")
            return
        if equals:
            self.report.approximated(self.origin, f"--{name}=", "curl wants a space here; taken as if it had one")
        if whole in VALUED:
            yield from self._valued(whole, f"--{name}", value if equals else None)
        else:
            yield Given(whole, on=on, shown=f"--{name}")

    def _short(self, letters: str) -> Iterator[Given]:
        for at, letter in enumerate(letters, start=1):
            name = SHORTS.get(letter)
            if name is None:
                self.report.dropped(self.origin, f"-{letter}", "it is no option of curl")
            elif name in VALUED:
                yield from self._valued(name, f"-{letter}", letters[at:] or None)
                return
            else:
                yield Given(name, on=name != "buffer", shown=f"-{letter}")

    def _valued(self, name: str, shown: str, value: str | None) -> Iterator[Given]:
        value = next(self.words, None) if value is None else value
        if value is None:
            self.report.dropped(self.origin, shown, "its value is missing")
        else:
            yield Given(name, value, shown=shown)
