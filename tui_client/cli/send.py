"""`tui-client send`: one request, its reply on stdout."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from tui_client.cli import options, output
from tui_client.cli.exit_codes import ExitCode, for_error, for_failure
from tui_client.errors import SaveFailed, TuiClientError, UsageError
from tui_client.model.wording import describe_error

if TYPE_CHECKING:
    from tui_client.cli.send_live import LiveReply
    from tui_client.cli.target import Changes
    from tui_client.model.effective import EffectiveRequest
    from tui_client.model.exchange import Exchange
    from tui_client.model.step import StepResult
    from tui_client.trust.grants import Grant
    from tui_client.workspace import Workspace

_EPILOG = """\b
KEY is a request of the collection ("users/list"); a URL has "://", or begins with
localhost or :port.

\b
Examples:
  tui-client send users/list -C collections/shop -e local
  tui-client send users/get -v id=7 --json
  tui-client send :8000/users -q page=2 -H 'Accept: application/json'
  tui-client send https://api.example.com/users -d '{"name": "Ada"}' --fail
"""


class Wanted(msgspec.Struct, frozen=True):
    """The command line of `send`."""

    target: str
    path: Path | None
    environment: str
    given: dict[str, str]
    changes: Changes
    grants: frozenset[Grant]
    body_path: Path | None = None
    as_json: bool = False
    fail: bool = False
    include: bool = False


@click.command("send", epilog=_EPILOG, short_help="Send one request and print its reply.")
@click.argument("target", metavar="KEY|URL")
@options.workspace
@options.environment
@options.variables
@click.option("-X", "--method", default="", help="The method, in place of the request's.")
@click.option("-H", "--header", "headers", type=options.header, metavar="NAME: VALUE", multiple=True, help="A header.")
@click.option(
    "-q", "--query", "params", type=options.name_value, metavar="NAME=VALUE", multiple=True, help="A query parameter."
)
@click.option("-d", "--data", metavar="TEXT|@FILE", help="The body: text (JSON if it is JSON), or a file's bytes.")
@click.option("-t", "--timeout", type=click.FloatRange(min=0), metavar="SECONDS", help="For all of it; 0 for no limit.")
@options.body_path
@options.include
@options.as_json
@options.fail
@options.grants
def command(
    target: str,
    path: Path | None,
    environment: str,
    given: tuple[tuple[str, str], ...],
    method: str,
    headers: tuple[tuple[str, str], ...],
    params: tuple[tuple[str, str], ...],
    data: str | None,
    timeout: float | None,
    body_path: Path | None,
    include: bool,
    as_json: bool,
    fail: bool,
    grants: tuple[Grant, ...],
) -> int:
    """Send one request and print its reply: the body on stdout, what happened on stderr."""
    from tui_client.cli.target import Changes

    return asyncio.run(
        _send(
            Wanted(
                target=target,
                path=path,
                environment=environment,
                given=options.given_values(given),
                changes=Changes(method, headers, params, data, timeout),
                grants=frozenset(grants),
                body_path=body_path,
                as_json=as_json,
                fail=fail,
                include=include,
            )
        )
    )


async def _send(wanted: Wanted) -> int:
    from tui_client.cli.asking import make_asker
    from tui_client.cli.send_json import error_json
    from tui_client.cli.send_live import LiveReply
    from tui_client.cli.target import data_file
    from tui_client.trust.grants import Grant, GrantKind
    from tui_client.workspace import Workspace

    grants = wanted.grants
    if (file := data_file(wanted.changes.data)) is not None:
        # Who names a file on the command line has granted it.
        grants |= {Grant(GrantKind.FILE, str(file.resolve()))}
    live = None if wanted.as_json or wanted.body_path else LiveReply(include_head=wanted.include)
    request: EffectiveRequest | None = None
    try:
        async with Workspace.open(wanted.path, asker=make_asker(), grants=grants) as workspace:
            request = _request(workspace, wanted)
            result = await _sent(workspace, wanted, request, live)
    except TuiClientError as error:
        if not wanted.as_json:
            raise
        with output.for_who_reads():
            output.out_json(error_json(error, request))
        return for_error(error)
    printed = live is not None and result.exchange is not None and live.finish(result.exchange)
    say_unkept(workspace)
    return report(wanted, request, result, printed=printed)


def say_unkept(workspace: Workspace) -> None:
    """Say why a send is not in the history, or its cookies not on disk, if they should be and are not."""
    if workspace.history is not None and workspace.history.problem:
        output.say(workspace.history.problem)
    if problem := workspace.cookies.take_problem():
        output.say(problem)


async def _sent(workspace: Workspace, wanted: Wanted, request: EffectiveRequest, live: LiveReply | None) -> StepResult:
    if live is None:
        return await workspace.send(request.key, wanted.environment, given=wanted.given, draft=request)
    with live.ended_by_user():
        return await workspace.send(
            request.key,
            wanted.environment,
            given=wanted.given,
            draft=request,
            on_event=live.on_event,
            cancellation=live.cancellation,
        )


def report(wanted: Wanted, request: EffectiveRequest, result: StepResult, *, printed: bool = False) -> int:
    """Print what came of a send, as it was asked for. Gives the exit code.

    printed: the reply itself is on stdout already.
    """
    from tui_client.cli.send_json import error_entry, result_json

    for warning in _warnings(result):
        output.say(warning)
    if wanted.as_json:
        unsaved = _save(wanted, result)
        found = result_json(request, result)
        with output.for_who_reads():
            output.out_json(found if unsaved is None else {**found, "error": error_entry(unsaved)})
        return _code(wanted, result) if unsaved is None else for_error(unsaved)
    with output.for_who_reads():
        _show(wanted, result, printed=printed)
    return _code(wanted, result)


def _warnings(result: StepResult) -> tuple[str, ...]:
    return () if result.exchange is None else result.exchange.warnings


def _request(workspace: Workspace, wanted: Wanted) -> EffectiveRequest:
    from tui_client.cli.target import changed, request_of_url
    from tui_client.text.url_words import as_url

    url = as_url(wanted.target)
    try:
        key = workspace.library.find(wanted.target)
    except TuiClientError:
        if url is None:
            raise
        if wanted.environment:
            raise UsageError("An environment belongs to a collection; a URL is sent without one.") from None
        return changed(request_of_url(url, workspace.library.defaults), wanted.changes)
    return changed(workspace.library.effective(key, wanted.environment), wanted.changes)


def _show(wanted: Wanted, result: StepResult, *, printed: bool) -> None:
    from tui_client.cli import send_text
    from tui_client.model.step import Errored, Replied
    from tui_client.model.wording import describe

    match result.outcome:
        case Replied(exchange=exchange, checks=checks):
            output.say(send_text.status_line(exchange))
            if wanted.include:
                _say_tls(exchange)
            for check in checks:
                output.say(send_text.check_line(check, exchange.request.secrets))
            if not printed:
                _show_reply(wanted, exchange)
        case Errored(failure=failure, exchange=exchange):
            if exchange is not None and exchange.response is not None:
                output.say(send_text.status_line(exchange))
                if not printed:
                    _show_reply(wanted, exchange)
            output.say(describe(failure))
            if exchange is not None and (wanted.include or (exchange.tls is not None and exchange.tls.problem)):
                _say_tls(exchange)
        case _:
            output.say("The request was not sent.")


def _say_tls(exchange: Exchange) -> None:
    from tui_client.cli.send_tls import tls_line

    if exchange.tls is not None:
        output.say(tls_line(exchange.tls, exchange.request.secrets))


def _show_reply(wanted: Wanted, exchange: Exchange) -> None:
    from tui_client.cli import send_text

    response = exchange.response
    if response is None:
        return
    if wanted.include:
        for line in (*send_text.head_lines(response, exchange.request.secrets), ""):
            output.out(line)
    if wanted.body_path is not None:
        send_text.save_body(response.body, wanted.body_path)
    elif sys.stdout.isatty():
        send_text.show_body(response)
    else:
        output.out_bytes(send_text.chunks(response.body))


def _save(wanted: Wanted, result: StepResult) -> SaveFailed | None:
    """Save the body, if asked to; the error if that failed, since the reply must be told of all the same."""
    from tui_client.cli import send_text

    if wanted.body_path is None:
        return None
    exchange = result.exchange
    try:
        if exchange is not None and exchange.response is not None:
            send_text.save_body(exchange.response.body, wanted.body_path)
    except SaveFailed as error:
        output.say(describe_error(error))
        return error
    return None


def _code(wanted: Wanted, result: StepResult) -> ExitCode:
    from tui_client.model.step import Errored, Replied

    match result.outcome:
        case Replied(exchange=exchange, checks=checks):
            status = exchange.response.status if exchange.response else 0
            failed = not all(check.passed for check in checks) or (wanted.fail and status >= 400)
            return ExitCode.CHECKS_FAILED if failed else ExitCode.OK
        case Errored(failure=failure):
            return for_failure(failure.kind)
        case _:
            return ExitCode.NOT_SENT
