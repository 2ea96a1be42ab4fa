"""The real program, with one thing in it that breaks: `crashing_app.py WAY [PATH]`. F9 breaks it; some need no key.

WAY may be several, with commas between them, which come one after the other.

Run by tests in a pseudo terminal. What breaks holds the canary in its message and in a local.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import termios
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final

from rich.console import RenderableType
from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widget import Widget

import tui_client.tui.app as product
import tui_client.tui.ending as ending
from tui_client.__main__ import main

CANARY: Final = "cnry-5ecret-tok3n"


def broken(*_: object, kind: type[Exception] = ValueError) -> Any:
    """A bug, with a secret near it."""
    token = CANARY
    raise kind(f"a bug with {token}")


class _Drawn(Widget):
    def render(self) -> RenderableType:
        return broken()


class _Rich(Exception):
    def __rich__(self) -> str:
        return f"drawn {CANARY}"


class _Deleted:
    def __del__(self) -> None:
        broken(kind=ArithmeticError)


class _Mounted(Widget):
    def on_mount(self) -> None:
        broken()


class _Composed(Widget):
    def compose(self) -> Any:
        yield broken()


class _Measured(Widget):
    DEFAULT_CSS = "_Measured { height: auto; width: auto }"

    def get_content_height(self, *_: object) -> int:
        return int(broken())


def _deep(level: int = 0) -> int:
    return _deep(level + 1) + len(CANARY)


async def _soon() -> None:
    broken(kind=LookupError)


async def _group() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_soon())


class CrashingApp(product.WorkbenchApp):
    """Breaks in one way when F9 is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "break_now", show=False, priority=True, system=True)]
    way: ClassVar[str] = ""

    async def action_break_now(self) -> None:
        way, _, others = self.way.partition(",")
        type(self).way = others or way
        found = WAYS[way](self)
        if asyncio.iscoroutine(found):
            await found

    async def on_unmount(self) -> None:
        await super().on_unmount()

    @work
    async def in_worker(self) -> None:
        broken()

    @work(thread=True)
    def in_thread_worker(self) -> None:
        broken()


class StartCrash(CrashingApp):
    """Breaks while it starts."""

    def get_default_screen(self) -> Any:
        return broken() if self.way == "first_screen" else super().get_default_screen()

    def on_mount(self) -> None:
        super().on_mount()
        if self.way == "app_mount":
            broken()


class EndCrash(CrashingApp):
    """Breaks while it ends."""

    async def on_unmount(self) -> None:
        await super().on_unmount()
        broken()


def _raise(error: BaseException) -> Callable[[App[Any]], Any]:
    def way(_app: App[Any]) -> None:
        token = CANARY  # noqa: F841 - a local to be printed
        raise error

    return way


def _lazy(app: App[Any]) -> Any:
    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "tui_client.tui.modals.help":
                raise ImportError(f"no {name} {CANARY}")

    sys.meta_path.insert(0, Broken())  # type: ignore[arg-type]  # a finder by shape
    sys.modules.pop("tui_client.tui.modals.help", None)
    return app.action_help()  # type: ignore[attr-defined]  # ours


def _exit_and(app: App[Any]) -> None:
    app.exit(0)


def _input_thread(app: App[Any]) -> None:
    app._driver.send_message = broken  # type: ignore[union-attr, method-assign]  # the next key breaks
    app.notify("keys break")


WAYS: Final[dict[str, Callable[[Any], Any]]] = {
    "handler": broken,
    "cause": lambda _app: _caused(),
    "rich": _raise(_Rich()),
    "memory": _raise(MemoryError(CANARY)),
    "recursion": lambda _app: _deep(),
    "os": _raise(PermissionError(13, CANARY)),
    "pipe": _raise(BrokenPipeError(32, CANARY)),
    "system_exit": _raise(SystemExit(CANARY)),
    "group": lambda _app: _group(),
    "worker": lambda app: app.in_worker() and None,
    "thread_worker": lambda app: app.in_thread_worker() and None,
    "render": lambda app: app.screen.mount(_Drawn()) and None,
    "layout": lambda app: app.screen.mount(_Measured()) and None,
    "widget_mount": lambda app: app.screen.mount(_Mounted()) and None,
    "compose": lambda app: app.screen.mount(_Composed()) and None,
    "timer": lambda app: app.set_timer(0.01, broken) and None,
    "interval": lambda app: app.set_interval(0.01, broken) and None,
    "after_refresh": lambda app: app.call_after_refresh(broken) and None,
    "stuck": lambda app: _stuck(app),
    "lazy_import": _lazy,
    "input_thread": _input_thread,
    "first_screen": broken,
    "app_mount": broken,
    "unmount": _exit_and,
    # What ends by a signal only
    "frozen": lambda _app: _frozen(),
    # What goes on
    "thread": lambda _app: threading.Thread(target=broken).start(),
    "callback": lambda _app: asyncio.get_running_loop().call_soon(partial(broken, kind=KeyError)) and None,
    "task": lambda _app: asyncio.get_running_loop().create_task(_soon()) and None,
    "overtaken": lambda app: _overtaken(app._driver),
    "unraisable": lambda _app: _Deleted() and None,
}


async def _stuck(app: Any) -> None:
    """What ends the app can't be handled: its own handler waits for ever."""
    app.screen.mount(_Drawn())
    await asyncio.Event().wait()


def _overtaken(driver: Any) -> None:
    """While one size is read, the terminal gets another, and its signal comes."""
    ask = driver._get_terminal_size

    def slowly() -> tuple[int, int]:
        driver._get_terminal_size = ask
        size: tuple[int, int] = ask()
        termios.tcsetwinsize(driver.fileno, (31, 107))
        return size

    termios.tcsetwinsize(driver.fileno, (40, 120))
    driver._get_terminal_size = slowly
    signal.raise_signal(signal.SIGWINCH)


def _frozen() -> None:
    while True:
        pass


def _caused() -> None:
    try:
        broken()
    except ValueError as error:
        raise RuntimeError(CANARY) from error


def run() -> int:
    """Run the program with what breaks in its place."""
    CrashingApp.way = sys.argv.pop(1)
    ending.GRACE_S = 1.0  # type: ignore[misc]  # final for all others
    product.WorkbenchApp = {"first_screen": StartCrash, "app_mount": StartCrash, "unmount": EndCrash}.get(  # type: ignore[misc]
        CrashingApp.way, CrashingApp
    )
    return main()


if __name__ == "__main__":
    sys.exit(run())
