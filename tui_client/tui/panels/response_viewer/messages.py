"""What the viewer asks of the screen that owns it."""

from __future__ import annotations

from textual.message import Message

from tui_client.model.exchange import Exchange


class SaveBody(Message):
    """The user wants the body of this exchange in a file, byte for byte."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.exchange = exchange


class Copied(Message):
    """Text went to the clipboard. `cut`: only its beginning, since terminals take no more."""

    def __init__(self, characters: int, *, cut: bool) -> None:
        super().__init__()
        self.characters = characters
        self.cut = cut
