"""Help in which options stand in groups, the ones needed first at the top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click


class GroupedCommand(click.Command):
    """A command with many options.

    groups: a title to the names of its parameters, both in the order in which they are shown; the rest is last.
    """

    def __init__(self, *args: Any, groups: Mapping[str, tuple[str, ...]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A section for each group."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = {param.name: record for param in options if (record := param.get_help_record(ctx))}
        grouped = {title: [records.pop(name) for name in names] for title, names in self.groups.items()}
        grouped[next(reversed(grouped))] += records.values()
        for title, rows in grouped.items():
            with formatter.section(title):
                formatter.write_dl(rows)
