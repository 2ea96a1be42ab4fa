"""A locustfile has a task for each request, which sends what our own engine sends."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from code_exports import Arrivals, filled, item, items, run, unfilled
from code_stubs import put_requests
from loopback import Wire
from wire_fixtures import serve as serve

from tui_client.formats.locust import write_locust
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.model.options import SendOptions


async def test_each_task_sends_what_the_engine_sends(serve: Callable[..., Awaitable[Wire]], tmp_path: Path) -> None:
    """All sorts of requests arrive as the engine sends them; a token is fetched once, before all tasks."""
    (tmp_path / "it's a file.txt").write_bytes(bytes(range(256)))
    put_requests(tmp_path)
    server = Arrivals()
    base = (await serve(server.play)).url("")
    async with Engine(spool_dir=tmp_path / "spool", max_body_bytes=1 << 20) as engine:
        for each in items(base, filled, tmp_path):
            await engine.send(prepare(each.sent, Path, environ={}), None)
    expected = [arrival.said() for arrival in server.taken()]
    text = write_locust(items(base, unfilled, tmp_path)).text
    (tmp_path / "program.py").write_text(text, encoding="utf-8")
    assert await run(sys.executable, "run_locust.py", folder=tmp_path) == f"{base}\n"
    found = [arrival.said() for arrival in server.taken()]
    token = next(said for said in expected if said[1] == "/token")
    assert found[0] == token
    assert found[1:] == [said for said in expected if said != token]


def test_the_host_is_the_one_of_the_first_request() -> None:
    """Also where it is only known when the test runs; each request counts under its title."""
    text = write_locust([item('A "b"', "{{base_url}}/x", template="{{base_url}}/x")]).text
    assert '    host = os.environ["BASE_URL"]\n' in text
    assert 'os.environ["BASE_URL"] + "/x"' in text
    assert "name='A \"b\"'" in text


def test_certificates_stay_verified_unless_the_request_says_otherwise() -> None:
    """One task may differ from the others."""
    unverified = SendOptions(verify=False)
    text = write_locust([item("A", "https://h.example/"), item("B", "https://h.example/", options=unverified)]).text
    first, _, second = text.partition("def b(")
    assert "verify" not in first
    assert "verify=False" in second
    compile(text, "locustfile", "exec")
