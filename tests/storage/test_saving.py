"""Editing a document in place: what is not changed stays byte for byte, and a saved request reads back the same."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_client.errors import SaveFailed
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json as JsonQuery
from tui_client.kinds.query.status import Status
from tui_client.model.collection import Environment
from tui_client.model.options import Options, TimeoutOptions
from tui_client.model.request import Assertion, Capture, Filter, NameValue, Request
from tui_client.model.variables import Choice, Constant, FromRequest, HostVariable, Prompt, Secret
from tui_client.storage.document import Document
from tui_client.storage.request_file import read_request
from tui_client.storage.saving import edited_request_text, environment_text, new_request_text
from tui_client.storage.shared_file import read_environment

PATH = Path("r.toml")

DOCUMENT = """\
# Makes a user
name = "Create user"   # shown in the tree
method = "POST"
url = "/users"

[params]
# which page
page = 1    # bare
size = 1.10
expand = ["team", "roles"]
debug = { value = "1", enabled = false }

[headers]
Accept = "application/json"

[body]
kind = "json"
content = '''
{
  "name": "{{name}}",
  "age": {{int(age)}}
}
'''

[auth]
kind = "bearer"
token = "{{token}}"

[x-notes]
anything = [1, 2.50, { a = "b" }]

[capture.user_id]
query = "json"
expr = "$.id"

# the status
[[assert]]
query = "status"
op = "=="
value = 201

# one tag
[[assert]]
query = "json"
expr = "$.tags"
filters = ["count", ["nth", 0]]
op = ">="
value = 1
"""


def read(text: str) -> Request:
    return read_request(Document(PATH, text))


def edit(text: str, request: Request) -> str:
    return edited_request_text(PATH, text, request)


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


OLD = read(DOCUMENT)
PARAMS = OLD.params


@pytest.mark.parametrize(
    ("request_", "lines"),
    [
        (
            replace(OLD, name="Make user"),
            ['-name = "Create user"   # shown in the tree', '+name = "Make user"   # shown in the tree'],
        ),
        (replace(OLD, tags=("a",)), ['+tags = ["a"]']),
        (replace(OLD, description="One\ntwo"), ["+description = '''", "+One", "+two'''"]),
        (replace(OLD, params=(NameValue("page", "2"), *PARAMS[1:])), ["-page = 1    # bare", "+page = 2    # bare"]),
        (replace(OLD, params=(NameValue("page", "x"), *PARAMS[1:])), ["-page = 1    # bare", '+page = "x"    # bare']),
        (replace(OLD, params=(PARAMS[0], NameValue("size", "2.50"), *PARAMS[2:])), ["-size = 1.10", "+size = 2.50"]),
        (replace(OLD, params=(NameValue("seite", "1"), *PARAMS[1:])), ["-page = 1    # bare", "+seite = 1    # bare"]),
        (replace(OLD, params=(NameValue("a b", "7"), *PARAMS[1:])), ['+"a b" = "7"', "-page = 1    # bare"]),
        (
            replace(OLD, headers=(NameValue("Accept-Language", "application/json"),)),
            ['-Accept = "application/json"', '+Accept-Language = "application/json"'],
        ),
        (replace(OLD, params=PARAMS[1:]), ["-page = 1    # bare"]),
        (replace(OLD, params=(*PARAMS, NameValue("q", "x y"))), ['+q = "x y"']),
        (replace(OLD, params=(NameValue("first", "1"), *PARAMS)), ['+first = "1"']),
        (
            replace(OLD, params=(*PARAMS[:4], NameValue("debug", "1"))),
            ['-debug = { value = "1", enabled = false }', '+debug = { value = "1", enabled = true }'],
        ),
        (
            replace(OLD, params=(*PARAMS[:4], NameValue("debug", "2", enabled=False))),
            ['-debug = { value = "1", enabled = false }', '+debug = { value = "2", enabled = false }'],
        ),
        (
            replace(OLD, params=(*PARAMS[:4], NameValue("expand", "x"), PARAMS[4])),
            ['-expand = ["team", "roles"]', '+expand = ["team", "roles", "x"]'],
        ),
        (
            replace(OLD, body=Json(content=OLD.body.content.replace("name", "nick", 1))),  # type: ignore[union-attr]  # it is JSON
            ['-  "name": "{{name}}",', '+  "nick": "{{name}}",'],
        ),
        (replace(OLD, body=Json(content=OLD.body.content, template=False)), ["+template = false"]),  # type: ignore[union-attr]  # it is JSON
        (replace(OLD, auth=None), ["-[auth]", '-kind = "bearer"', '-token = "{{token}}"', "-"]),
        (replace(OLD, options=Options(http2=True)), ["+[options]", "+http2 = true", "+"]),
        (replace(OLD, path=(NameValue("id", "1"),)), ["+", "+[path]", '+id = "1"']),
        (
            replace(OLD, captures=(*OLD.captures, Capture("a b", Status()))),
            ['+[capture."a b"]', '+query = "status"', "+"],
        ),
        (
            replace(OLD, asserts=OLD.asserts[1:]),
            ["-[[assert]]", '-query = "status"', '-op = "=="', "-value = 201", "-"],
        ),
        (
            replace(OLD, asserts=(*OLD.asserts, Assertion(Header("X"), "exists", negated=True))),
            ["+[[assert]]", '+query = "header"', '+expr = "X"', '+op = "exists"', "+not = true", "+"],
        ),
        (
            replace(OLD, asserts=(replace(OLD.asserts[0], value=200), OLD.asserts[1])),
            ["-value = 201", "+value = 200"],
        ),
    ],
)
def test_only_the_lines_that_say_it_change(request_: Request, lines: list[str]) -> None:
    """An edit touches its own lines; comments, order, foreign tables and notations stay."""
    after = edit(DOCUMENT, request_)
    assert changed_lines(DOCUMENT, after) == lines
    assert read(after) == request_


def test_an_unchanged_request_is_the_same_text() -> None:
    """Nothing is reformatted by looking at it."""
    assert edit(DOCUMENT, OLD) == DOCUMENT


AWKWARD = [
    DOCUMENT,
    DOCUMENT.replace("\n", "\r\n"),
    "",
    "# only a comment",
    'url="/a"',
    "url = '''\n/a'''\nparams.page = 1\nparams.\"a.b\" = '2' # c\noptions.timeout.connect = 3\n",
    'params = [\n  # first\n  ["a", 1], # one\n  { name = "a", value = "2", enabled = false }\n]\n'
    'body = {kind="json",content="{}"}\n',
    '[options.timeout]\nread = 1\n[params.page]\nvalue = 3 # three\ndescription = "the page"\n'
    '[capture]\nx = { query = "status" }\n',
    'assert = [{ query = "status", op = "==", value = 2e2 }]\nheaders = [["A", "1"], ["a", "2"]]\n',
    '[body]\nkind = "text"\ncontent = """\nA \\"quoted\\" line\n\\u00e9t\\u00e9\nthree"""\n\n\n',
    "[[assert]]\n  query = 'status'\n  op = '=='\n  value = 200\n  enabled = true\n  not = false\n\n# last words",
    '[params]\n"" = 1\n\'quoted "key"\' = true\n  indented = 1\n[headers]\nX = 2020-01-01\nY = 0x1F\n[x-a]\n',
]


@st.composite
def rows(draw: st.DrawFn) -> tuple[NameValue, ...]:
    names = st.sampled_from(["page", "a", "A", "a.b", "", "ü", "x y", "expand"]) | text(8)
    row = st.builds(
        NameValue,
        names,
        st.sampled_from(["1", "2.50", "true", "", "-0", "007", "{{x}}"]) | text(12),
        st.booleans() | st.just(True),
        st.just("") | text(5),
    )
    return tuple(draw(st.lists(row, max_size=4)))


def text(size: int = 30) -> st.SearchStrategy[str]:
    awkward = st.sampled_from(["'''", '"""', "\\", "\n", "\r\n", "\t", "{{a}}", '"', "'", "#", "\x7f", "\u2028", "]"])
    return st.lists(awkward | st.characters(exclude_categories=["Cs"]), max_size=size).map("".join)


values = (
    text(8)
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.lists(st.integers() | text(3), max_size=3)
    | st.datetimes().map(lambda moment: moment.replace(fold=0))
)
queries = st.builds(Status) | st.builds(JsonQuery, text(6)) | st.builds(Header, text(6))
filters = st.lists(st.sampled_from([Filter("count"), Filter("nth", (0,)), Filter("replace", ("a", "'"))]), max_size=2)


@st.composite
def checks(draw: st.DrawFn) -> Assertion:
    # Not st.builds: it would resolve the annotation of `value`, which only storage's edge can.
    query, negated, enabled = draw(queries), draw(st.booleans()), draw(st.booleans())
    if draw(st.booleans()):
        return Assertion(query, "exists", negated=negated)
    return Assertion(query, "==", draw(values), tuple(draw(filters)), negated, enabled)


captures = st.lists(
    st.builds(Capture, text(5), queries, filters.map(tuple)), max_size=3, unique_by=lambda capture: capture.name
)
seconds = st.none() | st.sampled_from([0, 0.5, 3, 3.0])
requests = st.builds(
    Request,
    name=text(8),
    method=st.sampled_from(["GET", "post", "M-SEARCH"]),
    url=text(10),
    description=text(),
    tags=st.lists(text(4), max_size=3).map(tuple),
    path=rows(),
    params=rows(),
    headers=rows(),
    body=st.none() | st.builds(Json, text(), st.booleans()) | st.builds(Text, text()),
    auth=st.none() | st.builds(NoAuth) | st.builds(Basic, text(5), text(5)) | st.builds(Bearer, text(5)),
    options=st.builds(
        Options,
        timeout=st.builds(TimeoutOptions, seconds, seconds),
        http2=st.none() | st.booleans(),
        proxy=st.none() | text(5),
    ),
    captures=captures.map(tuple),
    asserts=st.lists(checks(), max_size=3).map(tuple),
)
fast = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)


@given(requests)
@fast
def test_a_new_file_reads_back_as_the_request(request_: Request) -> None:
    """Whatever a person types is what is read again, and asking to save it again changes nothing."""
    written = new_request_text(PATH, request_)
    assert read(written) == request_
    assert edit(written, request_) == written


@given(st.sampled_from(AWKWARD), requests, st.sets(st.sampled_from(Request.__struct_fields__)))
@settings(fast, max_examples=60)
def test_an_edited_file_reads_back_as_the_request(document: str, request_: Request, fields: set[str]) -> None:
    """Any edit of any document gives the edited request; comments and foreign tables are still there."""
    old = read(document)
    new = replace(old, **{field: getattr(request_, field) for field in fields})
    after = edit(document, new)
    assert read(after) == new
    for kept in ("# Makes a user", "anything = [1, 2.50", "# only a comment", "# last words"):
        assert (kept in after) >= (kept in document and not (kept == "# last words" and "asserts" in fields))
    if old == new:
        assert after == document


@given(st.lists(st.sampled_from(["a", "bb\\n", '"x"', "é", "", "'", "\\\\"]), min_size=2, max_size=8), st.data())
@fast
def test_one_changed_line_of_a_body_is_a_one_line_diff(lines: list[str], data: st.DataObject) -> None:
    """Multi-line values stay multi-line, whichever quotes they have."""
    old = Request(body=Json("\n".join(lines)))
    document = new_request_text(PATH, old)
    at = data.draw(st.integers(0, len(lines) - 2))
    lines[at] += "changed"
    after = edit(document, Request(method="GET", body=Json("\n".join(lines))))
    assert len(changed_lines(document, after)) == 2


@pytest.mark.parametrize("value", [True, 1, 1.0, "1"])
def test_the_type_of_a_checked_value_is_saved(value: object) -> None:
    """Python takes 1, 1.0 and true for equal; checks don't."""
    document = '[[assert]]\nquery = "status"\nop = "=="\nvalue = 1\n'
    after = edit(document, Request(asserts=(Assertion(Status(), "==", value),)))  # type: ignore[arg-type]  # a Value
    assert repr(read(after).asserts[0].value) == repr(value)


@pytest.mark.parametrize("body", [*map(Text, ["a\n", "a\nb"]), None])
def test_empty_options_leave_no_section(body: Text | None) -> None:
    """Nor does a body that is gone."""
    old = new_request_text(PATH, Request(body=body, options=Options(http2=True), tags=("a",)))
    assert "[" not in edit(old, Request())


def test_line_ends_stay_as_they_were() -> None:
    """A file with CRLF keeps CRLF, in new lines too; in a mixed file untouched lines keep theirs."""
    crlf = DOCUMENT.replace("\n", "\r\n")
    after = edit(crlf, replace(OLD, tags=("a",), url="/u"))
    assert after.count("\n") == after.count("\r\n")
    mixed = DOCUMENT.replace('method = "POST"\n', 'method = "POST"\r\n')
    assert 'method = "POST"\r\nurl = "/u"\n' in edit(mixed, replace(OLD, url="/u"))


@pytest.mark.parametrize(
    "request_",
    [
        replace(OLD, name="\ud800"),
        replace(OLD, asserts=(Assertion(Status(), "==", b"bytes"),)),
        replace(OLD, captures=(Capture("a", Status()), Capture("a", Status()))),
        replace(OLD, method="NO WAY"),
        replace(OLD, asserts=(Assertion(Status(), "no operator", 1),)),
    ],
)
def test_what_the_format_cannot_say_is_refused(request_: Request) -> None:
    """A file that would read back differently, or not at all, is never written."""
    with pytest.raises(SaveFailed):
        edit(DOCUMENT, request_)


def test_text_that_looks_like_an_unfinished_merge_can_be_saved() -> None:
    """It is written in one line, so that the file does not look broken."""
    content = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"
    after = edit(DOCUMENT, replace(OLD, body=Json(content)))
    assert read(after).body == Json(content)


ENVIRONMENT = """\
# local
base_url = "http://a"  # here
[variables]
size = 1.10 # text
token = { from = "auth/login", max_age = "50m" }
[headers]
X-Env = "local"
"""


def test_an_environment_is_edited_in_place() -> None:
    """Other variables keep their notation and comments."""
    old = read_environment(Document(PATH, ENVIRONMENT), "local")
    new = replace(old, variables={**old.variables, "otp": Prompt("Code"), "n": Constant(3)})
    after = environment_text(PATH, ENVIRONMENT, new)
    assert changed_lines(ENVIRONMENT, after) == ['+otp = { prompt = "Code" }', "+n = 3"]
    assert environment_text(PATH, ENVIRONMENT, old) == ENVIRONMENT


def test_a_new_environment_holds_variables_of_every_kind() -> None:
    """What is written is what is read."""
    environment = Environment(
        name="e",
        base_url="http://a",
        variables={
            "a": Constant([1, "x"]),
            "b": FromRequest("auth/login", 5400.0),
            "c": FromRequest("auth/login"),
            "d": Prompt("Code?"),
            "e": Secret(),
            "f": Choice(("eu", 1)),
            "g": HostVariable("HOME"),
            "h.i": Constant("two\nlines"),
        },
        headers=(NameValue("X", "1"), NameValue("Y", "2"), NameValue("X", "3")),
    )
    written = environment_text(PATH, "", environment)
    assert read_environment(Document(PATH, written), "e") == environment
    assert 'max_age = "1h30m"' in written
