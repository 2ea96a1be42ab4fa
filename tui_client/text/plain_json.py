"""JSON that carries no control or bidi character as it is, and is valid for every reader."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

from tui_client.text.safe import safe, safe_json

# What the encoder lets through as it is: DEL and all that is not ASCII.
_OTHER: Final = re.compile("[^\x00-\x7e]+")
_HALF: Final = re.compile("[\ud800-\udfff]")


def plain_json(value: Any) -> str:
    """A value as JSON in one line. Letters of all scripts stay readable; what `safe` would replace is escaped.

    Half a surrogate pair, which strict readers refuse, becomes "<U+D800>".
    """
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        text = json.dumps(value, ensure_ascii=False)
    return _OTHER.sub(_run, text)


def _run(match: re.Match[str]) -> str:
    text = match[0]
    return text if safe(text) == text else safe_json(_HALF.sub(lambda half: safe(half[0]), text))
