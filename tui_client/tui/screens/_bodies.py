"""Writing a reply's body to a file: as it was sent, or as it is shown."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui_client.model.exchange import BodyContent, Exchange, Response
from tui_client.text import format_bytes, safe_line
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.screens._file_names import suggested_name

if TYPE_CHECKING:
    from tui_client.tui.screens._talking import TalkingScreen

_CHUNK_BYTES: Final = 1 << 20
_WHICH: Final = (Choice("sent", "As sent"), Choice("shown", "As shown"))
_REPLACE: Final = (Choice("other", "Another name"), Choice("replace", "Replace", danger=True))


async def save_body(screen: TalkingScreen, exchange: Exchange, shown: BodyContent | None = None) -> None:
    """Ask what to write and where to, and write it, over a file only when told so. shown: in place of the body."""
    if exchange.response is None:
        return
    body = await _choose(screen, exchange.response, shown)
    suggestion = suggested_name(exchange)
    while body is not None:
        asked = AskText("Save the body to", _hint(exchange.response, body), suggestion)
        name = await screen.app.push_screen_wait(asked)
        if not name:
            return
        suggestion = name
        if await _save(screen, name, body, suggested_name(exchange)):
            if not exchange.response.complete:
                screen.say(f"The saved body is incomplete: {_why(exchange.response)}.")
            return


async def _choose(screen: TalkingScreen, response: Response, shown: BodyContent | None) -> BodyContent | None:
    if shown is None:
        return response.body
    question = (
        f"The reply as the server sent it has {format_bytes(response.body.size)};"
        f" what is shown of it, indented or filtered, has {format_bytes(shown.size)}."
    )
    which = await screen.app.push_screen_wait(Choose("Save the body", question, _WHICH))
    return {"sent": response.body, "shown": shown}.get(which or "")


def _hint(response: Response, body: BodyContent) -> str:
    hint = f"{format_bytes(body.size)}. A path; ~ is your home. Without a folder it is in {safe_line(_here())}."
    return hint if response.complete else f"{hint} The body is incomplete: {_why(response)}."


def _here() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return "a folder that was deleted"


def _why(response: Response) -> str:
    return safe_line(response.note).rstrip(".") or "it was cut off"


async def _save(screen: TalkingScreen, name: str, body: BodyContent, inside: str) -> bool:
    """Whether it is done with, well or badly; False: another name is wanted."""
    stop = threading.Event()
    try:
        path, replace = await asyncio.to_thread(_target, name, inside)
        if replace:
            answer = await screen.app.push_screen_wait(
                Choose("Replace it?", f"{path} is there already. Replace it?", _REPLACE)
            )
            if answer != "replace":
                return answer is None
        try:
            await asyncio.to_thread(write_body, path, body, stop, replace=replace)
        finally:
            stop.set()
    except OSError as error:
        screen.say(f"Could not save {name}: {error.strerror or error}.")
    except (ValueError, RuntimeError) as error:
        # A NUL in the name, or a home that nobody has.
        screen.say(f"{name} can't be a file: {error}.")
    else:
        screen.tell(f"Saved {format_bytes(body.size)} to {path}.")
    return True


def _target(name: str, inside: str) -> tuple[Path, bool]:
    """The file that is meant, and whether it is there. Raises ValueError, RuntimeError, OSError."""
    path = Path(name).expanduser()
    path = path / inside if path.is_dir() else path
    return path, os.path.lexists(path)


def write_body(path: Path, body: BodyContent, stop: threading.Event | None = None, *, replace: bool = False) -> None:
    """Write a body to a file, whole or not at all; `stop` ends it between.

    Without `replace` the file must not be there. Raises FileExistsError, OSError, ValueError.
    """
    stop = stop or threading.Event()
    if not replace:
        with path.open("xb") as file:
            _copy(body, file.fileno(), stop, path)
        return
    path = path.resolve()
    if not path.is_file():
        raise OSError("it is no file")
    mode = path.stat().st_mode & 0o777
    descriptor, beside = tempfile.mkstemp(prefix=".saving-", dir=path.parent)
    try:
        _copy(body, descriptor, stop, Path(beside))
        os.fchmod(descriptor, mode)
        # The old file stays whole until the new one is.
        Path(beside).replace(path)
    finally:
        os.close(descriptor)
        Path(beside).unlink(missing_ok=True)


def _copy(body: BodyContent, descriptor: int, stop: threading.Event, path: Path) -> None:
    try:
        for start in range(0, body.size, _CHUNK_BYTES):
            if stop.is_set():
                raise InterruptedError("it was stopped")
            rest = memoryview(body.read(start, _CHUNK_BYTES))
            if len(rest) < min(_CHUNK_BYTES, body.size - start):
                raise OSError("the body is not all there any more")
            while rest:
                rest = rest[os.write(descriptor, rest) :]
    except OSError:
        # Half a body would look like a whole one.
        path.unlink(missing_ok=True)
        raise
