"""Copy as…: the open request, edits included, as code or for another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import OptionList

from tui_client.cli.main import run
from tui_client.tui.modals.pick import Pick

COLLECTION = 'format = 1\nbase_url = "http://127.0.0.1:9"\n[variables]\nplain = "a value"\n'
REQUEST = """method = "POST"
url = "/users"
[params]
p = "{{plain}}"
[auth]
kind = "bearer"
token = "{{token}}"
[body]
kind = "json"
content = '{"a": 1}'
[capture]
id = { query = "json", expr = "$.id" }
"""


@pytest.fixture
def mine(own_folders: None, tmp_path: Path) -> Path:
    """A collection of one request with a secret in it."""
    root = tmp_path / "mine"
    (root / "environments").mkdir(parents=True)
    (root / "collection.toml").write_text(COLLECTION)
    (root / "create.toml").write_text(REQUEST)
    (root / "environments/local.toml").write_text("[variables]\ntoken = { secret = true }\n")
    secret = root / "environments/local.secret.toml"
    secret.write_text('token = "canary-s3cret"\n')
    secret.chmod(0o600)
    return root


async def _asked(b: Any) -> OptionList:
    """The list of formats, opened."""
    b.screen.action_copy_as()
    await b.until(lambda: isinstance(b.top, Pick) and b.top.is_mounted and b.top.focused)
    found: OptionList = b.top.query_one(OptionList)
    return found


async def _copied(b: Any, name: str) -> str:
    """What is in the clipboard once this format was chosen."""
    b.app._clipboard = ""
    await _asked(b)
    await b.fill(name)
    await b.press("enter")
    await b.until(lambda: b.app.clipboard and b.top is b.screen)
    text: str = b.app.clipboard
    return text


async def test_what_is_copied_is_what_the_command_exports(
    bench: Any, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Filled in as it is sent, without the secret; for another tool with its variables; what is not in it is told."""
    names = ("curl", "httpx-async", "postman")
    async with bench(mine, first="create") as b:
        copied = {name: await _copied(b, name) for name in names}
        assert "Copied as curl command: " in b.said and "Not in it: " in b.said
    for name in names:
        capsys.readouterr()
        assert run(("export", "create", "-C", str(mine), "-e", "local", "--format", name), lambda path: 0) == 0
        assert capsys.readouterr().out == copied[name] + "\n"
        assert "canary-s3cret" not in copied[name]


async def test_edits_that_are_not_saved_are_in_it(bench: Any, mine: Path) -> None:
    """And nothing is written for it; a request that was never saved can be copied too."""
    async with bench(mine, first="create") as b:
        await b.type_url("/edited")
        assert "http://127.0.0.1:9/edited?p=a%20value" in await _copied(b, "curl")
        assert (mine / "create.toml").read_text() == REQUEST
        await b.press("ctrl+n")
        await b.type_url("http://127.0.0.1:9/new")
        assert "http://127.0.0.1:9/new" in await _copied(b, "curl")


async def test_the_list_has_the_last_one_first_and_can_be_left(bench: Any, mine: Path) -> None:
    """From the palette; Esc copies nothing."""
    async with bench(mine, first="create") as b:
        await _copied(b, "httpie")
        b.app._clipboard = ""
        await b.press("ctrl+p")
        await b.pilot.pause()
        await b.fill("Copy as")
        await b.until(lambda: "Copy the request as curl" in b.text)
        await b.press("enter")
        await b.until(lambda: isinstance(b.top, Pick) and b.top.is_mounted and b.top.focused)
        options = b.top.query_one(OptionList)
        assert options.highlighted == 0 and "httpie" in str(options.get_option_at_index(0).prompt)
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        assert b.app.clipboard == ""


async def test_a_value_that_is_missing_is_told(bench: Any, mine: Path) -> None:
    """In the sentence of a send; nothing is copied. What keeps variables needs no value."""
    (mine / "create.toml").write_text('url = "/{{int(nobody)}}"\n')
    async with bench(mine, first="create") as b:
        await _asked(b)
        await b.fill("curl")
        await b.press("enter")
        await b.until(lambda: "nobody" in b.said)
        assert b.app.clipboard == ""
        assert "nobody" in await _copied(b, "postman")


async def test_what_no_clipboard_takes_is_not_copied_in_part(bench: Any, mine: Path) -> None:
    """A part of a program is none; the command is named that writes it to a file."""
    body = "x" * (1 << 18)
    (mine / "create.toml").write_text(f'method = "POST"\nurl = "/a"\n[body]\nkind = "text"\ncontent = "{body}"\n')
    async with bench(mine, first="create") as b:
        await _asked(b)
        await b.fill("curl")
        await b.press("enter")
        await b.until(lambda: "tui-client export create --format curl -o FILE" in b.said)
        assert b.app.clipboard == ""
