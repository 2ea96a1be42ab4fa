"""Templates as they will look once sent, as far as that can be known without sending, asking or showing a secret."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import groupby
from typing import Final
from urllib.parse import quote

import msgspec

from tui_client.errors import FailureKind, RequestFailed
from tui_client.model.effective import EffectiveRequest, Scope
from tui_client.model.request import NameValue
from tui_client.template.evaluate import Evaluator
from tui_client.template.functions import Context
from tui_client.template.parse import Broken, Call, Located, Text, Variable, scan
from tui_client.template.resolve import BASE_URL
from tui_client.template.url import (
    BLANKS,
    Marked,
    is_absolute,
    marked,
    put_together,
    under_base,
    with_params,
    with_path,
)

DOTS: Final = "••••••"
_LATER: Final = (FailureKind.VARIABLE_FROM, FailureKind.VARIABLE_PROMPT, FailureKind.TRUST_REFUSED)


class PreviewState(IntEnum):
    """What is known of a part."""

    LITERAL = 0  # stands in the template
    RESOLVED = 1  # the value of a variable or function
    UNRESOLVED = 2  # unknown, or can't be read
    DEFERRED = 3  # fetched or made when it is sent: from, prompt, env, uuid()
    SECRET = 4  # shown as dots


class PreviewSegment(msgspec.Struct, frozen=True):
    """A part of a preview. `source` is what it was read from; of a URL's preview, the same as `text`."""

    text: str
    state: PreviewState
    source: str = ""


def preview(text: str, scope: Scope) -> tuple[PreviewSegment, ...]:
    """The parts of a template; their sources put together are `text`. Never fails."""
    evaluator = Evaluator(scope, Context())
    return tuple(_segment(located, evaluator) for located in scan(text))


def preview_url(request: EffectiveRequest, scope: Scope) -> tuple[PreviewSegment, ...]:
    """The whole URL as it will be sent, path parameters and params encoded. Never fails."""
    evaluator = Evaluator(scope, Context())
    url = _stripped(_marked(request.url, evaluator))
    if not is_absolute(url.text):
        url = under_base(_stripped(_marked(f"{{{{{BASE_URL}}}}}", evaluator)), url)
    url = with_path(url, {row.name: _encoded(row.value, evaluator) for row in request.path if row.enabled})
    url = with_params(url, [_pair(row, evaluator) for row in request.params if row.enabled])
    return tuple(_runs(url))


def _segment(located: Located, evaluator: Evaluator) -> PreviewSegment:
    source = located.source
    match located.segment:
        case Text(value=value):
            return PreviewSegment(value, PreviewState.LITERAL, source)
        case Broken():
            return PreviewSegment(source, PreviewState.UNRESOLVED, source)
        case expression:
            return _valued(expression, source, evaluator)


def _valued(expression: Variable | Call, source: str, evaluator: Evaluator) -> PreviewSegment:
    try:
        result = evaluator.evaluate(expression)
        text = evaluator.text_of(expression, result)
    except RequestFailed as error:
        return _unvalued(error.failure.kind, source)
    if result.secret:
        return PreviewSegment(DOTS, PreviewState.SECRET, source)
    if result.fresh:
        return PreviewSegment(source, PreviewState.DEFERRED, source)
    return PreviewSegment(text, PreviewState.RESOLVED, source)


def _unvalued(kind: FailureKind, source: str) -> PreviewSegment:
    if kind is FailureKind.VARIABLE_SECRET:
        return PreviewSegment(DOTS, PreviewState.SECRET, source)
    return PreviewSegment(source, PreviewState.DEFERRED if kind in _LATER else PreviewState.UNRESOLVED, source)


def _marked(text: str, evaluator: Evaluator, *, encode: bool = False) -> Marked:
    parts = (_segment(located, evaluator) for located in scan(text))
    return put_together(*(marked(_shown(part) if encode else part.text, part.state) for part in parts))


def _shown(part: PreviewSegment) -> str:
    if part.state not in (PreviewState.LITERAL, PreviewState.RESOLVED):
        return part.text
    return quote(part.text.encode("utf-8", "surrogatepass"), safe="")


def _encoded(text: str, evaluator: Evaluator) -> Marked:
    return _marked(text, evaluator, encode=True)


def _pair(row: NameValue, evaluator: Evaluator) -> tuple[Marked, Marked]:
    return _encoded(row.name, evaluator), _encoded(row.value, evaluator)


def _stripped(url: Marked) -> Marked:
    start = len(url.text) - len(url.text.lstrip(BLANKS))
    return url.cut(start, len(url.text.rstrip(BLANKS)))


def _runs(url: Marked) -> Iterator[PreviewSegment]:
    at = 0
    for mark, run in groupby(url.marks):
        end = at + len(list(run))
        text = url.text[at:end]
        yield PreviewSegment(text, PreviewState(mark), text)
        at = end
