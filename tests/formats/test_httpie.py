"""Commands of HTTPie say what our own engine sends, in words that a shell hands over as they are."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from code_exports import ENVIRONMENT, TEXT, VALUES, item, items, run, unfilled
from code_stubs import put_http
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._code.text import Variables
from tui_client.formats._format import Item
from tui_client.formats._found import Outcome
from tui_client.formats.httpie import shell, write_httpie
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.options import SendOptions, Timeouts
from tui_client.model.request import NameValue

BASE = "http://h.example"


async def words(exported: Sequence[Item], folder: Path) -> list[list[str]]:
    """The words that each command is given, when a shell runs the script."""
    put_http(folder)
    (folder / "script.sh").write_text(write_httpie(exported).text, encoding="utf-8")
    said = await run("/bin/sh", "script.sh", folder=folder)
    return [command.split("\0") for command in said.split("\0\0") if command]


async def test_words_arrive_as_they_are_meant(tmp_path: Path) -> None:
    """URL, headers and body of each sort of request, values out of the environment in their places."""
    (tmp_path / "it's a file.txt").write_bytes(b"")
    titles = [each.title for each in items(BASE, unfilled, tmp_path)]
    commands = dict(zip(titles, await words(items(BASE, unfilled, tmp_path), tmp_path), strict=True))
    file = f"{tmp_path}/it's a file.txt"
    assert commands["List users"][-3:] == [f"{BASE}/list?a=1&a=2&q={VALUES['name']}&e=", "X-A:1", "X-B:b t0ken"]
    assert commands["Text of all sorts"][3:] == [
        f"--raw={TEXT}",
        "POST",
        f"{BASE}/text",
        "X-Text:é 'q' \"d\" $x `y`",
        "Content-Type:text/plain; charset=utf-8",
    ]
    assert commands["Json"][-2:] == ["Authorization:Bearer t0ken", "Content-Type:application/json"]
    assert commands["Form"][3] == "--form"
    assert commands["Form"][-3:] == [f"user={VALUES['name']}", "empty=", "more=a b&c"]
    assert "--raw=a*%7E=b+c%2Bd&%C3%A9%26%3D=&a*%7E=" in next(w for w in commands["Odd form"] if w.startswith("--raw"))
    assert commands["Multipart"][-4:] == ["a=1", "text=é\"'$x", f"doc@{file};type=text/plain", f"b@{file};type=a/b"]
    assert commands["File"][-1] == f"@{file}"
    assert commands["Basic"][3:5] == ["--auth-type=basic", f"--auth=üser:{VALUES['password']}"]
    assert commands["Basic"][-1] == f"{BASE}/basic"
    assert commands["User in the URL"][-3:] == ["--auth=me:p@ss", "GET", f"{BASE}/user?q=%2F+%C3%A9"]
    assert commands["Purge"][-1] == "X-Empty;"
    assert "--follow" in commands["Purge"]


async def test_options_stand_where_a_request_has_them_and_only_there(tmp_path: Path) -> None:
    """Redirects, limits, proxies, certificates, digest."""
    limits = Timeouts(read=None)
    options = SendOptions(timeouts=limits, follow_redirects=False, verify=False, proxy="p:1", client_cert="a b.pem")
    (plain,) = await words([item("A", f"{BASE}/")], tmp_path)
    assert plain == ["--ignore-stdin", "--follow", "--timeout=30", "GET", f"{BASE}/"]
    (other,) = await words([item("A", f"{BASE}/", options=options, auth=Digest("me", "it's"))], tmp_path)
    assert other == [
        "--ignore-stdin",
        "--verify=no",
        "--cert=a b.pem",
        "--timeout=0",
        "--proxy=http:http://p:1",
        "--proxy=https:http://p:1",
        "--auth-type=digest",
        "--auth=me:it's",
        "GET",
        f"{BASE}/",
    ]


@pytest.mark.parametrize(
    ("value", "word"),
    [("=x", "A:\\=x"), ("@x", "A:\\@x"), (":x", "A:\\:x"), ("a=b:c@d", "A:a=b:c@d"), ("", "A;"), ("\\x", "A:\\x")],
)
async def test_a_value_is_no_other_separator(value: str, word: str, tmp_path: Path) -> None:
    """The first sign of a value must not make `:=`, `:@` or another of HTTPie's separators."""
    (command,) = await words([item("A", f"{BASE}/", headers=(("A", value),))], tmp_path)
    assert command[-1] == word


async def test_names_of_fields_are_escaped(tmp_path: Path) -> None:
    """A name with a separator in it stays one name."""
    parts = (Part("a=b:c@d", "=1"), Part("e;", "@x"))
    (command,) = await words([item("A", f"{BASE}/", "POST", body=Multipart(parts))], tmp_path)
    assert command[-2:] == ["a\\=b\\:c\\@d=\\=1", "e\\;=\\@x"]


def test_what_httpie_can_not_do_is_reported() -> None:
    """Tokens, methods with signs, types of values, values that a shell would have to encode, backslashes."""
    oauth = OAuth2(token_url="https://a/")
    multipart = Multipart((Part("v", "1", type="a/b"), Part("f", file="/x/y.txt", filename="z")))
    fields = Form((NameValue("a", "{{token}}"), NameValue("b", "\\:")))
    found = write_httpie(
        [
            item("A", f"{BASE}/?q=%7B%7Bname%7D%7D", "M-SEARCH", auth=oauth, headers=(("x", "a\\:b"),)),
            item("B", f"{BASE}/", "POST", body=multipart, options=SendOptions(http2=True, proxy="direct")),
            item("C", f"{BASE}/", "POST", body=fields),
            item("D", f"{BASE}/", "POST", body=Text("é", "text/plain; charset=latin-1")),
        ]
    )
    lines = {(line.origin, line.construct) for line in found.report if line.outcome is not Outcome.IMPORTED}
    assert lines == {
        ("A", "method M-SEARCH"),
        ("A", "auth: oauth2"),
        ("A", "variables in the URL or in JSON"),
        ("A", "header x"),
        ("B", "part v"),
        ("B", "part f: file name"),
        ("B", "option: http2"),
        ("B", "proxy: none"),
        ("C", "fields of the form"),
        ("D", "charset: latin-1"),
        ("all requests", "cookies"),
    }
    assert '"Authorization:Bearer "' not in found.text
    assert "'Authorization:Bearer '\"$ACCESS_TOKEN\"" in found.text


@settings(max_examples=12)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=6))
def test_any_text_survives_a_shell(texts: list[str]) -> None:
    """Quotes, dollars, line breaks, words that look like options."""
    script = " ".join(["printf '%s\\0'", *(shell((text,)) for text in texts)])
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True)
    assert done.stdout.decode() == "".join(f"{text}\0" for text in texts)


def test_a_value_from_the_environment_stays_one_word() -> None:
    """Whatever is in it, it is neither split nor run."""
    word = shell(Variables().text("it's {{name}}; {{token}}"))
    assert word == "'it'\\''s '\"$NAME\"'; '\"$TOKEN\""
    nasty = {**ENVIRONMENT, "NAME": "a  b; `id` $(id) *"}
    done = subprocess.run(["/bin/sh", "-c", f"printf %s {word}"], capture_output=True, check=True, env=nasty)
    assert done.stdout.decode() == "it's a  b; `id` $(id) *; t0ken"


@pytest.mark.parametrize("title", ["", "\n", "x\nrm -rf /", "\ud800", "`id`"])
def test_no_title_is_run(title: str) -> None:
    """A title is a comment at most, and the script is one that can be written to a file."""
    text = write_httpie([item(title, f"{BASE}/", "POST", body=Json("\ud800"))]).text
    text.encode()
    assert [line for line in text.split("\n") if re.match(r"\s*(rm|`)", line)] == []


def test_a_sign_that_a_screen_would_obey_is_written_as_an_escape() -> None:
    """A script is read on terminals too; tabs and line breaks stay as they are."""
    assert shell(("a\r\n\x1bb",)) == "'a'\"$(printf '\\015')\"'\n'\"$(printf '\\033')\"'b'"
