"""Writing a reply's body to a file, byte for byte."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui_client.model.exchange import BodyContent, Exchange
from tui_client.text import format_bytes
from tui_client.tui.modals.ask_text import AskText

if TYPE_CHECKING:
    from tui_client.tui.screens.workbench import WorkbenchScreen

_CHUNK_BYTES = 1 << 20


async def save_body(screen: WorkbenchScreen, exchange: Exchange) -> None:
    """Ask where to, and write the body there; a file that is there is never written over."""
    if exchange.response is None:
        return
    name = await screen.app.push_screen_wait(AskText("Save the body to", "A path; ~ is your home."))
    if not name:
        return
    try:
        path = await asyncio.to_thread(write_body, name, exchange.response.body)
    except FileExistsError:
        screen.say(f"{name} is there already. Choose another name.")
    except OSError as error:
        screen.say(f"Could not save {name}: {error.strerror or error}.")
    except (ValueError, RuntimeError) as error:
        # A NUL in the name, or a home that nobody has.
        screen.say(f"{name} can't be a file: {error}.")
    else:
        screen.tell(f"Saved {format_bytes(exchange.response.body.size)} to {path}.")


def write_body(name: str, body: BodyContent) -> Path:
    """Write a body to a new file. Raises FileExistsError, OSError, ValueError, RuntimeError."""
    path = Path(name).expanduser()
    with path.open("xb") as file:
        try:
            for start in range(0, body.size, _CHUNK_BYTES):
                file.write(body.read(start, _CHUNK_BYTES))
        except OSError:
            # Half a body would look like a whole one.
            path.unlink(missing_ok=True)
            raise
    return path
