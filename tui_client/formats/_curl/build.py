"""Requests from the options of a command."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from tui_client.formats._curl import address
from tui_client.formats._curl.arguments import Arguments
from tui_client.formats._curl.data import (
    DATA,
    FORM_TYPE,
    HOLE,
    Files,
    file_body,
    joined,
    lone_file,
    lower_escapes,
    template,
    text_body,
    urlencoded,
)
from tui_client.formats._curl.form import multipart
from tui_client.formats._curl.headers import Headers
from tui_client.formats._curl.settings import auth, options, tell_the_rest
from tui_client.formats._format import Beside
from tui_client.formats._found import FoundRequest, Report
from tui_client.model.kinds import Body
from tui_client.model.request import NameValue, Request

_MOST: Final = 10_000
_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z\0]+")


def built(given: Arguments, beside: Beside, report: Report) -> list[FoundRequest]:
    """One request for each URL of a group of options."""
    return _Builder(given, beside, report).requests()


class _Builder:
    def __init__(self, given: Arguments, beside: Beside, report: Report) -> None:
        self.given, self.report = given, report
        self.files = Files(given, beside, report)
        self.headers = Headers(given, self.files, report)

    def requests(self) -> list[FoundRequest]:
        urls = self._urls()
        if not urls:
            if self.given.given:
                self.report.dropped(self.given.origin, "curl", "it has no URL that can be sent to")
            return []
        query = self._query()
        body = self._body()
        method = self._method(body)
        rows = tuple(NameValue(name, value) for name, value in self.headers.rows(body is not None))
        own_auth = auth(self.given, authorized="authorization" in self.headers.names, report=self.report)
        own_options = options(self.given, self.report)
        tell_the_rest(self.given, self.report)
        found = []
        for url in urls:
            sent, params = address.rows(address.with_query(self._uploaded(url), query))
            title = f"{method} {_path(url)}"
            request = Request(
                name=title,
                method=method,
                url=sent,
                params=params,
                headers=rows,
                body=body,
                auth=own_auth,
                options=own_options,
                description=self._description(),
            )
            found.append(FoundRequest(request=request))
        return found

    def _description(self) -> str:
        foreign = [each for each in self.given.all("aws-sigv4", "ntlm", "negotiate", "ntlm-wb") if each.on]
        if not foreign:
            return ""
        user = (self.given.value("user") or "").partition(":")[0]
        said = f"{foreign[-1].name} {foreign[-1].value}".strip()
        return HOLE.sub(r"$\1", f"Auth of the curl command: {said}" + (f", user {user}" if user else ""))

    def _urls(self) -> list[str]:
        default = (self.given.value("proto-default") or "http").lower()
        found: list[str] = []
        for each in self.given.all("url", "expand-url"):
            if not each.value.strip():
                continue
            many = (
                [each.value]
                if self.given.on("globoff")
                else address.globbed(each.value, self.given.origin, self.report)
            )
            whole = (address.completed(url, default, as_is=self.given.on("path-as-is")) for url in many)
            found += [url for url in whole if self._sendable(url)]
            if len(found) > _MOST:
                self.report.dropped(self.given.origin, "URLs", f"there are more than {_MOST}; there are the first")
                return found[:_MOST]
        return found

    def _sendable(self, url: str) -> bool:
        if address.scheme_of(url) in ("http", "https", ""):
            if address.not_ascii(url):
                self.report.approximated(self.given.origin, "URL", "signs beyond ASCII are percent-encoded in it")
            return True
        self.report.dropped(self.given.origin, f"URL {HOLE.sub(r'$1', url)[:80]}", "only http and https can be sent")
        return False

    def _query(self) -> list[str]:
        query: list[str] = []
        # With -G, curl forgets what --url-query said.
        for each in () if self.given.on("get") and self.given.all(*DATA) else self.given.all("url-query"):
            text = each.value[1:] if each.value.startswith("+") else urlencoded(each, self.files)
            query += [text] if text else []
        if self.given.on("get"):
            data = joined(self.given, self.files)
            query += [data] if data else []
        return [lower_escapes(each) for each in query]

    def _body(self) -> Body | None:
        given = self.given
        fields, uploads = given.all("form", "form-string"), given.all("upload-file")
        data = [] if given.on("get") else given.all(*DATA)
        if (fields and data) or (uploads and (data or fields)):
            self.report.dropped(given.origin, "-d with -F or -T", "curl refuses them together; one of them is sent")
        if fields:
            return self._form()
        if data:
            return self._data()
        return self._upload(uploads[-1].value) if uploads else None

    def _form(self) -> Body:
        kind = self.headers.value("content-type")
        if kind.lower().startswith("multipart/"):
            self.headers.without("content-type")
        if kind and not kind.lower().startswith("multipart/form-data"):
            self.report.approximated(
                self.given.origin, f"-H Content-Type: {kind[:80]}", "with -F it says how parts end"
            )
        return multipart(self.given.all("form", "form-string"), self.files)

    def _media_type(self) -> str:
        if "content-type" in self.headers.removed and "content-type" not in self.headers.names:
            return ""
        default = "application/json" if self.given.all("json") else FORM_TYPE
        return self.headers.value("content-type") or default

    def _data(self) -> Body:
        kind = self._media_type()
        lone = lone_file(self.given)
        if lone is None:
            return text_body(joined(self.given, self.files) or "", kind)
        if lone.name in ("data", "data-ascii"):
            self.report.approximated(
                self.given.origin, f"{lone.shown} {lone.value[:80]}", "the file is sent with its line ends"
            )
        return file_body(lone.value[1:], template(kind))

    def _upload(self, path: str) -> Body:
        kind = self.headers.value("content-type")
        if path in ("-", "."):
            return text_body(self.files.text("-", "-T") or "", kind)
        if not kind:
            self.report.approximated(
                self.given.origin, f"-T {path[:80]}", "a Content-Type is sent with it, which curl leaves out"
            )
        return file_body(path, template(kind) or "application/octet-stream")

    def _uploaded(self, url: str) -> str:
        uploads = self.given.all("upload-file")
        path = uploads[-1].value if uploads else "-"
        return url if path in ("-", ".") else address.with_name(url, path)

    def _method(self, body: Body | None) -> str:
        given = self.given
        said = given.value("request")
        if said and _METHOD.fullmatch(said):
            return template(said)
        if said:
            self.report.dropped(given.origin, f"-X {said[:40]}", "it is not the name of a method")
        if given.on("head"):
            return "HEAD"
        if body is None:
            return "GET"
        return "PUT" if not given.all("form", "form-string", *DATA) else "POST"


def _path(url: str) -> str:
    url = HOLE.sub(r"$\1", url)
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"
