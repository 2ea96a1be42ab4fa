"""A module with fetch sends what our own engine sends, as far as fetch can."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from code_exports import TEXT, Arrivals, filled, item, items, run, unfilled
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Wire
from wire_fixtures import serve as serve

from tui_client.formats._code.javascript import key, quoted
from tui_client.formats._code.names import camel_case
from tui_client.formats._found import Outcome
from tui_client.formats.javascript_fetch import write_fetch
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.options import SendOptions, Timeouts

Serve = Callable[..., Awaitable[Wire]]
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
NODE = shutil.which("node")


async def run_node(text: str, folder: Path) -> str:
    """Run a module, where there is a Node; else it printed nothing."""
    assert NODE is not None
    (folder / "program.mjs").write_text(text, encoding="utf-8")
    return await run(NODE, "program.mjs", folder=folder)


if NODE is not None:

    async def test_the_module_sends_what_the_engine_sends(serve: Serve, tmp_path: Path) -> None:
        """Method, target, the user's headers and the exact body of each sort of request are the same."""
        (tmp_path / "it's a file.txt").write_bytes(bytes(range(256)))
        server = Arrivals()
        base = (await serve(server.play)).url("")
        async with Engine(spool_dir=tmp_path / "spool", max_body_bytes=1 << 20) as engine:
            for each in items(base, filled, tmp_path):
                await engine.send(prepare(each.sent, Path, environ={}), None)
        expected = [arrival.said() for arrival in server.taken()]
        exported = write_fetch(items(base, unfilled, tmp_path))
        await run_node(exported.text, tmp_path)
        assert [arrival.said() for arrival in server.taken()] == expected
        assert {line.construct for line in exported.report} == {"{{name}}", "{{token}}", "{{password}}", "cookies"}

    async def test_one_request_is_straight_code_that_prints_the_reply(serve: Serve, tmp_path: Path) -> None:
        """Status and body are printed."""
        base = (await serve(Arrivals().play)).url("")
        text = write_fetch([item("Odd\nname", f"{base}/x", "POST", body=Json(TEXT))]).text
        assert await run_node(text, tmp_path) == '200 OK\n{"access_token": "granted"}\n'
        assert text.startswith("// Odd name\n")


def test_options_stand_where_a_request_has_them_and_only_there() -> None:
    """Redirects are followed by default; the limit of the whole time is the one that fetch has."""
    plain = write_fetch([item("A", "https://h.example/")]).text
    assert "redirect" not in plain
    assert "AbortSignal.timeout(120000)" in plain
    options = SendOptions(follow_redirects=False, timeouts=Timeouts(total=None))
    other = write_fetch([item("A", "https://h.example/", options=options)]).text
    assert 'redirect: "manual"' in other
    assert "AbortSignal" not in other


def test_what_fetch_can_not_do_is_reported() -> None:
    """A body with GET, digest, certificates that are not verified, a proxy, line breaks as they are."""
    options = SendOptions(
        verify=False, proxy="http://p.example:1", timeouts=Timeouts(read=1, given=frozenset({"read"}))
    )
    first = item("A", "https://h.example/../x", body=Json("{}"), auth=Digest("a", "b"), options=options)
    second = item("B", "https://h.example/", "TRACE", headers=(("a", "1"), ("A", "2")))
    third = item("C", "https://h.example/", "post", body=Multipart((Part("a", "b\nc"),)))
    found = write_fetch([first, second, third])
    assert [line.construct for line in found.report] == [
        "cookies",
        "the exact URL",
        "option: verify",
        "option: proxy",
        "timeout: read",
        "auth: digest",
        "body",
        "header a, 2 times",
        "method TRACE",
        "method post",
        "part a",
    ]
    assert "Authorization" not in found.text
    assert [line for line in found.report if line.outcome not in (Outcome.DROPPED, Outcome.APPROXIMATED)] == []


def test_names_are_valid_and_unique() -> None:
    """Titles of any sort become names; none is a word of the language."""
    assert camel_case(["Create user", "create-user", "class", "fetch", "1st", "日本", "日本"]) == [
        "createUser",
        "createUser2",
        "classRequest",
        "fetchRequest",
        "request1st",
        "request",
        "request2",
    ]


@given(st.text())
def test_any_text_is_the_value_of_its_literal(text: str) -> None:
    """A literal is JSON but for two escapes, shows all its signs, and ends no script element."""
    written = quoted(text)
    assert written.isprintable()
    assert "</" not in written
    assert "<!--" not in written
    assert json.loads(written.replace("<\\/", "</")) == text
    assert json.loads(quoted(key("a b"))) == '"a b"'


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_body_survives(text: str) -> None:
    """What is written in the code is what was to be sent, over however many lines."""
    body = text.replace("{{", "")
    code = write_fetch([item("A", "http://h.example/", "POST", body=Text(body))]).text
    written = code.partition("\n  body: ")[2].partition("\n  signal: ")[0].replace("<\\/", "</")
    assert "".join(map(json.loads, STRING.findall(written))) == body


@pytest.mark.parametrize("title", ["", "\n", "x\nprocess.exit(1)", "*/", "</script>", "\ud800", "\u2028x"])
def test_no_title_breaks_the_module(title: str) -> None:
    """A title is a comment and a name at most."""
    for some in (
        [item(title, "http://h.example/")],
        [item(title, "http://h.example/"), item("B", "http://h.example/")],
    ):
        text = write_fetch(some).text
        text.encode()
        assert "\nprocess.exit" not in text
        assert "</script" not in text
