"""`tui-client demo`: everything to try on this machine, nothing to set up."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import click

from tui_client import scratch
from tui_client.cli import output
from tui_client.cli.main import OpenWorkbench

_FIRST: Final = "users/list"
_HELLO: Final = (
    "This is a small shop on your own machine. ^r sends this request, ^s saves it, ^t replays a folder, F1 helps."
)

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

    The requests are copied to a scratch folder, so that saving works. It goes when you leave, unless you saved
    something.
    """
    if serve:
        from tui_client.demo.server import run_server

        run_server(port, print_line=output.out_now)
        return 0
    place = Path(tempfile.mkdtemp(prefix="demo-", dir=scratch.folder()))
    try:
        return _open(place / "demo", port, open_workbench)
    finally:
        if scratch.is_changed(place):
            output.say(f"What you saved is in {place / 'demo'}. Open it again with tui-client {place / 'demo'}.")
        else:
            shutil.rmtree(place, ignore_errors=True)


def _open(sample: Path, port: int, open_workbench: OpenWorkbench) -> int:
    from tui_client.demo.process import DemoProcess
    from tui_client.demo.sample import copy_sample

    # The demo talks to this machine only; a proxy of the environment would be asked for it in vain.
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1,localhost"
    demo = DemoProcess(port)
    # The workbench runs a loop of its own; this one rests meanwhile.
    with asyncio.Runner() as runner:
        base_url = runner.run(demo.__aenter__())
        try:
            copy_sample(sample, base_url)
            scratch.seal(sample.parent)
            return open_workbench(sample, _FIRST, _HELLO)
        finally:
            runner.run(demo.__aexit__(None, None, None))
