"""What the coordinator and its workers tell each other.

Up: MessagePack, typed and checked, for a worker's machine may be anybody's. Down: the coordinator may run whatever it
likes on a worker anyway, so pickle is as good, and carries rows and requests as they are.
"""

from __future__ import annotations

import pickle
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec

from tui_client.errors import Failure
from tui_client.model.effective import EffectiveRequest
from tui_client.replay.feed import Turn
from tui_client.replay.generator import Load
from tui_client.replay.journal.standings import Standing

# What SQLite and the figures can take; a worker's own never leave these bounds.
Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=-(1 << 62), le=1 << 62)]
Number: TypeAlias = Annotated[float, msgspec.Meta(ge=-1e15, le=1e15)]
Key: TypeAlias = tuple[Whole, Whole, Whole]  # iteration, row, step
Place: TypeAlias = tuple[Whole, Whole]  # iteration, row
# A row of the journal's table `steps`: `codec.STEP_COLUMNS`.
# fmt: off
StepRow: TypeAlias = tuple[
    Whole, Whole, Whole, str, Literal["passed", "failed", "error", "skipped", "dropped", "in_doubt"], str,
    Whole | None, str, str,
    Whole, Number, Number | None, Whole, Number | None, Whole, Whole, Whole,
    bytes | None, str, bytes | None, bytes | None,
]
# fmt: on


class Hello(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The first word of a worker. name: as Dask has it. pid, host: for who looks for it."""

    name: str
    version: str
    python: str
    host: str
    pid: int


class Claim(msgspec.Struct, frozen=True, array_like=True):
    """A step is about to be sent."""

    key: Key
    request: str
    resendable: bool


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A result. carry: JSON of what later steps of its session need; None: nothing."""

    row: StepRow
    carry: bytes | None = None


class News(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What happened, in order: results, then claims. number: counts up from 1; answered by `Noted`.

    ended: sessions that are over, whatever came of them. doubts: sent, and cut off by the end of the run.
    """

    number: int
    results: list[Kept] = []
    claims: list[Claim] = []
    unclaimed: list[Key] = []
    forgotten: list[Place] = []
    doubts: list[tuple[Key, str, Number, Number | None, Whole, bool]] = []
    ended: list[Place] = []


class Beat(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Twice a second: it lives, and how it is. steps: being sent now. sessions: going on or waiting to begin."""

    steps: int
    sessions: int
    load: Load


class Taken(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """It claims a chunk of sessions."""

    chunk: int


class Asked(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A server asked for a pause."""

    origin: str
    seconds: Number


class Settled(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """No more sessions go on there than its share, which it names."""

    share: int


class Unbegun(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Sessions that it has no share for, and has not begun: they are for others."""

    places: list[Place]


class Ticks(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What time is it there? at: on the worker's clock, sent back."""

    at: float


class MayReach(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """May a collection reach this? A grant, as `trust.grants.written` writes it."""

    number: int
    collection: str
    kind: str
    subject: str


class WhatIs(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Prompts: (variable, text) each."""

    number: int
    questions: list[tuple[str, str]]


class ValueOf(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The value that another request gives, the same for all rows."""

    number: int
    variable: str
    key: str
    max_age_s: float | None


Up: TypeAlias = Hello | News | Beat | Taken | Asked | Settled | Unbegun | Ticks | MayReach | WhatIs | ValueOf


class Welcome(msgspec.Struct, frozen=True):
    """The worker may take part. errand: an `errand.Errand`. began_s: of the run, on the coordinator's clock."""

    errand: Any
    began_s: float


class Refused(msgspec.Struct, frozen=True):
    """It may not: why, as a sentence."""

    reason: str


class Tocks(msgspec.Struct, frozen=True):
    """at: of the `Ticks`. now_s: on the coordinator's clock."""

    at: float
    now_s: float


class Dealt(msgspec.Struct, frozen=True):
    """One session. due_s: when it is due, since the run began; None: when there is room.

    drop: it is dropped if there is no room then. requests: where it brings its own, as recordings do.
    """

    turn: Turn
    standing: Standing | None = None
    due_s: float | None = None
    drop: bool = False
    requests: tuple[EffectiveRequest, ...] = ()


class Offered(msgspec.Struct, frozen=True):
    """There is a chunk of sessions; it is to be claimed."""

    chunk: int


class Chunk(msgspec.Struct, frozen=True):
    """A chunk that was claimed. sessions: as `packing.pack` has them; None: the claim is refused."""

    chunk: int
    sessions: Any


class Noted(msgspec.Struct, frozen=True):
    """The claims of this `News` are on disk, or (refused) may not be sent."""

    number: int
    refused: str = ""


class Share(msgspec.Struct, frozen=True):
    """How many sessions the worker may have side by side; answered by `Settled` once it has no more."""

    sessions: int


class Still(msgspec.Struct, frozen=True):
    """Start no more steps, or go on."""

    still: bool


class Pause(msgspec.Struct, frozen=True):
    """A server asked another worker for a pause."""

    origin: str
    seconds: float


class Stop(msgspec.Struct, frozen=True):
    """Start no more steps; those in flight have so long."""

    reason: str
    grace_s: float


class Answer(msgspec.Struct, frozen=True):
    """To a question: a value, or why there is none."""

    number: int
    value: Any = None
    failure: Failure | None = None


class Heard(msgspec.Struct, frozen=True):
    """To each `Beat`: the coordinator lives."""


class Enough(msgspec.Struct, frozen=True):
    """The run is over for this worker."""


Down: TypeAlias = (
    Welcome | Refused | Tocks | Offered | Chunk | Noted | Share | Still | Pause | Stop | Answer | Heard | Enough
)
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final[msgspec.msgpack.Decoder[Up]] = msgspec.msgpack.Decoder(Up)


def up(message: Up) -> bytes:
    """A worker's message, written."""
    return _ENCODER.encode(message)


def read_up(data: bytes) -> Up:
    """A worker's message. Raises msgspec.DecodeError for what is none."""
    try:
        return _DECODER.decode(data)
    except UnicodeDecodeError as error:  # of the name of a kind
        raise msgspec.DecodeError(str(error)) from error


def down(message: Down) -> bytes:
    """A coordinator's message, written."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def read_down(data: bytes) -> Down:
    """A coordinator's message."""
    found: Down = pickle.loads(data)
    return found
