"""The cookies of single sends: a jar for each collection and environment, kept on disk where the user wants that."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from tui_client.errors import SaveFailed
from tui_client.http.cookies import Cookie, CookieJar
from tui_client.replay.kept_cookies import CookieFile, KeptCookie, Key, Unreadable, kept_as, place_names

Place: TypeAlias = tuple[Path, str]  # a collection's directory and an environment

_UNKEPT: Final = "Cookies can't be kept: {why}. {path}"


class Jars:
    """Made when they are first needed; of one event loop.

    Rows of a replay have jars of their own, which are never on disk: what a run does must not hang on what was sent
    before it.
    """

    def __init__(self, file: CookieFile | None = None) -> None:
        """file: where those with a date of expiry are kept; None keeps none, and touches no disk."""
        self._file = file
        self._jars: dict[Place, CookieJar] = {}
        # As the file had them when it was last read or written from here: what differs was done by this app.
        self._on_disk: dict[Place, dict[Key, KeptCookie]] = {}
        self._turn = asyncio.Lock()
        self._problem = ""
        self._told: set[str] = set()

    @property
    def keeps(self) -> bool:
        """Whether cookies with a date of expiry outlive the app."""
        return self._file is not None

    def take_problem(self) -> str:
        """Why cookies can't be read or kept, as a sentence, once for each reason; "" if there is nothing new."""
        problem, self._problem = self._problem, ""
        return problem

    async def at(self, place: Place) -> CookieJar:
        """The jar of a collection and an environment; at first with what was kept of it."""
        if (jar := self._jars.get(place)) is not None:
            return jar
        async with self._turn:
            if place not in self._jars:
                kept = () if self._file is None else await asyncio.to_thread(self._read, self._file, place)
                self._on_disk[place] = {one.key: one for one in kept}
                self._jars[place] = CookieJar(one.cookie for one in kept)
        return self._jars[place]

    async def save(self, place: Place) -> None:
        """Bring what changed in a jar to disk; nothing is done where nothing changed. Never raises: `take_problem`."""
        if self._file is None or place not in self._jars:
            return
        async with self._turn:
            # Here, not in the thread: a jar is not for several.
            now = {one.key: one for cookie in self._jars[place].all() if (one := _kept(place, cookie))}
            before = self._on_disk[place]
            put = [one for key, one in now.items() if before.get(key) != one]
            gone = [key for key in before if key not in now]
            if not put and not gone:
                return
            if await asyncio.to_thread(self._change, self._file, put, gone):
                self._on_disk[place] = now

    async def save_all(self) -> None:
        """The same for all jars, at the end."""
        for place in tuple(self._jars):
            await self.save(place)

    def _read(self, file: CookieFile, place: Place) -> tuple[KeptCookie, ...]:
        names = place_names(*place)
        try:
            return tuple(one for one in file.read() if (one.collection, one.environment) == names)
        except (Unreadable, SaveFailed) as error:
            self._tell(error)
            return ()

    def _change(self, file: CookieFile, put: list[KeptCookie], gone: list[Key]) -> bool:
        """Whether it was done."""
        try:
            file.change(put, gone)
        except (Unreadable, SaveFailed) as error:
            self._tell(error)
            return isinstance(error, Unreadable) and error.aside
        return True

    def _tell(self, error: Unreadable | SaveFailed) -> None:
        why = _UNKEPT.format(why=error.reason, path=error.path) if isinstance(error, SaveFailed) else str(error)
        if why not in self._told:
            self._told.add(why)
            self._problem = why


def _kept(place: Place, cookie: Cookie) -> KeptCookie | None:
    return kept_as(*place, msgspec.structs.replace(cookie, created=0))
