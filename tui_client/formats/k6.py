"""Requests as a load test for k6."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from tui_client.formats._code.call import Call, Grant, calls
from tui_client.formats._code.content import FileContent, FormContent, MultipartContent, PartContent, TextContent
from tui_client.formats._code.javascript import JavaScript, base64_bytes, bracketed, indented, key, quoted
from tui_client.formats._code.limits import DEFAULTS, merged, report_options, report_repeats, report_target
from tui_client.formats._code.names import camel_case, comment
from tui_client.formats._code.text import Hole, Text, Variables, encoded, form_text, joined, literal
from tui_client.formats._format import Exported, Exporter, Item
from tui_client.formats._found import Report

_MISSING: Final = ("proxy", "ca", "http2", "connect", "read", "cookies")
_JOINED: Final = """\
// Text and files as one body.
function joined(...parts) {
  const chunks = parts.map((part) =>
    new Uint8Array(typeof part === "string" ? encoding.b64decode(encoding.b64encode(part)) : part),
  );
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole.buffer;
}
"""


def write_k6(items: Sequence[Item]) -> Exported:
    """A script with one user; each iteration sends the items in their order."""
    return _Writer(items).written()


class _Writer:
    def __init__(self, items: Sequence[Item]) -> None:
        self.report = Report()
        self.calls = calls(items, Variables(), self.report)
        self.js = JavaScript("__ENV", 'granted.json("access_token")')
        self.files: dict[str, str] = {}
        self.encodes = False
        self.joins = False

    def written(self) -> Exported:
        names = camel_case([call.title for call in self.calls])
        if len(names) == 1:
            lines = ["export default function () {"]
            lines += [*indented([f"// {comment(self.calls[0].title)}", *self._sending(self.calls[0], "")]), "}"]
        else:
            lines = [line for call, name in zip(self.calls, names, strict=True) for line in self._function(call, name)]
            lines += ["export default function () {", *indented(f"{name}();" for name in names), "}"]
        head = ['import http from "k6/http";']
        head += ['import encoding from "k6/encoding";'] if self.encodes or self.joins else []
        head += ["", f"export const options = {bracketed('{', self._options(), '}')};", ""]
        # k6 opens files before a test begins, and nowhere else.
        opened = [f'const {name} = open({path}, "b");' for path, name in self.files.items()]
        head += [*opened, ""] if opened else []
        head += _JOINED.split("\n") if self.joins else []
        return Exported("\n".join([*head, *lines]) + "\n", tuple(self.report.lines))

    def _function(self, call: Call, name: str) -> list[str]:
        inner = [f"// {comment(call.origin)}", *self._sending(call, "return ")]
        return [f"function {name}() {{", *indented(inner), "}", ""]

    def _options(self) -> list[str]:
        options = ["vus: 1", "iterations: 1"]
        unverified = [call for call in self.calls if not call.options.verify]
        if len(unverified) == len(self.calls):
            options.append("insecureSkipTLSVerify: true")
        else:
            for call in unverified:
                why = "k6 has it for all requests or for none; certificates stay verified"
                self.report.dropped(call.origin, "option: verify", why)
        certificates = dict.fromkeys(call.options.client_cert for call in self.calls if call.options.client_cert)
        pairs = [f"{{ cert: open({quoted(path)}), key: open({quoted(path)}) }}" for path in certificates]
        return [*options, f"tlsAuth: {bracketed('[', pairs, ']')}"] if pairs else options

    def _sending(self, call: Call, lead: str) -> list[str]:
        report_repeats(call, self.report, "k6")
        report_target(call, self.report, "k6")
        report_options(call, self.report, "k6", _MISSING)
        before = self._granting(call.grant) if call.grant else []
        body, content_type = self._body(call)
        arguments = [quoted(call.method), self.js.text(self._url(call)), body or "null"]
        arguments.append(bracketed("{", self._parameters(call, content_type), "}"))
        return [*before, f"{lead}{bracketed('http.request(', arguments, ')')};"]

    def _parameters(self, call: Call, content_type: str) -> list[str]:
        rows = [f"{self._key(name)}: {self.js.text(value)}" for name, value in merged(call.all_headers)]
        if content_type and not any((literal(name) or "").lower() == "content-type" for name, _ in call.headers):
            rows.append(f'"Content-Type": {quoted(content_type)}')
        digest = call.login is not None and call.login.digest
        if call.login is not None and not digest:
            rows.append(f"Authorization: {self._basic(call.login.user, call.login.password)}")
        options = call.options
        found = [f"headers: {bracketed('{', rows, '}')}"] if rows else []
        found += ['auth: "digest"'] if digest else []
        if not options.follow_redirects:
            found.append("redirects: 0")
        elif options.max_redirects != DEFAULTS.max_redirects:
            found.append(f"redirects: {options.max_redirects}")
        total = options.timeouts.total
        found += [] if total is None else [f"timeout: {max(1, round(total * 1000))}"]
        return [*found, f"tags: {{ name: {quoted(comment(call.title) or call.method)} }}"]

    def _key(self, name: Text) -> str:
        whole = literal(name)
        return f"[{self.js.text(name)}]" if whole is None else key(whole)

    def _basic(self, user: Text, password: Text) -> str:
        self.encodes = self.encodes or literal((*user, *password)) is None
        return self.js.basic(user, password, "encoding.b64encode({})")

    def _url(self, call: Call) -> Text:
        """For digest, k6 takes user and password out of the URL."""
        if call.login is None or not call.login.digest:
            return call.url
        scheme, joint, rest = (call.url[0] if call.url and isinstance(call.url[0], str) else "").partition("://")
        if not joint:
            self.report.dropped(call.origin, "auth: digest", "k6 takes it from a URL that is known")
            return call.url
        pair = (*encoded(call.login.user), ":", *encoded(call.login.password))
        return joined(scheme, joint, *pair, "@", rest, *call.url[1:])

    def _body(self, call: Call) -> tuple[str, str]:
        """The expression of the body, and the media type of a multipart form."""
        match call.content:
            case TextContent(text=text, charset=charset):
                return self._text(call, text, charset), ""
            case FormContent() as form:
                return self.js.text(form.as_text), ""
            case MultipartContent(parts=parts):
                return self._multipart(parts)
            case FileContent(path=path):
                return self._opened(path), ""
            case None:
                return "", ""

    def _text(self, call: Call, text: Text, charset: str) -> str:
        if charset in ("utf-8", "us-ascii"):
            return self.js.text(text)
        encoded_text = base64_bytes(text, charset)
        if encoded_text is None:
            self.report.approximated(call.origin, f"charset: {charset}", "k6 sends UTF-8")
            return self.js.text(text)
        self.encodes = True
        return f"encoding.b64decode({quoted(encoded_text)})"

    def _opened(self, path: Text) -> str:
        written = self.js.text(path)
        return self.files.setdefault(written, f"file{len(self.files) + 1}")

    def _multipart(self, parts: Sequence[PartContent]) -> tuple[str, str]:
        seed = hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()
        boundary = f"----{seed[:24]}"
        rows: list[str] = []
        pieces: list[str | Hole] = []
        for part in parts:
            pieces += [f"--{boundary}\r\n", *_head(part), "\r\n\r\n", *part.value]
            if part.file:
                rows += [self.js.text(joined(*pieces)), self._opened(part.file)]
                pieces = []
            pieces.append("\r\n")
        text = joined(*pieces, f"--{boundary}--\r\n")
        self.joins = self.joins or bool(rows)
        body = bracketed("joined(", [*rows, self.js.text(text)], ")") if rows else self.js.text(text)
        return body, f"multipart/form-data; boundary={boundary}"

    def _granting(self, grant: Grant) -> list[str]:
        rows = ['"Content-Type": "application/x-www-form-urlencoded"']
        if grant.client:
            rows.append(f"Authorization: {self._basic(*grant.client)}")
        headers = f"{{ headers: {bracketed('{', rows, '}')} }}"
        arguments = [self.js.text(grant.url), self.js.text(form_text(grant.form)), headers]
        return [f"const granted = {bracketed('http.post(', arguments, ')')};"]


def _head(part: PartContent) -> Text:
    pieces: list[str | Hole] = ['Content-Disposition: form-data; name="', *_escaped(part.name), '"']
    if part.filename:
        pieces += ['; filename="', *_escaped(part.filename), '"']
    return joined(*pieces, *(("\r\nContent-Type: ", *part.media_type) if part.media_type else ()))


def _escaped(text: Text) -> Text:
    return tuple(piece.replace('"', "%22") if isinstance(piece, str) else piece for piece in text)


EXPORTERS = (Exporter("k6", "k6", ".js", write_k6),)
