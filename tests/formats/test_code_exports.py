"""What all exporters to code promise, whatever a request holds."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from code_exports import item
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats import httpie, javascript_fetch, k6, locust, python_httpx, python_requests
from tui_client.formats._code.text import Hole, How, Variables, form_text
from tui_client.formats._found import Outcome
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.options import SendOptions
from tui_client.model.request import NameValue

MODULES = (python_httpx, python_requests, locust, javascript_fetch, k6, httpie)
EXPORTERS = {exporter.name: exporter for module in MODULES for exporter in module.EXPORTERS}

texts = st.one_of(st.text(max_size=20), st.sampled_from(["{{name}}", 'a{{b}}"', "\n{{1-x}}\\", "%7B%7Bx%7D%7D", "{{"]))
rows = st.builds(NameValue, texts, texts, st.booleans())
parts = st.builds(Part, texts, texts, texts, texts, texts, st.booleans())
places = st.sampled_from(["header", "query", "cookie"])
charsets = st.sampled_from(["a/b; charset=utf-16", "a/b; charset=\0", "a/b;charset=x"])
bodies = st.one_of(
    st.none(),
    st.builds(Json, texts),
    st.builds(Text, texts, st.one_of(texts, charsets)),
    st.builds(Form, st.lists(rows, max_size=3).map(tuple)),
    st.builds(Multipart, st.lists(parts, max_size=3).map(tuple)),
    st.builds(File, texts, texts),
    st.builds(GraphQL, texts, st.one_of(texts, st.just('{"a": "{{name}}"}')), texts),
)
auths = st.one_of(
    st.none(),
    st.just(NoAuth()),
    st.builds(Basic, texts, texts),
    st.builds(Bearer, texts, texts),
    st.builds(ApiKey, texts, texts, places),
    st.builds(Digest, texts, texts),
    st.builds(OAuth2, st.just("client_credentials"), texts, texts, texts),
)
options = st.builds(SendOptions, proxy=texts, ca=texts, client_cert=texts, verify=st.booleans(), http2=st.booleans())
urls = st.one_of(texts, texts.map("http://h.example/".__add__), texts.map("http://a:b@h.example?{}".format))
made = st.builds(
    item,
    texts,
    urls,
    st.one_of(st.sampled_from(["GET", "POST", "PURGE"]), texts),
    headers=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    body=bodies,
    auth=auths,
    options=options,
)


@settings(max_examples=60)
@given(st.lists(made, min_size=1, max_size=2))
def test_any_request_becomes_code_that_can_be_read(some: list[Any]) -> None:
    """No exporter raises, each text can be written to a file, and Python's are programs."""
    for name, exporter in EXPORTERS.items():
        exported = exporter.write(some)
        written = exported.text.encode()
        assert b"\r" not in written or name == "httpie"
        if exporter.suffix == ".py":
            ast.parse(written)


def test_each_exporter_has_a_name_a_title_and_a_suffix() -> None:
    """As they stand on the command line and in a list."""
    assert {name: exporter.suffix for name, exporter in EXPORTERS.items()} == {
        "httpx": ".py",
        "httpx-async": ".py",
        "requests": ".py",
        "locust": ".py",
        "fetch": ".mjs",
        "k6": ".js",
        "httpie": ".sh",
    }


@pytest.mark.parametrize("name", EXPORTERS)
def test_each_says_where_values_come_from(name: str) -> None:
    """A value that is only known later is read from the environment, and the report says from which variable."""
    exported = EXPORTERS[name].write([item("A", "https://h.example/", auth=Bearer("{{my-token}}"))])
    assert "MY_TOKEN" in exported.text
    assert "my-token" not in exported.text
    (line,) = exported.report
    assert (line.construct, line.outcome) == ("{{my-token}}", Outcome.IMPORTED)
    assert line.why == "it is read from the environment variable MY_TOKEN"


@pytest.mark.parametrize("name", EXPORTERS)
def test_certificates_are_verified_where_a_request_does_not_say_otherwise(name: str) -> None:
    """No word of it stands in the code."""
    text = EXPORTERS[name].write([item("A", "https://h.example/", "POST", body=Json("{}"))]).text
    assert "verify" not in text.lower()


def test_a_file_is_looked_for_where_the_code_runs() -> None:
    """A path that is not absolute is reported; it was relative to another folder."""
    (line,) = python_httpx.write_httpx([item("A", "http://h.example/", "PUT", body=File("a.txt"))]).report
    assert (line.construct, line.outcome) == ("file: a.txt", Outcome.APPROXIMATED)


def test_a_variable_in_json_is_escaped_inside_a_string_alone() -> None:
    """Elsewhere it is a number, or JSON itself."""
    holes = [piece for piece in Variables().json('{"a\\"{{x}}": {{y}}, "{{z}}": 1}') if isinstance(piece, Hole)]
    assert [hole.how for hole in holes] == [How.JSON, How.RAW, How.JSON]


def test_a_form_is_encoded_as_the_engine_does() -> None:
    """By the rules of browsers: a star stays, a tilde does not, a blank is a plus."""
    fields = ((("a*",), ("~ +",)), (("é",), (Hole("X"),)))
    assert form_text(fields) == ("a*=%7E+%2B&%C3%A9=", Hole("X", How.FORM))
    sent = Form((NameValue("a*", "~ +"),)).encode(lambda path: pytest.fail(path)).segments
    assert sent == (b"a*=%7E+%2B",)


def test_graphql_that_is_no_json_is_reported() -> None:
    """Its variables could not be sent either."""
    exported = python_httpx.write_httpx([item("A", "http://h.example/", "POST", body=GraphQL("{a}", "[1]"))])
    assert [(line.construct, line.outcome) for line in exported.report] == [("body: graphql", Outcome.DROPPED)]


def test_a_password_of_the_url_is_left_out_where_another_auth_is_used() -> None:
    """As the engine does: the request's own auth, or its header, wins."""
    for more in ({"auth": Bearer("t")}, {"headers": (("Authorization", "own"),)}):
        text = python_httpx.write_httpx([item("A", "http://me:secret@h.example/", **more)]).text
        assert "secret" not in text
        assert "auth=" not in text


@pytest.mark.parametrize("name", EXPORTERS)
def test_many_files_clients_and_variables_are_still_a_program(name: str, tmp_path: Path) -> None:
    """Compilers take twenty nested blocks, and sums of so many terms; neither is a limit for requests."""
    parts = Multipart(tuple(Part(f"p{number}", file=f"/x/{number}.txt") for number in range(30)))
    text = Text("a\n{{name}}\n" * 5_000)
    alone = SendOptions(cookies=False)
    some = [item(f"R {number}", "http://h.example/", "POST", body=parts, options=alone) for number in range(30)]
    written = EXPORTERS[name].write([*some, item("Text", "http://h.example/", "POST", body=text)]).text
    path = tmp_path / f"program{EXPORTERS[name].suffix}"
    path.write_text(written, encoding="utf-8")
    if path.suffix == ".py":
        compile(written, "program", "exec")
    elif path.suffix == ".sh":
        subprocess.run(["/bin/sh", "-n", path], check=True)
    elif (node := shutil.which("node")) is not None:
        subprocess.run([node, "--check", path.rename(path.with_suffix(".mjs"))], check=True)
