"""Requests as curl commands that send the same, and are read as the same request again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tui_client.formats._curl.quoting import quoted
from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Report
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body._kind import BodyKind
from tui_client.kinds.body.file import File
from tui_client.kinds.body.multipart import Multipart, Part

_NOT_SENT: Final = re.compile(r"[^\x21-\x7e]")
_GLOBS: Final = re.compile(r"[\[\]{}]")
_FORM: Final = "application/x-www-form-urlencoded"


def written(items: Sequence[Item]) -> Exported:
    """One command for each, an empty line between them."""
    report = Report()
    commands = [_Writer(item, report).command() for item in items]
    return Exported("\n".join(commands), tuple(report.lines))


class _Writer:
    def __init__(self, item: Item, report: Report) -> None:
        self.item, self.sent, self.report = item, item.sent, report
        self.headers = list(item.sent.headers)
        self.query: list[str] = []
        self.words: list[str] = []

    def command(self) -> str:
        self._auth()
        body = self._body()
        url = self._url()
        lines = [f"curl {quoted(url)}", *self._method(bool(body)), *self.words]
        lines += [f"-H {quoted(_header(name, value))}" for name, value in self.headers]
        lines += [*self._options(), *body]
        title = " ".join(self.item.title.split())
        head = f"# {title}\n" if title else ""
        return head + " \\\n  ".join(lines) + "\n"

    def _lost(self, construct: str, why: str) -> None:
        self.report.dropped(self.item.title, construct, why)

    def _url(self) -> str:
        url = self.sent.url.strip(" ").partition("#")[0]
        url = _NOT_SENT.sub(lambda match: quote(match[0], safe="", errors="replace"), url)
        for pair in self.query:
            url += ("?" if "?" not in url else "" if url.endswith(("?", "&")) else "&") + pair
        self.words += ["--globoff"] if _GLOBS.search(url) else []
        self.words += ["--path-as-is"] if "/." in url else []
        return url

    def _method(self, has_body: bool) -> Iterator[str]:
        method = self.sent.method
        if method == "HEAD" and not has_body:
            yield "--head"
        elif method != ("POST" if has_body else "GET"):
            yield f"-X {quoted(method)}"

    def _auth(self) -> None:
        match self.sent.auth:
            case Basic(username=user, password=password):
                self._instead_of_header()
                self.words.append(f"-u {quoted(f'{user}:{password}')}")
            case Digest(username=user, password=password):
                self._instead_of_header()
                self.words += ["--digest", f"-u {quoted(f'{user}:{password}')}"]
            case Bearer(token=token, prefix=prefix):
                self._instead_of_header()
                self.headers.append(("Authorization", f"{prefix} {token}".strip()))
            case ApiKey() as key:
                self._key(key)
            case None | NoAuth():
                pass
            case other:
                self._lost(f"auth: {type(other).__name__}", "a command has no such auth: give it a token by -H")

    def _instead_of_header(self) -> None:
        self.headers = [row for row in self.headers if row[0].lower() != "authorization"]

    def _key(self, key: ApiKey) -> None:
        if key.place == "query":
            self.query.append(f"{quote(key.name, safe='')}={quote(key.value, safe='')}")
            return
        name = "cookie" if key.place == "cookie" else key.name.lower()
        pair = f"{key.name}={key.value}"
        had = next((row for row in self.headers if row[0].lower() == name), None)
        if key.place == "cookie" and had is not None:
            self.headers[self.headers.index(had)] = (had[0], f"{had[1]}; {pair}")
            return
        self.headers = [row for row in self.headers if row[0].lower() != name]
        self.headers.append(("Cookie", pair) if key.place == "cookie" else (key.name, key.value))

    def _typed(self, media_type: str) -> None:
        """The Content-Type that the body brings, where none is given."""
        if any(name.lower() == "content-type" for name, _ in self.headers):
            return
        if not media_type:
            self.words.append("-H Content-Type:")
        elif media_type != _FORM:
            self.headers.append(("Content-Type", media_type))

    def _body(self) -> list[str]:
        body = self.sent.body
        if body is None:
            return []
        if isinstance(body, Multipart):
            return [self._part(part) for part in body.parts if part.enabled] or ["--form-string ''"]
        if isinstance(body, File):
            self._typed(body.media_type or _guessed(body.path))
            return [f"--data-binary {quoted('@' + body.path)}"]
        return self._text(body) if isinstance(body, BodyKind) else []

    def _text(self, body: BodyKind) -> list[str]:
        from tui_client.errors import RequestFailed

        try:
            encoded = body.encode(Path)
            text = b"".join(each for each in encoded.segments if isinstance(each, bytes)).decode()
        except (RequestFailed, UnicodeDecodeError):
            self._lost("body", "it is not text that a command can hold")
            return []
        if "\0" in text:
            self._lost("body: NUL", "no command can hold it")
        self._typed(encoded.content_type)
        return [f"--data-raw {quoted(text)}"]

    def _part(self, part: Part) -> str:
        if "=" in part.name:
            self._lost(f"part {part.name[:80]}", "curl ends a name at the first =")
        if not (part.file or part.type or part.filename):
            return f"--form-string {quoted(f'{part.name}={part.value}')}"
        content = f"@{_in_form(part.file)}" if part.file else _in_form(part.value)
        kind = part.type or (_guessed(part.filename or part.file) if part.file else "")
        content += f";type={kind}" if kind else ""
        content += f";filename={_in_form(part.filename)}" if part.filename else ""
        return f"-F {quoted(f'{part.name}={content}')}"

    def _options(self) -> Iterator[str]:
        options = self.sent.options
        if options.follow_redirects:
            yield "--location"
            if options.max_redirects != 10:
                yield f"--max-redirs {options.max_redirects}"
        for name, flag in (("total", "--max-time"), ("connect", "--connect-timeout")):
            if name in options.timeouts.given:
                yield f"{flag} {getattr(options.timeouts, name) or 0:g}"
        yield from ["--http2"] if options.http2 else []
        yield from ["--insecure"] if not options.verify else []
        for flag, value in (("--proxy", options.proxy), ("--cacert", options.ca), ("--cert", options.client_cert)):
            if value:
                yield f"{flag} {quoted(value)}"


def _header(name: str, value: str) -> str:
    return f"{name}: {value}" if value.strip() else f"{name};"


def _in_form(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _guessed(path: str) -> str:
    import mimetypes

    guess, encoding = mimetypes.guess_type(path)
    return guess if guess and not encoding else "application/octet-stream"
