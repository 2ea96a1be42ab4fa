"""Templates and what is made of them: previews never fail, everything else raises what is documented, and soon."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fuzzing import TEXT, bad_inputs
from hypothesis import strategies as st

from tui_client.errors import RequestFailed
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text as TextBody
from tui_client.model.effective import EffectiveRequest, Layer, Scope
from tui_client.model.request import NameValue
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret, Variable
from tui_client.template import (
    FUNCTIONS,
    needs,
    parse,
    preview,
    preview_url,
    reached_by,
    resolve,
    unparse,
    variables_in,
)
from tui_client.template.evaluate import SECRETS_ORIGIN

CANARY: Final = "canary-71d0"
NAMES: Final = ("a", "b", "c", "d", "base_url", "pw", "it.em", "-")
SIGNS: Final = (
    "{{",
    "}}",
    "{",
    "}",
    "(",
    ")",
    ",",
    "'",
    '"',
    " ",
    "\n",
    "1",
    "-1.5",
    "9" * 400,
    "\0",
    "\ud800",
    "é",
    "%2F",
    "/",
    ":a",
    "{b}",
    "?",
    "#",
    "&",
    "=",
    "http://",
    "h",
    ":1",
    "..",
    "@",
    "\\",
    "[::1]",
)
PLACES: Final = tuple(f"{{{{{name}}}}}" for name in NAMES)
CALLS: Final = tuple(f"{{{{{name}(" for name in FUNCTIONS)

texts = st.lists(st.sampled_from((*SIGNS, *PLACES, *CALLS, *NAMES)), max_size=7).map("".join)
values = st.one_of(
    texts,
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.binary(max_size=4),
    st.dates(),
    st.sampled_from([[1, "{{a}}"], {"k": {"k": [float("nan")]}}, b"\xff", "\ud800", 10**400]),
)
variables: st.SearchStrategy[Variable] = st.one_of(
    st.builds(lambda value, literal: Constant(value, literal), values, st.booleans()),
    st.lists(values, max_size=2).map(lambda options: Choice(tuple(options))),
    st.sampled_from([FromRequest("k"), Prompt("?"), Secret(), HostVariable("HOME")]),
)
scopes = st.dictionaries(st.sampled_from(NAMES[:5]), variables, max_size=4).map(
    lambda found: Scope(
        (
            Layer(SECRETS_ORIGIN, {"pw": Constant(CANARY, literal=True)}),
            Layer("env", {"base_url": Constant("http://h/"), **found}),
        )
    )
)


@bad_inputs(560, texts, scopes)
def test_a_preview_never_fails_nor_tells(text: str, scope: Scope) -> None:
    """All of the text is in it, and no secret that functions did not change."""
    parts = preview(text, scope)
    assert "".join(part.source for part in parts) == text
    assert CANARY not in "".join(part.text for part in parts)
    assert isinstance(variables_in(text), tuple)


@bad_inputs(800, texts)
def test_what_was_parsed_is_written_as_it_is_parsed(text: str) -> None:
    """Holes survive being written and read again."""
    try:
        segments = parse(text)
    except RequestFailed:
        return
    assert parse(unparse(segments)) == segments


rows = st.lists(st.builds(NameValue, texts, texts, st.booleans()), max_size=2).map(tuple)
bodies = st.one_of(
    st.none(),
    st.builds(Json, texts),
    st.builds(TextBody, texts),
    st.builds(GraphQL, texts, texts),
    st.builds(Form, rows),
    st.lists(st.builds(Part, texts, texts, type=st.just("") | TEXT), max_size=2).map(tuple).map(Multipart),
)
requests = st.builds(
    lambda **fields: EffectiveRequest(**fields),
    key=st.just("k"),
    name=st.just(""),
    method=st.sampled_from(["GET", "POST", "{{a}}", "A B", ""]),
    url=texts,
    path=rows,
    params=rows,
    headers=rows,
    body=bodies,
    auth=st.one_of(st.none(), st.builds(Basic, texts, texts), st.builds(Bearer, texts)),
)


def nothing(written: str) -> Path:
    raise AssertionError(f"no file is asked for: {written}")


@bad_inputs(320, requests, scopes)
def test_a_request_is_prepared_or_refused(request: EffectiveRequest, scope: Scope) -> None:
    """From templates to the very bytes: a request whose head is well formed, or a failure that says what is wrong."""
    assert isinstance(preview_url(request, scope), tuple)
    try:
        needs(request, scope)
        reached_by(request, scope)
        made = prepare(resolve(request, scope), nothing, environ={})
    except RequestFailed as error:
        assert error.failure.kind
        return
    assert not any(sign in name + value for name, value in made.headers for sign in (b"\r", b"\n", b"\0"))
    assert made.address.target.isascii()
    assert not set(made.address.target) & set(b" \r\n\0")


def looped(depth: int, width: int) -> Scope:
    """Variables that hold the next one several times: their text would grow without bounds."""
    values: dict[str, Variable] = {f"v{n}": Constant(f"{{{{v{n + 1}}}}}" * width) for n in range(depth)}
    return Scope((Layer("env", {**values, f"v{depth}": Constant("x" * 100)}),))


@bad_inputs(60, st.integers(1, 80), st.integers(1, 40))
def test_variables_in_variables_stay_bounded(depth: int, width: int) -> None:
    """A billion laughs is a failure."""
    request = EffectiveRequest(key="k", name="", method="GET", url="http://h/{{v0}}")
    try:
        resolve(request, looped(depth, width))
    except RequestFailed as error:
        assert error.failure.kind


@bad_inputs(
    40, st.sampled_from(["{{", "{{a", "{{a(", "{{a('", "{{ ", "}}", "{", "{{a(a,", "{{{{"]), st.integers(1, 20_000)
)
def test_no_template_is_costly(part: str, times: int) -> None:
    """Braces without an end are read in no time, however many."""
    text = part * times
    assert "".join(one.source for one in preview(text, Scope())) == text
