"""What the viewer asks of the screen that owns it."""

from __future__ import annotations

from textual.message import Message

from tui_client.model.exchange import BodyContent, Exchange


class ReplyWish(Message):
    """The user wants something of the reply that is not the viewer's to do."""


class SaveWanted(ReplyWish):
    """Write the body to a file. `shown`: what is shown in its place (indented, filtered), None where it is as sent."""

    def __init__(self, exchange: Exchange, shown: BodyContent | None = None) -> None:
        super().__init__()
        self.exchange = exchange
        self.shown = shown


class OpenWanted(ReplyWish):
    """Open the body in a program of the user's."""

    def __init__(self, content: BodyContent, media_type: str) -> None:
        super().__init__()
        self.content = content
        self.media_type = media_type


class CompareWanted(ReplyWish):
    """Compare this exchange with another."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.exchange = exchange


class CharsetWanted(ReplyWish):
    """Choose the charset to read the body in. `current`: the one in use; the answer goes to `use_charset`."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current


class CheckWanted(ReplyWish):
    """Add an assert to the request: that this JSONPath finds this. `value`: JSON text as sent."""

    def __init__(self, path: str, value: str) -> None:
        super().__init__()
        self.path = path
        self.value = value


class CaptureWanted(ReplyWish):
    """Add a capture of what this JSONPath finds to the request."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Copied(Message):
    """Text went to the clipboard. cut: only its beginning, since terminals take no more. what: a word for it, or ""."""

    def __init__(self, characters: int, *, cut: bool, what: str = "") -> None:
        super().__init__()
        self.characters = characters
        self.cut = cut
        self.what = what
