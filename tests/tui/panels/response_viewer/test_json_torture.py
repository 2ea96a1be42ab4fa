"""A hundred bodies that try a JSON parser: all are shown, none is changed."""

from __future__ import annotations

import asyncio
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from json_torture import CASES, VALID
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.worker import WorkerCancelled

from tui_client.model.exchange import BytesBody, Exchange, Response, SentRequest, Timings
from tui_client.tui.panels.response_viewer import Done, ResponseViewer
from tui_client.tui.screens._bodies import write_body
from tui_client.tui.widgets.body_rows import BodyDocument, BodyRows
from tui_client.tui.widgets.folded_rows import FoldedRows
from tui_client.tui.widgets.lexers import Language
from tui_client.tui.widgets.pretty import Indented, pretty

JSON = ((b"Content-Type", b"application/json"),)
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[^\s"]')


def tokens(data: bytes) -> bytes:
    """The text without the blanks between its tokens."""
    return b"".join(_TOKEN.findall(data.removeprefix(b"\xef\xbb\xbf")))


def pieces(rows: BodyRows) -> Iterator[bytes]:
    """The bytes of all rows, each of which has been made fit to show."""
    while not rows.rows.complete:
        rows.rows.extend()
    assert not isinstance(rows.rows, FoldedRows)
    for number in range(rows.rows.row_count):
        text = rows.shown(number).text
        assert not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Zl", "Zp"}
        row = rows.rows.row(number)
        yield rows.rows.window.read(row.start, row.end)


def test_there_are_a_hundred() -> None:
    """Of each kind some; two of one name would hide each other."""
    assert len(CASES) >= 100


@pytest.mark.parametrize("name", CASES)
def test_raw_rows_and_saved_files_are_the_bytes_that_came(name: str, tmp_path: Path) -> None:
    """Whatever they are."""
    body = BytesBody(CASES[name])
    assert b"".join(pieces(BodyRows(BodyDocument(body, Language.JSON), 200, 80))) == body.data
    write_body(tmp_path / "saved", body, threading.Event())
    assert (tmp_path / "saved").read_bytes() == body.data


@pytest.mark.parametrize("name", VALID)
async def test_valid_json_is_indented_and_nothing_else(name: str) -> None:
    """Every token as it was sent, in order: numbers, escapes, keys that come twice."""
    indented = await pretty(BytesBody(VALID[name]))
    assert isinstance(indented, Indented)
    assert (tokens(indented.content.read()), indented.remark) == (tokens(VALID[name]), "")


async def test_all_of_them_are_shown_in_every_way() -> None:
    """One after the other in one window: indented or raw with the reason, then each other mode."""

    class Host(App[None]):
        def compose(self) -> ComposeResult:
            yield ResponseViewer()

    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        viewer = app.query_one(ResponseViewer)
        for name, data in CASES.items():
            response = Response(200, "OK", "HTTP/1.1", JSON, BytesBody(data), len(data))
            viewer.show(
                Done(Exchange(SentRequest("GET", "http://h/", b"/", ()), response, Timings(), datetime.now(UTC)))
            )
            while (body := viewer.body) is None:
                await pilot.pause()
            async with asyncio.timeout(20):
                for worker in [worker for worker in app.workers if worker.group == "prepare"]:
                    # The preparing of the body before ends without a result.
                    with suppress(WorkerCancelled):
                        await worker.wait()
            await asyncio.sleep(0)
            assert body.view.row_count > 0, name
            for _ in range(3):
                body.view.toggle_all()
                body.view.action_bottom()
                body.view.render_lines(Region(0, 0, 80, 10))
                body.action_next_mode()
