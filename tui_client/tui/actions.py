"""Every action of the app in one table: bindings, command palette, footer and help screen are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from textual.binding import Binding

from tui_client.text import safe_line


class Action(msgspec.Struct, frozen=True):
    """One thing a user can do.

    id: the name of the `action_…` method, and what a keymap in the config refers to. keys: comma-separated, may be "".
    where: "app", "workbench", "collections", "history", "reply", "replay" or "compare". also: another place
    where its keys work, with a method too.
    footer: shown at the bottom of the screen. priority: its keys work in fields too.
    """

    id: str
    title: str
    keys: str
    where: str
    help: str = ""
    footer: bool = False
    priority: bool = False
    also: str = ""


ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        "send", "Send", "ctrl+r,f5", "workbench", "Send the request that is open; Enter in the URL does too", True, True
    ),
    Action("save", "Save", "ctrl+s", "workbench", "Write the request to its TOML file", True, True),
    Action("new_request", "New", "ctrl+n", "workbench", "Begin a request", True, True),
    Action("jump", "Jump", "ctrl+o", "workbench", "Open a request by a part of its name", True, True),
    Action("replay", "Replay", "ctrl+t", "workbench", "Replay a folder or the whole collection", True, True),
    Action(
        "history", "History", "ctrl+g", "workbench", "Look through what was sent: open, resend, compare", priority=True
    ),
    Action("history_panel", "History panel", "", "workbench", "Show what was sent last below the tree, or hide it"),
    Action("undo_edit", "Undo edit", "ctrl+z", "workbench", "Take back the last edit of the open request"),
    Action("save_as", "Save as", "", "workbench", "Write the request under another name"),
    Action("focus_url", "URL", "ctrl+l", "workbench", "Go to the URL", priority=True),
    Action("environment", "Environment", "f4", "workbench", "Choose the environment", priority=True),
    Action("next_panel", "Panel", "f6", "workbench", "Go to the next panel", True, True),
    Action("collections", "Collections", "f3", "workbench", "Show the collections, or hide them", priority=True),
    Action("zoom", "Zoom", "f11", "workbench", "Give the panel all the room, or take it back", True, True),
    Action("previous_tab", "Previous request", "f7", "workbench", "Go to the open request on the left", priority=True),
    Action("next_tab", "Next request", "f8", "workbench", "Go to the open request on the right", priority=True),
    Action(
        "close_tab", "Close request", "f9", "workbench", "Close the open request; an edit is asked for", priority=True
    ),
    Action("cancel", "Cancel", "escape", "workbench", "End the send that is under way; what arrived is kept"),
    Action("copy", "Copy", "ctrl+y", "workbench", "Copy what is selected, else what the reply shows", also="reply"),
    Action("copy_as", "Copy as…", "", "workbench", "Copy the request as curl, as code or for another tool"),
    Action("cookies", "Cookies", "", "workbench", "See, change and remove the cookies of this environment"),
    Action("trust", "Trust", "", "workbench", "See what this collection may reach, and take it back"),
    Action("import", "Import…", "", "workbench", "Bring requests of other tools: a file, a folder, a URL or a text"),
    Action("undo_import", "Undo import", "", "workbench", "Take back what was imported last, if nothing of it changed"),
    Action("reload", "Reload", "", "workbench", "Read the collections from disk again"),
    Action("grow", "Taller reply", "", "workbench", "Give the reply more rows"),
    Action("shrink", "Smaller reply", "", "workbench", "Give the request more rows"),
    Action(
        "rename",
        "Rename",
        "f2",
        "collections",
        "Rename what the cursor of the tree is on; elsewhere the open request",
        also="workbench",
    ),
    Action("duplicate", "Duplicate", "d", "collections", "Copy the request the cursor is on"),
    Action("move", "Move", "m", "collections", "Move the request to another folder"),
    Action("delete", "Delete", "delete", "collections", "Delete what the cursor is on; u brings it back"),
    Action("undo_delete", "Undo delete", "u", "collections", "Bring back what was deleted last"),
    Action("new_folder", "New folder", "", "workbench", "Make a folder where the cursor of the tree is"),
    Action("filter", "Filter", "slash", "collections", "Show only the requests whose name has these letters"),
    Action("search_history", "Find in history", "slash", "history", "Find a text in all that was sent and came back"),
    Action(
        "delete_entry", "Delete entry", "delete", "history", "Remove the exchange the cursor is on from the history"
    ),
    Action("search", "Search", "slash", "reply", "Find a text or a pattern in the body"),
    Action("filter_body", "Filter body", "f", "reply", "Show what a JSONPath, jq filter or XPath finds in the body"),
    Action("next_match", "Next match", "n", "reply", "Go to the next place where the text is"),
    Action("previous_match", "Previous match", "N", "reply", "Go to the place before, where the text is"),
    Action("go_to_line", "Go to line", "g,colon", "reply", "Go to a line of the body by its number"),
    Action("next_mode", "Body view", "p", "reply", "Show the body pretty, raw or in hex, by turns"),
    Action("wrap", "Wrap lines", "w", "reply", "Wrap the long lines of the body, or let them run on"),
    Action("pick_charset", "Charset", "e", "reply", "Choose the charset to read the body in"),
    Action("fold", "Fold", "space", "reply", "Fold the object or array the cursor is in, or unfold it"),
    Action("fold_all", "Fold all", "z", "reply", "Fold all on the level of the cursor, or unfold everything"),
    Action("copy_path", "Copy path", "c", "reply", "Copy the JSONPath of the cursor"),
    Action("add_check", "Assert value", "a", "reply", "Add an assert to the request: that this value comes again"),
    Action("add_capture", "Capture value", "v", "reply", "Add a capture of this value to the request"),
    Action("compare", "Compare", "d", "reply", "Compare this reply with another one"),
    Action("open_body", "Open in", "o", "reply", "Open the body in your pager, editor or browser"),
    Action("reveal", "Reveal secrets", "r", "reply", "Show the secrets in this request and its reply, or hide them"),
    Action("copy_line", "Copy line", "y", "reply", "Copy the line the cursor is on"),
    Action("save_body", "Save body", "s", "reply", "Write the reply's body to a file, as sent or as shown"),
    Action("previous_part", "Reply tab left", "left_square_bracket", "reply", "Go to the tab of the reply on the left"),
    Action("next_part", "Reply tab right", "right_square_bracket", "reply", "Go to the tab of the reply on the right"),
    Action("next_difference", "Next", "n", "compare", "Go to the next difference; at the end, the first", True),
    Action("previous_difference", "Previous", "N", "compare", "Go to the difference before", True),
    Action("all_rows", "All rows", "a", "compare", "Show all rows, or only those around differences", True),
    Action("diff_layout", "Layout", "l", "compare", "Show both side by side, or one under the other", True),
    Action("ignore_here", "Ignore", "i", "compare", "Leave out the path of this difference from now on", True),
    Action("ignored_paths", "Paths", "I", "compare", "See what is left out, add a path or take one away", True),
    Action("compare_part", "Headers", "h", "compare", "Go to the headers, or back to the body", True),
    Action("swap_sides", "Swap", "x", "compare", "Put the left one on the right"),
    Action("copy_place", "Copy path", "c", "compare", "Copy the JSONPath of this difference"),
    Action("copy_row", "Copy row", "y", "compare", "Copy the line the cursor is on, of the right side if it has one"),
    Action("leave_compare", "Back", "escape,q", "compare", "Leave the comparison", True),
    Action("start", "Start", "ctrl+r,f5", "replay", "Start the replay", True, True),
    Action("stop", "Stop", "s", "replay", "Stop sending; what is in flight ends; a second time ends it at once", True),
    Action("pause", "Pause", "p", "replay", "Pause, or go on", True),
    Action("faster", "Faster", "plus", "replay", "A tenth more requests a second; without a rate, more at once"),
    Action("slower", "Slower", "minus", "replay", "A tenth fewer requests a second; without a rate, fewer at once"),
    Action("show_failed", "Failed", "f", "replay", "Show only the rows that did not pass, or all", True),
    Action("show_requests", "Requests", "b", "replay", "Show the figures of each request and tag, or the rows"),
    Action("outcomes", "Outcomes", "o", "replay", "Go to the outcomes; Enter there lists the rows of one"),
    Action("histogram", "Histogram", "h", "replay", "Go to the histogram; Enter there lists the rows of a bar"),
    Action("runs", "Runs", "l", "replay", "List the runs there are: show, resume, repeat in part, delete", True),
    Action("resume", "Resume", "r", "replay", "Go on with a run that was cut off or stopped"),
    Action("report", "Report", "w", "replay", "Write a report of the run that is shown", True),
    Action("clear_filter", "Back", "escape", "replay", "Show all rows again, then back to the workbench", True, True),
    Action("back", "Workbench", "ctrl+t", "replay", "Back to the workbench; the replay goes on", priority=True),
    Action("command_palette", "Commands", "ctrl+p", "app", "Find any action by its name", True, True),
    Action("help", "Help", "f1,question_mark", "app", "Show every action and its key", True),
    Action(
        "quit",
        "Quit",
        "ctrl+q",
        "app",
        "Leave; edits that are not saved and a replay that runs are asked for",
        priority=True,
    ),
)


# An action without a key is bound all the same, so that a keymap can give it one; no terminal sends this.
_NO_KEY: Final = "no_key"


def bindings_for(where: str) -> list[Binding]:
    """The bindings of one screen or panel; a keymap may replace their keys by the action's id."""
    return [
        Binding(
            action.keys or _NO_KEY,
            action.id,
            action.title,
            show=action.footer,
            priority=action.priority,
            tooltip=action.help,
            id=action.id,
        )
        for action in ACTIONS
        if where in (action.where, action.also)
    ]


def unknown_actions(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The names in a keymap that no action has."""
    known = {action.id for action in ACTIONS}
    return tuple(name for name in keymap if name not in known)


def bound_keys(action: Action, keymap: Mapping[str, str]) -> str:
    """The keys that call an action now, as people write them: "^r, F5"; a keymap replaces those of the table."""
    keys = keymap.get(action.id, action.keys)
    return ", ".join(key_text(key.strip()) for key in keys.split(",") if key.strip())


_NAMES: Final = {
    "escape": "Esc",
    "delete": "Del",
    "question_mark": "?",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def key_text(key: str) -> str:
    """A key as it stands in footers: "ctrl+r" is "^r", "f5" is "F5"."""
    key = safe_line(key)
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+')}"
    return _NAMES.get(key, key.upper() if key[:1] == "f" and key[1:].isdigit() else key)
