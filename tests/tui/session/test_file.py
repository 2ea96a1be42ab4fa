"""The file of a session: private, one writer, nothing lost that can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import SaveFailed
from tui_client.model.request import Request
from tui_client.tui.session.file import open_session, session_path
from tui_client.tui.session.state import SavedTab, SessionState

STATE = SessionState((SavedTab("", "demo", Request(url="/unsaved")),), environments={"demo": "local"})


def test_a_session_is_there_at_the_next_start(tmp_path: Path) -> None:
    """Each workspace has its own, and only its owner can read it."""
    first = open_session(tmp_path / "one", tmp_path)
    assert first.file is not None and first.state == SessionState() and first.say == ""
    first.file.write(STATE)
    first.file.close()
    again = open_session(tmp_path / "one", tmp_path)
    assert again.state == STATE
    assert open_session(tmp_path / "two" / "one", tmp_path).state == SessionState()
    path = session_path(tmp_path / "one", tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_the_second_app_on_a_workspace_starts_fresh_and_says_so(tmp_path: Path) -> None:
    """It has no file to write to; after the first has ended, the next one gets it."""
    first = open_session(tmp_path, tmp_path)
    assert first.file is not None
    first.file.write(STATE)
    second = open_session(tmp_path, tmp_path)
    assert second.file is None and second.state == SessionState() and "another window" in second.say
    first.file.close()
    assert open_session(tmp_path, tmp_path).state == STATE


@pytest.mark.parametrize("data", [b"{", b'{"format": 99}', b"\0" * 10])
def test_a_file_that_cant_be_read_is_set_aside_and_told_of(tmp_path: Path, data: bytes) -> None:
    """Its bytes stay; the message quotes none of them."""
    path = session_path(tmp_path, tmp_path)
    path.parent.mkdir()
    path.write_bytes(data)
    opened = open_session(tmp_path, tmp_path)
    assert opened.file is not None and opened.state == SessionState()
    aside = path.with_suffix(".aside.json")
    assert aside.name in opened.say
    assert aside.read_bytes() == data
    opened.file.write(STATE)
    assert aside.read_bytes() == data


def test_a_draft_that_cant_be_written_costs_no_other(tmp_path: Path) -> None:
    """A file name that is not UTF-8, say: it is told of, the rest is kept."""
    opened = open_session(tmp_path, tmp_path)
    assert opened.file is not None
    with pytest.raises(SaveFailed):
        opened.file.write(SessionState((SavedTab("caf\udce9"), *STATE.tabs), 1, {"\udce9": "a", **STATE.environments}))
    opened.file.close()
    kept = open_session(tmp_path, tmp_path).state
    assert (kept.tabs, kept.environments) == (STATE.tabs, STATE.environments)


def test_what_was_set_aside_is_never_written_over(tmp_path: Path) -> None:
    """Drafts of the first time may be nowhere else."""
    path = session_path(tmp_path, tmp_path)
    path.parent.mkdir()
    for data in (b"first", b"second", b"third"):
        path.write_bytes(data)
        opened = open_session(tmp_path, tmp_path)
        assert opened.file is not None
        opened.file.close()
    kept = [path.with_suffix(f".aside{number}.json") for number in ("", 2, 3)]
    assert [one.read_bytes() for one in kept] == [b"first", b"second", b"third"]
    assert kept[-1].name in opened.say


def test_a_home_that_cant_be_written_keeps_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    """As in a container."""
    (tmp_path / "state").write_text("a file, no folder")
    opened = open_session(tmp_path, tmp_path / "state")
    assert opened.file is None and opened.state == SessionState()


def test_a_file_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    """It is set aside like what is damaged, and the start waits for nothing."""
    path = session_path(tmp_path, tmp_path / "state")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(3 << 30)
    opened = open_session(tmp_path, tmp_path / "state")
    assert opened.file is not None and "can't be read" in opened.say
    assert opened.state == SessionState() and not path.exists()
    opened.file.close()
