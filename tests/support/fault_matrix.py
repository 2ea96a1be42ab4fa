"""The fault matrix: what can go wrong outside of us, and what is promised to come of it.

One row a fault. Its tests carry `@fault("wire.reset")`; a row is handled as documented when all of them pass.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pytest


class Fault(NamedTuple):
    """id: "area.name". what: what the world does. expected: what a user gets, in one sentence."""

    id: str
    what: str
    expected: str


AREAS: Final = {
    "wire": "On the wire",
    "tls": "TLS",
    "redirect": "Redirects and cookies",
    "terminal": "Terminal",
    "disk": "Disk",
    "cluster": "Many processes",
}

FAULTS: Final = (
    Fault(
        "wire.reset",
        "the connection is reset, before, in and after the head",
        "connect.reset, closed_early or incomplete",
    ),
    Fault("wire.garbage", "the reply is no HTTP", "protocol, with what was wrong"),
    Fault("wire.cut_length", "the body is shorter than its Content-Length", "incomplete; what came is kept"),
    Fault("wire.cut_chunk", "the body ends inside a chunk", "incomplete; what came is kept"),
    Fault("wire.cut_gzip", "the compressed body ends early", "incomplete; what could be decoded is kept"),
    Fault("wire.bad_gzip", "the compressed body is no gzip", "decoding; what was decoded before is kept"),
    Fault("wire.bomb", "a small body becomes a gigabyte", "cut at the limit, said so; memory rises by less than 64 MB"),
    Fault("wire.nested_bomb", "gzip in gzip in gzip becomes a gigabyte", "cut or refused, in less than 64 MB"),
    Fault("wire.dripped_body", "a byte of the body now and then, for ever", "timeout.total; what came is kept"),
    Fault("wire.dripped_header", "a byte of a header now and then, for ever", "timeout.total"),
    Fault("wire.endless_1xx", "100 Continue without end", "timeout.total or protocol, in bounded memory"),
    Fault("wire.header_flood", "headers without end", "too_large.headers; 1,000 rows are drawn at most"),
    Fault("wire.hang", "silence: before, in the headers, in the body", "timeout.read; Esc ends it at once"),
    Fault("wire.redirect_loop", "redirects without end", "redirect.too_many; the chain is shown"),
    Fault("tls.untrusted", "a certificate of an unknown authority", "tls.untrusted; nothing is sent"),
    Fault("tls.wrong_host", "a certificate of another host", "tls.hostname; nothing is sent"),
    Fault("tls.expired", "a certificate that has expired", "tls.expired; nothing is sent"),
    Fault("tls.not_yet_valid", "a certificate that is not valid yet", "tls.not_yet_valid; nothing is sent"),
    Fault("tls.old_version", "a server that speaks TLS 1.1 at best", "tls.version; nothing is sent"),
    Fault("tls.client_certificate", "a server that wants a certificate of ours", "tls.client_certificate"),
    Fault("tls.plain_http", "plain HTTP on the port of TLS", "tls.failed, saying so; nothing is sent"),
    Fault(
        "tls.cut", "the connection ends without TLS's own end", "a body of known length is whole; any other is badged"
    ),
    Fault("redirect.other_port", "a redirect to another port", "no credential and no cookie goes along"),
    Fault("redirect.other_host", "a redirect to another host", "no credential and no cookie goes along"),
    Fault("redirect.downgrade", "a redirect from https to http", "no credential and no Secure cookie goes along"),
    Fault("redirect.userinfo", "a redirect to user:password@host", "never taken for the user's own credentials"),
    Fault("redirect.bad_location", "a Location that is no address", "redirect.invalid; the reply is kept"),
    Fault("terminal.payloads", "a reply full of escape codes", "shown as signs; the terminal stays as it was"),
    Fault("terminal.term", "SIGTERM", "terminal restored, exit code 143, drafts kept"),
    Fault("terminal.hup", "SIGHUP", "terminal restored, exit code 129, drafts kept"),
    Fault("terminal.quit", "SIGQUIT", "terminal restored, exit code 131, drafts kept"),
    Fault("terminal.crash", "a bug of ours", "terminal restored, exit code 70, no values printed, drafts kept"),
    Fault("terminal.bad_byte", "a byte from the keyboard that is no UTF-8", "ignored; the next key counts"),
    Fault("terminal.resize_storm", "hundreds of resizes in a second", "drawn right at the end"),
    Fault("terminal.tiny", "a terminal of 1 by 1", "nothing breaks; drawn right when it grows"),
    Fault("terminal.lang_c", "LANG=C, and TERM=dumb", "works, or says why not"),
    Fault("terminal.epipe", "a reader that closes its end", "quiet, with the exit code of the work"),
    Fault("disk.full_at_save", "the disk is full at a save", "a message; the old file whole, the text in the editor"),
    Fault("disk.full_at_journal", "the disk is full in a replay", "the run pauses, and goes on when there is room"),
    Fault("disk.read_only", "a folder that can't be written", "a message that says which; nothing is lost"),
    Fault("disk.changed", "a file that changed on disk and in the editor", "asked for; neither version is lost"),
    Fault("disk.two_instances", "two instances on the same files", "shared safely, or the second says why not"),
    Fault("disk.killed_in_save", "kill -9 in a save", "the old file or the new one, whole"),
    Fault(
        "cluster.worker_killed",
        "a worker of a replay is killed",
        "its unsafe steps without a result are in doubt; others do the rest",
    ),
    Fault(
        "cluster.worker_stopped",
        "a worker of a replay says nothing",
        "lost after a time, as if killed; awake again it sends nothing",
    ),
    Fault("cluster.worker_slow", "a worker of a replay is slow", "the others do more; the run ends"),
    Fault(
        "cluster.network_cut", "the network to a worker swallows everything", "lost after a time; nothing is sent twice"
    ),
    Fault(
        "cluster.scheduler_restarted", "the scheduler is started again", "the run waits, and goes on with whoever comes"
    ),
    Fault(
        "cluster.coordinator_killed",
        "kill -9 of what launched the replay",
        "resumable; in doubt is what was claimed without a result",
    ),
    Fault("cluster.other_version", "a worker of another version", "refused, with both versions named"),
    Fault(
        "cluster.not_installed",
        "Dask is not installed",
        "one sentence with the command that installs it; no run begins",
    ),
)


def fault(id: str) -> pytest.MarkDecorator:
    """Mark a test as one of a fault's. Raises ValueError for an id that no row has."""
    if id not in {row.id for row in FAULTS}:
        raise ValueError(f"no fault {id!r} in the matrix")
    return pytest.mark.fault(id)
