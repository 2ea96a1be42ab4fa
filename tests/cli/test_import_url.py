"""`tui-client import URL`: against the demo API, on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from counting_server import Counting

from tui_client.cli import import_fetching
from tui_client.model.options import SendOptions

Cli = Callable[..., Any]


def test_the_document_of_a_running_api_becomes_requests_that_can_be_sent(
    cli: Cli, demo_url: str, tmp_path: Path
) -> None:
    """All of it through the same engine: fetched, written, and one of them sent."""
    workspace = str(tmp_path / "new")
    ran = cli("import", f"{demo_url}/openapi.json", "-C", workspace)
    assert ran.code == 0, ran.err
    listed = cli("list", "-C", workspace, "--json").json
    key = next(one["key"] for one in listed if (one["method"], one["url"]) == ("GET", "/users"))
    sent = cli("send", key, "-C", workspace, "--json")
    assert sent.code == 0 and sent.json["response"]["status"] == 200, sent.err


def test_a_document_without_servers_belongs_to_the_host_it_came_from(cli: Cli, server: Counting) -> None:
    """As a framework writes it that does not know its own address; user and password are sent and told to nobody."""
    server.bodies["/v1/openapi.json"] = '{"openapi": "3.1.0", "paths": {"/a": {"get": {}}}}'
    url = server.base_url.replace("//", "//ann:s3cret@") + "/v1/openapi.json"
    ran = cli("import", url, "--dry-run", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["collections"][0]["base_url"] == server.base_url
    assert "Authorization: Basic" in server.heads[0]
    assert "s3cret" not in ran.out + ran.err
    (line,) = ran.json["report"]
    assert (line["origin"], line["outcome"]) == ("servers", "imported") and server.base_url in line["why"]


def test_what_is_not_had_is_a_sentence_and_a_code(cli: Cli, server: Counting, tmp_path: Path) -> None:
    """The code says that nothing came; nothing is written."""
    server.statuses["/no"] = 404
    server.bodies["/docs"] = "<!DOCTYPE html><script>SwaggerUIBundle({url: '/openapi.json'})</script>"
    ran = cli("import", f"{server.base_url}/no")
    assert ran.code == 4 and "answered 404 Not Found" in ran.err
    ran = cli("import", f"{server.base_url}/docs")
    assert ran.code == 4 and f"is HTML: it shows the document at {server.base_url}/openapi.json." in ran.err
    ran = cli("import", "http://127.0.0.1:9/openapi.json")
    assert ran.code == 4 and "connection refused" in ran.err and "base_url" not in ran.err
    assert server.arrived == ["GET /no", "GET /docs"]
    assert not (tmp_path / "work" / "collections").exists()


def test_a_file_with_the_name_of_a_url_is_a_file(cli: Cli, tmp_path: Path) -> None:
    """What is there is meant."""
    (tmp_path / "work" / "localhost").write_text("curl http://127.0.0.1:9/a")
    assert cli("import", "localhost", "--dry-run").code == 0


def test_one_that_takes_long_says_so_and_can_be_ended(
    server: Counting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal in one line that is taken away again; Ctrl-C cancels the task, which is at once over."""
    monkeypatch.setattr(import_fetching, "_PATIENCE_S", 0.0)
    monkeypatch.setattr("tui_client.cli.output.is_terminal", lambda stream: True)

    async def cancelled() -> bool:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(import_fetching.fetch(f"{server.base_url}/slow", SendOptions()))
            await asyncio.to_thread(server.waiting.acquire)
            task.cancel()
        return task.cancelled()

    assert asyncio.run(cancelled())
    server.gate.set()
    shown = capsys.readouterr().err
    assert "Fetching: 0 B in 0 s" in shown and shown.endswith("\r\x1b[K")
