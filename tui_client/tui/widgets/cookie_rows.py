"""Cookies as rows below their origins; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from rich.cells import cell_len, set_cell_size

from tui_client.http.cookies import Cookie
from tui_client.text import format_ahead, format_count, safe_line
from tui_client.tui.widgets.outline import OutlineRow, RowState, cut

HIDDEN: Final = "••••••••"  # of one length: that of a value says something about it
_TITLES: Final = ("name", "value", "path", "expires", "flags")
_WIDEST: Final = (24, 32, 16, 16, 15)
_NARROWEST: Final = (10, 8, 6, 12, 15)
_GAP: Final = "  "
INDENT: Final = 4  # cells before a cookie's row


def cookie_id(cookie: Cookie) -> str:
    """The id of a cookie's row: there is one cookie of an origin, a name and a path."""
    return "\0".join((cookie.origin, cookie.name, cookie.path))


def expiry_text(cookie: Cookie, now: datetime) -> str:
    """When a cookie goes, in words: "in 3 days", "with the app"."""
    return "with the app" if cookie.expires is None else format_ahead((cookie.expires - now).total_seconds())


def flags_text(cookie: Cookie) -> str:
    """ "Secure HttpOnly", or what of it there is."""
    return " ".join(word for word, is_set in (("Secure", cookie.secure), ("HttpOnly", cookie.http_only)) if is_set)


class CookieRows:
    """A row for each origin, and one for each of its cookies where it is not folded; in columns as wide as they need.

    width: of the whole list; columns are narrower where it is too small for them. revealed: the id of the one cookie
    whose value is shown.
    """

    def __init__(
        self, cookies: Sequence[Cookie], now: datetime, width: int, revealed: str = "", folded: Iterable[str] = ()
    ) -> None:
        self._cells = {cookie_id(cookie): _cells(cookie, now, revealed) for cookie in cookies}
        columns = zip(_TITLES, *self._cells.values(), strict=True)
        wanted = [min(widest, max(map(cell_len, column))) for widest, column in zip(_WIDEST, columns, strict=True)]
        self._widths = _fitting(wanted, width - INDENT - len(_GAP) * (len(wanted) - 1))
        self._rows: list[OutlineRow] = []
        self._cookies: list[Cookie | None] = []
        for origin, group in groupby(cookies, key=lambda cookie: cookie.origin):
            self._add(origin, list(group), folded=origin in set(folded))

    def _add(self, origin: str, cookies: list[Cookie], *, folded: bool) -> None:
        label = f"{origin} ({format_count(len(cookies))})"
        self._rows.append(OutlineRow(origin, label, 0, RowState.CLOSED if folded else RowState.OPEN))
        self._cookies.append(None)
        for cookie in () if folded else cookies:
            id_ = cookie_id(cookie)
            self._rows.append(OutlineRow(id_, self._line(self._cells[id_]), 1))
            self._cookies.append(cookie)

    def _line(self, cells: Sequence[str]) -> str:
        widths = zip(cells, self._widths, strict=True)
        return _GAP.join(set_cell_size(cut(cell, width), width) for cell, width in widths).rstrip()

    @property
    def heading(self) -> str:
        """The titles over the columns; "" over no rows."""
        return self._line(_TITLES) if self._rows else ""

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> OutlineRow:
        return self._rows[index]

    def place(self, id_: str) -> int | None:
        """Where the row of this id stands; None if it is gone."""
        return next((index for index, row in enumerate(self._rows) if row.id == id_), None)

    def at(self, index: int) -> Cookie | None:
        """The cookie of a row; None for an origin, and beyond the rows."""
        return self._cookies[index] if 0 <= index < len(self._cookies) else None

    def origin_at(self, index: int) -> str:
        """The origin that a row belongs to; "" beyond the rows."""
        if cookie := self.at(index):
            return cookie.origin
        return self._rows[index].id if 0 <= index < len(self._rows) else ""


def _fitting(wanted: list[int], room: int) -> list[int]:
    """Widths that fit, the widest columns giving way first; none gets so narrow that it says nothing."""
    widths = list(wanted)
    while sum(widths) > room:
        spare = [width - narrowest for width, narrowest in zip(widths, _NARROWEST, strict=True)]
        if max(spare) <= 0:
            break
        widths[spare.index(max(spare))] -= 1
    return widths


def _cells(cookie: Cookie, now: datetime, revealed: str) -> tuple[str, ...]:
    value = cookie.value if cookie_id(cookie) == revealed else HIDDEN
    # Longer ones are cut, and need not be measured to their end.
    texts = (cookie.name, value, cookie.path, expiry_text(cookie, now), flags_text(cookie))
    return tuple(safe_line(text[: widest + 1]) for text, widest in zip(texts, _WIDEST, strict=True))
