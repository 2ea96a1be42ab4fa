"""Text for people: safe to print, secrets masked, and numbers as words."""

from tui_client.text.controls import CONTROL, control_in
from tui_client.text.hidden import hidden
from tui_client.text.numbers import format_ahead, format_bytes, format_count, format_duration_ms
from tui_client.text.redact import MASK, redact
from tui_client.text.safe import safe, safe_json, safe_line, safe_signs

__all__ = [
    "CONTROL",
    "MASK",
    "control_in",
    "format_ahead",
    "format_bytes",
    "format_count",
    "format_duration_ms",
    "hidden",
    "redact",
    "safe",
    "safe_json",
    "safe_line",
    "safe_signs",
]
