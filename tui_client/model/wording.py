"""Failures and errors as sentences: what happened, where, and what to do next."""

from __future__ import annotations

import shlex
from typing import Final, assert_never

from tui_client.errors import (
    BadKind,
    BrokenFile,
    Conflict,
    Failure,
    FailureKind,
    NotFound,
    OutsideCollection,
    QueryError,
    RequestFailed,
    SaveFailed,
    TuiClientError,
    UsageError,
)
from tui_client.model.step import Dropped, InDoubt, Skipped
from tui_client.text import safe_line

K = FailureKind

# {subject} and {detail} are safe to print; {limit} has its unit; {option} is as a shell takes it.
_SENTENCES: Final[dict[FailureKind, str]] = {
    K.DNS: "Could not find the host {subject}: {detail}. Check the name, or change base_url in the environment.",
    K.CONNECT_REFUSED: "Could not connect to {subject}: connection refused. Is the server running? Change base_url in the environment.",
    K.CONNECT_UNREACHABLE: "Could not reach {subject}: {detail}. Check the network and the address.",
    K.CONNECT_FAILED: "Could not connect to {subject}: {detail}.",
    K.CONNECT_RESET: "{subject} closed the connection while it was being used: {detail}.",
    K.PROXY_REFUSED: "The proxy {subject} did not open a way: {detail}.",
    K.PROXY_AUTH: "The proxy {subject} asks for a user and a password. Put them into the proxy's URL.",
    K.PROXY_INVALID: "The proxy {subject} can't be used: {detail}.",
    K.TIMEOUT_CONNECT: "{subject} did not answer within {limit} while connecting. Raise timeout.connect in the options.",
    K.TIMEOUT_READ: "{subject} sent nothing for {limit}. Raise timeout.read in the options.",
    K.TIMEOUT_WRITE: "{subject} took nothing for {limit}. Raise timeout.write in the options.",
    K.TIMEOUT_POOL: "No connection to {subject} became free within {limit}. Lower the concurrency, or raise timeout.pool.",
    K.TIMEOUT_TOTAL: "The exchange with {subject} was not over within {limit}. Raise timeout.total in the options.",
    K.TLS_UNTRUSTED: "The certificate of {subject} is not trusted: {detail}. Give its authority as ca in the options.",
    K.TLS_HOSTNAME: "The certificate of {subject} is for another host: {detail}.",
    K.TLS_EXPIRED: "The certificate of {subject} has expired.",
    K.TLS_NOT_YET_VALID: "The certificate of {subject} is not valid yet. Is the clock right?",
    K.TLS_CLIENT_CERTIFICATE: "{subject} asks for a client certificate: {detail}. Give it as client_cert in the options.",
    K.TLS_VERSION: "{subject} and this machine share no TLS version: {detail}.",
    K.TLS_FAILED: "TLS with {subject} failed: {detail}. Is the scheme right?",
    K.PROTOCOL: "{subject} did not answer in HTTP: {detail}.",
    K.CLOSED_EARLY: "{subject} closed the connection before it answered.",
    K.INCOMPLETE: "The reply of {subject} was cut: {detail}. What arrived is kept.",
    K.TOO_LARGE_HEADERS: "The headers of {subject} are too large: {detail}.",
    K.TOO_LARGE_BODY: "The reply of {subject} is too large: {detail}. What arrived is kept.",
    K.DECODING: "The body from {subject} could not be decoded: {detail}. What was decoded is kept.",
    K.CANCELLED: "Cancelled. What arrived is kept.",
    K.METHOD_INVALID: "The method {subject} can't be sent: {detail}.",
    K.URL_INVALID: "The URL {subject} can't be used: {detail}.",
    K.HEADER_INVALID: "The header {subject} can't be sent: {detail}.",
    K.BODY_INVALID: "The body can't be sent: {subject} {detail}.",
    K.FILE_MISSING: "The file {subject} can't be read: {detail}.",
    K.FILE_OUTSIDE: "The file {subject} is outside the collection and was not granted. {option} allows it.",
    K.REDIRECT_INVALID: "{subject} redirects to a place that can't be used: {detail}.",
    K.REDIRECT_TOO_MANY: "{subject} redirects without end: {detail}.",
    K.AUTH_FAILED: "No token from {subject}: {detail}.",
    K.TEMPLATE_UNKNOWN_VARIABLE: "The variable {subject} has no value. Set it in the environment, or give -v {subject}=VALUE.",
    K.TEMPLATE_UNKNOWN_FUNCTION: "There is no function {subject}.",
    K.TEMPLATE_LOOP: "The variable {subject} needs itself: {detail}.",
    K.TEMPLATE_CONVERSION: "The variable {subject} can't be converted: {detail}.",
    K.TEMPLATE_SYNTAX: "The template {subject} can't be read: {detail}.",
    K.VARIABLE_PROMPT: "The variable {subject} must be asked for, and there is no terminal. Give -v {subject}=VALUE.",
    K.VARIABLE_SECRET: "The secret {subject} has no value here. Set it in the workbench, in the environment's *.secret.toml, or give -v {subject}=VALUE.",
    K.VARIABLE_FROM: "The variable {subject} comes from a request that gave no value: {detail}.",
    K.VARIABLE_OPTIONS: "The variable {subject} has no options to choose from.",
    K.CAPTURE_FAILED: "The capture {subject} found nothing: {detail}.",
    K.TRUST_REFUSED: "{subject} was not granted to this collection: {detail}.",
    K.COLLECTION_FILE: "{subject} can't be read: {detail}.",
    K.DATA_ROW: "{subject} can't be used: {detail}.",
    K.DISK: "The reply could not be kept: {detail}. Free some room.",
    K.INTERNAL: "Something in tui-client went wrong: {detail}. This is a bug of ours.",
}


def why_unsent(outcome: Skipped | Dropped | InDoubt) -> str:
    """Why a step was not sent, in words."""
    match outcome:
        case Skipped(because=because):
            return f"Not sent: {because} did not pass before it."
        case Dropped():
            return "Dropped: its time came while all sessions were busy."
        case InDoubt():
            return "In doubt: it may have been sent by a process that died, and was not sent again."
        case _:
            assert_never(outcome)


def describe(failure: Failure) -> str:
    """One or two sentences for people, safe to print: what failed, where, what to do."""
    sentence = _filled(_SENTENCES[failure.kind], failure)
    return f"{sentence} ({safe_line(failure.place)})" if failure.place else sentence


def describe_alone(failure: Failure) -> str:
    """What failed, and where, in one sentence: for what is sent without a collection that could be changed."""
    return _filled(_SENTENCES[failure.kind].partition(". ")[0].rstrip(".") + ".", failure)


def _filled(sentence: str, failure: Failure) -> str:
    return sentence.format(
        subject=safe_line(failure.subject),
        # Of a file that is outside, the detail is its real path.
        option=safe_line(f"--grant {shlex.quote(f'file:{failure.detail}')}"),
        detail=safe_line(failure.detail).rstrip(".") or "no reason given",
        limit="" if failure.limit_s is None else f"{failure.limit_s:g} s",
    )


def describe_error(error: TuiClientError) -> str:
    """Any of our errors as a sentence for people, safe to print."""
    match error:
        case RequestFailed(failure=failure):
            return describe(failure)
        case BrokenFile():
            return safe_line(f"{broken_place(error)}: {error.reason}")
        case QueryError(query=query, reason=reason):
            return safe_line(f"{query}: {reason}")
        case NotFound(what=what, name=name, near=near):
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            return safe_line(f"There is no {what} {name}.{hint}")
        case Conflict(path=path):
            return safe_line(
                f"{path} changed on disk since it was read. Keep yours, take theirs, or look at the difference."
            )
        case SaveFailed(path=path, reason=reason):
            return safe_line(f"Could not save {path}: {reason}. The old file is untouched.")
        case OutsideCollection(path=path):
            return safe_line(f"{path} would leave the collection. Choose a name inside it.")
        case BadKind(module=module, reason=reason):
            return safe_line(f"{module}: {reason}")
        case UsageError(reason=reason):
            return safe_line(reason)
        case _:
            return safe_line(str(error))


def broken_place(error: BrokenFile) -> str:
    """Where a file is broken: "users/list.toml:4:7 $.params.page"."""
    line = "" if error.line is None else f":{error.line}"
    column = "" if error.column is None else f":{error.column}"
    return f"{error.path}{line}{column}{' ' + error.toml_path if error.toml_path else ''}"
