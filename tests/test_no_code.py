"""A collection can't run code: nothing here evaluates what it reads, and every program that is started is known."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGE: Final = ROOT / "tui_client"

_BUILTINS: Final = frozenset({"eval", "exec", "compile", "__import__"})
_MODULES: Final = frozenset(
    {"cffi", "cloudpickle", "code", "codeop", "ctypes", "dill", "imp", "importlib", "jinja2", "joblib", "marshal"}
    | {
        "multiprocessing",
        "pickle",
        "pkgutil",
        "pty",
        "runpy",
        "shelve",
        "subprocess",
        "webbrowser",
        "yaml",
        "zipimport",
    }
)
_METHODS: Final = frozenset(
    {"create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell", "system", "popen"}
    | {"startfile", "fork", "forkpty", "posix_spawn", "posix_spawnp", "enable_load_extension", "load_extension"}
    | {f"exec{end}" for end in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")}
    | {f"spawn{end}" for end in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")}
)

ALLOWED: Final = {
    ("cli/main.py", "importlib"): "the modules of our own commands, by a list of constants",
    ("formats/__init__.py", "importlib"): "our own formats, by the files of a package",
    ("formats/__init__.py", "pkgutil"): "lists the files of our own package",
    ("formats/_bruno/write.py", "yaml"): "writes plain data: safe_dump",
    ("formats/_yaml.py", "yaml"): "its events alone, from which nothing but data is made",
    ("interop/operation_reading.py", "create_subprocess_exec"): "this interpreter with a module of ours",
    ("interop/reader.py", "create_subprocess_exec"): "this interpreter with a module of ours",
    ("registry.py", "importlib"): "our own kinds, by the files of a package",
    ("registry.py", "pkgutil"): "lists the files of our own packages",
    ("replay/engines/dask/local.py", "create_subprocess_exec"): "this interpreter with a module of ours",
    ("replay/engines/dask/messages.py", "pickle"): "from a coordinator to its workers, which may run code there anyway",
    ("replay/engines/dask/pool.py", "importlib"): "asks which version is installed, there and here",
    ("replay/engines/dask/terms.py", "importlib"): "asks whether Dask is installed",
    ("replay/reports/html.py", "importlib"): "reads the style and script of the report's page: importlib.resources",
    ("tui/panels/request_builder/panel.py", "importlib"): "our own sections, by an enum",
    ("tui/starting.py", "importlib"): "what will be needed soon, by a list of constants",
    ("tui/screens/_history_desk.py", "importlib"): "one module of ours, named in full",
    ("tui/widgets/pictures.py", "importlib"): "asks whether Pillow is installed",
    ("tui/widgets/run_limited.py", "runpy"): "our own file beside it, in a process with bounds",
    ("tui/widgets/programs.py", "create_subprocess_exec"): "this interpreter with a file of ours",
    ("tui/widgets/filters/channel.py", "subprocess"): "this interpreter with a file of ours",
    ("replay/comparison/running.py", "create_subprocess_exec"): "this interpreter with a module of ours",
    ("demo/process.py", "create_subprocess_exec"): "this interpreter with the demo API",
    ("storage/git_ignore.py", "subprocess"): "git, with all that a repository could have it start switched off",
    ("tui/screens/_outside.py", "create_subprocess_exec"): "the user's own EDITOR or PAGER, when a key asks for it",
    ("tui/screens/_outside.py", "subprocess"): "the user's own BROWSER, when a key asks for it",
    ("tui/screens/_outside.py", "webbrowser"): "finds the user's own browser",
}
"""Where code or programs are loaded, and why no file of a collection and no reply has a say in which."""


def uses(path: Path) -> Iterator[str]:
    """The names in a module that could make code of data."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in _BUILTINS:
                yield name
            case ast.Import(names=names):
                yield from (top for alias in names if (top := alias.name.partition(".")[0]) in _MODULES)
            case ast.ImportFrom(module=str(module), level=0) if (top := module.partition(".")[0]) in _MODULES:
                yield top
            case ast.ImportFrom(names=names):
                yield from (alias.name for alias in names if alias.name in _METHODS)
            case ast.Attribute(attr=name) if name in _METHODS:
                yield name
            case ast.keyword(arg="shell"):
                yield "shell"


def test_every_place_that_loads_code_or_starts_a_program_is_known() -> None:
    """No eval, exec, pickle, shell or import by a name that was read; what is left is listed with its reason."""
    found = {(path.relative_to(PACKAGE).as_posix(), name) for path in PACKAGE.rglob("*.py") for name in uses(path)}
    assert found == {entry for entry in ALLOWED if (PACKAGE / entry[0]).exists()}


@pytest.mark.parametrize(
    "text",
    [
        "eval(x)", "exec('a')", "f = compile", "__import__(x)", "import pickle", "from yaml import load",
        "os.system(x)", "import importlib.util", "run(x, shell=True)", "from os import execv",
        "asyncio.create_subprocess_shell(x)",
    ],
)  # fmt: skip
def test_a_new_place_would_be_found(tmp_path: Path, text: str) -> None:
    """Each way to make code of data is one that is looked for."""
    (tmp_path / "a.py").write_text(text)
    assert list(uses(tmp_path / "a.py"))


def test_a_hostile_collection_runs_nothing() -> None:
    """Read, previewed, prepared and checked in a process that notes what it compiles, starts and opens."""
    program = ROOT / "tests" / "support" / "audited_collection.py"
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["requests"] >= 4
    assert said["noted"] == []
