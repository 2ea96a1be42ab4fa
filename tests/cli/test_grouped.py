"""Options in groups."""

from __future__ import annotations

import click
from click.testing import CliRunner

from tui_client.cli.grouped import GroupedCommand


def test_options_stand_in_their_groups_and_none_is_left_out() -> None:
    """In the order of the groups; what is in none, and the help itself, comes last. Arguments are no options."""

    @click.command(cls=GroupedCommand, groups={"First": ("b",), "Second": ("a",)})
    @click.argument("target")
    @click.option("--a", help="The a.")
    @click.option("--b", help="The b.")
    @click.option("--c", help="The c.")
    def command(target: str, a: str, b: str, c: str) -> None:
        """Do it."""

    lines = CliRunner().invoke(command, ["--help"]).output.splitlines()
    words = [line.split()[0] for line in lines[lines.index("First:") :] if line]
    assert words == ["First:", "--b", "Second:", "--a", "--c", "--help"]
