"""What a step needs from the world; the workspace supplies it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.http.hosts import NETWORK, Network
from tui_client.http.prepare import PreparedRequest
from tui_client.model.effective import EffectiveRequest
from tui_client.model.exchange import Event, Exchange
from tui_client.model.options import SendOptions
from tui_client.replay.memory import Memory
from tui_client.trust.grants import Gate

OnEvent: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Take no notice of what happens on the way."""


class Sender(Protocol):
    """Sends what is prepared; `http.engine.Engine` is one."""

    async def send(
        self,
        request: PreparedRequest,
        jar: CookieJar | None = None,
        *,
        on_event: OnEvent = ignore,
        cancellation: Cancellation | None = None,
    ) -> Exchange:
        """The exchange; its `failure` says what went wrong. Raises nothing but on cancelling the task."""


class CountingSender(Sender, Protocol):
    """A sender for one step."""

    @property
    def count(self) -> int:
        """How often it was sent so far."""


class RequestSource(Protocol):
    """Where steps find their requests; `storage.library.Library` is one."""

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """The request with all it inherits. Raises BrokenFile or NotFound."""

    def collection_root(self, key: str) -> Path:
        """The directory of the collection that holds `key`."""


class Question(msgspec.Struct, frozen=True):
    """A value to ask the user for; all questions of a send come in one form."""

    variable: str
    text: str


class Asker(Protocol):
    """Asks the user. The command line without a terminal has one that raises RequestFailed (variable.prompt)."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        """An answer for each variable."""


class SecretSource(Protocol):
    """Where secret values come from: the OS keyring, or *.secret.toml."""

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        """The value, or None if it was never set."""


class Services(msgspec.Struct, frozen=True):
    """All that steps need; one for a workspace, its memory new for each run.

    run: whose idempotency keys the steps carry, "" for a single send. shares_loop: a screen is drawn in the same event
    loop, which must get its turn. defaults: the user's own options, for recordings; network: his settings of hosts
    and proxies. environ: where `env` variables are read; None: on this machine.
    """

    engine: Sender
    source: RequestSource
    secrets: SecretSource
    asker: Asker
    gate: Gate
    memory: Memory
    run: str = ""
    shares_loop: bool = True
    defaults: SendOptions = SendOptions()
    network: Network = NETWORK
    environ: Mapping[str, str] | None = None
