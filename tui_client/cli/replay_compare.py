"""Comparing the replies of two runs."""

from __future__ import annotations

import msgspec

from tui_client.cli.replay_options import Wanted
from tui_client.replay.diff.ignore import check_rules
from tui_client.replay.diff.journalled import answers
from tui_client.replay.diff.runs import DiffReport, compare_runs, report_of
from tui_client.replay.journal.store import RunStore
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


def compared(store: RunStore, before: str, after: str, rules: DiffRules) -> DiffReport:
    """What changed from one run to the other; reads both from end to end. Raises BrokenFile, NotFound."""
    with store.reader(before) as earlier, store.reader(after) as later:
        return report_of(compare_runs(answers(earlier), answers(later), rules))
