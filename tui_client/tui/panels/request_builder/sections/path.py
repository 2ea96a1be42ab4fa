"""Path parameters: a row for each {id} or :id in the URL."""

from __future__ import annotations

import re
from typing import Final

from textual.app import ComposeResult
from textual.widgets import Static

from tui_client.model.request import NameValue, Request
from tui_client.tui.panels.request_builder._section import SectionView
from tui_client.tui.panels.request_builder.operation_rows import documented, parameters_at
from tui_client.tui.widgets.rows_editor import EditorRow, RowsEditor

_ORIGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^/?#]*")
_SEGMENT: Final = re.compile(r"\{([^{}/]+)\}|:([^/]+)")
# Any segment after a colon can be filled; one that begins otherwise is more likely meant as it stands.
_OFFERED: Final = re.compile(r"\{.*|:[A-Za-z_].*", re.DOTALL)


def path_names(url: str, *, offered: bool = True) -> tuple[str, ...]:
    """The names of the whole segments {id} or :id, each once, in order; all that could be filled, or those to offer."""
    origin = _ORIGIN.match(url)
    path = re.split(r"[?#]", url[origin.end() if origin else 0 :], maxsplit=1)[0]
    names: dict[str, None] = {}
    for segment in path.split("/"):
        match = _SEGMENT.fullmatch(segment)
        if match and (not offered or _OFFERED.fullmatch(segment)):
            names[match[1] or match[2]] = None
    return tuple(names)


def path_rows(draft: Request) -> tuple[EditorRow, ...]:
    """A row for each name in the URL, with its value if it has one; then the rows that the URL has no place for."""
    have = {row.name: row for row in draft.path}
    names = path_names(draft.url)
    fillable = {*names, *path_names(draft.url, offered=False)}
    rest = (row for row in draft.path if row.name not in names)
    return (
        *(EditorRow(have.get(name, NameValue(name))) for name in names),
        *(EditorRow(row, "", "" if row.name in fillable else "not in the URL") for row in rest),
    )


class PathSection(SectionView):
    """The names come from the URL; only values are typed."""

    def build(self) -> None:
        """Rows whose names can't be typed."""
        self._rows = RowsEditor(self._changed, values=self.suggester, locked=True)
        self._hint = Static("", classes="hint", markup=False)

    def compose(self) -> ComposeResult:
        """The rows, or how to get one."""
        yield self._rows
        yield self._hint

    def draw(self, *, switched: bool) -> None:
        """In step with the URL."""
        known = parameters_at(self.around.operation, "path")
        rows = tuple(documented(row, known) for row in path_rows(self.draft))
        self._rows.show(rows)
        self._hint.update(
            "Each value fills one segment of the URL, encoded."
            if rows
            else "Write {id} or :id as a whole segment of the URL, /users/{id}, and its value gets a row here."
        )

    def _changed(self, rows: tuple[EditorRow, ...]) -> None:
        self.edit(path=tuple(row.row for row in rows if row.row.value or row.row.description))
