"""KEY|URL: which of the two a word is, and the request it stands for once the command line has had its say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tui_client.errors import UsageError
from tui_client.kinds.body.file import File
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.effective import EffectiveRequest, merge_headers, merge_options
from tui_client.model.kinds import Body
from tui_client.model.options import Options, SendOptions, TimeoutOptions
from tui_client.model.request import NameValue


class Changes(msgspec.Struct, frozen=True):
    """What `send` was told besides the request; empty where nothing was said. data: text, or "@FILE".

    timeout_s: for all of it, redirects included; 0: no limit.
    """

    method: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    data: str | None = None
    timeout_s: float | None = None


def request_of_url(url: str, options: SendOptions) -> EffectiveRequest:
    """A request that inherits nothing."""
    return EffectiveRequest(key="", name="", method="GET", url=url, options=options)


def changed(request: EffectiveRequest, changes: Changes) -> EffectiveRequest:
    """The request as the command line wants it. A header or parameter replaces those of its name.

    Data for a bare URL makes it a POST, as curl does; a request with a key keeps its own method.
    Raises UsageError for a data file that isn't there.
    """
    method = changes.method or ("POST" if changes.data is not None and not request.key else request.method)
    named = {name for name, _ in changes.params}
    kept = tuple(row for row in request.params if row.name not in named)
    return msgspec.structs.replace(
        request,
        method=method,
        headers=merge_headers(request.headers, _rows(changes.headers)),
        params=(*kept, *_rows(changes.params)),
        body=request.body if changes.data is None else _body(request.body, changes.data),
        options=merge_options(request.options, Options(TimeoutOptions(total=changes.timeout_s))),
    )


def _rows(pairs: Sequence[tuple[str, str]]) -> tuple[NameValue, ...]:
    return tuple(NameValue(name, value) for name, value in pairs)


def data_file(data: str | None) -> Path | None:
    """The file that `-d @FILE` names, as an absolute path; None for text."""
    return Path(data[1:]).expanduser().absolute() if data is not None and data.startswith("@") else None


def _body(body: Body | None, data: str) -> Body:
    path = data_file(data)
    if path is not None:
        if not path.is_file():
            raise UsageError(f"There is no file {data[1:]} to send.")
        return File(path=str(path), template=False)
    if isinstance(body, Json | Text):
        return msgspec.structs.replace(body, content=data)
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Text(content=data)
    return Json(content=data)
