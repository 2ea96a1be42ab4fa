"""`tui-client demo`: everything to try on this machine, nothing to set up."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import click

from tui_client.cli import output
from tui_client.cli.main import OpenWorkbench

_EPILOG = """\b
Examples:
  tui-client demo
  tui-client demo --serve --port 9911
"""


@click.command("demo", epilog=_EPILOG, short_help="Try everything against an API on this machine.")
@click.option("--serve", is_flag=True, help="Only serve the API; its base URL is the first line.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The API's port. [default: a free one]")
@click.pass_obj
def command(open_workbench: OpenWorkbench, serve: bool, port: int) -> int:
    """Start a small API on this machine and open the workbench on sample requests for it.

    The requests are copied to a scratch folder, so that saving works and nothing is left behind.
    """
    if serve:
        from tui_client.demo.server import run_server

        run_server(port, print_line=output.out_now)
        return 0
    with tempfile.TemporaryDirectory(prefix="tui-client-demo-") as scratch:
        return _open(Path(scratch), port, open_workbench)


def _open(scratch: Path, port: int, open_workbench: OpenWorkbench) -> int:
    from tui_client.demo.process import DemoProcess
    from tui_client.demo.sample import copy_sample

    demo = DemoProcess(port)
    # The workbench runs a loop of its own; this one rests meanwhile.
    with asyncio.Runner() as runner:
        base_url = runner.run(demo.__aenter__())
        try:
            return open_workbench(copy_sample(scratch / "demo", base_url))
        finally:
            runner.run(demo.__aexit__(None, None, None))
