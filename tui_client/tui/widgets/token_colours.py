"""The colours of tokens, the same in every view that shows text; from the theme alone."""

from __future__ import annotations

from typing import Final

from tui_client.tui.widgets.lexers import Token

_RULES: Final = {
    Token.KEY: "color: $text-primary;",
    Token.STRING: "color: $text-success;",
    Token.NUMBER: "color: $text-warning;",
    Token.LITERAL: "color: $text-accent; text-style: bold;",
    Token.TAG: "color: $text-primary;",
    Token.COMMENT: "color: $text-muted; text-style: italic;",
}


def token_components(view: str) -> frozenset[str]:
    """The component classes of a view's tokens: "VIEW--key"."""
    return frozenset(f"{view}--{token}" for token in Token)


def token_css(view: str) -> str:
    """Rules for them, to stand inside the view's own."""
    return "\n".join(f"& .{view}--{token} {{ {rule} }}" for token, rule in _RULES.items())
