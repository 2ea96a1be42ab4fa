"""What reaches the terminal where nobody made it safe: text that does nothing."""

from __future__ import annotations

import pyte
import pytest
from payloads import PAYLOADS, Payload

from tui_client.tui.frames import tame

# A colour can't be told from the frame's own; signs that are not drawn, and accents, do nothing.
_QUIET = ("colour", "zero width", "variation selectors", "combining flood")
_ACTING = [one for one in PAYLOADS if one.acts and one.name not in _QUIET]


def _frame(text: str) -> str:
    return f"\x1b[5;1H\x1b[1;38;2;1;2;3m before {text} after\x1b[0m\x1b[6;1H"


@pytest.mark.parametrize("payload", _ACTING, ids=lambda payload: payload.name)
def test_a_code_in_a_frame_does_nothing(payload: Payload) -> None:
    """Only styles and moves are the frame's own."""
    shown = tame(_frame(payload.whole))
    screen = pyte.Screen(100, 30)
    modes = set(screen.mode)
    pyte.Stream(screen).feed(shown)
    assert (screen.title, screen.icon_name, screen.mode) == ("", "", modes)
    assert payload.mark in "\n".join(screen.display)
    assert payload.text not in shown


@pytest.mark.parametrize(
    "own",
    [
        _frame("naïve 你好 🎉 ━━ ␛[31m [bold]"),
        "\x1b[?1049h",
        "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h",
        "\x1b[>1u",
        "\x1b[<u",
        "\x1b[?2026$p",
        "\x1b[?2026h",
        "\x1b]52;c;aGVsbG8=\x07",
        "\x1b]22;pointer\x1b\\",
        "\x07",
    ],
    ids=ascii,
)
def test_what_the_app_says_to_the_terminal_goes_through(own: str) -> None:
    """Frames, modes, the clipboard and the pointer as they are."""
    assert tame(own) == own
