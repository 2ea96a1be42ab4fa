"""Requests as curl commands: read again, they are sent the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from curl_commands import COMMANDS
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._curl.quoting import quoted
from tui_client.formats._format import Item
from tui_client.formats._found import Outcome
from tui_client.formats.curl import EXPORTERS, read_curl
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import ResolvedRequest, inherit
from tui_client.model.kinds import Body
from tui_client.model.options import SendOptions
from tui_client.model.request import NameValue, Request
from tui_client.template.resolve import resolve

AROUND = Surroundings(Collection(id="c"))
(EXPORTER,) = EXPORTERS


def sent(request: Request) -> ResolvedRequest:
    effective = inherit("k", request, AROUND, SendOptions(follow_redirects=False))
    return resolve(effective, effective.scope)


def item(request: Request) -> Item:
    effective = inherit("k", request, AROUND, SendOptions(follow_redirects=False))
    return Item(title=request.name, request=effective, sent=resolve(effective, effective.scope))


def again(request: Request) -> Request:
    (found,) = read_curl(EXPORTER.write([item(request)]).text.encode()).collections[0].requests
    return found.request


def wire(request: Request) -> tuple[object, ...]:
    """What is sent, the random boundary of a form apart."""
    resolved = sent(request)
    body = resolved.body
    parts = (body.parts, None) if isinstance(body, Multipart) else None
    prepared = prepare(resolved, lambda path: Path(__file__), environ={})
    headers = sorted(row for row in prepared.headers if not (parts and row[0] in (b"Content-Type", b"Content-Length")))
    auth = resolved.auth
    if isinstance(auth, Bearer):
        # It is written as the header that it sends.
        headers, auth = sorted([*headers, (b"Authorization", f"Bearer {auth.token}".encode())]), NoAuth()
    content = parts or prepared.body.segments
    return prepared.method, prepared.url, headers, content, auth


@pytest.mark.parametrize("command", COMMANDS)
def test_an_imported_command_is_exported_to_the_same(command: str) -> None:
    """Request line, headers and body, of every command of the comparison."""
    text = command.replace("HOST", "example.com").replace("$b", "b")
    for found in read_curl(text.encode()).collections[0].requests:
        assert wire(again(found.request)) == wire(found.request)


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)
LINE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, blacklist_characters="\x7f"), max_size=8)
BODIES: st.SearchStrategy[Body | None] = st.one_of(
    st.none(),
    st.builds(Json, TEXT, st.just(False)),
    st.builds(Text, TEXT, st.sampled_from(["text/plain", "application/xml"]), st.just(False)),
    st.builds(Form, st.lists(st.builds(NameValue, TEXT, TEXT), max_size=3).map(tuple), st.just(False)),
    st.builds(
        Multipart,
        st.lists(st.builds(Part, LINE.map(lambda name: name.replace("=", "")), TEXT), min_size=1, max_size=3).map(
            tuple
        ),
        st.just(False),
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "QUERY"]),
    query=st.lists(st.tuples(TEXT, TEXT), max_size=3),
    body=BODIES,
)
def test_what_is_exported_is_read_as_the_same(method: str, query: list[tuple[str, str]], body: Body | None) -> None:
    """Whatever text a request holds."""
    rows = tuple(NameValue(a.replace("{{", "{"), b.replace("{{", "{")) for a, b in query)
    request = Request(
        method=method, url="https://h.example/a", params=rows, body=body, headers=(NameValue("X-A", "b'c"),)
    )
    assert wire(again(request)) == wire(request)


def test_a_command_has_an_option_a_line() -> None:
    """Its title stands above it."""
    request = Request(
        name="Log in", method="POST", url="https://h/login", body=Json('{"a": "it\'s"}'), auth=Basic("ann", "p w")
    )
    assert EXPORTER.write([item(request)]).text == (
        "# Log in\ncurl https://h/login \\\n  -u 'ann:p w' \\\n  -H 'Content-Type: application/json' \\\n"
        '  --data-raw \'{"a": "it\'"\'"\'s"}\'\n'
    )


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        (Bearer("t"), "-H 'Authorization: Bearer t'"),
        (ApiKey("X-K", "v"), "-H 'X-K: v'"),
        (ApiKey("k", "v", "query"), "'https://h/?k=v'"),
        (ApiKey("k", "v", "cookie"), "-H 'Cookie: k=v'"),
    ],
)
def test_auth_is_written_as_it_is_sent(auth: Bearer | ApiKey, said: str) -> None:
    """In the header, the query or the cookie."""
    assert said in EXPORTER.write([item(Request(url="https://h/", auth=auth))]).text


def test_an_auth_that_needs_another_request_is_told() -> None:
    """It can't be in one command."""
    (line,) = EXPORTER.write([item(Request(name="a", url="https://h/", auth=OAuth2()))]).report
    assert line.outcome is Outcome.DROPPED


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=30))
def test_a_shell_reads_what_was_quoted(texts: list[str]) -> None:
    """Word by word, whatever is in them."""
    command = f"printf '%s\\0' {' '.join(map(quoted, texts))}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert done.stdout == b"".join(text.encode() + b"\0" for text in texts)
