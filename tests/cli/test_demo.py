"""`tui-client demo`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tui_client.cli.main import run


@pytest.fixture(autouse=True)
def proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo sets these for its own process, which is the tests' here."""
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")


def test_serve_prints_its_base_url_first_and_answers() -> None:
    """Scripts read one line and begin."""
    command = [sys.executable, "-m", "tui_client", "demo", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        try:
            assert base_url.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(f"{base_url}/users", timeout=10) as reply:
                assert reply.status == 200
        finally:
            process.terminate()
            process.wait(10)


def test_the_workbench_opens_on_a_copy_that_works_and_goes_away() -> None:
    """The demo changes nothing but a scratch folder; its environment leads to the API that runs meanwhile."""
    seen: list[Path] = []

    def workbench(path: Path | None, first: str = "", hello: str = "") -> int:
        assert path is not None
        seen.append(path)
        local = (path / "environments" / "local.toml").read_text()
        base_url = next(line.split('"')[1] for line in local.splitlines() if line.startswith("base_url"))
        with urllib.request.urlopen(f"{base_url}/users", timeout=10) as reply:
            assert reply.status == 200
        assert (path / f"{first}.toml").is_file()
        return 7

    assert run(["demo"], workbench) == 7
    assert not seen[0].exists()


def test_what_was_saved_in_the_demo_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing that somebody saved is thrown away; the folder is named when they leave."""
    seen: list[Path] = []

    def workbench(path: Path | None, first: str = "", hello: str = "") -> int:
        assert path is not None
        seen.append(path)
        (path / "new.toml").write_text('url = "/"\n')
        return 0

    try:
        assert run(["demo"], workbench) == 0
        assert (seen[0] / "new.toml").exists()
        assert str(seen[0]) in capsys.readouterr().err
    finally:
        shutil.rmtree(seen[0].parent)


def test_a_port_that_is_taken_is_a_sentence(capsys: object) -> None:
    """Not a traceback, and exit code 2."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["demo", "--serve", "--port", str(taken.getsockname()[1])], lambda path, first="", hello="": 0) == 2
