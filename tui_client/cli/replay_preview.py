"""`replay --plan`: what would be sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui_client.cli import output
from tui_client.cli.asking import NoTerminal
from tui_client.cli.exit_codes import ExitCode
from tui_client.cli.replay_options import Wanted
from tui_client.cli.replay_plan import plan_of, tell_recording
from tui_client.cli.replay_preview_text import preview_lines
from tui_client.replay.feed import Turn, recorded_turns, turns
from tui_client.replay.plan import Plan, checked
from tui_client.replay.precheck import check_plan
from tui_client.replay.preview_plan import (
    SHOWN_SESSIONS,
    PlanPreview,
    preview_plan,
    to_json,
)
from tui_client.replay.rows import count_rows
from tui_client.replay.services import RequestSource
from tui_client.storage.inside import locate_in
from tui_client.workspace import Workspace


def preview(wanted: Wanted) -> ExitCode:
    """Print it; nothing is sent, asked or kept. Raises what planning a run raises."""
    found = asyncio.run(_previewed(wanted))
    with output.for_who_reads():
        if wanted.as_json:
            output.out_json({**to_json(found), "error": None})
        else:
            for line in preview_lines(found):
                output.out(line)
    return ExitCode.OK


async def _previewed(wanted: Wanted) -> PlanPreview:
    async with Workspace.open(wanted.path, asker=NoTerminal(), grants=frozenset(wanted.grants)) as workspace:
        plan = checked(await plan_of(workspace, wanted, wanted.environment))
        await asyncio.to_thread(check_plan, plan, workspace.library)
        source: RequestSource = workspace.library
        coming = turns(plan)
        total = await asyncio.to_thread(_sessions, plan)
        if plan.recording is not None:
            source = recorded = await asyncio.to_thread(tell_recording, plan.recording)
            coming = recorded_turns(recorded, plan.shard)
            total = plan.recorded_steps(len(recorded)) - len(plan.setup)
        first = await _first(coming)
        return await asyncio.to_thread(
            preview_plan, plan, source, first, total, lambda key: locate_in(source.collection_root(key))
        )


async def _first(coming: AsyncGenerator[Turn, None]) -> list[Turn]:
    found: list[Turn] = []
    async with aclosing(coming) as all_of_them:
        async for turn in all_of_them:
            found.append(turn)
            if len(found) == SHOWN_SESSIONS:
                break
    return found


def _sessions(plan: Plan) -> int | None:
    return plan.sessions(None if plan.data is None else count_rows(plan.data))
