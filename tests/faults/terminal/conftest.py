"""The real program in a pseudo terminal, on a workspace of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from pty_host import PtyHost, own_env, tui_client

from tui_client.tui.session.file import open_session

Start: TypeAlias = Callable[..., PtyHost]
_CRASHING: Final = Path(__file__).parents[2] / "support" / "crashing_app.py"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty workspace."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def start(work: Path) -> Iterator[Start]:
    """Starts the workbench there; ends what is left of it.

    way: in which the driver of `crashing_app.py` breaks. env, and what `PtyHost` takes.
    """
    with ExitStack() as hosts:

        def started(way: str = "", env: dict[str, str] | None = None, **options: Any) -> PtyHost:
            args = [sys.executable, str(_CRASHING), way, str(work)] if way else tui_client(work)
            return hosts.enter_context(PtyHost(args, own_env(work.parent, **(env or {})), cwd=work.parent, **options))

        yield started


@pytest.fixture
def typed(start: Start) -> Start:
    """Starts it and types a draft, in one go with the first frame."""

    def ready(way: str = "", env: dict[str, str] | None = None, **options: Any) -> PtyHost:
        host = start(way, env, **options)
        host.read_until(b"No reply yet")
        host.write(b"/typed")
        # The sign of a draft comes with the first letter.
        host.until(lambda screen: "new*" in screen and "/typed" in screen)
        return host

    return ready


@pytest.fixture
def drafts(work: Path) -> Callable[[], list[str]]:
    """The URLs of the drafts that the next start opens."""

    def read() -> list[str]:
        opened = open_session(work, work.parent / "state" / "tui-client")
        if opened.file is not None:
            opened.file.close()
        return [tab.draft.url for tab in opened.state.tabs if tab.draft is not None]

    return read
