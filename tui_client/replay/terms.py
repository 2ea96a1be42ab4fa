"""What whoever opens a workspace brings along for its sends. Light: a screen stands before they are wired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tui_client.trust.grants import Grant

if TYPE_CHECKING:
    from tui_client.replay.services import Asker

AskGrant: TypeAlias = Callable[[Path, Grant], Awaitable[bool]]


class Terms(NamedTuple):
    """asker: for prompts. grants: given for this session. ask_grant: asks for the others; None refuses them.

    data_dir: for secrets, grants and runs; None: the user's own. shares_loop: a screen is drawn in the same event
    loop, and replays must leave it its turn.
    """

    asker: Asker
    grants: frozenset[Grant] = frozenset()
    ask_grant: AskGrant | None = None
    data_dir: Path | None = None
    shares_loop: bool = False
