"""Requests as commands of HTTPie for a POSIX shell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call, calls
from tui_client.formats._code.content import FileContent, FormContent, MultipartContent, PartContent, TextContent
from tui_client.formats._code.limits import DEFAULTS, direct, proxy_of, report_options, report_target
from tui_client.formats._code.names import comment
from tui_client.formats._code.text import Hole, How, Text, Variables, joined, known, literal
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Report

_SAFE: Final = re.compile(r"[A-Za-z0-9_@%+:,./\-]+")
_CONTROL: Final = re.compile(r"[\x01-\x08\x0b-\x1f\x7f]")
_METHOD: Final = re.compile(r"[A-Za-z]+")
# HTTPie reads a backslash before one of these as an escape.
_SEPARATORS: Final = re.compile(r"[:=@;]")
_LOST: Final = re.compile(r"\\[:=@;]")


def write_httpie(items: Sequence[Item]) -> Exported:
    """A command for each item, in their order."""
    report = Report()
    writer = _Writer(report)
    blocks = [writer.command(call) for call in calls(items, Variables(), report)]
    text = "\n\n".join(blocks) + "\n"
    if len(blocks) > 1:
        report.dropped("all requests", "cookies", "each command has its own; give all of them --session=NAME to share")
        text = f"set -e\n\n{text}"
    return Exported(text, tuple(report.lines))


def shell(text: Text) -> str:
    """One word of a shell: text in single quotes, values from the environment in double ones."""
    whole = literal(text)
    if whole is not None and _SAFE.fullmatch(whole):
        return whole
    return "".join(_word(piece) for piece in text) or "''"


def _word(piece: str | Hole) -> str:
    if isinstance(piece, Hole):
        return '"$ACCESS_TOKEN"' if piece.how is How.GRANTED else f'"${piece.name}"'
    # No argument of a program can have a NUL, and no UTF-8 half of a surrogate pair.
    clean = piece.replace("\0", "").encode("utf-8", "replace").decode().replace("'", "'\\''")
    # What a screen would obey is made by the shell: POSIX has no other escapes.
    return "'" + _CONTROL.sub(lambda sign: f"'\"$(printf '\\{ord(sign[0]):03o}')\"'", clean) + "'"


class _Writer:
    def __init__(self, report: Report) -> None:
        self.report = report

    def command(self, call: Call) -> str:
        """The command, its options and items one a line."""
        self._say(call)
        words = ["http --ignore-stdin", *self._options(call)]
        items = [self._header(call, name, value) for name, value in call.all_headers]
        flags, body = self._body(call)
        rest = f"{call.method} {shell(call.url)}"
        lines = [*words, *flags, rest, *items, *body]
        title = comment(call.origin)
        return "\n".join([*([f"# {title}"] if title else []), " \\\n  ".join(lines)])

    def _say(self, call: Call) -> None:
        report_target(call, self.report, "HTTPie")
        report_options(call, self.report, "HTTPie", ("http2", "total", "ca"))
        if not _METHOD.fullmatch(call.method):
            self.report.dropped(call.origin, f"method {call.method}", "HTTPie takes only letters for a method")
        elif call.method != call.method.upper():
            self.report.approximated(call.origin, f"method {call.method}", "HTTPie writes it in capitals")
        if call.grant is not None:
            why = "HTTPie fetches no token: get one and export it as ACCESS_TOKEN"
            self.report.approximated(call.origin, "auth: oauth2", why)
        if any("\0" in known(text) for text in (call.url, *_texts(call))):
            self.report.dropped(call.origin, "NUL signs", "no word of a command can have one")
        texts = [call.url, call.content.text if isinstance(call.content, TextContent) else ()]
        if any(isinstance(piece, Hole) and piece.how in (How.URL, How.JSON) for text in texts for piece in text):
            why = "a shell does not encode it: give values that need no escape"
            self.report.approximated(call.origin, "variables in the URL or in JSON", why)

    def _options(self, call: Call) -> list[str]:
        options, found = call.options, []
        if options.follow_redirects:
            found.append("--follow")
            if options.max_redirects != DEFAULTS.max_redirects:
                found.append(f"--max-redirects={options.max_redirects}")
        if not options.verify:
            found.append("--verify=no")
        if options.client_cert:
            found.append(f"--cert={shell((options.client_cert,))}")
        found += [f"--timeout={options.timeouts.read:g}"] if options.timeouts.read else ["--timeout=0"]
        if direct(options):
            self.report.dropped(call.origin, "proxy: none", "HTTPie obeys the environment; unset its proxies")
        elif proxy := proxy_of(call, self.report):
            found += [f"--proxy={shell((f'{scheme}:{proxy}',))}" for scheme in ("http", "https")]
        if call.target is not None:
            found.append("--path-as-is")
        if call.login is not None:
            kind = "digest" if call.login.digest else "basic"
            found.append(f"--auth-type={kind} --auth={shell(joined(*call.login.user, ':', *call.login.password))}")
        return found

    def _header(self, call: Call, name: Text, value: Text) -> str:
        if not value:
            return shell(joined(*name, ";"))
        self._say_lost(call, f"header {known(name)}", value)
        return shell(joined(*name, ":", *_first_escaped(value)))

    def _say_lost(self, call: Call, construct: str, *texts: Text) -> None:
        if any(_LOST.search(known(text)) for text in texts):
            self.report.approximated(call.origin, construct, "HTTPie drops a backslash before one of : = @ ;")

    def _body(self, call: Call) -> tuple[list[str], list[str]]:
        match call.content:
            case TextContent(text=text, charset=charset):
                if charset not in ("utf-8", "us-ascii"):
                    self.report.approximated(call.origin, f"charset: {charset}", "HTTPie sends UTF-8")
                return [f"--raw={shell(text)}"] if text else [], []
            case FormContent() as form if literal(form.as_text) is not None:
                return [f"--raw={shell(form.as_text)}"] if form.fields else [], []
            case FormContent(fields=fields):
                self._say_lost(call, "fields of the form", *(text for row in fields for text in row))
                return ["--form"], [_item(name, "=", value) for name, value in fields]
            case MultipartContent(parts=parts):
                return ["--multipart"], [self._part(call, part) for part in parts]
            case FileContent(path=path):
                self._say_lost(call, "file", path)
                return [], [shell(joined("@", *path))]
            case None:
                return [], []

    def _part(self, call: Call, part: PartContent) -> str:
        self._say_lost(call, f"part {known(part.name)}", part.name, part.value, part.file)
        if not part.file:
            if part.media_type or part.filename:
                why = "HTTPie gives a value no type and no file name"
                self.report.approximated(call.origin, f"part {known(part.name)}", why)
            return _item(part.name, "=", part.value)
        if known(part.filename) != known(part.file).replace("\\", "/").rpartition("/")[2]:
            why = "HTTPie sends the name that the file has"
            self.report.approximated(call.origin, f"part {known(part.name)}: file name", why)
        return _item(part.name, "@", (*part.file, *((";type=", *part.media_type) if part.media_type else ())))


def _texts(call: Call) -> list[Text]:
    """What of the body stands in words."""
    match call.content:
        case TextContent(text=text):
            return [text]
        case MultipartContent(parts=parts):
            return [text for part in parts for text in (part.name, part.value)]
        case _:
            return []


def _item(name: Text, separator: str, value: Text) -> str:
    escaped = [_SEPARATORS.sub(r"\\\g<0>", piece) if isinstance(piece, str) else piece for piece in name]
    return shell(joined(*escaped, separator, *(_first_escaped(value) if separator == "=" else value)))


def _first_escaped(value: Text) -> Text:
    """A value whose first sign would make another separator."""
    first = value[0] if value else ""
    if isinstance(first, str) and first[:1] in ("=", "@", ":"):
        return (f"\\{first}", *value[1:])
    return value


EXPORTERS = (Exporter("httpie", "HTTPie", ".sh", write_httpie),)
