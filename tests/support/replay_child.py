"""A process that runs a plan until it ends or is killed: `replay_child.py COLLECTION FOLDER PLAN [MORE]`.

FOLDER: for journals, secrets and grants. PLAN: JSON; "given" in it are the variables of the command line. MORE is
"full": no file may grow beyond what a journal needs to begin, until the run says that it is held.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path

import msgspec

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model.options import SendOptions
from tui_client.replay.controls import Controls
from tui_client.replay.plan import Plan
from tui_client.replay.services import Question
from tui_client.workspace import Workspace

_LIMIT = 256 * 1024


def say(line: str) -> None:
    """Past all buffers: what was said before a kill arrives."""
    os.write(1, f"{line}\n".encode())


class Nobody:
    """Whom nothing is asked."""

    async def ask(self, questions: tuple[Question, ...]) -> Mapping[str, str]:
        raise RequestFailed(Failure(FailureKind.VARIABLE_PROMPT, questions[0].variable))


class Cramped(Controls):
    """Takes the room away, and gives it back when the run says that it is held."""

    def __init__(self) -> None:
        super().__init__()
        self.unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT, self.unlimited[1]))

    def hold(self, reason: str, text: str) -> None:
        super().hold(reason, text)
        say(f"held {self.held}")
        resource.setrlimit(resource.RLIMIT_FSIZE, self.unlimited)

    def release(self, reason: str) -> None:
        super().release(reason)
        say(f"goes on {self.held}")


def _path(wanted: type, value: object) -> object:
    return Path(str(value)) if wanted is Path else value


async def main(collection: Path, folder: Path, plan: Plan, controls: Controls) -> None:
    async with Workspace.open(collection, asker=Nobody(), defaults=SendOptions(), data_dir=folder) as workspace:
        run = workspace.runs.start(plan, controls)
        async with aclosing(run.results()) as results:
            async for _ in results:
                pass
    say(f"done {run.summary().ended}")


if __name__ == "__main__":
    asked = msgspec.convert(msgspec.json.decode(sys.argv[3]), Plan, dec_hook=_path)
    steering = Cramped() if sys.argv[4:] == ["full"] else Controls()
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), asked, steering))
