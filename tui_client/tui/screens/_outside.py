"""A reply's body in a program of the user's: the pager, the editor, or the browser."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from textual.app import SuspendNotSupported

from tui_client import scratch
from tui_client.model.exchange import BodyContent
from tui_client.text import format_bytes, safe_line
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.screens._file_names import suffix_of

if TYPE_CHECKING:
    from tui_client.tui.screens._talking import TalkingScreen

_CHUNK_BYTES: Final = 1 << 20
_STARTS_S: Final = 3.0  # a browser that can't be started says so by then
_IN_TERMINAL: Final = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
# Control codes are shown, not obeyed, whatever LESS says; no shell, no editor, no preprocessor for a file from outside.
_LESS_OPTIONS: Final = ("-+r", "-+R")
_LESS_ENVIRONMENT: Final = {"LESSSECURE": "1"}


class Tool(msgspec.Struct, frozen=True):
    """A program to open a body in: its command, or the sentence that says why there is none."""

    title: str
    command: tuple[str, ...] = ()
    missing: str = ""

    @property
    def program(self) -> str:
        """The program's own name."""
        return Path(self.command[0]).name if self.command else "not set"


class CannotOpen(Exception):
    """A program could not be used; the message is a sentence for people."""


def pager(environment: Mapping[str, str]) -> Tool:
    """$PAGER, else less. `more` is not taken unasked: it hands escape codes to the terminal."""
    command = _command(environment.get("PAGER", ""))
    if not command and shutil.which("less"):
        command = ("less",)
    if not command:
        return Tool("Pager", missing="Set PAGER to a program that shows text, such as less.")
    return Tool("Pager", (*command, *(_LESS_OPTIONS if Path(command[0]).name == "less" else ())))


def editor(environment: Mapping[str, str]) -> Tool:
    """$VISUAL, else $EDITOR."""
    command = _command(environment.get("VISUAL", "")) or _command(environment.get("EDITOR", ""))
    return Tool("Editor", command, "" if command else "Set EDITOR to the command of an editor, such as vim or nano.")


def _command(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)


def in_browser(media_type: str) -> bool:
    """Whether browsers show this kind."""
    return media_type in ("text/html", "application/xhtml+xml", "application/pdf") or media_type.startswith("image/")


async def open_outside(screen: TalkingScreen, content: BodyContent, media_type: str) -> None:
    """Ask in what to open the body, and open it there."""
    tools = {"pager": pager(os.environ), "editor": editor(os.environ)}
    choices = [Choice(name, f"{tool.title}: {tool.program}") for name, tool in tools.items()]
    if in_browser(media_type):
        choices.append(Choice("browser", "Browser"))
    question = _question(tools["pager"], content, browser=in_browser(media_type))
    chosen = await screen.app.push_screen_wait(Choose("Open the body in", question, tuple(choices)))
    try:
        if chosen == "browser":
            await _browse(content, media_type)
            screen.tell("Handed to the browser.")
        elif chosen:
            await _in_terminal(screen, tools[chosen], content, media_type)
    except CannotOpen as error:
        screen.say(str(error))
    except OSError as error:
        screen.say(f"The body could not be opened: {error.strerror or error}.")


def _question(pager: Tool, content: BodyContent, *, browser: bool) -> str:
    lines = [f"{format_bytes(content.size)}, in a file that only you can read. What is changed in it is not kept."]
    if pager.command and pager.program != "less":
        lines.append(f"{pager.program} gets the bytes as they came; escape codes in them may reach your terminal.")
    if browser:
        lines.append("A browser runs the scripts of a page and loads what it refers to.")
    return "\n".join(lines)


def private_file(content: BodyContent, suffix: str) -> Path:
    """The body in a file of mode 0600, alone in a folder of mode 0700 that goes away when the app ends, if not before.

    Raises OSError.
    """
    folder = Path(tempfile.mkdtemp(prefix="lent-", dir=scratch.folder()))
    path = folder / f"body{suffix}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for start in range(0, content.size, _CHUNK_BYTES):
            file.write(content.read(start, _CHUNK_BYTES))
    return path


async def _in_terminal(screen: TalkingScreen, tool: Tool, content: BodyContent, media_type: str) -> None:
    if tool.missing:
        raise CannotOpen(tool.missing)
    if shutil.which(tool.command[0]) is None:
        raise CannotOpen(f"{tool.title.upper()} names {safe_line(tool.command[0])}, which can't be found.")
    path = await asyncio.to_thread(private_file, content, suffix_of(media_type))
    try:
        await _lend_terminal(screen, (*tool.command, str(path)))
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)


async def _lend_terminal(screen: TalkingScreen, command: tuple[str, ...]) -> None:
    """Let a program have the terminal until it ends; sends and replays go on meanwhile."""
    try:
        # Nothing may be painted: the program has the screen, and nobody takes in what the driver would write.
        with _no_interrupts(), screen.app.suspend(), screen.app.batch_update():
            process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **_LESS_ENVIRONMENT})
            try:
                code = await process.wait()
            finally:
                if process.returncode is None:
                    process.terminate()
    except SuspendNotSupported:
        raise CannotOpen("This terminal can't be lent to another program.") from None
    if code:
        screen.say(f"{Path(command[0]).name} ended with {code}.")


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Ctrl+C is for the program that has the terminal; a handler, since what is ignored would be ignored by it too."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def _browse(content: BodyContent, media_type: str) -> None:
    path = await asyncio.to_thread(private_file, content, suffix_of(media_type))
    await asyncio.to_thread(_start_browser, path.as_uri())


def _start_browser(address: str) -> None:
    """Show a file in the default browser; what that one says must not reach the terminal. Raises CannotOpen."""
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        raise CannotOpen("No browser was found. Set BROWSER to the command of one.") from None
    if not isinstance(browser, webbrowser.GenericBrowser):
        if not browser.open(address):
            raise CannotOpen("The browser did not start. Set BROWSER to the command of another.")
        return
    if Path(browser.name).name in _IN_TERMINAL:
        raise CannotOpen(f"{browser.name} would need this terminal. Set BROWSER to the command of another browser.")
    process = subprocess.Popen(
        [browser.name, *(part.replace("%s", address) for part in browser.args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(_STARTS_S)
    except subprocess.TimeoutExpired:
        return
    if code:
        raise CannotOpen(f"{browser.name} ended with {code}. Set BROWSER to the command of another browser.")
