"""Templates: `{{variables}}` and pure functions in requests, resolved or previewed."""

from __future__ import annotations

from tui_client.template.evaluate import SECRETS_ORIGIN
from tui_client.template.functions import FUNCTIONS, Context, Function
from tui_client.template.needs import Fetched, Need, Reached, needs, reached_by, reached_from
from tui_client.template.parse import Call, Literal, Segment, Text, Variable, parse, unparse, variables_in
from tui_client.template.preview import PreviewSegment, PreviewState, preview, preview_url
from tui_client.template.resolve import BASE_URL, resolve
from tui_client.template.values import text_of

__all__ = [
    "BASE_URL",
    "FUNCTIONS",
    "SECRETS_ORIGIN",
    "Call",
    "Context",
    "Fetched",
    "Function",
    "Literal",
    "Need",
    "PreviewSegment",
    "PreviewState",
    "Reached",
    "Segment",
    "Text",
    "Variable",
    "needs",
    "parse",
    "preview",
    "preview_url",
    "reached_by",
    "reached_from",
    "resolve",
    "text_of",
    "unparse",
    "variables_in",
]
