"""Rows of anything, one widget a row, an empty one at the end that takes the next.

Widgets are costly: of very many rows only the first are shown, and the others kept as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final, Generic, TypeVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_client.text import format_count

MOST_SHOWN: Final = 100

T = TypeVar("T")


class EditedRow(Widget, Generic[T]):
    """The widget of one row. `show` sets its value and tells nothing; an edit sets `value` and calls `changed`."""

    def __init__(self, value: T) -> None:
        super().__init__()
        self.value = value
        self.changed: Callable[[], None] = lambda: None
        self.removed: Callable[[], None] = lambda: None

    def show(self, value: T) -> None:
        """Show another value."""
        self.value = value


class RowList(Vertical, Generic[T]):
    """Shows values in rows and tells the new ones at once. Rows that are not needed are hidden, not removed:

    mounting takes a while, and meanwhile other values may be shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "row(-1)", "Row above", show=False),
        Binding("down", "row(1)", "Row below", show=False),
    ]
    DEFAULT_CSS = """
    RowList { height: auto; }
    RowList > .rest { height: auto; color: $text-muted; }
    """

    def __init__(self, tell: Callable[[tuple[T, ...]], None], empty: T | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tell = tell
        self._empty = empty
        self._pool: list[EditedRow[T]] = []
        self._used = 0
        self._rest: tuple[T, ...] = ()
        self._note = Static("", classes="rest", markup=False)
        self._composed = False
        self.show(())

    def compose(self) -> ComposeResult:
        """The rows so far; later ones are mounted."""
        self._composed = True
        yield from self._pool
        yield self._note

    def make_row(self) -> EditedRow[T]:
        """A widget for one row, showing nothing yet."""
        raise TypeError("a subclass makes the rows")

    def is_blank(self, value: T) -> bool:
        """Whether a row counts as not there."""
        return value == self._empty

    @property
    def rows(self) -> tuple[EditedRow[T], ...]:
        """The row widgets in use, the empty one at the end among them; there is none where not all are shown."""
        return tuple(self._pool[: self._used])

    @property
    def values(self) -> tuple[T, ...]:
        """The values as they are now, empty ones left out."""
        return *(row.value for row in self.rows if not self.is_blank(row.value)), *self._rest

    def show(self, values: tuple[T, ...]) -> None:
        """Show these values; those that are shown already stay untouched, with their cursor."""
        if self._used and self.values == values:
            return
        self._rest = values[MOST_SHOWN:]
        wanted = [*values[:MOST_SHOWN]]
        if self._empty is not None and not self._rest:
            wanted.append(self._empty)
        self._say_rest()
        for row, value in zip(self._take(len(wanted)), wanted, strict=True):
            row.show(value)

    def _say_rest(self) -> None:
        count = format_count(len(self._rest))
        self._note.update(f"And {count} more, which are sent and saved as well. Edit them in the file.")
        self._note.display = bool(self._rest)

    def _take(self, number: int) -> tuple[EditedRow[T], ...]:
        """This many rows in use."""
        new = [self._make() for _ in range(number - len(self._pool))]
        self._pool += new
        self._used = number
        for index, row in enumerate(self._pool):
            row.display = index < number
        if new and self._composed and self.is_attached:
            self.mount(*new, before=self._note)
        return self.rows

    def _make(self) -> EditedRow[T]:
        row = self.make_row()
        row.changed = self._edited
        row.removed = lambda: self.remove_row(row)
        return row

    def _edited(self) -> None:
        if self._empty is not None and not self._rest and not self.is_blank(self._pool[self._used - 1].value):
            self._take(self._used + 1)[-1].show(self._empty)
        self._tell(self.values)

    def remove_row(self, row: EditedRow[T]) -> None:
        """Take a row away; those below move up."""
        kept = (other.value for other in self.rows if other is not row and not self.is_blank(other.value))
        self.show((*kept, *self._rest))
        self._tell(self.values)

    def replace_all(self, values: tuple[T, ...]) -> None:
        """Show these values and tell them, as if they were typed."""
        self.show(values)
        self._tell(self.values)

    def action_row(self, by: int) -> None:
        """Go to the same field of the row above or below."""
        found = self._focused()
        if found is None or not 0 <= found[0] + by < self._used:
            # Whoever is around the rows goes on from there.
            raise SkipAction()
        index, field = found
        self.screen.set_focus(self._fields(self._pool[index + by])[field])

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, as Tab does, but only over what is typed into."""
        event.stop()
        fields = [w for row in self.rows for w in row.query(Input) if w.focusable]
        at = fields.index(event.input)
        if at + 1 < len(fields):
            self.screen.set_focus(fields[at + 1])

    def _focused(self) -> tuple[int, int] | None:
        focused = self.screen.focused
        for index, row in enumerate(self.rows):
            fields = self._fields(row)
            if focused in fields:
                return index, fields.index(focused)
        return None

    @staticmethod
    def _fields(row: EditedRow[T]) -> list[Widget]:
        return [widget for widget in row.query(Widget) if widget.can_focus]
