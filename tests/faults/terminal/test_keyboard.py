"""Whatever bytes come from the keyboard, the next key counts."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from typing import Final

from fault_matrix import fault
from pty_host import PtyHost
from scale import tries

# Half a sign, bytes that UTF-8 has not, a number that no key has, sizes that no terminal has, codes that break off.
BAD: Final = (
    b"\xff\xfe",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"\x1b[99999999999u",
    b"\x1b[48;999999;999999;0;0t",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[<0;99999999999;1M",
    b"\x1b[200~\xff\x1b[201~",
    b"\x1bP+r544e=\xff\x1b\\",
    b"\x00\x9b\x9d",
)
_PIECES: Final = (
    b"\x1b",
    b"[",
    b"<",
    b";",
    b"9999999999",
    b"M",
    b"t",
    b"u",
    b"~",
    b"O",
    b"P",
    b"?",
    b"\x80",
    b"\xe2\x82",
)
_LEAVES: Final = b"\x11"  # ^q


@fault("terminal.bad_byte")
def test_bytes_that_are_no_text_end_nothing(typed: Callable[..., PtyHost]) -> None:
    """After each the keys arrive, and nothing ends the workbench but what is meant to."""
    host = typed()
    text = "typed"
    for number, bad in enumerate(BAD):
        host.write(bad)
        letter = "abcdefghijklmnop"[number]
        # The next key may be lost with a byte that came just before it: it is the rest of a sign, then.
        while f"/{text}{letter}" not in host.text:
            assert host.process.poll() is None, host.output[-2000:]
            host.write(b"\x7f" * (len(text) + 2) + f"{text}{letter}".encode())
            host.read(0.3)
        text += letter
    _noise(host)
    host.send(signal.SIGTERM)
    assert host.ended() == 128 + signal.SIGTERM
    host.assert_restored()


def _noise(host: PtyHost) -> None:
    """Bytes at random, among them pieces of codes; the workbench goes on."""
    chance = random.Random(26)
    for _ in range(tries(10, 2000)):
        pieces = [chance.choice(_PIECES) if chance.random() < 0.6 else chance.randbytes(1) for _ in range(20)]
        host.write(b"".join(pieces).replace(_LEAVES, b"").replace(b"\r", b""))
        host.read(0.02)
        assert host.process.poll() is None, host.output[-2000:]
