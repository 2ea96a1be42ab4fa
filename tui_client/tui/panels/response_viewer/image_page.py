"""A body that is a picture."""

from __future__ import annotations

from typing import Final

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from tui_client.model.exchange import BodyContent
from tui_client.text import format_count, safe_line
from tui_client.tui.panels.response_viewer.pages import Page
from tui_client.tui.panels.response_viewer.reading import Reading
from tui_client.tui.widgets.image_view import ImageView
from tui_client.tui.widgets.pictures import NoPicture, Picture

_NOTES: Final = {"animated": "animated, its first frame", "cut": "cut off, shown as far as it came"}


class ImagePage(Page):
    """The picture as large as there is room; its kind and size stand in the line below."""

    DEFAULT_CSS = """
    ImagePage { padding: 0 1; }
    ImagePage > Static { height: auto; color: $text-warning; }
    """

    image = getters.query_one(ImageView)
    problem = getters.query_one(Static)

    def __init__(self) -> None:
        super().__init__()
        self._remark = ""

    def compose(self) -> ComposeResult:
        problem = Static(markup=False)
        problem.display = False
        yield problem
        yield ImageView()

    def show(self, content: BodyContent, reading: Reading, *, growing: bool) -> None:
        """Show another picture, once all of it is here."""
        self._say("" if not growing else "The picture is shown when all of it is here.")
        self.image.show(None if growing else content)

    def forget(self) -> None:
        """Let go of the picture."""
        if self.is_mounted:
            self.image.show(None)

    @property
    def remark(self) -> str:
        return self._remark

    def focus_inside(self) -> None:
        self.image.focus()

    @on(ImageView.Shown)
    def _shown(self, event: ImageView.Shown) -> None:
        event.stop()
        match event.result:
            case NoPicture(reason=reason):
                self._say(f"The picture can't be shown: {reason}. p shows its bytes, s saves them to a file.")
                self._remark = ""
            case Picture() as picture:
                self._say("")
                self._remark = _remark(picture)
        self.post_message(self.Changed(self))

    def _say(self, sentence: str) -> None:
        self.problem.update(safe_line(sentence))
        self.problem.display = bool(sentence)


def _remark(picture: Picture) -> str:
    (width, height), shown = picture.size, picture.shown[0]
    parts = [picture.format, f"{format_count(width)} × {format_count(height)} pixels"]
    if shown < width:
        parts.append(f"shown at {max(1, round(100 * shown / width))} %")
    return " · ".join([*parts, *filter(None, [_NOTES.get(picture.note)])])
