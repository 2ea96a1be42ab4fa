"""Text for people: safe to print, and numbers as words."""

from tui_client.text.numbers import format_bytes, format_count, format_duration_ms
from tui_client.text.safe import safe, safe_line

__all__ = ["format_bytes", "format_count", "format_duration_ms", "safe", "safe_line"]
