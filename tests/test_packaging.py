"""The wheel holds all that a user needs, and works away from the source tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 60


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> str:
    """What a command prints; fails the test with its words if it does not end with 0."""
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env=environment(cwd, path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(home: Path, path: Path | None) -> dict[str, str]:
    """Nothing of this user's settings; `path` before the source tree that an editable install puts on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(path or "")}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source tree as a builder has it, with somebody's secrets and caches in it."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("tui_client", "collections", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    (copy / "collections/demo/environments/local.secret.toml").write_text('token = "canary"\n')
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `pip install .` builds it, but without a network."""
    out = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", out, cwd=source)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the wheel installed in it; the dependencies are those of this interpreter."""
    target = tmp_path_factory.mktemp("installed")
    options = ("--no-deps", "--no-index", "--no-compile", "--quiet", "--disable-pip-version-check")
    run("-m", "pip", "install", *options, "--target", target, wheel, cwd=target)
    return target


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The first line of `demo --serve --port 0`, run from an empty directory."""
    command = [sys.executable, "-m", "tui_client", "demo", "--serve", "--port", "0"]
    own = environment(tmp_path, installed)
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(LIMIT_S)


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_has_every_module_and_style_sheet(wheel, source):
    """Each .py and .tcss file of the package is in it."""
    files = (path for suffix in ("py", "tcss") for path in (source / "tui_client").rglob(f"*.{suffix}"))
    wanted = {path.relative_to(source).as_posix() for path in files}
    assert any(name.endswith(".tcss") for name in wanted)
    assert wanted <= names(wheel)


def test_the_wheel_has_the_whole_sample(wheel, source):
    """Each file of collections/demo stands in tui_client/demo/sample."""
    sample = source / "collections" / "demo"
    files = {path.relative_to(sample).as_posix() for path in sample.rglob("*") if path.is_file()}
    wanted = {f"tui_client/demo/sample/{name}" for name in files if not name.endswith(".secret.toml")}
    assert "tui_client/demo/sample/users/list.toml" in wanted
    assert wanted <= names(wheel)


def test_the_wheel_has_nothing_else(wheel):
    """No tests, no second copy of the sample, no caches, and nobody's secrets."""
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tui_client"}
    assert not [name for name in names(wheel) if "__pycache__" in name or name.endswith(".secret.toml")]
    assert not [name for name in names(wheel) if name.startswith("tui_client/collections")]


def test_an_install_is_not_the_source_tree(installed, tmp_path):
    """Otherwise the tests below would prove nothing."""
    code = "import tui_client.demo.sample as sample; print(sample.__file__, sample.sample_path())"
    for path in run("-c", code, cwd=tmp_path, path=installed).split():
        assert Path(path).is_relative_to(installed)


def test_the_installed_sample_is_listed(installed, tmp_path):
    """`list -C` reads the sample where the wheel put it."""
    sample = installed / "tui_client" / "demo" / "sample"
    printed = run("-m", "tui_client", "list", "-C", sample, cwd=tmp_path, path=installed)
    assert "users/list" in printed


def test_the_installed_demo_serves(served, installed, tmp_path):
    """`demo --serve` prints its base URL first; a request of the installed sample is green against it."""
    assert served.startswith("http://127.0.0.1:")
    sample = installed / "tui_client" / "demo" / "sample"
    send = ("-m", "tui_client", "send", "users/list", "-C", sample, "-v", f"base_url={served}", "--json")
    sent = json.loads(run(*send, cwd=tmp_path, path=installed))
    assert sent["response"]["status"] == 200
    assert sent["checks"] and all(check["passed"] for check in sent["checks"])
