"""An exchange as entries of HAR 1.2: a redirect or an authentication round trip is one of its own, as in a browser.

Source: http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tui_client.formats._har.messages import empty_response, request_of, response_of, security_of, with_location
from tui_client.model.exchange import Exchange, Hop, RawHeader, Timings


def entries_of(exchange: Exchange, comment: str = "") -> Iterator[dict[str, Any]]:
    """The entries, in the order in which they were sent. comment: on the last, why there was no reply."""
    started = exchange.started
    for hop in exchange.hops:
        yield _hop_entry(hop, started)
        started += timedelta(milliseconds=hop.timings.total)
    last = _last_entry(exchange, started)
    yield {**last, "comment": comment} if comment else last


def _hop_entry(hop: Hop, started: datetime) -> dict[str, Any]:
    response = empty_response(hop.status, hop.reason, hop.request.http_version, hop.headers)
    return {
        **_times(started, hop.timings),
        "request": request_of(hop.request),
        "response": with_location(response, hop.headers),
        "cache": {},
    }


def _last_entry(exchange: Exchange, started: datetime) -> dict[str, Any]:
    no_headers: tuple[RawHeader, ...] = ()
    entry = {
        **_times(started, exchange.timings),
        "request": request_of(exchange.request),
        # Status 0 is what browsers write where no reply came.
        "response": empty_response(0, "", exchange.request.http_version, no_headers)
        if exchange.response is None
        else response_of(exchange.response),
        "cache": {},
    }
    address = exchange.remote.rpartition(":")[0].strip("[]")
    if address and not exchange.remote.startswith("/"):
        entry["serverIPAddress"] = address
    if exchange.tls is not None:
        entry["_securityDetails"] = security_of(exchange.tls)
    return entry


def _times(started: datetime, timings: Timings) -> dict[str, Any]:
    phases = _phases(timings)
    return {
        "startedDateTime": started.isoformat(timespec="milliseconds"),
        # By its definition the sum of the phases, with `ssl` inside of `connect`.
        "time": round(sum(value for name, value in phases.items() if value > 0 and name != "ssl"), 3),
        "timings": phases,
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
