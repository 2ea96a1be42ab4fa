"""The workers of a run as figures, for screens and the live line."""

from __future__ import annotations

import msgspec

from tui_client.replay.generator import Load


class WorkerFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One worker. name: as the cluster has it. rate: steps a second of late. in_flight: steps. done: steps."""

    name: str
    host: str = ""
    pid: int = 0
    share: int = 0
    rate: float = 0.0
    in_flight: int = 0
    done: int = 0
    load: Load = Load()


class Workers(msgspec.Struct, frozen=True, kw_only=True):
    """All of them at one moment. lost: how many are gone. refused: sentences about those that may not take part."""

    living: tuple[WorkerFigures, ...] = ()
    lost: int = 0
    refused: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """ "3 workers, 1 lost"."""
        parts = ["1 worker" if len(self.living) == 1 else f"{len(self.living)} workers"]
        parts += [f"{self.lost} lost"] if self.lost else []
        parts += [f"{len(self.refused)} refused"] if self.refused else []
        return ", ".join(parts)


def heaviest(own: Load, workers: Workers | None) -> Load:
    """The load of whichever process was most of a limit."""
    loads = [own, *(one.load for one in workers.living)] if workers is not None else [own]
    return max(loads, key=lambda load: (load.saturated, load.cpu))
