"""The user's history, as their settings want it."""

from __future__ import annotations

from pathlib import Path

from tui_client import config
from tui_client.history.limits import Limits
from tui_client.history.store import History

FOLDER = "history"


def history_of(settings: config.HistorySettings, data_dir: Path | None = None) -> History:
    """The history, whether or not it is switched on. data_dir: in place of the user's own."""
    folder = data_dir or config.named(config.state_dir)
    return History(folder / FOLDER, Limits(settings.days, settings.megabytes))


def open_history(data_dir: Path | None = None) -> History | None:
    """The history that sends are recorded in; None where the user switched it off. Raises BrokenFile."""
    settings = config.load().history
    return history_of(settings, data_dir) if settings.enabled else None
