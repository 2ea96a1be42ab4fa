"""What lies in the user's own folders, opened by itself: light to import, so that a screen stands before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_client import config

if TYPE_CHECKING:
    from tui_client.replay.journal.store import RunStore
    from tui_client.replay.kept_cookies import CookieFile
    from tui_client.trust.secrets import SecretStore


def open_runs(data_dir: Path | None = None, secrets: SecretStore | None = None) -> RunStore:
    """The journals of this user's runs, whichever workspace they are of."""
    from tui_client.replay.journal.store import RunStore
    from tui_client.trust.secrets import SecretStore

    secrets = secrets or SecretStore(data_dir or config.named(config.data_dir))
    return RunStore((data_dir or config.named(config.state_dir)) / "runs", secrets.vault)


def open_cookies(data_dir: Path | None = None) -> CookieFile:
    """The cookies that outlive the app, of all collections; whether any are kept is another matter."""
    from tui_client.replay.kept_cookies import FILE, CookieFile

    return CookieFile((data_dir or config.named(config.state_dir)) / FILE)
