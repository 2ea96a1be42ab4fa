"""Path parameters: a row for each {id} or :id in the URL."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from tui_client.model.request import NameValue, Request
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor

_SEGMENT: Final = re.compile(r"(?<=/)(?:\{(?P<braces>[^{}/]+)\}|:(?P<colon>[A-Za-z_][\w-]*))(?=[/?#]|$)")


def path_names(url: str) -> tuple[str, ...]:
    """The names of the whole segments {id} or :id, each once, in order."""
    path = re.split(r"[?#]", re.sub(r"^[a-z][a-z0-9+.-]*://", "", url, flags=re.IGNORECASE), maxsplit=1)[0]
    return tuple(dict.fromkeys(m["braces"] or m["colon"] for m in _SEGMENT.finditer(path)))


def path_rows(draft: Request) -> tuple[NameValue, ...]:
    """A row for each name in the URL, with its value if it has one; rows of other names stay."""
    have = {row.name: row for row in draft.path}
    names = path_names(draft.url)
    return (*(have.get(name, NameValue(name)) for name in names), *(r for r in draft.path if r.name not in names))


class PathSection(SectionView):
    """The names come from the URL; only values are typed."""

    def compose(self) -> ComposeResult:
        """The rows, or how to get one."""
        yield RowsEditor(locked_names=True)
        yield Static(
            "Write {id} or :id as a whole segment of the URL, and its value here.", classes="hint", markup=False
        )

    def draw(self) -> None:
        """In step with the URL."""
        self.query_one(RowsEditor).show(tuple(EditorRow(row) for row in path_rows(self.draft)))

    @on(RowsEditor.Changed)
    def _changed(self, event: RowsEditor.Changed) -> None:
        event.stop()
        self.edit(msgspec.structs.replace(self.draft, path=tuple(row.row for row in event.rows if row.row.value)))
