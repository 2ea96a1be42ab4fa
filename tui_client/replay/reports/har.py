"""HAR 1.2: every request that was sent and its reply, for browsers' tools and proxies.

A redirect or authentication round trip is an entry of its own, as in a browser. A step that was never sent has none.
Source: http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, TextIO

import msgspec

from tui_client import __version__
from tui_client.model.exchange import Exchange, Hop, RawHeader, Timings
from tui_client.model.step import Errored, StepResult
from tui_client.model.wording import describe
from tui_client.replay.reports._har_messages import empty_response, request_of, response_of, security_of, with_location
from tui_client.replay.reports._json import to_text
from tui_client.replay.reports._report import RunData


class Har(msgspec.Struct, frozen=True):
    name: str = "har"
    suffix: str = ".har"

    def write(self, data: RunData, out: TextIO) -> None:
        creator = to_text({"name": "tui-client", "version": __version__})
        comment = to_text(f"Run {data.header.run}; secrets are masked")
        out.write(f'{{"log": {{"version": "1.2", "creator": {creator}, "comment": {comment}, "entries": [')
        separator = "\n"
        for result in data.results():
            for entry in _entries(result):
                out.write(separator + to_text(entry))
                separator = ",\n"
        out.write("\n]}}\n")


def _entries(result: StepResult) -> Iterator[dict[str, Any]]:
    exchange = result.exchange
    if exchange is None:
        return
    started = exchange.started
    for hop in exchange.hops:
        yield _hop_entry(result, hop, started)
        started += timedelta(milliseconds=hop.timings.total)
    yield _last_entry(result, exchange, started)


def _hop_entry(result: StepResult, hop: Hop, started: datetime) -> dict[str, Any]:
    entry = _entry(result, started, hop.timings)
    entry["request"] = request_of(hop.request)
    response = empty_response(hop.status, hop.reason, hop.request.http_version, hop.headers)
    entry["response"] = with_location(response, hop.headers)
    return entry


def _last_entry(result: StepResult, exchange: Exchange, started: datetime) -> dict[str, Any]:
    entry = _entry(result, started, exchange.timings)
    entry["request"] = request_of(exchange.request)
    no_headers: tuple[RawHeader, ...] = ()
    # Status 0 is what browsers write where no reply came.
    entry["response"] = (
        empty_response(0, "", exchange.request.http_version, no_headers)
        if exchange.response is None
        else response_of(exchange.response)
    )
    address = exchange.remote.rpartition(":")[0].strip("[]")
    if address and not exchange.remote.startswith("/"):
        entry["serverIPAddress"] = address
    if exchange.tls is not None:
        entry["_securityDetails"] = security_of(exchange.tls)
    if isinstance(result.outcome, Errored):
        entry["comment"] = describe(result.outcome.failure)
    return entry


def _entry(result: StepResult, started: datetime, timings: Timings) -> dict[str, Any]:
    phases = _phases(timings)
    step = result.step
    return {
        "startedDateTime": started.isoformat(timespec="milliseconds"),
        # By its definition the sum of the phases, with `ssl` inside of `connect`.
        "time": round(sum(value for name, value in phases.items() if value > 0 and name != "ssl"), 3),
        "request": {},
        "response": {},
        "cache": {},
        "timings": phases,
        "_step": {"row": step.row, "iteration": step.iteration, "index": step.index, "request": step.key},
    }


def _phases(timings: Timings) -> dict[str, float]:
    """HAR's names; -1 for a phase that did not take place, 0 for send, wait and receive: they must not be negative."""
    connect = timings.connect
    if timings.tls is not None:
        connect = (connect or 0.0) + timings.tls
    optional = {"blocked": timings.blocked, "dns": timings.dns, "connect": connect, "ssl": timings.tls}
    always = {"send": timings.send, "wait": timings.wait, "receive": timings.receive}
    return {
        **{name: -1 if value is None else round(value, 3) for name, value in optional.items()},
        **{name: round(value or 0.0, 3) for name, value in always.items()},
    }


FORMAT: Final = Har()
