"""A curl command that is pasted into the URL: what it sends becomes the draft."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from textual import events
from textual.message import Message

from tui_client.errors import UsageError
from tui_client.formats._format import FormatError
from tui_client.formats._found import Found, Outcome
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.request import Request
from tui_client.text import format_count, safe_line
from tui_client.tui.widgets.template_input import TemplateInput

_COMMAND: Final = re.compile(r"\s*(?:[$%>]\s+)?curl(?:\.exe)?\s")
_MOST: Final = 256 * 1024  # characters, read in the time of a frame or two
_LOST: Final = (Outcome.DROPPED, Outcome.KEPT, Outcome.APPROXIMATED)


class UrlInput(TemplateInput):
    """The URL; a curl command that is pasted into it is handed on."""

    class CurlPasted(Message):
        """A curl command was pasted, whole."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Keep a command out of the field."""
        if _COMMAND.match(event.text):
            event.stop()
            event.prevent_default()
            self.post_message(self.CurlPasted(event.text))


def draft_of(command: str, draft: Request) -> tuple[Request, str]:
    """The draft with what a command sends in place of its own, and a sentence. Raises UsageError if it can't be read.

    Name, description, tags and checks stay those of the draft.
    """
    from tui_client.formats.curl import read_curl  # few paste a command

    if len(command) > _MOST:
        raise UsageError("The command is too long to be pasted: tui-client import - reads it.")
    try:
        found = read_curl(command.encode("utf-8", "surrogatepass"))
    except FormatError as error:
        raise UsageError(f"The command can't be read: it {error.reason}.") from error
    requests = [each.request for collection in found.collections for each in collection.requests]
    if not requests:
        raise UsageError("The command names no URL.")
    first = requests[0]
    made = msgspec.structs.replace(
        draft,
        method=first.method,
        url=first.url,
        path=first.path,
        params=first.params,
        headers=first.headers,
        body=first.body,
        # What is around the draft is not for the host of any command that is pasted.
        auth=first.auth or NoAuth(),
        options=first.options,
    )
    return made, _said(found, len(requests) - 1)


def _said(found: Found, more: int) -> str:
    parts = ["Read as a curl command; ^z takes it back."]
    if more:
        parts.append(f"{format_count(more)} more requests of it are left out: tui-client import - brings all.")
    lost = [f"{line.construct}: {line.why}" for line in found.report if line.outcome in _LOST]
    parts += [f"{safe_line(text)}." for text in lost[:3]]
    if len(lost) > 3:
        parts.append(f"And {format_count(len(lost) - 3)} more.")
    return " ".join(parts)
