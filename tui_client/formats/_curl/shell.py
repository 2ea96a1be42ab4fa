"""The words of commands as a POSIX shell (bash) takes them, running nothing.

A variable that nobody has set stands in a word as NUL name NUL; no word of a shell has a NUL of its own.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui_client.formats._curl.substitution import inside
from tui_client.formats._format import FormatError
from tui_client.formats._found import Report

_PLAIN: Final = re.compile(r"[^\s'\"\\$`|&;<>]+")
_QUOTED: Final = re.compile(r'[^"\\$`]+')
_VARIABLE: Final = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})", re.ASCII)
_ANSI: Final = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|.)", re.DOTALL)
_ANSI_TEXT: Final = re.compile(r"(?:[^'\\]|\\.)*+", re.DOTALL)
_SIGNS: Final = dict(zip("abeEfnrtv", "\a\b\x1b\x1b\f\n\r\t\v", strict=True))
_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL | re.ASCII)
_HEREDOC: Final = re.compile(r"<<(-?)[ \t]*(['\"\\]?)([\w.!-]+)['\"]?")
_REDIRECTION: Final = re.compile(r"&>>?|[<>]+[&|]?")
_MOST_DEEP: Final = 4  # substitutions within others
_MOST_GROWN: Final = 4_000_000
_MOST_LOOKED: Final = 1_000_000
_SEPARATOR: Final = re.compile(r"\|\||&&|[|&;]")


class Command(msgspec.Struct, frozen=True):
    """One command. stdin: what a here-document, a here-string or an `echo` before it would write to it."""

    line: int
    words: tuple[str, ...]
    stdin: str | None = None


def shell_commands(text: str, report: Report) -> list[Command]:
    """Every command of a script, those in substitutions before the one around it.

    Raises FormatError for a quote that is never closed.
    """
    return _Shell(text.replace("\0", ""), report).commands()


class _Shell:
    def __init__(self, text: str, report: Report, line: int = 1, depth: int = 0) -> None:
        self.text, self.report, self.depth = text, report, depth
        self.at, self.line, self.began = 0, line, line
        self.found: list[Command] = []
        self.words: list[str] = []
        self.word: list[str] | None = None
        self.set: dict[str, str] = {}
        self.stdin: str | None = None
        self.into = ""  # what the next word is for: "" an argument, "file" a redirection, "text" a here-string
        self.grown = 0  # characters that variables have brought
        self.looked = 0  # and those read in search of substitutions
        self.piped: str | None = None  # what an echo would write to the next command
        self.heredocs: list[tuple[str, bool, bool]] = []

    def commands(self) -> list[Command]:
        while self.at < len(self.text):
            self._step(self.text[self.at])
        self._end_command("\n")
        return self.found

    def _step(self, sign: str) -> None:
        if sign == "\n":
            self._newline()
        elif sign.isspace():
            self._end_word()
            self.at += 1
        elif sign == "#" and self.word is None:
            self._to(self.text.find("\n", self.at))
        elif sign in "|&;":
            self._separate()
        elif sign in "<>":
            self._redirect()
        else:
            if self.word is None:
                self.word = []
                self.began = self.began if self.words else self.line
            self._part(sign)

    def _to(self, end: int) -> str:
        """Goes on to this place; what was passed over. -1 is the end of all."""
        end = len(self.text) if end < 0 else end
        passed = self.text[self.at : end]
        self.line += passed.count("\n")
        self.at = end
        return passed

    def _add(self, text: str) -> None:
        assert self.word is not None
        self.word.append(text)

    def _part(self, sign: str) -> None:
        if sign == "\\":
            self._escaped()
        elif sign == "'":
            self.at += 1
            self._add(self._until("'"))
        elif sign == '"':
            self.at += 1
            self.within_quotes()
        elif sign in "$`":
            self._dollar(quoted=False)
        elif match := _PLAIN.match(self.text, self.at):
            self._add(self._to(match.end()))

    def _until(self, quote: str) -> str:
        end = self.text.find(quote, self.at)
        if end < 0:
            raise FormatError(f"has a quote that is never closed: line {self.line}")
        passed = self._to(end)
        self.at += 1
        return passed

    def _escaped(self) -> None:
        after = self.text[self.at + 1 : self.at + 2]
        self._to(min(self.at + 2, len(self.text)))
        if after == "\n":
            self.word = self.word or None  # a line that goes on, not a word
        else:
            self._add(after)

    def within_quotes(self, *, to_end: bool = False) -> None:
        """What stands in double quotes; to_end: all there is, quotes being signs like others."""
        self._add("")
        while (sign := self.text[self.at : self.at + 1]) != '"' or to_end:
            if not sign:
                if to_end:
                    return
                raise FormatError(f"has a quote that is never closed: line {self.line}")
            if match := _QUOTED.match(self.text, self.at):
                self._add(self._to(match.end()))
            elif sign == '"':
                self._add(self._to(self.at + 1))
            elif sign == "\\":
                pair = self._to(min(self.at + 2, len(self.text)))
                self._add({"\\\n": ""}.get(pair, pair[1:] if pair[1:] in ("$`\\" if to_end else '$`"\\') else pair))
            else:
                self._dollar(quoted=True)
        self.at += 1

    def _dollar(self, *, quoted: bool) -> None:
        if match := _VARIABLE.match(self.text, self.at):
            name = match[1] or match[2]
            self.at = match.end()
            self._add(self._value(name))
        elif self.text.startswith("$'", self.at) and not quoted:
            self._ansi()
        elif self.text.startswith("`\n", self.at) and not quoted:
            self._to(self.at + 2)  # PowerShell's way to go on
            self.word = self.word or None
        elif not self._substituted():
            if self.text[self.at] == "`" or self.text.startswith("$(", self.at):
                self.report.approximated(
                    f"line {self.line}", "command substitution", "it is not run; its text stands in the request"
                )
            self._add(self.text[self.at])
            self.at += 1

    def _substituted(self) -> bool:
        """Whether a curl command makes a part of this one: it is read by itself, its result is left as a variable."""
        if self.depth == _MOST_DEEP or self.looked > _MOST_LOOKED:
            return False
        found = inside(self.text, self.at)
        self.looked += found.read
        if not found.commands:
            return False
        inner = _Shell(found.commands, self.report, self.line, self.depth + 1)
        inner.set, inner.grown, inner.looked = dict(self.set), self.grown, self.looked
        self.found += inner.commands()
        self.grown, self.looked = inner.grown, inner.looked
        assigned = _ASSIGNED.fullmatch("".join(self.word or ()))
        name = assigned[1] if assigned else "result"
        self.report.approximated(f"line {self.line}", "command substitution", f"its result is the variable {name}")
        self._to(found.end)
        self._add(f"\0{name}\0")
        return True

    def _value(self, name: str) -> str:
        if name not in self.set:
            return f"\0{name}\0"
        value = self.set[name]
        self.grown += len(value)
        if self.grown > _MOST_GROWN:
            raise FormatError(f"has variables that grow without end: line {self.line}")
        return value

    def _ansi(self) -> None:
        self.at += 2
        match = _ANSI_TEXT.match(self.text, self.at)
        assert match is not None
        if not self.text.startswith("'", match.end()):
            raise FormatError(f"has a quote that is never closed: line {self.line}")
        self._add(_ansi_text(self._to(match.end())))
        self.at += 1

    def _newline(self) -> None:
        self._end_command("\n")
        self.at += 1
        self.line += 1
        for delimiter, stripped, quoted in self.heredocs:
            began, body = self.line, self._heredoc(delimiter, stripped)
            if not quoted and ("$" in body or "`" in body or "\\" in body):
                body = self._filled(body, began)
            if self.found and self.found[-1].stdin is None:
                self.found[-1] = msgspec.structs.replace(self.found[-1], stdin=body)
        self.heredocs.clear()

    def _heredoc(self, delimiter: str, stripped: bool) -> str:
        lines: list[str] = []
        # In a text that was copied from a page the end is often indented, like all of it.
        loosely = self.looked < _MOST_LOOKED and self._ends(delimiter, stripped=stripped) is None
        while self.at < len(self.text):
            end = self.text.find("\n", self.at)
            line = self._to(end)
            self._to(min(self.at + 1, len(self.text)))
            line = line.lstrip("\t") if stripped else line
            if line == delimiter or (loosely and line.strip() == delimiter):
                break
            lines.append(line + "\n")
        return "".join(lines)

    def _ends(self, delimiter: str, *, stripped: bool) -> re.Match[str] | None:
        line = re.compile(rf"^{chr(9) + '*' if stripped else ''}{re.escape(delimiter)}$", re.MULTILINE)
        found = line.search(self.text, self.at)
        self.looked += (found.end() if found else len(self.text)) - self.at
        return found

    def _filled(self, body: str, line: int) -> str:
        """A here-document whose delimiter is not quoted: variables are put in, as within double quotes."""
        inner = _Shell(body, self.report, line, self.depth + 1)
        inner.set, inner.grown, inner.looked, inner.word = self.set, self.grown, self.looked, []
        inner.within_quotes(to_end=True)
        self.grown, self.looked = inner.grown, inner.looked
        self.found += inner.found
        return "".join(inner.word)

    def _redirect(self) -> None:
        if self.word and "".join(self.word).isdigit():
            self.word = None  # 2>file: the number belongs to the redirection
        self._end_word()
        if self.text.startswith("<<<", self.at):
            self.at, self.into = self.at + 3, "text"
        elif match := _HEREDOC.match(self.text, self.at):
            self._to(match.end())
            self.heredocs.append((match[3], match[1] == "-", bool(match[2])))
        elif match := _REDIRECTION.match(self.text, self.at):
            self.report.dropped(f"line {self.line}", match[0], "the shell's redirections mean nothing here")
            self._to(match.end())
            self.into = "file"

    def _separate(self) -> None:
        if self.text.startswith("&>", self.at):
            return self._redirect()
        match = _SEPARATOR.match(self.text, self.at)
        assert match is not None
        self._end_command(match[0])
        self._to(match.end())
        return None

    def _end_word(self) -> None:
        if self.word is None:
            return
        text, self.word = "".join(self.word), None
        if self.into == "text":
            self.stdin = text + "\n"
        elif not self.into:
            self.words.append(text)
        self.into = ""

    def _end_command(self, by: str) -> None:
        self._end_word()
        words, self.words = self.words, []
        stdin, self.stdin, self.into = self.stdin, None, ""
        if words and words[0] in ("export", "set", "local") and all(map(_ASSIGNED.fullmatch, words[1:])):
            words = words[1:]
        assigned = [_ASSIGNED.fullmatch(word) for word in words]
        if words and all(assigned):
            self.set.update((match[1], match[2]) for match in assigned if match)
        elif words:
            if by == "&":
                self.report.approximated(f"line {self.began}", "&", "it ends the command for a shell: quote the URL")
            if self.piped and stdin is None:
                stdin = self.piped
            self.found.append(Command(self.began, tuple(words), stdin))
        self.piped = _echoed(words) if by == "|" else None


def _echoed(words: list[str]) -> str | None:
    if words[:1] != ["echo"]:
        return None
    bare = words[1:2] == ["-n"]
    return " ".join(words[2 if bare else 1 :]) + ("" if bare else "\n")


def _ansi_text(text: str) -> str:
    made = _ANSI.sub(_ansi_sign, text)
    # DevTools writes signs beyond U+FFFF as two halves; bytes of UTF-8 stand one by one.
    whole = made.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return whole.encode("utf-8", "surrogateescape" if not _HALF.search(whole) else "replace").decode("utf-8", "replace")


_HALF: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def _ansi_sign(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "xuU" and len(code) > 1:
        number = int(code[1:], 16)
    elif code[0] in "01234567":
        number = int(code, 8) & 0xFF
    else:
        return _SIGNS.get(code, code if code in "\\'\"?" else match[0])
    if code[0] in "uU":
        return chr(number) if 0 < number <= 0x10FFFF else ""
    return chr(number) if number < 0x80 else chr(0xDC00 + number)
