"""What is wrong with a template whatever its variables hold."""

from __future__ import annotations

import difflib
from typing import Final

from tui_client.template.functions import FUNCTIONS
from tui_client.template.parse import Argument, Broken, Call, Literal, Text, Variable, scan

_SHOWN: Final = 60  # characters of a hole that can't be read


def mistake(text: str, *, secret: bool = False) -> str:
    """The first hole that can't be read, unknown function or wrong number of arguments, in words; "" if there is none.

    Variables are not looked up: an environment may bring them. What stands in a `secret` text is not quoted.
    """
    if "{{" not in text:
        return ""
    for located in scan(text):
        match located.segment:
            case Broken(source=source, reason=reason):
                return f"{'it' if secret else repr(source[:_SHOWN])} is not a template: {reason}"
            case Text():
                pass
            case segment:
                if found := _in_argument(segment):
                    return found
    return ""


def _in_argument(argument: Argument) -> str:
    match argument:
        case Call(args=args):
            return _in_call(argument) or next(filter(None, map(_in_argument, args)), "")
        case Variable() | Literal():
            return ""


def _in_call(call: Call) -> str:
    function = FUNCTIONS.get(call.function)
    if function is None:
        near = difflib.get_close_matches(call.function, FUNCTIONS, n=1)
        meant = f"did you mean {near[0]}()?" if near else f"known: {', '.join(FUNCTIONS)}"
        return f"there is no function {call.function}(); {meant}"
    if not function.least <= len(call.args) <= function.most:
        return f"{call.function}() is used as {function.usage}"
    return ""
