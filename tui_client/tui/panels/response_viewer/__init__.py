"""The reply of the request that is open: status, body, headers, timing, what was sent, what was checked."""

from tui_client.tui.panels.response_viewer.messages import (
    CaptureWanted,
    CharsetWanted,
    CheckWanted,
    CompareWanted,
    Copied,
    OpenWanted,
    ReplyWish,
    SaveWanted,
)
from tui_client.tui.panels.response_viewer.view import Broke, Done, Empty, ExchangeView, InFlight, view_of
from tui_client.tui.panels.response_viewer.viewer import ResponseViewer

__all__ = [
    "Broke",
    "CaptureWanted",
    "CharsetWanted",
    "CheckWanted",
    "CompareWanted",
    "Copied",
    "Done",
    "Empty",
    "ExchangeView",
    "InFlight",
    "OpenWanted",
    "ReplyWish",
    "ResponseViewer",
    "SaveWanted",
    "view_of",
]
