"""No secret, wherever it came from, stands on a screen or in what the app leaves behind, unless it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from canaries import CANARIES, OWN, SHARED, files, hits, leaks, rows_file, sent, teach
from counting_server import Counting, counting_server
from replaying import replayed
from textual.widgets import Input

from tui_client.config import data_dir
from tui_client.trust.secrets import SecretStore
from tui_client.tui.modals.history import HistoryDialog
from tui_client.tui.panels.response_viewer.viewer import TAB_IDS
from tui_client.tui.state import Section

# Where they may stand: in the collection its user wrote them into, the data file, and the private store of secrets.
HOMES = ("shop/", "rows.csv", "data/tui-client/secrets.json")


@pytest.fixture
def server() -> Iterator[Counting]:
    """Knows all secrets, and echoes them."""
    with counting_server() as found:
        teach(found)
        yield found


@pytest.fixture
def world(own_folders: None, server: Counting, tmp_path: Path) -> Path:
    """The collection with secrets of every origin."""
    root = tmp_path / "shop"
    texts = {"collection": f'format = 1\nbase_url = "{server.base_url}"\n{SHARED}', **files(server.base_url)}
    for key, text in texts.items():
        path = root / f"{key}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "environments" / "local.secret.toml").chmod(0o600)
    given, row = CANARIES["command line"], f"{CANARIES['row']}0"
    for name, value in (("kept", CANARIES["vault"]), ("given", given), ("row", row)):
        SecretStore(data_dir()).set(root, "local", name, value)
    rows_file(tmp_path / "rows.csv")
    return root


async def _look(b: Any, own: frozenset[str] = frozenset()) -> None:
    await b.pilot.pause()
    # What is typed into the URL stands there as it was typed.
    written = b.screen.builder.query_one("#url", Input).value if b.top is b.screen else ""
    assert hits(b.text.replace(written or " ", "").encode()) <= own, b.text
    assert hits(b.said.encode()) == set(), b.said


async def _walk(b: Any, own: frozenset[str] = frozenset()) -> None:
    """Each section of the request, each tab of the reply. own: what a server hands out, and is there to be seen."""
    for section in b.screen.builder.query_one("#sections").tabs:
        b.screen.builder.show_section(Section(section.id))
        await _look(b)
    assert b.screen.room.go("reply")
    for tab in TAB_IDS:
        b.screen.reply.open_tab(tab)
        await _look(b, own)


async def test_no_secret_stands_on_a_screen_or_in_what_is_left(
    bench: Any, world: Path, server: Counting, tmp_path: Path
) -> None:
    """Requests, replies that echo them, the history and its search, a replay and its rows, drafts of the next start."""
    async with bench(world, size=(160, 48)) as b:
        for name in (*OWN, "digest"):
            await b.open(f"auth/{name}")
            await b.send()
            await _walk(b)
        assert "/token" not in b.text  # which the user never sent
        for key in ("flow/login", "flow/use"):
            await b.open(key)
            await b.send()
            await _walk(b, frozenset({"cookie", "capture"} if key == "flow/login" else {"cookie"}))
        await b.press("ctrl+g")
        await b.until(lambda: isinstance(b.top, HistoryDialog) and b.top.entry)
        for _ in range(7):
            await _look(b)
            await b.press("down")
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        await replayed(b, target="flow/login flow/use", data=str(tmp_path / "rows.csv"))
        await _look(b)
        await b.press("f")
        await _look(b)
        await b.press("enter")
        await b.until(lambda: b.top is b.screen)
        await _walk(b)
        await b.type_url("/a-draft/{{filed}}")
        await _look(b)
    assert sent(server) >= {*OWN.values(), "secret file", "vault", "command line", "capture", "client secret"}
    assert list((tmp_path / "state").rglob("*.sqlite"))
    assert leaks(tmp_path, HOMES) == []
