"""A program with requests sends what our own engine sends, as far as requests can."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from code_exports import TEXT, Arrivals, digest, filled, item, items, run_python, unfilled
from code_stubs import put_requests
from loopback import Wire
from wire_fixtures import serve as serve

from tui_client.formats._found import Outcome
from tui_client.formats.python_requests import write_requests
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.kinds.body.json import Json
from tui_client.kinds.query.json import Json as JsonQuery
from tui_client.model.options import SendOptions
from tui_client.model.request import Capture

Serve = Callable[..., Awaitable[Wire]]


def keywords_of(text: str) -> dict[str, str]:
    """The named arguments of the one call that sends."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    (sending,) = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "request"]
    return {str(keyword.arg): ast.unparse(keyword.value) for keyword in sending.keywords}


async def test_the_program_sends_what_the_engine_sends(serve: Serve, tmp_path: Path) -> None:
    """Method, target, the user's headers and the exact body of each sort of request are the same."""
    (tmp_path / "it's a file.txt").write_bytes(bytes(range(256)))
    put_requests(tmp_path)
    server = Arrivals()
    base = (await serve(server.play)).url("")
    async with Engine(spool_dir=tmp_path / "spool", max_body_bytes=1 << 20) as engine:
        for each in [*items(base, filled, tmp_path), digest(base, filled)]:
            await engine.send(prepare(each.sent, Path, environ={}), None)
    expected = [arrival.said() for arrival in server.taken()]
    exported = write_requests([*items(base, unfilled, tmp_path), digest(base, unfilled)])
    await run_python(exported.text, tmp_path)
    assert [arrival.said() for arrival in server.taken()] == expected
    assert {line.construct for line in exported.report} == {"{{name}}", "{{token}}", "{{password}}"}


async def test_one_request_is_straight_code_that_prints_the_reply(serve: Serve, tmp_path: Path) -> None:
    """Status and body are printed."""
    put_requests(tmp_path)
    base = (await serve(Arrivals().play)).url("")
    text = write_requests([item("Odd\nname", f"{base}/x", "POST", body=Json(TEXT))]).text
    assert await run_python(text, tmp_path) == '200 OK\n{"access_token": "granted"}\n'
    assert "\n# Odd name\n" in text


def test_options_stand_where_a_request_has_them_and_only_there() -> None:
    """Redirects are followed by default, certificates verified; limits are always said."""
    plain = write_requests([item("A", "https://h.example/")]).text
    assert keywords_of(plain) == {"timeout": "(5, 30)"}
    options = SendOptions(follow_redirects=False, verify=False, proxy="none", client_cert="me.pem", max_redirects=3)
    other = write_requests([item("A", "https://h.example/", options=options)]).text
    assert keywords_of(other) == {
        "timeout": "(5, 30)",
        "allow_redirects": "False",
        "verify": "False",
        "cert": "'me.pem'",
        "proxies": "{'http': '', 'https': ''}",
    }
    assert "session.max_redirects = 3" in other


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        ((("X-A", "1"), ("x-a", "2")), '"X-A": "1, 2"'),
        ((("Cookie", "a=1"), ("cookie", "b=2")), '"Cookie": "a=1; b=2"'),
    ],
)
def test_repeated_headers_become_one_and_are_reported(rows: tuple[tuple[str, str], ...], written: str) -> None:
    """A dict has each name once."""
    found = write_requests([item("A", "https://h.example/", headers=rows)])
    assert written in found.text
    (line,) = found.report
    assert (line.construct, line.outcome) == (f"header {rows[0][0].lower()}, 2 times", Outcome.APPROXIMATED)


def test_what_requests_writes_in_its_own_way_is_reported() -> None:
    """Dots in a path, HTTP/2, an authority beside the system's."""
    options = SendOptions(http2=True, ca="ca.pem")
    found = write_requests([item("A", "https://h.example/a/../b", options=options)])
    assert [line.construct for line in found.report] == ["the exact URL", "option: http2", "option: ca"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("$.users[0].id", 'str(response.json()["users"][0]["id"])'),
        ("$", "str(response.json())"),
        ("$.users[*].id", ""),
        ("$..id", ""),
        ("$['a']", ""),
    ],
)
def test_a_value_of_a_reply_is_kept_where_its_path_is_plain(path: str, kept: str) -> None:
    """Names and numbers are steps that Python has too; what searches is reported."""
    first = item("A", "https://h.example/", captures=(Capture("id", JsonQuery(path)),))
    found = write_requests([first, item("B", "https://h.example/?{{id}}")])
    assert (f'os.environ["ID"] = {kept}\n' in found.text) if kept else ("response.json" not in found.text)
    assert found.report[0].outcome is (Outcome.IMPORTED if kept else Outcome.DROPPED)
