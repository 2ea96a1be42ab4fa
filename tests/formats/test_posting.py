"""Posting's files become our requests, which send the same; and what can't is told."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats import importers
from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats.posting import IMPORTER, read_posting
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.interop.source import FilesBeside
from tui_client.kinds.auth._kind import AuthContext
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import inherit
from tui_client.model.options import Options, SendOptions, TimeoutOptions
from tui_client.model.request import NameValue
from tui_client.model.variables import Constant, HostVariable, Secret
from tui_client.template.resolve import resolve

GOLDEN = Path(__file__).parent / "golden" / "posting"
MADE = GOLDEN / "made"
SAMPLES = sorted(path for path in GOLDEN.iterdir() if path.is_file())
SENT: dict[str, Any] = json.loads((MADE / "sent.json").read_text(encoding="utf-8"))
OURS = frozenset(["user-agent", "accept-encoding", "host"])


class Files:
    """A folder in memory."""

    def __init__(self, files: dict[str, str], **more: bytes) -> None:
        self.files = {name: each.encode() for name, each in files.items()} | more

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise FormatError("is not there")
        return self.files[name]


def folder(**files: str) -> Found:
    """Names have __ for a slash; what has no ending is a request."""
    named = {name.replace("__", "/").replace("_dot_", "."): each for name, each in files.items()}
    whole = {name if "." in name else f"{name}.posting.yaml": each for name, each in named.items()}
    return read_posting(b"", name="shop", beside=Files(whole))


def one(text: str) -> Found:
    return read_posting(text.encode(), name="one.posting.yaml")


def only(found: Found) -> FoundRequest:
    (request,) = found.collections[0].requests
    return request


def told(found: Found, outcome: Outcome) -> list[str]:
    return [line.construct for line in found.report if line.outcome is outcome]


def made() -> Found:
    """The collection that Posting itself has written, with all that it had to say."""
    return read_posting(b"", name="shop", beside=FilesBeside(MADE / "shop"))


def prepared(found: FoundRequest) -> PreparedRequest:
    """What is sent for a request of that collection, its secrets known."""
    collection = made().collections[0]
    (environment,) = collection.environments
    hidden = {name: Constant(value, literal=True) for name, value in collection.secrets["posting"].items()}
    environment = msgspec.structs.replace(environment, variables={**environment.variables, **hidden})
    request = inherit("x", found.request, Surroundings(Collection(id="shop"), (), environment), SendOptions())
    return prepare(resolve(request, request.scope), Path, environ={})


def as_sent(ready: PreparedRequest) -> dict[str, Any]:
    """Its parts as the golden file has them, what the auth adds to the first request included."""
    request = httpx.Request(ready.method, ready.url, headers=list(ready.headers))
    if ready.auth is not None:
        request = next(ready.auth.flow(cast(AuthContext, None)).auth_flow(request))
    return {
        "method": ready.method,
        "scheme": ready.address.scheme,
        "host": ready.address.host_header,
        "target": ready.target.decode(),
        "headers": [[name.decode(), value.decode()] for name, value in request.headers.raw],
        "body": b"".join(part for part in ready.body.segments if isinstance(part, bytes)).decode(),
    }


def meaning(one: dict[str, Any]) -> dict[str, Any]:
    """The same without what programs may do each in their way: their own headers, + or %20, and the case of names."""
    path, _, query = one["target"].partition("?")
    headers = sorted((name.lower(), value) for name, value in one["headers"] if name.lower() not in OURS)
    fields = ("content-type", "application/x-www-form-urlencoded") in headers
    return {
        **{name: one[name] for name in ("method", "scheme", "host")},
        "path": path,
        "query": parse_qsl(query, keep_blank_values=True),
        "headers": [row for row in headers if not fields or row[0] != "content-length"],
        "body": parse_qsl(one["body"], keep_blank_values=True) if fields else one["body"],
    }


BY_NAME = {"/".join((*each.folder, each.request.name)): each for each in made().collections[0].requests}


@pytest.mark.parametrize("name", sorted(SENT))
def test_the_request_is_sent_as_posting_sends_it(name: str) -> None:
    """For each request that Posting has saved: method, host, path, query, headers and body."""
    assert meaning(as_sent(prepared(BY_NAME[name]))) == meaning(SENT[name])


def test_a_folder_is_one_collection_in_the_order_of_posting() -> None:
    """Folders with their requests, by method and then by name; what has no name has that of its file."""
    found = folder(
        b__two="name: Two\nurl: x.example", b__post="method: POST\nurl: x.example", a__b__deep="url: x.example",
        one="url: x.example",
    )  # fmt: skip
    collection = found.collections[0]
    assert (collection.title, found.loose) == ("shop", False)
    assert [each.path for each in collection.folders] == [("a",), ("a", "b"), ("b",)]
    titles = [(each.folder, each.request.name) for each in collection.requests]
    assert titles == [((), "one"), (("a", "b"), "deep"), (("b",), "Two"), (("b",), "post")]


def test_all_of_a_request_is_there_or_told() -> None:
    """Each key of a file that uses all of them, and some that Posting doesn't know."""
    found = read_posting((GOLDEN / "everything.posting.yaml").read_bytes(), name="everything.posting.yaml")
    request = only(found).request
    assert (request.method, request.url) == ("POST", "{{BASE_URL}}/users/:id/a/b")
    assert request.path == (NameValue("id", "42"),)
    assert request.params == (NameValue("debug", "1", False), NameValue("page", "{{page}}"))
    assert request.body == Form((NameValue("a", "{{X}}"), NameValue("b", "2", False)))
    assert request.auth == Basic("ann", "{{PASSWORD}}")
    limits = TimeoutOptions(connect=7.5, read=7.5, write=7.5, pool=7.5, total=0)
    proxy = "http://{{PROXY_HOST}}:3128"
    assert request.options == Options(timeout=limits, follow_redirects=False, proxy=proxy, cookies=False)
    assert told(found, Outcome.DROPPED) == [
        *("assertions", "cookies", "params.note", "options.retries", "options.verify_ssl: false", "auth.digest"),
        *("body.charset", "scripts.on_error"),
    ]
    assert [(each.phase, each.content) for each in only(found).scripts] == [
        ("setup", "# scripts/setup.py"),
        ("on_request", "# scripts/setup.py:before"),
        ("on_response", "# ../outside.py"),
    ]


def test_scripts_are_kept_with_the_text_of_their_files() -> None:
    """The line above it names the file and the function; a file that no request names is told."""
    request = "url: x.example\nscripts:\n  setup: scripts/a.py\n  on_response: ./scripts/a.py:check"
    found = folder(one=request, scripts__a_dot_py="A = 1\n", scripts__b_dot_py="B = 2\n")
    assert [(each.phase, each.language, each.content) for each in only(found).scripts] == [
        ("setup", "python", "# scripts/a.py\nA = 1\n"),
        ("on_response", "python", "# ./scripts/a.py:check\nA = 1\n"),
    ]
    assert told(found, Outcome.KEPT) == ["scripts.setup: scripts/a.py", "scripts.on_response: ./scripts/a.py"]
    assert told(found, Outcome.DROPPED) == ["script file"]


def test_a_script_of_thousands_of_requests_is_not_copied_without_end() -> None:
    """Beyond some megabytes only the name is kept, and told."""
    request = "url: x.example\nscripts:\n  setup: big.py"
    found = folder(**{f"r{number}": request for number in range(20)}, big_dot_py="# long\n" * 100_000)
    contents = [each.scripts[0].content for each in found.collections[0].requests]
    assert sum(map(len, contents)) < 5_000_000
    assert contents[-1] == "# big.py"


def test_a_broken_file_is_told_and_the_others_count() -> None:
    """A folder of which nothing can be read is refused, and so is one without such files."""
    found = folder(good="url: x.example", bad="url: [", list="- 1", other="a: 1")
    assert [each.request.name for each in found.collections[0].requests] == ["good"]
    assert [line.origin for line in found.report] == ["bad.posting.yaml", "list.posting.yaml", "other.posting.yaml"]
    assert {line.outcome for line in found.report} == {Outcome.DROPPED}
    with pytest.raises(FormatError, match="none can be read"):
        folder(bad="url: [")
    with pytest.raises(FormatError, match=r"has no \.posting\.yaml file"):
        folder(readme_dot_md="x")
    for data in (b"- 1", b"a: 1", b"\xff", b"[" * 1000, b"&a [*a]"):
        with pytest.raises(FormatError):
            read_posting(data, name="one.posting.yaml")
    with pytest.raises(FormatError, match="is empty"):
        IMPORTER.read(Source("one.posting.yaml", b"", Files({"x.posting.yaml": "url: x"})))


def test_scalars_are_the_text_that_posting_reads() -> None:
    """Posting leaves 08 and 1e5 without quotes, since to it they are text; null and switches are none."""
    found = one("name: 0899\nurl: x.example\nheaders:\n- {name: 1e5, value: 08}\n- {name: A, value: ~, enabled: no}")
    assert only(found).request.name == "0899"
    assert only(found).request.headers == (NameValue("1e5", "08"), NameValue("A", "", False))
    assert found.report == ()


def test_a_long_text_that_is_named_again_and_again_is_refused() -> None:
    """An anchor costs nothing in the file, each of its copies would."""
    rows = "".join("- {name: *a, value: *a}\n" for _ in range(10_000))
    with pytest.raises(FormatError, match="anchors counted"):
        one(f"url: x.example\ndescription: &a {'$x' * 50_000}\nheaders:\n{rows}")


def test_what_is_no_variable_stays_text() -> None:
    """$$ is a $, other $ stay, braces mean themselves."""
    found = one("url: x.example\nheaders:\n- name: A\n  value: '$$a $5 ${a-b} {{c}} $d ${e}f {$g} $'")
    assert only(found).request.headers[0].value == "$a $5 ${a-b} {{'{{'}}c}} {{d}} {{e}}f {{{g}}} $"
    assert (
        one("url: https://x.example/{id}/$a").collections[0].requests[0].request.url
        == "https://x.example/%7Bid%7D/{{a}}"
    )


@pytest.mark.parametrize(
    ("values", "url"),
    [
        (["localhost:8000"], "http://{{HOST}}/x"),
        (["https://a.example", "http://b.example"], "{{HOST}}/x"),
        (["https://a.example", "b.example"], "{{HOST}}/x"),
        ([], "{{HOST}}/x"),
    ],
)
def test_a_host_without_a_scheme_gets_one(values: list[str], url: str) -> None:
    """By what the environments say of it; where they differ it is told."""
    found = folder(one="url: $HOST/x", **{f"e{at}_dot_env": f"HOST={value}\n" for at, value in enumerate(values)})
    assert only(found).request.url == url
    mixed = {"://" in value for value in values} == {True, False}
    assert told(found, Outcome.APPROXIMATED) == (["url: $HOST"] if mixed else [])


@pytest.mark.parametrize(
    ("url", "path_params", "made", "path"),
    [
        (":id", {"id": "1"}, ":id", [("id", "1", True)]),
        (":id", {}, ":id", [("id", "", True)]),
        (":id/:id", {"id": "ü $x"}, ":id/:id", [("id", "ü {{x}}", True)]),
        (":id", {"id": "a/b"}, "a/b", []),
        (":id", {"id": "a", "b": "$c"}, ":id", [("id", "a", True), ("b", "{{c}}", False)]),
        ("x:id.json", {"id": "a b"}, "xa b.json", []),
        ("::id/:id", {"id": "1"}, ":id/1", []),
        ("a::b", {}, "a::b", []),
    ],
)
def test_path_parameters_are_ours_where_they_are_sent_alike(
    url: str, path_params: dict[str, str], made: str, path: list[tuple[str, str, bool]]
) -> None:
    """Whole segments; parts of one, and values that are more than one segment, stand in the URL."""
    given = [{"name": name, "value": value} for name, value in path_params.items()]
    request = only(one(json.dumps({"url": f"https://x.example/{url}", "path_params": given}))).request
    assert request.url == f"https://x.example/{made}"
    assert [(row.name, row.value, row.enabled) for row in request.path] == path


def test_a_verb_behind_a_colon_stays_and_is_told() -> None:
    """Posting takes it for a parameter without a value."""
    found = one("url: https://x.example/items:batch")
    assert (only(found).request.url, only(found).request.path) == ("https://x.example/items:batch", ())
    assert told(found, Outcome.APPROXIMATED) == ["path parameter :batch"]


def test_environments_are_read_as_dotenv_files() -> None:
    """export, quotes, escapes, comments; what looks like a secret is one; what can't be is told."""
    source = (
        "# first\nexport A=1 # one\nB='a b\\'c' # two\nC=\"x\\ny # z\"\n D = ${A}-${NOT_HERE} \nE=\nF\n'g h'=1\n"
        "API_TOKEN=abc#d\nDB_URL=postgres://u:p@h/x\nTOKEN_URL=https://t.example\nEMPTY_SECRET=\nA=2\nI=${I}\n"
        "J=${K:-v}\nL=\"open\nM=#5\n"
    )  # fmt: skip
    found = folder(one="url: x.example", envs__dev_dot_env=source, dev_dot_env="A=other\n")
    collection = found.collections[0]
    other, environment = sorted(collection.environments, key=lambda each: len(each.variables))
    assert (environment.name, other.name) == ("envs/dev", "dev")
    assert environment.variables == {
        "B": Constant("a b'c"), "C": Constant("x\ny # z"), "D": Constant("1-{{NOT_HERE}}"), "E": Constant(""),
        "g_h": Constant("1"), "API_TOKEN": Secret(), "DB_URL": Secret(), "TOKEN_URL": Constant("https://t.example"),
        "EMPTY_SECRET": Secret(), "A": Constant("2"), "I": Constant("{{host.I}}"), "J": Constant("v"),
        "M": Constant("#5"),
    }  # fmt: skip
    assert collection.secrets == {"envs/dev": {"API_TOKEN": "abc#d", "DB_URL": "postgres://u:p@h/x"}}
    hosts = {"NOT_HERE": HostVariable("NOT_HERE"), "host.I": HostVariable("I")}
    assert collection.shared.variables == hosts
    assert told(found, Outcome.DROPPED) == ["A in line 2", "F", "line 16"]
    assert told(found, Outcome.APPROXIMATED) == ["J: ${K:-v}"]


def test_a_variable_in_json_is_what_posting_puts_there() -> None:
    """Outside quotes it keeps its type; where it is no JSON the body is text of the same media type."""
    request = "url: x.example\nbody:\n  content: '[$a, \"$b\"]'\n  content_type: application/json"
    assert only(folder(one=request, e_dot_env="a=1\nb=x\n")).request.body == Json('[{{json(a)}}, "{{b}}"]')
    found = folder(one=request, e_dot_env="a=1,2\nb=x\n")
    assert only(found).request.body == Text('[{{a}}, "{{b}}"]', "application/json")
    assert told(found, Outcome.IMPORTED) == ["body.content: $a"]


@pytest.mark.parametrize(
    ("header", "media_type", "body"),
    [
        ("", "application/json", Json("{}")),
        ("", "text/html", Text("{}", "text/html")),
        ("", "", Json("{}")),
        ("application/xml", "application/json", Text("{}", "application/xml")),
        ("text/plain; charset=latin-1", "", Text("{}", "text/plain")),
        ("application/problem+json", "", Json("{}")),
    ],
)
def test_a_body_is_of_the_media_type_that_is_sent(header: str, media_type: str, body: object) -> None:
    """That of the header goes before that of the body."""
    document: dict[str, object] = {"url": "x.example", "body": {"content": "{}", "content_type": media_type or None}}
    document["headers"] = [{"name": "Content-Type", "value": header}] if header else []
    assert only(one(json.dumps(document))).request.body == body


@pytest.mark.parametrize(
    ("auth", "made"),
    [
        ("{type: basic, basic: {username: $u, password: p}}", Basic("{{u}}", "p")),
        ("{type: digest, digest: {username: u}}", Digest("u", "")),
        ("{type: bearer_token, bearer_token: {token: $t}}", Bearer("{{t}}")),
        ("{basic: {username: u}}", None),
        ("{type: hawk, hawk: {id: me, key: hidden}}", None),
    ],
)
def test_auth_is_ours(auth: str, made: object) -> None:
    """Another one stands in the description, without its secrets."""
    found = one(f"url: x.example\nauth: {auth}")
    assert only(found).request.auth == made
    words = "Auth in Posting: hawk: id me, key (not shown)." if "hawk" in auth else ""
    assert only(found).request.description == words
    assert len(told(found, Outcome.DROPPED)) == (made is None)


def test_the_readme_describes_the_collection() -> None:
    """Posting writes one beside what it imports itself."""
    collection = folder(one="url: x.example", README_dot_md="# Shop\n\nAll.\n").collections[0]
    assert collection.shared.description == "# Shop\n\nAll."


def test_it_is_recognised_where_it_is_certain() -> None:
    """A folder that is Bruno's too is Bruno's; no sample of another format is taken for this one."""
    assert all(IMPORTER.recognises(Source(each.name, each.read_bytes())) for each in SAMPLES)
    assert IMPORTER.recognises(
        Source("-", b"name: A\nmethod: POST\nurl: http://x.example\nbody:\n  content: |-\n    a: b\n")
    )
    assert not IMPORTER.recognises(Source("-", b"name: A\nurl: http://x.example\nrequests: []\n"))
    ours, both = Files({"a/b.posting.yaml": ""}), Files({"b.posting.yaml": "", "bruno.json": ""})
    assert IMPORTER.recognises(Source("x", b"", ours, is_folder=True))
    for beside in (ours, both, Files({}), Files({"a.yaml": ""})):
        known = [
            each.name for each in importers().values() if each.recognises(Source("x", b"", beside, is_folder=True))
        ]
        assert known == ({id(ours): ["posting"], id(both): ["bruno"]}.get(id(beside), []))
    others = [path for path in GOLDEN.parent.rglob("*") if path.is_file() and GOLDEN not in path.parents]
    assert not any(IMPORTER.recognises(Source(path.name, path.read_bytes())) for path in others)


@bad_inputs(150, mutated(st.sampled_from([path.read_bytes() for path in SAMPLES])))
def test_a_damaged_file_is_read_or_refused(data: bytes) -> None:
    """Alone and in a folder, with a damaged environment beside it."""
    for beside in (Files({}), Files({}, **{"a.posting.yaml": data, "a.env": data})):
        with suppress(FormatError):
            read_posting(b"" if beside.files else data, name="a.posting.yaml", beside=beside)
