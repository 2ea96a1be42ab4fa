"""A hostile server in a process of its own, for programs under test and for comparisons.

    python tests/support/faulty_server.py [FOLDER]

Prints one line of JSON and serves until it is killed or its standard input ends:
{"port": 4711, "tls": {"expired": 4712, …}, "ca": "FOLDER/ca.pem", "paths": ["reset/before", …]}
http://127.0.0.1:4711/reset/before plays that fault (faulty_plays.py); the ports of "tls" (faulty_tls.py) play the same
paths once their TLS got that far. FOLDER: where the authority's certificate goes, a temporary folder by default.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import trustme
from faulty_plays import PATHS, misbehave
from faulty_tls import NAMES, start_tls
from loopback import Loopback


async def serve(folder: Path) -> None:
    """Until nobody writes to our standard input any more."""
    authority, loopback = trustme.CA(), Loopback()
    ca = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    plain = await loopback.start(misbehave)
    secure = {name: (await start_tls(loopback, authority, name)).port for name in NAMES}
    sys.stdout.write(json.dumps({"port": plain.port, "tls": secure, "ca": str(ca), "paths": PATHS}) + "\n")
    sys.stdout.flush()
    # Whoever started us may be killed: nothing of it may stay behind.
    await asyncio.to_thread(sys.stdin.read)
    await loopback.aclose()


def main() -> None:
    """Serve, with the authority in the folder that was given."""
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(serve(Path(sys.argv[1] if sys.argv[1:] else scratch)))


if __name__ == "__main__":
    main()
