"""What the first frame does without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# What sends, keeps, decrypts, replays and parses: a screen to type into needs none of it.
_LATER = """
aiohttp brotli click cryptography h11 h2 httpcore httptools httpx idna jsonpath_rfc9535 keyring lxml python_socks regex
sqlite3 tomlkit textual.widgets._text_area textual.widgets._data_table
tui_client.http.engine tui_client.history.store tui_client.replay.step tui_client.replay.execute
tui_client.tui.modals.help tui_client.tui.screens.replay tui_client.tui.session.file
tui_client.tui.panels.response_viewer.body_tab tui_client.tui.panels.request_builder.sections.body
"""

_SCRIPT = """
import sys
from pathlib import Path
from tui_client.tui.app import WorkbenchApp

def look(app):
    strips = app.screen._compositor.render_strips()
    shown = "".join(segment.text for strip in strips for segment in strip)
    app.missing = [text for text in ("Params", "Send", "No reply yet") if text not in shown]
    app.early = [name for name in sys.argv[2].split() if name in sys.modules]
    app.exit(0)

WorkbenchApp._first_frame = look
app = WorkbenchApp(Path(sys.argv[1]))
app.run(headless=True, size=(160, 48))
print(*app.missing, *app.early)
"""


def test_the_first_frame_stands_before_what_sends_is_imported(own_folders: None, tmp_path: Path) -> None:
    """A request to type into is painted; httpx, SQLite and the rest come after."""
    for name in ("collection.toml", "users/list.toml"):
        (tmp_path / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shop" / name).write_text("format = 1\n" if "/" not in name else 'url = "/users"\n')
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path / "shop"), _LATER],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    assert ran.stdout.split() == []
