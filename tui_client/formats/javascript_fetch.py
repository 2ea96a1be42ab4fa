"""Requests as a JavaScript module that calls fetch, as Node has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call, Grant, calls
from tui_client.formats._code.content import FileContent, FormContent, MultipartContent, Rows, TextContent
from tui_client.formats._code.javascript import JavaScript, base64_bytes, bracketed, indented, quoted
from tui_client.formats._code.limits import report_options, report_repeats, report_target
from tui_client.formats._code.names import camel_case, comment
from tui_client.formats._code.text import Text, Variables, known, literal
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Report

_SHOW: Final = ("console.log(response.status, response.statusText);", "console.log(await response.text());")
_MISSING: Final = ("verify", "proxy", "ca", "client_cert", "http2", "max_redirects", "connect", "read")
_BASE64: Final = 'Buffer.from({}).toString("base64")'


def write_fetch(items: Sequence[Item]) -> Exported:
    """A module that sends the items in their order and prints each reply."""
    return _Writer(items).written()


class _Writer:
    def __init__(self, items: Sequence[Item]) -> None:
        self.report = Report()
        self.calls = calls(items, Variables(), self.report)
        self.js = JavaScript("process.env", "granted.access_token")
        self.reads_files = False

    def written(self) -> Exported:
        if len(self.calls) > 1:
            self.report.dropped("all requests", "cookies", "fetch keeps none of a reply for the next request")
            body = self._several()
        else:
            call = self.calls[0]
            body = [f"// {comment(call.title)}", *self._sending(call, "const response = await "), *_SHOW]
        imports = ['import { readFile } from "node:fs/promises";', ""] if self.reads_files else []
        return Exported("\n".join([*imports, *body]) + "\n", tuple(self.report.lines))

    def _several(self) -> list[str]:
        lines: list[str] = []
        names = camel_case([call.title for call in self.calls])
        for call, name in zip(self.calls, names, strict=True):
            inner = [f"// {comment(call.origin)}", *self._sending(call, "return ")]
            lines += [f"async function {name}() {{", *indented(inner), "}", ""]
        loop = [f"for (const send of [{', '.join(names)}]) {{", *indented(["const response = await send();", *_SHOW])]
        return [*lines, "async function main() {", *indented([*loop, "}"]), "}", "", "await main();"]

    def _sending(self, call: Call, lead: str) -> list[str]:
        self._say(call)
        before: list[str] = self._granting(call.grant) if call.grant else []
        body = self._body(call, before)
        rows = self._headers(call)
        options = [f"method: {quoted(call.method)}"]
        options += [f"headers: {bracketed('[', rows, ']')}"] if rows else []
        options += [f"body: {body}"] if body else []
        options += [] if call.options.follow_redirects else ['redirect: "manual"']
        total = call.options.timeouts.total
        options += [] if total is None else [f"signal: AbortSignal.timeout({max(1, round(total * 1000))})"]
        return [*before, f"{lead}fetch({self.js.text(call.url)}, {bracketed('{', options, '}')});"]

    def _say(self, call: Call) -> None:
        report_repeats(call, self.report, "fetch")
        report_target(call, self.report, "fetch")
        report_options(call, self.report, "fetch", _MISSING)
        method = call.method.upper()
        if method in ("CONNECT", "TRACE", "TRACK"):
            self.report.dropped(call.origin, f"method {call.method}", "fetch refuses to send it")
        elif call.method != method and method in ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"):
            self.report.approximated(call.origin, f"method {call.method}", "fetch writes it in capitals")
        if call.login is not None and call.login.digest:
            self.report.dropped(call.origin, "auth: digest", "fetch can't answer a digest challenge")

    def _headers(self, call: Call) -> list[str]:
        rows = [f"[{self.js.text(name)}, {self._header_value(value)}]" for name, value in call.all_headers]
        if call.login is not None and not call.login.digest:
            basic = self.js.basic(call.login.user, call.login.password, _BASE64)
            rows.append(f'["Authorization", {basic}]')
        return rows

    def _header_value(self, value: Text) -> str:
        if known(value).isascii():
            return self.js.text(value)
        # fetch writes one byte a sign: these signs are the bytes of UTF-8.
        pieces = (
            each.encode("utf-8", "replace").decode("latin-1") if isinstance(each, str) else each for each in value
        )
        return self.js.text(tuple(pieces))

    def _body(self, call: Call, before: list[str]) -> str:
        if call.content is not None and call.method.upper() in ("GET", "HEAD"):
            self.report.dropped(call.origin, "body", f"fetch refuses one with {call.method}")
            return ""
        match call.content:
            case TextContent(text=text, charset=charset):
                return self._text(call, text, charset)
            case FormContent(fields=fields):
                return self._form(fields)
            case MultipartContent():
                before += self._multipart(call, call.content)
                return "form"
            case FileContent(path=path):
                return self._read(path)
            case None:
                return ""

    def _text(self, call: Call, text: Text, charset: str) -> str:
        if charset in ("utf-8", "us-ascii"):
            return self.js.text(text)
        encoded = base64_bytes(text, charset)
        if encoded is None:
            self.report.approximated(call.origin, f"charset: {charset}", "fetch sends UTF-8")
            return self.js.text(text)
        return f'Buffer.from({quoted(encoded)}, "base64")'

    def _form(self, fields: Rows) -> str:
        rows = [f"[{self.js.text(name)}, {self.js.text(value)}]" for name, value in fields]
        return f"new URLSearchParams({bracketed('[', rows, ']')})"

    def _read(self, path: Text) -> str:
        self.reads_files = True
        return f"await readFile({self.js.text(path)})"

    def _multipart(self, call: Call, content: MultipartContent) -> list[str]:
        lines = ["const form = new FormData();"]
        for part in content.parts:
            kind = f", {{ type: {self.js.text(part.media_type)} }}" if part.media_type else ""
            value, filename = self.js.text(part.value), ""
            if part.file or kind or part.filename:
                value = f"new Blob([{self._read(part.file) if part.file else value}]{kind})"
                filename = f", {self.js.text(part.filename)}"
            elif "\n" in known(part.value) or "\r" in known(part.value):
                name = literal(part.name) or ""
                self.report.approximated(call.origin, f"part {name}", "fetch writes each line break as CR LF")
            lines.append(f"form.append({self.js.text(part.name)}, {value}{filename});")
        return lines

    def _granting(self, grant: Grant) -> list[str]:
        rows = ['"Content-Type": "application/x-www-form-urlencoded"']
        if grant.client:
            rows.append(f"Authorization: {self.js.basic(*grant.client, _BASE64)}")
        options = ['method: "POST"', f"headers: {bracketed('{', rows, '}')}"]
        options.append(f"body: {self._form(grant.form)}")
        asking = f"await fetch({self.js.text(grant.url)}, {bracketed('{', options, '}')})"
        return [f"const granted = await ({asking}).json();"]


EXPORTERS = (Exporter("fetch", "JavaScript fetch", ".mjs", write_fetch),)
