"""What an OpenAPI operation says, as text to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui_client.model.request import Request
from tui_client.text import safe, safe_line
from tui_client.tui.panels.request_builder.url_query import query_rows

if TYPE_CHECKING:
    from tui_client.interop.operation import BodyInfo, OperationInfo, ParameterInfo, ReplyInfo
    from tui_client.interop.operation import Content as Described

MOST: Final = 20_000  # characters of a description
MOST_VALUES: Final = 40
_PLACES: Final = ("path", "query", "header", "cookie")
_MARKS: Final = re.compile(r"(\*\*|__|`)(?=\S)([^\n]{1,300}?)(?<=\S)\1")
_LINK: Final = re.compile(r"!?\[([^\]\n]{0,300})\]\(([^()\s]{0,500})\)")
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_TAG: Final = re.compile(r"</?(?:br|p|b|i|em|strong|code|ul|ol|li|div|span|a)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)


def docs_content(operation: OperationInfo, left: Sequence[str]) -> Content:
    """All of it: what is `missing`, the description, parameters, body, replies."""
    return Content("\n").join([*_head(operation, left), *_parameters(operation), *_rest(operation)])


def missing(operation: OperationInfo, draft: Request) -> tuple[str, ...]:
    """The names of the required parameters that the draft doesn't send."""
    given = {
        "path": {row.name for row in draft.path if row.enabled},
        "query": {row.name for row in (*query_rows(draft.url), *draft.params) if row.enabled},
        "header": {row.name.lower() for row in draft.headers if row.enabled},
    }
    found = []
    for each in operation.parameters:
        name = each.name.lower() if each.place == "header" else each.name
        if each.required and each.place in given and name not in given[each.place]:
            found.append(each.name)
    return tuple(found)


def plain(markdown: str) -> str:
    """Markdown without its marks, as far as that is simple; links keep their address."""
    text = _LINK.sub(lambda found: found[1] if found[1] == found[2] else f"{found[1]} ({found[2]})", markdown[:MOST])
    text = _MARKS.sub(r"\2", _HEADING.sub("", _TAG.sub("", text)))
    return text.strip() + ("…" if len(markdown) > MOST else "")


def _head(operation: OperationInfo, left: Sequence[str]) -> Iterator[Content]:
    title = Content(safe_line(operation.title)).stylize("bold")
    yield title + Content("  deprecated").stylize("$text-warning") if operation.deprecated else title
    if operation.summary:
        yield Content(safe_line(operation.summary))
    if left:
        yield Content(f"Not sent, though required: {safe_line(', '.join(left))}").stylize("$text-warning")
    if text := plain(operation.description):
        yield Content("")
        yield Content(safe(text))
    for label, said in (("More", operation.docs_url), ("Auth", ", ".join(operation.security))):
        if said:
            yield _label(label) + Content(safe_line(said))


def _parameters(operation: OperationInfo) -> Iterator[Content]:
    for place in _PLACES:
        found = [each for each in operation.parameters if each.place == place]
        if found:
            yield Content("")
            yield _heading(f"{place.capitalize()} parameters")
        for each in found:
            yield from _parameter(each)


def _parameter(parameter: ParameterInfo) -> Iterator[Content]:
    words = [parameter.kind, *(["required"] if parameter.required else [])]
    words += ["deprecated"] if parameter.deprecated else []
    words += [f"default {parameter.default}"] if parameter.default else []
    words += [f"example {parameter.example}"] if parameter.example else []
    line = Content(f"  {safe_line(parameter.name)}").stylize("$text-accent")
    yield line + Content(f"  {safe_line(' · '.join(filter(None, words)))}")
    if parameter.values:
        more = " | …" if len(parameter.values) > MOST_VALUES else ""
        yield Content(f"      {safe_line(' | '.join(parameter.values[:MOST_VALUES]))}{more}")
    if text := plain(parameter.description):
        yield _indented(text)


def _rest(operation: OperationInfo) -> Iterator[Content]:
    if operation.body is not None:
        yield from _body(operation.body)
    for reply in operation.replies:
        yield from _reply(reply)


def _body(body: BodyInfo) -> Iterator[Content]:
    yield Content("")
    yield _heading("Body, required" if body.required else "Body")
    if text := plain(body.description):
        yield _indented(text)
    yield from _contents(body.contents)


def _reply(reply: ReplyInfo) -> Iterator[Content]:
    yield Content("")
    yield _heading(f"Reply {reply.status}") + Content(f"  {safe_line(reply.description)}")
    yield from _contents(reply.contents)


def _contents(contents: Iterable[Described]) -> Iterator[Content]:
    for each in contents:
        yield Content(f"  {safe_line(each.media_type)}")
        yield from (Content(f"    {safe_line(line)}") for line in each.outline)


def _indented(text: str) -> Content:
    return Content("\n".join(f"      {line}" for line in safe(text).splitlines()))


def _heading(text: str) -> Content:
    return Content(safe_line(text)).stylize("bold")


def _label(text: str) -> Content:
    return Content(f"{safe_line(text)}: ").stylize("bold")
