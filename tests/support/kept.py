"""All that the program keeps on disk, written and read as the program does it, one numbered mark after another.

`kept.py FOLDER FIRST COUNT` is an instance of its own: it says "ready", waits for a line, puts its marks everywhere.
`kept.py FOLDER full` puts one mark, then another with no room on the disk, then a third, and says what came of it.
"""

from __future__ import annotations

import asyncio
import re
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from past import exchange

from tui_client.errors import Conflict, SaveFailed
from tui_client.history.store import History
from tui_client.model.collection import Environment
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant
from tui_client.replay.kept_cookies import CookieFile, KeptCookie
from tui_client.storage.library import Library
from tui_client.trust.grants import Grant, GrantKind
from tui_client.trust.secret_files import SecretFiles
from tui_client.trust.store import GrantStore
from tui_client.trust.vault import NoKeyring, Vault
from tui_client.tui.session.file import open_session
from tui_client.tui.session.state import SavedTab, SessionState

_MARK: Final = re.compile(r"mark(\d+)(?!\d)")
_ROOM: Final = 32  # bytes: enough for the number of a process in a lock, for nothing else


class Kept:
    """What is in one folder. Each `put` keeps a mark, with `padding`; `marks` finds those that are there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "shop"
        self.library = Library(self.root)
        self.grants = GrantStore(folder / "grants.json")
        self.vault = Vault(folder / "secrets.json", NoKeyring())
        self.files = SecretFiles()
        self.cookies = CookieFile(folder / "cookies.json")
        self.history = History(folder / "history")
        self.folder = folder

    @staticmethod
    def begin(folder: Path) -> Kept:
        """A collection with a request and an environment."""
        (folder / "shop/environments").mkdir(parents=True)
        (folder / "shop/collection.toml").write_text("format = 1\n")
        (folder / "shop/list.toml").write_text('# mine\nurl = "/"\n')
        (folder / "shop/environments/local.toml").write_text("# ours\n[variables]\n")
        return Kept(folder)

    @property
    def ways(self) -> dict[str, Callable[[int, str], None]]:
        """How each thing is kept."""
        return {
            "request": self._request,
            "new request": self._new_request,
            "environment": self._environment,
            "grants": lambda mark, padding: self.grants.add(self.root, Grant(GrantKind.ENV, f"mark{mark}{padding}")),
            "secrets": lambda mark, padding: self.vault.set(f"mark{mark}", f"value{padding}"),
            "secret file": lambda mark, padding: self.files.write(self.root, "local", f"mark{mark}", f"v{padding}"),
            "cookies": self._cookie,
            "history": self._history,
        }

    def _request(self, mark: int, padding: str) -> None:
        loaded = self.library.load("list")
        param = NameValue(f"mark{mark}", padding)
        self.library.save(loaded, msgspec.structs.replace(loaded.request, params=(*loaded.request.params, param)))

    def _new_request(self, mark: int, padding: str) -> None:
        # All want the same name.
        self.library.create("shop", "new", "one", Request(url=f"/mark{mark}{padding}"))

    def _environment(self, mark: int, padding: str) -> None:
        was = self.library.environment("shop", "local")
        variables = {**was.variables, f"mark{mark}": Constant(padding)}
        self.library.save_environment("shop", Environment(name="local", variables=variables), was)

    def _cookie(self, mark: int, padding: str) -> None:
        expires = datetime(2200, 1, 1, tzinfo=UTC)
        self.cookies.change([KeptCookie("shop", "", "http://a:1", f"mark{mark}", f"v{padding}", "/", expires)])

    def _history(self, mark: int, padding: str) -> None:
        request = Request(url=f"/mark{mark}")
        sent = exchange(mark, "GET", f"/mark{mark}", body=padding.encode())
        self.history.record(sent, request, key="", root="", environment="")
        asyncio.run(self.history.settled())
        if self.history.problem:
            raise SaveFailed(self.folder, self.history.problem)

    def marks(self, way: str) -> set[int]:
        """The marks that are kept."""
        match way:
            case "request":
                texts = [param.name for param in self.library.load("list").request.params]
            case "new request":
                texts = [self.library.load(key).request.url for key in self.library.select(["new/"])]
            case "environment":
                texts = list(self.library.environment("shop", "local").variables)
            case "grants":
                texts = [grant.subject for grant in GrantStore(self.folder / "grants.json").list(self.root)]
            case "secrets":
                texts = [(self.folder / "secrets.json").read_text()]
            case "secret file":
                texts = list(SecretFiles().values(self.root, "local"))
            case "cookies":
                texts = [cookie.name for cookie in self.cookies.read()]
            case "history":
                texts = [entry.url for entry in self.history.recent(10_000)]
        return {int(number) for text in texts for number in _MARK.findall(text)}


def put_all(kept: Kept, first: int, count: int) -> int:
    """Put marks everywhere, again where another was first, as the user is told to; how often that was."""
    again = 0
    for mark in range(first, first + count):
        for way in kept.ways.values():
            while True:
                try:
                    way(mark, "")
                    break
                except Conflict:
                    again += 1
    return again


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow meanwhile."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def tried(folder: Path) -> dict[str, tuple[str, list[int]]]:
    """By what is kept: what is said where there is no room, and the marks that are there when there is some again."""
    kept = Kept.begin(folder)
    session = open_session(kept.root, folder).file
    assert session is not None

    def remember(mark: int, padding: str) -> None:
        session.write(SessionState((SavedTab(f"mark{mark}", draft=Request(url=padding)),)))

    ways = {**kept.ways, "session": remember}
    said = {}
    for name, way in ways.items():
        way(1, "")
        with full_disk():
            said[name] = _failed(way)
        found = kept.marks(name) if name != "session" else {int(m) for m in _MARK.findall(session.path.read_text())}
        way(3, "")
        after = kept.marks(name) if name != "session" else {int(m) for m in _MARK.findall(session.path.read_text())}
        said[name] = (said[name], [*sorted(found), *sorted(after - found)])
    kept.history.close()
    session.close()
    return said


def _failed(way: Callable[[int, str], None]) -> str:
    try:
        way(2, "x" * 100_000)
    except SaveFailed as error:
        return error.reason
    return ""


if __name__ == "__main__":
    if sys.argv[2] == "full":
        sys.stdout.write(msgspec.json.encode(tried(Path(sys.argv[1]))).decode())
    else:
        instance = Kept(Path(sys.argv[1]))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        again = put_all(instance, int(sys.argv[2]), int(sys.argv[3]))
        instance.history.close()
        sys.stdout.write(f"{again} {instance.history.dropped}\n")
