"""The cookies that outlive the app, where the user wants that: one private file for all collections of the user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from tui_client import disk
from tui_client.errors import SaveFailed, UsageError
from tui_client.http.cookies import Cookie, is_sendable
from tui_client.replay.journal.locks import RunLock
from tui_client.trust.private_files import read_private, write_private

FILE: Final = "cookies.json"
MOST: Final = 3000  # cookies in all; of more, those that expire first go
_LARGEST: Final = 64 << 20  # bytes; far more than that many cookies need
TRIES: Final = 20  # of a tenth of a second each; whoever writes needs milliseconds
_DAMAGED: Final = "it is damaged, or of a newer version"
_ASIDE: Final = "The cookies that were kept can't be read: {why}. They are kept as {name}."
_UNREAD: Final = "The cookies that were kept can't be read: {why}. {path} stays as it is, and none are kept."

Key: TypeAlias = tuple[str, str, str, str, str]  # collection, environment, origin, name, path


class KeptCookie(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cookie on disk. collection and environment: as `place_names` has them."""

    collection: str
    environment: str
    origin: str
    name: str
    value: str
    path: str
    expires: Annotated[datetime, msgspec.Meta(tz=True)]
    secure: bool = False
    http_only: bool = False

    @property
    def key(self) -> Key:
        """What there is one cookie of."""
        return self.collection, self.environment, self.origin, self.name, self.path

    @property
    def cookie(self) -> Cookie:
        """As a jar has it."""
        return Cookie(**{name: getattr(self, name) for name in _COOKIE_FIELDS})


_COOKIE_FIELDS: Final = ("origin", "name", "value", "path", "expires", "secure", "http_only")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    cookies: tuple[KeptCookie, ...]


class Unreadable(Exception):
    """What was kept can't be read; the message is a sentence for people. aside: the file was moved out of the way."""

    def __init__(self, sentence: str, *, aside: bool) -> None:
        super().__init__(sentence)
        self.aside = aside


def kept_as(collection: Path, environment: str, cookie: Cookie) -> KeptCookie | None:
    """How a cookie of a collection is kept; None for one that has no date of expiry."""
    if cookie.expires is None:
        return None
    fields = {name: getattr(cookie, name) for name in _COOKIE_FIELDS}
    return KeptCookie(*place_names(collection, environment), **fields)


def place_names(collection: Path, environment: str) -> tuple[str, str]:
    """What a collection and an environment are called on disk: the real path of its directory, and its name.

    The bytes of file names that are no UTF-8, which JSON can't say, stand there as "\\xff".
    """
    collection_name, environment_name = (
        text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        for text in (str(collection.resolve()), environment)
    )
    return collection_name, environment_name


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CookieFile:
    """Reads it, and changes it beside other instances: under a lock, from what stands there. Blocking."""

    def __init__(self, path: Path, now: Callable[[], datetime] = _utc_now, tries: int = TRIES) -> None:
        """tries: how often its lock is tried for, a tenth of a second each."""
        self.path = path
        self._now = now
        self._tries = tries

    def read(self) -> tuple[KeptCookie, ...]:
        """All that have not expired. Raises Unreadable, once for a damaged file: that is put aside; SaveFailed."""
        try:
            return self._valid(self._read())
        except ValueError:
            with self._locked():
                return self._valid(self._read_or_put_aside())

    def change(self, put: Iterable[KeptCookie] = (), gone: Iterable[Key] = ()) -> None:
        """Keep some cookies, in place of those of their keys, and forget others; all else stays as it is on disk.

        Raises SaveFailed, and Unreadable for a file that is damaged: put aside, and what is kept now begins a new one.
        """
        problem: Unreadable | None = None
        with self._locked():
            try:
                before = self._read_or_put_aside()
            except Unreadable as error:
                if not error.aside:
                    raise
                before, problem = (), error
            rest = {kept.key: kept for kept in before}
            for key in gone:
                rest.pop(key, None)
            rest.update((kept.key, kept) for kept in put)
            after = self._valid(rest.values())
            if after != before:
                write_private(self.path, msgspec.json.format(msgspec.json.encode(_File(1, after))))
        if problem is not None:
            raise problem

    def remove(self, matches: Callable[[KeptCookie], bool]) -> int:
        """Forget the cookies that match; gives how many. Raises as `change`."""
        gone = [kept.key for kept in self.read() if matches(kept)]
        if gone:
            self.change(gone=gone)
        return len(gone)

    def _valid(self, cookies: Iterable[KeptCookie]) -> tuple[KeptCookie, ...]:
        now = self._now()
        valid = tuple(kept for kept in cookies if kept.expires > now)
        if len(valid) <= MOST:
            return valid
        lasting = {kept.key for kept in sorted(valid, key=lambda kept: kept.expires)[-MOST:]}
        return tuple(kept for kept in valid if kept.key in lasting)

    def _read(self) -> tuple[KeptCookie, ...]:
        """Raises ValueError for what is no file of ours, Unreadable for what can't be read at all."""
        try:
            if self.path.exists() and self.path.stat().st_size > _LARGEST:
                raise ValueError("too large")
            data = read_private(self.path)
        except OSError as error:
            raise Unreadable(_UNREAD.format(why=error.strerror, path=self.path), aside=False) from None
        if data is None:
            return ()
        try:
            found = msgspec.json.decode(data, type=_File).cookies
        except RecursionError:
            raise ValueError("nested too deep") from None
        if not all(is_sendable(kept.cookie) for kept in found):
            raise ValueError("not a cookie")
        return found

    def _read_or_put_aside(self) -> tuple[KeptCookie, ...]:
        # Again, under the lock: another instance may have seen to it since.
        try:
            return self._read()
        except ValueError:
            try:
                aside = disk.set_aside(self.path)
            except OSError:
                raise Unreadable(_UNREAD.format(why=_DAMAGED, path=self.path), aside=False) from None
            # Not the decoder's words for it: they may quote a value.
            raise Unreadable(_ASIDE.format(why=_DAMAGED, name=aside), aside=True) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self._lock()
        try:
            yield
        finally:
            lock.release()

    def _lock(self) -> RunLock:
        try:
            disk.own_folder(self.path.parent)
        except OSError as error:
            raise SaveFailed(self.path, error.strerror or str(error)) from error
        for _ in range(self._tries):
            try:
                return RunLock(self.path.with_suffix(".lock"))
            except UsageError:
                continue
        raise SaveFailed(self.path, "another window is writing it")
