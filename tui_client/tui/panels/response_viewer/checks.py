"""What was checked and captured."""

from __future__ import annotations

from typing import Final

import msgspec
from textual.content import Content

from tui_client.model.step import CheckResult
from tui_client.model.values import MISSING, QueryValue
from tui_client.text import redact, safe_line
from tui_client.tui.panels.response_viewer.tables import muted
from tui_client.tui.panels.response_viewer.view import Shown

_LONGEST: Final = 200


def checks_content(shown: Shown, width: int) -> Content:
    """The Checks tab: each check with what was found, then the captures."""
    lines = [_check(check, shown.secrets) for check in shown.checks]
    if not lines:
        lines.append(muted("The request has no checks."))
    if shown.captures:
        lines.append(Content.styled("Captured", "bold"))
        lines += [
            Content.assemble(("  " + safe_line(name), "bold $text-primary"), " = ", value_text(value, shown.secrets))
            for name, value in shown.captures.items()
        ]
    return Content("\n").join(lines)


def _check(check: CheckResult, secrets: frozenset[str]) -> Content:
    asked = " ".join(part for part in (check.query, check.expr) if part)
    sentence = f"{asked} {'not ' if check.negated else ''}{check.op}"
    if check.value is not None:
        sentence += f" {value_text(check.value, secrets)}"
    if check.error:
        sign, style, found = "?", "bold $text-warning", f", could not be checked: {check.error}"
    elif check.passed:
        sign, style, found = "✓", "bold $text-success", ""
    else:
        sign, style, found = "✗", "bold $text-error", f", was {value_text(check.actual, secrets)}"
    return Content.assemble((f"{sign} ", style), safe_line(redact(sentence + found, secrets)))


def value_text(value: QueryValue, secrets: frozenset[str]) -> str:
    """A value as JSON, safe to print, secrets masked, the end of a long one left out."""
    if value is MISSING:
        return "nothing"
    try:
        text = msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):
        text = str(value)
    text = redact(text, secrets)
    return safe_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
