"""Nothing new shows text of outside as it is: what the code puts on a screen is provably safe, or stands here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from sinks import Found, fields, prints, read_as_markup, unproven
from tame_code import Code

import tui_client

# Structs that carry safe text to where it is drawn: what is put into these fields is looked at in their place.
CARRIERS: Final[dict[str, frozenset[str]]] = {
    "BodyState": frozenset({"path", "media_type", "remark"}),
    "Entry": frozenset({"text"}),
    "Key": frozenset({"key", "title"}),
    "NotFiltered": frozenset({"reason"}),
    "Offer": frozenset({"key", "title", "what"}),
    "Part": frozenset({"text"}),
    "Picked": frozenset({"label"}),
    "Refused": frozenset({"reason"}),
    "RowText": frozenset({"text"}),
}
# What the code alone can't prove, and why it is safe all the same. Keep it short: `safe_line` costs nothing.
KNOWN: Final = {
    "actions.bindings_for": "tooltips are sentences of the table of actions",
    "modals._merge_view._Rows._heading": "titles of columns, all of them constants",
    "modals._merge_view._Rows._painted": "a sign of our own; the line behind it is safe",
    "modals.cookie_form.CookieForm._accept": "BadCookie has sentences of ours, without what was typed",
    "modals.cookies.CookiesDialog._show": "titles of columns, all of them constants",
    "modals.cookies._about": "when it expires: a date",
    "modals.help.Help._line": "titles and sentences of the table of actions",
    "modals.history.HistoryDialog._looked": "a Content that _history_preview made",
    "panels.collections.CollectionsPanel._say_progress": "a count of files",
    "panels.replay_dashboard.boxes.LatencyBox._drawn_line": "a line of blocks",
    "panels.replay_dashboard.boxes.LatencyBox.lines": "numbers with their names",
    "panels.replay_dashboard.picks._of": "names of outcomes, all of them constants",
    "panels.replay_dashboard.picks.kind_entries": "a status, which is a number",
    "panels.request_builder.sections.options.OptionsSection._line": "titles of our own table",
    "panels.response_viewer.body_status.BodyStatus.render": "keys as key_text gives them, and constants",
    "panels.response_viewer.body_tab.BodyTab._update_remark": "a Page's remark and a Reading's type are safe to print",
    "panels.response_viewer.body_tab.BodyTab._update_status": "a Reading's type is safe to print",
    "panels.response_viewer.section.Section.show": "a Content that the tab's own function made",
    "panels.response_viewer.tables.cookies_content": "a status, which is a number",
    "panels.response_viewer.timing._waterfall": "names of phases, all of them constants",
    "panels.response_viewer.tls._row": "labels, all of them constants",
    "screens._compare_text._excerpt": "hex digits",
    "screens._compare_text.figures_content": "hex digits",
    "screens._compare_text.headers_content": "titles of groups, all of them constants",
    "widgets.diff_view.DiffView._painted": "a number and a sign",
    "widgets.events.events_view.EventsView._strip": "cells of an EventRow, which event_row makes safe",
    "widgets.fields_form.FieldsForm.compose": "titles that our kinds declare",
    "widgets.filters.live.LiveFilter._evaluate": "made safe where it is put",
    "widgets.key_bar.KeyBar.render": "keys as key_text gives them, titles of the table of actions",
    "widgets.key_bar.keys_of": "keys as key_text gives them, titles of the table of actions",
    "widgets.row_paint.in_one_strip": "parts of a RowText",
    "widgets.row_paint.paint": "parts of a RowText",
    "widgets.tab_strip.TabStrip.render": "a separator of our own",
}
MOST_KNOWN: Final = 40
# What may write to a stream beside cli/output.py.
PRINTERS: Final = {"main._show": "click writes into a text that output.say makes safe"}
HOW: Final = (
    "Text of a server or a file passes tui_client.text.safe() or safe_line() before a widget, as Content or with"
    " markup=False, and reaches a terminal through cli/output.py. Where the code can't show that it is safe, tell why"
    " in tests/faults/sinks/test_guard.py."
)


@pytest.fixture(scope="module")
def code() -> Code:
    """All of the package."""
    return Code(Path(tui_client.__file__).parent)


def _told(found: Iterable[Found]) -> str:
    return "\n".join([HOW, *map(str, found)])


def test_what_screens_show_is_safe(code: Code) -> None:
    """Each expression that a widget, a title, a notification or the clipboard gets can hold no raw text of outside."""
    found = [one for one in unproven(code, "tui_client.tui", CARRIERS) if one.place not in KNOWN]
    assert not found, _told(found)


def test_the_exceptions_are_few_and_needed(code: Code) -> None:
    """One that nothing stands behind any more would let the next one through."""
    places = {one.place for one in unproven(code, "tui_client.tui", CARRIERS)}
    assert sorted(KNOWN.keys() - places) == []
    assert len(KNOWN) <= MOST_KNOWN


def test_no_text_is_read_as_markup(code: Code) -> None:
    """A `[` in a name would style, link or break what is drawn."""
    found = list(read_as_markup(code, "tui_client.tui"))
    assert not found, _told(found)


def test_every_field_shows_signs(code: Code) -> None:
    """Textual's own fields draw what is pasted into them as it is: LineInput, TemplateInput, TemplateArea do not."""
    found = list(fields(code, "tui_client.tui"))
    assert not found, _told(found)


def test_commands_print_in_one_place(code: Code) -> None:
    """Past cli/output.py nothing is printed but constants and what was made safe."""
    found = [one for one in prints(code, "tui_client.cli", CARRIERS) if one.place not in PRINTERS]
    assert not found, _told(found)


@pytest.mark.parametrize(
    ("line", "proven"),
    [
        ('Static("Nothing yet.")', True),
        ("Static(safe_line(name), markup=False)", True),
        ("Static(name, markup=False)", False),
        ('Static(f"{count} of {name}")', False),
        ('Static(f"{count} of {safe(name)}")', True),
        ('Static(f"{count:,} of {len(name)}")', True),
        ("self.border_title = name", False),
        ("self.border_title = Content(safe_line(name))", True),
        ("self.update(Content(name))", False),
        ("self.notify(name.strip())", False),
        ("self.notify(describe_error(name))", True),
        ('Content.assemble(("a", "bold"), (name, "dim"))', False),
        ('Content("\\n").join([Content(one) for one in names])', False),
        ('Content("\\n").join([Content(safe_line(one)) for one in names])', True),
        ("Static(shown(name))", True),
        ("Static(quoted(name))", False),
        ("label = safe_line(name); Static(label)", True),
        ("label = name or 'none'; Static(label)", False),
        ("self.title_of(name)", True),
        ("self.app.copy_to_clipboard(name)", False),
    ],
)
def test_the_guard_knows_what_is_safe(tmp_path: Path, line: str, proven: bool) -> None:
    """Else it would let everything through, or nothing."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "screen.py").write_text(
        "class Screen:\n    def draw(self, name: str, names: list[str], count: int) -> None:\n"
        f"        {line}\n\ndef shown(text):\n    return safe_line(text)\n\ndef quoted(text):\n    return repr(text)\n"
    )
    assert (not list(unproven(Code(tmp_path / "app"), "app", {}))) is proven


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("Static(safe_line(name))", False),
        ("Static(safe_line(name), markup=False)", True),
        ("Static(Content(name))", True),
        ('Static("[b]ours[/b]")', False),
        ("self.border_title = safe_line(name)", False),
        ("self.border_title = Content(name)", True),
        ('self.border_title = "Reply"', True),
    ],
)
def test_the_guard_knows_markup(tmp_path: Path, line: str, plain: bool) -> None:
    """Safe text has brackets still."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "screen.py").write_text(f"def draw(self, name: str) -> None:\n    {line}\n")
    assert (not list(read_as_markup(Code(tmp_path / "app"), "app"))) is plain
