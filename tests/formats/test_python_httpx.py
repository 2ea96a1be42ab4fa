"""A program with httpx sends what our own engine sends."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from code_exports import TEXT, Arrivals, digest, filled, item, items, run_python, unfilled
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Wire
from wire_fixtures import serve as serve

from tui_client.formats._code.names import comment, snake_case
from tui_client.formats._code.python import Python, quoted
from tui_client.formats._code.text import Variables
from tui_client.formats._found import Outcome
from tui_client.formats.python_httpx import EXPORTERS, write_httpx, write_httpx_async
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query import kinds
from tui_client.model.effective import Scope
from tui_client.model.options import SendOptions, Timeouts
from tui_client.model.request import Capture, NameValue
from tui_client.model.variables import Constant

Serve = Callable[..., Awaitable[Wire]]
WRITERS = [write_httpx, write_httpx_async]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    async with Engine(spool_dir=tmp_path / "spool", max_body_bytes=1 << 20) as engine:
        yield engine


def call_of(text: str) -> dict[str, str]:
    """The arguments of the one call that sends, by name, as they are written."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    (sending,) = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "request"]
    return {str(keyword.arg): ast.unparse(keyword.value) for keyword in sending.keywords}


@pytest.mark.parametrize("write", WRITERS)
async def test_the_program_sends_what_the_engine_sends(
    write: Callable[..., Any], serve: Serve, engine: Engine, tmp_path: Path
) -> None:
    """Method, exact target, the user's headers and the exact body of each sort of request are the same."""
    (tmp_path / "it's a file.txt").write_bytes(bytes(range(256)))
    server = Arrivals()
    base = (await serve(server.play)).url("")
    for each in [*items(base, filled, tmp_path), digest(base, filled)]:
        await engine.send(prepare(each.sent, Path, environ={}), None)
    expected = [arrival.said() for arrival in server.taken()]
    exported = write([*items(base, unfilled, tmp_path), digest(base, unfilled)])
    await run_python(exported.text, tmp_path)
    assert [arrival.said() for arrival in server.taken()] == expected
    assert {line.construct for line in exported.report} == {"{{name}}", "{{token}}", "{{password}}"}


@pytest.mark.parametrize("write", WRITERS)
async def test_one_request_is_straight_code_that_prints_the_reply(
    write: Callable[..., Any], serve: Serve, tmp_path: Path
) -> None:
    """Status and body are printed, and a target and a repeated header arrive as they were written."""
    server = Arrivals()
    base = (await serve(server.play)).url("")
    target = '/a/../b|c/%2e/"?x=[1]{y}^`<>&q=a%zz'
    headers = (("X-A", "1"), ("X-B", ""), ("x-a", "2é"))
    exported = write([item("Odd", base + target, headers=headers, options=SendOptions(follow_redirects=False))])
    assert await run_python(exported.text, tmp_path) == '200 OK\n{"access_token": "granted"}\n'
    (arrival,) = server.taken()
    assert arrival.target == target
    assert [(n, v) for n, v in arrival.headers if n.startswith("x-")] == [("x-a", "1"), ("x-b", ""), ("x-a", "2é")]
    assert exported.report == ()


@pytest.mark.parametrize("write", WRITERS)
async def test_many_clients_and_files_are_open_at_once(
    write: Callable[..., Any], serve: Serve, engine: Engine, tmp_path: Path
) -> None:
    """However many there are, each file is sent, and each client sends its own requests."""
    (tmp_path / "a.txt").write_bytes(b"file")
    server = Arrivals()
    base = (await serve(server.play)).url("")
    body = Multipart(tuple(Part(f"p{number}", file=str(tmp_path / "a.txt")) for number in range(6)))
    alone = SendOptions(cookies=False)
    some = [item(f"R {number}", f"{base}/{number}", "POST", body=body, options=alone) for number in range(5)]
    for each in some:
        await engine.send(prepare(each.sent, Path, environ={}), None)
    expected = [arrival.said() for arrival in server.taken()]
    await run_python(write(some).text, tmp_path)
    assert [arrival.said() for arrival in server.taken()] == expected


def test_options_stand_where_a_request_has_them_and_only_there() -> None:
    """Certificates stay verified, redirects and timeouts are as they were, unless the request says otherwise."""
    plain = write_httpx([item("A", "http://h.example/")]).text
    assert "verify" not in plain and "proxy" not in plain
    assert call_of(plain) == {
        "timeout": "httpx.Timeout(connect=5, read=30, write=30, pool=5)",
        "follow_redirects": "True",
    }
    limits = Timeouts(connect=None, read=0.5)
    options = SendOptions(timeouts=limits, follow_redirects=False, verify=False, proxy="p.example:8080", http2=True)
    other = write_httpx([item("A", "http://h.example/", options=options)])
    assert 'with httpx.Client(verify=False, proxy="http://p.example:8080", http2=True) as client:' in other.text
    assert call_of(other.text) == {"timeout": "httpx.Timeout(connect=None, read=0.5, write=30, pool=5)"}


def test_certificates_are_loaded_before_the_client() -> None:
    """An authority is trusted besides the system's, a client shows its certificate, and a home folder is found."""
    options = SendOptions(ca="~/ca.pem", client_cert="me.pem")
    text = write_httpx([item("A", "https://h.example/", options=options)]).text
    assert 'context.load_verify_locations(os.path.expanduser("~/ca.pem"))' in text
    assert 'context.load_cert_chain("me.pem")' in text
    assert "httpx.Client(verify=context)" in text
    compile(text, "program", "exec")


def test_requests_with_other_options_have_another_client() -> None:
    """What one request allows, no other one gets."""
    found = write_httpx(
        [item("A", "https://h.example/"), item("B", "https://h.example/", options=SendOptions(verify=False))]
    )
    assert "show(a(client))" in found.text
    assert "show(b(client_2))" in found.text
    assert [line.construct for line in found.report] == ["cookies"]


def test_what_code_can_not_do_is_reported() -> None:
    """Captures, a limit of the whole time, and files that lie somewhere else now."""
    options = SendOptions(timeouts=Timeouts(total=1, given=frozenset({"total"})), idempotency_key=True)
    capture = Capture("id", kinds()["status"]())
    found = write_httpx([item("A", "https://h.example/", "get", options=options, captures=(capture,))])
    assert [(line.construct, line.outcome) for line in found.report] == [
        ("captures: id", Outcome.DROPPED),
        ("timeout: total", Outcome.DROPPED),
        ("option: idempotency_key", Outcome.DROPPED),
        ("method get", Outcome.APPROXIMATED),
    ]


def test_variables_come_from_the_environment_by_names_of_their_own() -> None:
    """Two names that would be one are told apart, and what a shell has there already is not taken for a value."""
    variables = Variables()
    text = variables.text("{{api-key}}{{api_key}}{{path}}{{1st}}")
    assert Python().text(text) == (
        'os.environ["API_KEY"] + os.environ["API_KEY_2"] + os.environ["PATH_2"] + os.environ["_1ST"]'
    )


def test_a_variable_in_the_url_is_encoded_unless_it_was_written_into_it() -> None:
    """As the engine does: path parameters and params are encoded, the URL's own variables are put in as they are."""
    url = "{{base_url}}/a/{{raw}}/%7B%7Bid%7D%7D?{{query}}&q={{word}}"
    text = write_httpx([item("A", url, template="{{base_url}}/a/{{ raw }}/{id}?{{query}}")]).text
    for raw in ("BASE_URL", "RAW", "QUERY"):
        assert f'os.environ["{raw}"]' in text
        assert f'quote(os.environ["{raw}"]' not in text
    for encoded in ("ID", "WORD"):
        assert f'quote(os.environ["{encoded}"], safe="")' in text


def test_a_variable_that_the_base_url_brings_is_put_in_as_it_is() -> None:
    """It was written into the URL, if only by way of another variable."""
    base = Constant("https://h.example/{{version}}")
    one = item("A", "https://h.example/{{version}}/x", template="/x")
    request = msgspec.structs.replace(one.request, scope=Scope().over("collection", {"base_url": base}))
    text = write_httpx([msgspec.structs.replace(one, request=request)]).text
    assert '"https://h.example/" + os.environ["VERSION"] + "/x"' in text


@pytest.mark.parametrize("write", WRITERS)
async def test_a_captured_value_reaches_the_later_requests(
    write: Callable[..., Any], serve: Serve, tmp_path: Path
) -> None:
    """A value that a plain path finds in a JSON reply is kept for the requests after; what is not needed is not."""
    server = Arrivals()
    base = (await serve(server.play)).url("")
    json_query = kinds()["json"]
    captures = (Capture("later", json_query("$.access_token")), Capture("unused", json_query("$.x")))
    first = item("Log in", f"{base}/login", "POST", captures=captures)
    exported = write([first, item("Use", f"{base}/use", auth=Bearer("{{later}}"))])
    await run_python(exported.text, tmp_path)
    assert [dict(arrival.headers).get("authorization") for arrival in server.taken()] == [None, "Bearer granted"]
    assert [(line.construct, line.outcome) for line in exported.report] == [
        ("capture: later", Outcome.IMPORTED),
        ("captures: unused", Outcome.DROPPED),
        ("{{later}}", Outcome.IMPORTED),
    ]


def test_names_are_valid_and_unique() -> None:
    """Titles of any sort become names, and no name is one that the program uses itself."""
    titles = [
        "Create user",
        "create-user",
        "class",
        "client",
        "",
        "日本",
        "1st try",
        "getHTTPThing",
        "Ünïcode",
        "A" * 999,
    ]
    names = snake_case(titles)
    assert names[:4] == ["create_user", "create_user_2", "class_request", "client_request"]
    assert names[4:9] == ["request", "request_2", "request_1st_try", "get_http_thing", "unicode"]
    assert all(name.isidentifier() and len(name) < 80 for name in names)
    assert comment("a\nimport os\u2028\u202e</script>") == "a import os  < /script>"


@given(st.text())
def test_any_text_is_the_value_of_its_literal(text: str) -> None:
    """Quotes, backslashes, control signs, halves of surrogate pairs."""
    assert ast.literal_eval(quoted(text)) == text
    assert quoted(text).isprintable()


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_body_and_header_survives(text: str, value: str) -> None:
    """What is written in the code is what was to be sent, over however many lines."""
    body = text.replace("{{", "")
    text_of = write_httpx([item("A", "http://h.example/", "POST", body=Text(body), headers=(("x", value),))])
    found = call_of(text_of.text)
    assert eval(found["content"]) == body.encode()
    if "{{" not in value:
        wanted = value.strip(" \t")
        assert eval(found["headers"])[0] == ("x", wanted if wanted.isascii() else wanted.encode())


@pytest.mark.parametrize("title", ["", "\n", "x\nimport evil", '"""', "\ud800", "\\"])
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_no_title_breaks_the_program(exporter: Any, title: str) -> None:
    """A title is a comment and a name at most."""
    one = item(title, "http://h.example/", "POST", body=Json("{"))
    other = item(title, "http://h.example/", "POST", body=Form((NameValue("a", TEXT),)))
    for some in ([one], [one, other]):
        text = exporter.write(some).text
        assert "\nimport evil" not in text
        compile(text.encode(), "program", "exec")
