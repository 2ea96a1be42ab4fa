"""Requests as entries of a recording that was never made: without a time, and without a reply."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from tui_client.errors import RequestFailed
from tui_client.formats._format import Exported, Item
from tui_client.formats._found import Report
from tui_client.formats._har.log import log_parts
from tui_client.formats._har.messages import cookies_of, empty_response, pairs, query_of
from tui_client.formats._har.parts import boundary_of, params_of
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body._kind import BodyKind
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.multipart import Multipart
from tui_client.kinds.body.text import Text

# The format wants a time, and a text that is made twice should be the same twice.
_NEVER: Final = "1970-01-01T00:00:00.000Z"
_NOT_SENT: Final = re.compile(r"[^\x21-\x7e]")


def written(items: Sequence[Item]) -> Exported:
    """One entry for each."""
    report = Report()
    text = "".join(log_parts((_Entry(item, report).entry() for item in items), "requests that were not sent"))
    return Exported(text, tuple(report.lines))


class _Entry:
    def __init__(self, item: Item, report: Report) -> None:
        self.item, self.sent, self.report = item, item.sent, report
        self.headers = list(item.sent.headers)
        self.url = _NOT_SENT.sub(
            lambda match: quote(match[0], safe="", errors="replace"), item.sent.url.strip(" ").partition("#")[0]
        )

    def entry(self) -> dict[str, Any]:
        self._auth()
        post, size = self._body()
        request = {
            "method": self.sent.method,
            "url": self.url,
            "httpVersion": "HTTP/1.1",
            "cookies": cookies_of(value for name, value in self.headers if name.lower() == "cookie"),
            "headers": pairs(self.headers),
            "queryString": pairs(query_of(self.url)),
            "headersSize": -1,
            "bodySize": size,
            **({} if post is None else {"postData": post}),
        }
        return {
            "startedDateTime": _NEVER,
            "time": 0,
            "request": request,
            # As browsers write it where no reply came.
            "response": empty_response(0, "", "", ()),
            "cache": {},
            "timings": {
                **dict.fromkeys(("blocked", "dns", "connect", "ssl"), -1),
                # By their definition these may not be negative.
                **dict.fromkeys(("send", "wait", "receive"), 0),
            },
            "comment": self.item.title,
        }

    def _auth(self) -> None:
        match self.sent.auth:
            case None | NoAuth():
                pass
            case Bearer(token=token, prefix=prefix):
                self._put("Authorization", f"{prefix} {token}".strip())
            case Basic(username=user, password=password):
                pair = f"{user}:{password}"
                if "{{" in pair:
                    self._approximated("auth: basic", "a variable stands in it by its name, in Base64")
                self._put("Authorization", f"Basic {base64.b64encode(pair.encode('utf-8', 'replace')).decode()}")
            case ApiKey(name=name, value=value, place="header"):
                self._put(name, value)
            case ApiKey(name=name, value=value, place="query"):
                joint = "?" if "?" not in self.url else "" if self.url.endswith(("?", "&")) else "&"
                self.url += f"{joint}{quote(name, safe='')}={quote(value, safe='{}')}"
            case ApiKey(name=name, value=value):
                cookies = [row[1] for row in self.headers if row[0].lower() == "cookie"]
                self._put("Cookie", "; ".join([*cookies, f"{name}={value}"]))
            case other:
                why = "it needs replies of the server, which a recording that was not made has not"
                self.report.dropped(self.item.title, f"auth: {type(other).__name__}", why)

    def _put(self, name: str, value: str) -> None:
        self.headers = [row for row in self.headers if row[0].lower() != name.lower()]
        self.headers.append((name, value))

    def _approximated(self, construct: str, why: str) -> None:
        self.report.approximated(self.item.title, construct, why)

    def _body(self) -> tuple[dict[str, Any] | None, int]:
        """`postData`, and the size of the body; -1 if that is not known."""
        body = self.sent.body
        match body:
            case Multipart():
                media_type = f"multipart/form-data; boundary={boundary_of(body)}"
                self._put("Content-Type", media_type)
                for part in body.parts:
                    if part.enabled and part.file:
                        self._approximated(f"file {part.file}", "its content is not in it")
                return {"mimeType": media_type, "params": params_of(body)}, -1
            case File():
                self.report.dropped(self.item.title, f"body: file {body.path}", "its content is not in it")
                return {"mimeType": self._typed(body.media_type), "text": "", "comment": f"the file {body.path}"}, -1
            case BodyKind():
                return self._text(body)
            case _:
                return None, 0

    def _text(self, body: BodyKind) -> tuple[dict[str, Any] | None, int]:
        try:
            encoded = body.encode(Path)
        except RequestFailed as error:
            self.report.dropped(self.item.title, "body", f"it can't be sent: {error.failure.detail}")
            return None, 0
        media_type = self._typed(encoded.content_type)
        if isinstance(body, Form):
            fields = [(row.name, row.value) for row in body.fields if row.enabled]
            return {"mimeType": media_type, "params": pairs(fields)}, encoded.size
        data = b"".join(each for each in encoded.segments if isinstance(each, bytes))
        text = body.content if isinstance(body, Text) else data.decode("utf-8", "replace")
        return {"mimeType": media_type, "text": text}, encoded.size

    def _typed(self, media_type: str) -> str:
        """The Content-Type: that of a header, else what the body brings, which is put there."""
        own = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        if not own and media_type:
            self._put("Content-Type", media_type)
        return own or media_type
