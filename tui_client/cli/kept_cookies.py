"""Reading and clearing the cookies that were kept, and how people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from tui_client import config
from tui_client.errors import BrokenFile, RequestFailed, UsageError
from tui_client.http.url import parse_url
from tui_client.replay.kept_cookies import CookieFile, KeptCookie, Unreadable, place_names
from tui_client.replay.opening import open_cookies
from tui_client.text import MASK, format_ahead


class Wanted(msgspec.Struct, frozen=True):
    """Which cookies are meant; None: whichever. collection: its real path, or that of a folder with several."""

    origin: str | None = None
    collection: str | None = None
    environment: str | None = None

    def fits(self, one: KeptCookie) -> bool:
        """Whether a cookie is meant."""
        return (
            self.origin in (None, one.origin)
            and self.environment in (None, one.environment)
            and (self.collection is None or Path(one.collection).is_relative_to(self.collection))
        )


def wanted_of(origin: str | None, collection: Path | None, environment: str | None) -> Wanted:
    """Which cookies the command line means. Raises UsageError for an origin that is none."""
    try:
        exact = None if origin is None else parse_url(origin).origin
    except RequestFailed:
        raise UsageError(f"{origin!r} is no origin. Write scheme, host and port: http://127.0.0.1:8000.") from None
    names = place_names(collection or Path(), environment or "")
    return Wanted(exact, names[0] if collection is not None else None, names[1] if environment is not None else None)


@contextmanager
def _opened() -> Iterator[CookieFile]:
    file = open_cookies()
    try:
        yield file
    except Unreadable as error:
        raise BrokenFile(file.path, str(error)) from None


def found(wanted: Wanted) -> tuple[KeptCookie, ...]:
    """The cookies that are meant, by collection, environment and origin. Raises BrokenFile, SaveFailed."""
    with _opened() as file:
        return tuple(sorted(filter(wanted.fits, file.read()), key=_place))


def removed(wanted: Wanted) -> int:
    """Remove them; how many. Raises BrokenFile, SaveFailed."""
    with _opened() as file:
        return file.remove(wanted.fits)


def is_on() -> bool:
    """Whether cookies are kept now. Raises BrokenFile for settings that can't be read."""
    return config.load().cookies.keep


def note(cookies: Sequence[KeptCookie]) -> str:
    """What whoever looks for cookies should know, in a sentence; "" for nothing."""
    if is_on():
        return "" if cookies else "No cookies are kept."
    what = "These were kept before, and are not sent" if cookies else "None are kept"
    return f"{what}: cookies.keep is off in {config.config_file()}."


def lines(cookies: Sequence[KeptCookie], *, show_values: bool) -> Iterator[str]:
    """A line for each collection, environment and origin, and one for each cookie below it."""
    now = datetime.now(UTC)
    rows = {one.key: (one.name, one.value if show_values else MASK, one.path, _end(one, now)) for one in cookies}
    widths = [max(map(len, column)) for column in zip(*rows.values(), strict=True)]
    for (collection, environment, origin), group in groupby(cookies, key=_place):
        yield f"{origin}  {collection}  {f'env {environment}' if environment else 'no environment'}"
        for one in group:
            cells = [cell.ljust(width) for cell, width in zip(rows[one.key], widths, strict=True)]
            yield f"  {'  '.join(cells)}  {_flags(one)}".rstrip()


def entry_json(one: KeptCookie, *, show_values: bool) -> dict[str, Any]:
    """A cookie by the names of its fields; its value masked unless it is asked for, `expires` in ISO 8601."""
    fields: dict[str, Any] = msgspec.to_builtins(one)
    return fields if show_values else {**fields, "value": MASK}


def _place(one: KeptCookie) -> tuple[str, str, str]:
    return one.collection, one.environment, one.origin


def _end(one: KeptCookie, now: datetime) -> str:
    return f"expires {format_ahead((one.expires - now).total_seconds())}"


def _flags(one: KeptCookie) -> str:
    return " ".join(word for word, is_set in (("Secure", one.secure), ("HttpOnly", one.http_only)) if is_set)
