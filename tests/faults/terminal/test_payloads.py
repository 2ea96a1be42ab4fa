"""A reply full of escape codes, looked at in the real program: the terminal stays as it was."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from fault_matrix import fault
from pty_host import PtyHost

from tui_client.demo.server import running_demo

# All that our own drawing is made of: colours, places, modes, the shape of the pointer.
_OURS: Final = re.compile(
    rb"\x1b\[[0-9;]*[mHABCD]|\x1b\[\?[0-9;]+[hl]|\x1b\[\?20(26|48)\$p|\x1b\[[<>][0-9]*u|\x1b\]22;[a-z-]+\x07"
)
_ACTS: Final = re.compile("[\x00-\x09\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture
def demo_url() -> Iterator[str]:
    """The base URL of a demo API that runs in a thread of its own."""
    ready, found, loop, stop = threading.Event(), list[str](), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with running_demo() as base_url:
            found.append(base_url)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@fault("terminal.payloads")
def test_a_hostile_reply_leaves_the_terminal_as_it_was(start: Callable[..., PtyHost], demo_url: str) -> None:
    """Body, head, as text and as JSON: nothing reaches the terminal but what we draw with; the payload can be read."""
    host = start(size=(160, 60))
    host.read_until(b"No reply yet")
    modes = host.modes
    host.write(f"{demo_url}/hostile\r".encode())
    host.until(lambda screen: "200 OK" in screen and "␛" in screen)
    host.write(b"\x1b[17~")
    host.until(lambda screen: "›  1" in screen)  # the reply has the focus
    host.write(b"]")
    host.until(lambda screen: "[bold]bold[/bold] [/dim] [@click=app.quit]quit[/]" in screen)
    assert host.modes == modes
    host.write(b"[")
    host.until(lambda screen: "␛" in screen)
    host.write(b"\x0c\x1b[F?as=json\r")
    host.until(lambda screen: "hostile?as=json" in screen and '"title": "\\u001b]0;' in screen)
    assert host.modes == modes
    host.write(b"\x11")
    host.until(lambda screen: "has an edit" in screen)
    host.write(b"\t\r")
    assert host.ended() == 0
    host.assert_restored()
    drawn = _OURS.sub(b"", host.output).decode()
    assert _ACTS.search(drawn) is None
    assert host.screen.title == "" and host.screen.icon_name == ""
