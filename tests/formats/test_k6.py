"""A script for k6 calls its functions with what our own engine sends."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from code_exports import ENVIRONMENT, Arrivals, filled, item, items, run, unfilled
from code_stubs import put_k6
from loopback import Wire
from wire_fixtures import serve as serve

from tui_client.formats.k6 import write_k6
from tui_client.http.engine import Engine
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.model.options import SendOptions, Timeouts

Serve = Callable[..., Awaitable[Wire]]
NODE = shutil.which("node")


def said(call: dict[str, Any], base: str) -> tuple[Any, ...]:
    """A call of k6's as an arrival says it."""
    target = call["url"].removeprefix(base)
    headers = {name.lower(): value for name, value in call["params"].get("headers", {}).items()}
    body = base64.b64decode(call["body"] or "")
    kind, joint, boundary = headers.get("content-type", "").partition("boundary=")
    if boundary:
        headers["content-type"] = f"{kind}{joint}B"
        body = body.replace(boundary.encode(), b"B")
    return call["method"], target, sorted(headers.items()), body


if NODE is not None:

    async def test_the_script_says_what_the_engine_sends(serve: Serve, tmp_path: Path) -> None:
        """Method, URL, headers and the exact body, that of a form with files too, are the same."""
        (tmp_path / "it's a file.txt").write_bytes(bytes(range(256)))
        put_k6(tmp_path)
        server = Arrivals()
        base = (await serve(server.play)).url("")
        async with Engine(spool_dir=tmp_path / "spool", max_body_bytes=1 << 20) as engine:
            for each in items(base, filled, tmp_path):
                await engine.send(prepare(each.sent, Path, environ={}), None)
        expected = [arrival.said() for arrival in server.taken() if arrival.target != "/landed"]
        exported = write_k6(items(base, unfilled, tmp_path))
        (tmp_path / "script.mjs").write_text(exported.text, encoding="utf-8")
        ran = json.loads(await run(str(NODE), "run.mjs", folder=tmp_path))
        assert ran["options"] == {"vus": 1, "iterations": 1}
        assert [said(call, base) for call in ran["calls"]] == expected
        assert ran["calls"][-1]["params"]["tags"] == {"name": "Token"}
        assert ran["calls"][-1]["params"]["timeout"] == 120_000
        assert {line.construct for line in exported.report} == {f"{{{{{name.lower()}}}}}" for name in ENVIRONMENT}


def test_options_of_a_request_stand_where_k6_has_them() -> None:
    """Redirects and the limit of the time stand with the request, certificates with the whole test."""
    options = SendOptions(follow_redirects=False, verify=False, client_cert="me.pem", timeouts=Timeouts(total=None))
    found = write_k6([item("A", "https://h.example/", options=options)])
    assert "insecureSkipTLSVerify: true" in found.text
    assert 'tlsAuth: [{ cert: open("me.pem"), key: open("me.pem") }]' in found.text
    assert "redirects: 0" in found.text
    assert "timeout" not in found.text
    assert found.report == ()


def test_certificates_stay_verified_unless_all_requests_say_otherwise() -> None:
    """k6 has one switch for all: what one request allows would be allowed to each."""
    found = write_k6(
        [item("A", "https://h.example/"), item("B", "https://h.example/", options=SendOptions(verify=False))]
    )
    assert "insecureSkipTLSVerify" not in found.text
    assert [(line.origin, line.construct) for line in found.report] == [("B", "option: verify")]


def test_digest_takes_user_and_password_from_the_url() -> None:
    """They are encoded in it, also where they come from the environment; a URL that is not known can't have them."""
    found = write_k6([item("A", "https://h.example/x", auth=Digest("m@e", "{{password}}"))])
    assert '"https://m%40e:" + encodeURIComponent(__ENV.PASSWORD) + "@h.example/x"' in found.text
    assert 'auth: "digest"' in found.text
    other = write_k6([item("A", "{{base_url}}/x", template="{{base_url}}/x", auth=Digest("m", "p"))])
    assert "auth: digest" in [line.construct for line in other.report]


def test_a_file_is_opened_once_before_the_test() -> None:
    """k6 opens files nowhere else; a form of values alone is a string."""
    parts = (Part("a", file="/x/a.txt"), Part("b", file="/x/a.txt"))
    found = write_k6([item("A", "https://h.example/", "POST", body=Multipart(parts))]).text
    assert found.count("open(") == 1
    assert found.index("open(") < found.index("export default function")
    plain = write_k6([item("A", "https://h.example/", "POST", body=Multipart((Part("a", "1"),)))]).text
    assert "joined" not in plain
    assert "encoding" not in plain
