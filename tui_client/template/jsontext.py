"""Values put into JSON text: escaped inside a string, typed outside; the rest stays byte for byte."""

from __future__ import annotations

import re
from typing import Final

from tui_client.errors import FailureKind
from tui_client.template.evaluate import Evaluator
from tui_client.template.parse import Call, Text, Variable, parse
from tui_client.template.values import escaped, json_of

_IN_STRING: Final = re.compile(r'["\\]')


class _Position:
    """Whether the text so far ends inside a string, and whether on a backslash that has nothing to escape yet."""

    def __init__(self) -> None:
        self.in_string = False
        self.dangling = False

    def advance(self, text: str) -> None:
        at = 0
        while at < len(text):
            if not self.in_string:
                quote = text.find('"', at)
                self.in_string = quote >= 0
                at = quote + 1 if quote >= 0 else len(text)
                continue
            sign = _IN_STRING.search(text, at)
            if sign is None:
                return
            self.in_string = sign[0] == "\\"
            at = sign.end() + (sign[0] == "\\")
        self.dangling = at > len(text)


def json_text(template: str, evaluator: Evaluator) -> str:
    """A JSON template with its values; text outside a string becomes a JSON string, unless converted.

    Raises RequestFailed like `Evaluator.text`; (template.conversion) also for inf and nan outside a string.
    """
    if "{{" not in template:
        return template
    position, parts = _Position(), []
    for segment in parse(template, evaluator.place):
        if isinstance(segment, Text):
            position.advance(segment.value)
            parts.append(segment.value)
        elif position.dangling:
            # It would swallow the first character of the value, and with it the string's end.
            raise evaluator.failed(FailureKind.TEMPLATE_SYNTAX, "\\{{", "a backslash stands before the braces")
        else:
            parts.append(_put(segment, position.in_string, evaluator))
    return "".join(parts)


def _put(segment: Variable | Call, in_string: bool, evaluator: Evaluator) -> str:
    result = evaluator.evaluate(segment)
    if in_string:
        return escaped(evaluator.text_of(segment, result))
    try:
        return json_of(result.value)
    except ValueError as reason:
        raise evaluator.unconvertible(segment, str(reason)) from None
