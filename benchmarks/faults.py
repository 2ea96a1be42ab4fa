"""The faults of the wire, TLS and redirects, and the payloads, played to tui-client, curl, HTTPie, newman and Posting.

    python benchmarks/faults.py [--http PATH] [--newman PATH] [--posting PATH] [--markdown FILE]

Each tool is told to stop after 5 s and gets 9. "ok": it says what is wrong (exit code not 0), or is right to be
content. "silent": a broken reply passes for a whole one. "hangs": it goes on beyond its own limit. "leaks": a
credential went to another origin, or one that its Location made up was sent. "crash": a traceback. "N MB": the memory
it took beyond that for a plain reply, where 64 MB is the most. "acts": the reply's escape codes reach the terminal.
"–": not tried.
HTTPie: python3 -m venv /tmp/httpie && /tmp/httpie/bin/pip install httpie. newman: npm install newman
"""

from __future__ import annotations

import argparse
import shutil
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from _faults import Faults, faults
from _posting import posting_tool
from _tools import OURS, Sent, Tool, curl, httpie, newman

SECRET: Final = "canary-credential"
CREDENTIALS: Final = {"X-API-Key": SECRET, "Authorization": f"Bearer {SECRET}", "Cookie": f"id={SECRET}"}
_PAYLOAD: Final = b"\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[31mred\n"
NOT_TRIED: Final = "–"
_MOST_MB: Final = 64


class Row(NamedTuple):
    """One fault. id: as in the matrix. plays: paths of the hostile server, all of which must end well.

    tls: the name of its TLS. content: whether a tool is right to be content with the reply. memory: whether it counts.
    """

    id: str
    plays: tuple[str, ...]
    tls: str = ""
    content: bool = False
    memory: bool = False


ROWS: Final = (
    Row("wire.reset", ("reset/before", "reset/head", "reset/body", "reset/chunk")),
    Row("wire.garbage", ("garbage/text", "garbage/binary", "garbage/status", "garbage/two_lengths")),
    Row("wire.cut_length", ("cut/length",)),
    Row("wire.cut_chunk", ("cut/chunk", "cut/last_chunk")),
    Row("wire.cut_gzip", ("cut/gzip", "cut/gzip_chunks", "cut/br")),
    Row("wire.bad_gzip", ("bad/gzip", "bad/gzip_sum")),
    Row("wire.bomb", ("bomb/gzip?mib=1024",), content=True, memory=True),
    Row("wire.nested_bomb", ("bomb/gzip3?mib=1024",), content=True, memory=True),
    Row("wire.dripped_body", ("drip/body?ms=100",)),
    Row("wire.dripped_header", ("drip/headers?ms=100",)),
    Row("wire.endless_1xx", ("drip/103?ms=100",)),
    Row("wire.header_flood", ("flood/fields", "flood/one_field"), memory=True),
    Row("wire.hang", ("hang/before", "hang/headers", "hang/body")),
    Row("wire.redirect_loop", ("redirect/loop",)),
    Row("tls.untrusted", ("ok",), "untrusted"),
    Row("tls.wrong_host", ("ok",), "wrong_host"),
    Row("tls.expired", ("ok",), "expired"),
    Row("tls.not_yet_valid", ("ok",), "not_yet_valid"),
    Row("tls.old_version", ("ok",), "old_version"),
    Row("tls.client_certificate", ("ok",), "client_certificate"),
    Row("tls.plain_http", ("ok",), "plain_http"),
    Row("tls.cut", ("cut/chunk",), "cut"),
)
ELSEWHERE: Final = (
    ("redirect.other_port", "127.0.0.1"),
    ("redirect.other_host", "localhost"),
    ("redirect.userinfo", "ann:pw@127.0.0.1"),
)


class Strangers(socketserver.ThreadingTCPServer):
    """Another origin; keeps the heads of what arrives."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stranger)
        self.heads: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Stranger(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        lines = []
        while (line := self.rfile.readline(8192)) not in (b"", b"\r\n"):
            lines.append(line.decode("latin-1"))
        assert isinstance(self.server, Strangers)
        self.server.heads.append("".join(lines))
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(_PAYLOAD)
        self.wfile.write(head + _PAYLOAD)


@contextmanager
def strangers() -> Iterator[Strangers]:
    """The other origin, for as long as the block lasts."""
    with Strangers() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def judged(row: Row, sent: Sent, plain_mb: float) -> str:
    """The word for one play."""
    if "Traceback" in sent.output or "Unhandled" in sent.output:
        return "crash"
    if sent.code is None:
        return "hangs"
    if row.memory and sent.peak_mb - plain_mb > _MOST_MB:
        return f"{sent.peak_mb - plain_mb:,.0f} MB"
    return "ok" if sent.code or row.content else "silent"


def played(tool: Tool, row: Row, world: Faults, plain_mb: float) -> str:
    """The worst word of all plays of a row."""
    if row.tls not in ("", "untrusted") and tool.words is None:
        return NOT_TRIED
    words = []
    for path in row.plays:
        url = world.secure_url(row.tls, path) if row.tls else world.url(path)
        words.append(judged(row, tool.send(url, {}, world.ca if row.tls else ""), plain_mb))
    return next((word for word in words if word != "ok"), "ok")


def led_astray(tool: Tool, world: Faults, host: str) -> str:
    """Whether a redirect takes credentials elsewhere, our own or some that the Location made up."""
    if tool.words is None:
        return NOT_TRIED
    with strangers() as other:
        # Those that the Location makes up are tried without any of our own.
        given = {} if "@" in host else CREDENTIALS
        tool.send(world.url(f"redirect/to?location=http://{host}:{other.port}/"), given, "")
        told = "".join(other.heads)
    return "leaks" if SECRET in told or "Authorization: Basic" in told else "ok"


def bad_location(tool: Tool, world: Faults) -> str:
    """Locations that are no address."""
    sent = [
        tool.send(world.url(f"redirect/to?location={where}"), {}, "") for where in ("http://[", "file:///etc/hostname")
    ]
    words = [judged(Row("", ()), one, 0.0) for one in sent]
    return next((word for word in words if word != "ok"), "ok")


def payload(tool: Tool) -> str:
    """A reply with escape codes: a title, the clipboard, colours."""
    with strangers() as other:
        met = tool.watched(f"http://127.0.0.1:{other.port}/", (b"\x1b]0;owned", b"\x1b]52;c;b3duZWQ"))
    return "acts" if met else "ok"


def table_of(tools: list[Tool]) -> list[tuple[str, list[str]]]:
    """(fault, a word for each tool), printed as it comes."""
    found = []
    with faults() as world:
        plain = [tool.send(world.url("ok"), {}, "").peak_mb for tool in tools]
        for row in ROWS:
            found.append((row.id, [played(tool, row, world, mb) for tool, mb in zip(tools, plain, strict=True)]))
            print(f"{row.id:<24}" + "".join(f"{word:<12}" for word in found[-1][1]), flush=True)
        for id, host in ELSEWHERE:
            found.append((id, [led_astray(tool, world, host) for tool in tools]))
            print(f"{id:<24}" + "".join(f"{word:<12}" for word in found[-1][1]), flush=True)
        found.append(("redirect.bad_location", [bad_location(tool, world) for tool in tools]))
        print(f"{found[-1][0]:<24}" + "".join(f"{word:<12}" for word in found[-1][1]), flush=True)
        found.append(("terminal.payloads", [payload(tool) for tool in tools]))
        print(f"{found[-1][0]:<24}" + "".join(f"{word:<12}" for word in found[-1][1]), flush=True)
    return found


def main() -> None:
    """All rows, all tools that are there, and how many rows each of them handles."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--http", metavar="PATH", default=shutil.which("http"), help="HTTPie's program")
    options.add_argument("--newman", metavar="PATH", default=shutil.which("newman"), help="newman's program")
    options.add_argument("--posting", metavar="PATH", default=shutil.which("posting"), help="Posting's program")
    options.add_argument("--markdown", metavar="FILE", type=Path, help="write the table there, too")
    chosen = options.parse_args()
    tools = [OURS]
    for make, program in ((curl, shutil.which("curl")), (httpie, chosen.http), (newman, chosen.newman)):
        tools += [make(program)] if program else []
    with tempfile.TemporaryDirectory() as scratch:
        tools += [posting_tool(chosen.posting, Path(scratch))] if chosen.posting else []
        compare(tools, chosen.markdown)


def compare(tools: list[Tool], markdown: Path | None) -> None:
    """The table, and how many rows each tool handles."""
    print(f"{'':<24}" + "".join(f"{tool.name:<12}" for tool in tools))
    found = table_of(tools)
    counts = [_count([words[place] for _, words in found]) for place in range(len(tools))]
    print("\n" + ", ".join(f"{tool.name} {ok} of {tried}" for tool, (ok, tried) in zip(tools, counts, strict=True)))
    best = max((ok / tried for ok, tried in counts[1:]), default=1.0)
    print(f"ours to the best peer's: {counts[0][0] / counts[0][1] / best:.2f}")
    if markdown:
        lines = ["| fault | " + " | ".join(tool.name for tool in tools) + " |", "|---" * (len(tools) + 1) + "|"]
        lines += [f"| {id} | " + " | ".join(words) + " |" for id, words in found]
        lines.append("| **ok** | " + " | ".join(f"**{ok} of {tried}**" for ok, tried in counts) + " |")
        markdown.write_text("\n".join(lines) + "\n")


def _count(words: list[str]) -> tuple[int, int]:
    return words.count("ok"), len(words) - words.count(NOT_TRIED)


if __name__ == "__main__":
    main()
