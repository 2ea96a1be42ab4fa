"""Comparing the replies of two runs."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tui_client.cli.replay_options import Wanted
from tui_client.replay.diff.ignore import check_rules
from tui_client.replay.diff.journalled import answers
from tui_client.replay.diff.runs import DiffReport, compare_runs, report_of
from tui_client.replay.journal.reader import JournalReader
from tui_client.replay.plan import DiffRules


def rules_of(wanted: Wanted, own: DiffRules) -> DiffRules:
    """The rules of a plan, the paths of the command line added; its headers stand in place of those.

    Raises UsageError for a path that can't be read.
    """
    rules = msgspec.structs.replace(
        own,
        ignore=(*own.ignore, *wanted.diff_ignore),
        headers=wanted.diff_headers or own.headers,
    )
    check_rules(rules)
    return rules


def compared(before: Path, after: Path, rules: DiffRules) -> DiffReport:
    """What changed from the run of one journal to that of the other; reads both from end to end. Raises BrokenFile."""
    with JournalReader(before) as earlier, JournalReader(after) as later:
        return report_of(compare_runs(answers(earlier), answers(later), rules))
