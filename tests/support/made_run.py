"""A run that never took place, with all outcomes, in any length: what reports are written from."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import BytesBody, Exchange, Hop, Response, SentRequest, Timings
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Outcome, Replied, Skipped, StepId, StepResult
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.diff.runs import Compared, DiffReport, Place
from tui_client.replay.generator import Load
from tui_client.replay.journal.header import Ended, RunHeader
from tui_client.replay.plan import Plan
from tui_client.replay.reasons import reason
from tui_client.replay.record import Recorded, record_of
from tui_client.replay.report import Report, Summary
from tui_client.storage.batch import Threshold

# What no report may carry as it is: markup, formulas, controls, bidi, half a character.
HOSTILE: Final = (
    "=cmd()",
    "+1",
    "-1",
    "@sum(a)",
    "\t=1",
    "\r=1",
    "x;=1",
    "<script>alert(1)</script>",
    "]]>",
    "\x1b[31m",
    "\u202egnp.exe",
    "\ud800",
    "\0",
    "\x7f\x85\u2028",
    '"><img src=x onerror=1>',
    "{{x}}",
    "‎&amp;",
    "\ufffe\uffff",
)
_KEYS: Final = ("users/list", "users/create", "orders/by.day")
_THRESHOLDS: Final = (
    Threshold(metric="latency", agg="p95", op="<", value=250.0),
    Threshold(metric="failures", op="<", value=0.001, select={"tag": "checkout"}),
    Threshold(metric="throughput", op=">", value=1.0),
)
STARTED: Final = datetime(2026, 11, 22, 9, 30, 12, tzinfo=UTC)


class MadeRun:
    """A `RunData` of so many steps, made anew each time it is asked for; the same each time.

    names: what keys, labels and reasons are taken from besides. all_well: every step passes.
    """

    def __init__(
        self,
        steps: int = 300,
        names: tuple[str, ...] = (),
        diff: DiffReport | None = None,
        *,
        all_well: bool = False,
        paced: bool = True,
        generator: Load | None = None,
        rate: float = 50.0,
    ) -> None:
        self.diff = diff
        self._steps = steps
        self._names = names
        self._all_well = all_well
        self._paced = paced
        self._rate = rate
        plan = Plan(
            title=names[0] if names else "batches/nightly",
            steps=_KEYS,
            environment="staging",
            given={"token": "canary-secret"},
            data=Path("users.csv"),
            concurrency=16,
            rate=rate if paced else None,
            thresholds=_THRESHOLDS,
        )
        tags = {key: ("checkout",) if "orders" in key else ("crud", "smoke") for key in _KEYS}
        self.header = RunHeader(
            run="20261122-093012-a1b2",
            plan=plan,
            workspace=Path("/srv/api"),
            started=STARTED,
            root="20261122-093012-a1b2",
            tags=tags,
        )
        self.summary = self._summarised(tags, generator)

    def _summarised(self, tags: dict[str, tuple[str, ...]], generator: Load | None) -> Summary:
        report = Report(self.header.run, tags, _THRESHOLDS)
        for record in self.records():
            report.count(record)
        report.ended = Ended.FINISHED.value
        report.generator = generator or Load()
        return report.summary(self._steps / self._rate + 1)

    def records(self) -> Iterator[Recorded]:
        for result in self.results():
            yield record_of(result)

    def failures(self) -> Iterator[tuple[Recorded, str]]:
        for result in self.results():
            if not result.passed:
                name = self._name(result.step.row)
                yield record_of(result), f"{name} {reason(result)}" if name else reason(result)

    def results(self) -> Iterator[StepResult]:
        chance = random.Random(7)
        for number in range(self._steps):
            yield self._result(number, chance)

    def _name(self, number: int) -> str:
        return self._names[number % len(self._names)] if self._names else ""

    def _result(self, number: int, chance: random.Random) -> StepResult:
        row, index = number // len(_KEYS) + 1, number % len(_KEYS)
        key = self._name(number) or _KEYS[index]
        due_s = number / self._rate
        wave = 1.6 if self._steps * 0.55 < number < self._steps * 0.7 else 1.0
        total = chance.lognormvariate(3.4 + index * 0.45, 0.5) * wave + (chance.random() < 0.004) * 900
        queued_ms = max(0.0, chance.gauss(8, 20)) * wave
        draw = 0.0 if self._all_well else chance.random() * (1.06 if wave > 1 else 1)
        outcome = _outcome(draw, number, key, total, self._name(number + 1))
        sent = isinstance(outcome, Replied | Errored)
        return StepResult(
            step=StepId(row, 0, index, key),
            outcome=outcome,
            finished_s=due_s + (total + queued_ms) / 1000,
            label=f"{'POST' if index == 1 else 'GET'} https://api.example.com/v1/{key}?page={row}&q={self._name(number)}",
            due_s=due_s if self._paced and sent else None,
            attempts=2 if draw > 0.96 and sent else int(sent),
            late=self._paced and queued_ms > 50,
        )


def _outcome(draw: float, number: int, key: str, total: float, name: str) -> Outcome:
    exchange = _exchange(number, 200, total, name)
    check = CheckResult("status", "", "==", 200, 200, True)
    if draw < 0.965:
        return Replied(exchange, (check,))
    if draw < 0.975:
        return Replied(_exchange(number, 500, total, name), (msgspec.structs.replace(check, actual=500, passed=False),))
    if draw < 0.98:
        return Replied(_exchange(number, 404, total, name), http_error=True)
    if draw < 0.985:
        return Skipped(key)
    if draw < 0.988:
        return Dropped()
    if draw < 0.991:
        return InDoubt()
    if draw < 0.995:
        return Errored(Failure(FailureKind.CONNECT_REFUSED, "api.example.com:443"))
    failure = Failure(FailureKind.TIMEOUT_READ, "api.example.com:443", detail=name, limit_s=30.0)
    return Errored(failure, msgspec.structs.replace(exchange, response=None, failure=failure))


def _exchange(number: int, status: int, total: float, name: str) -> Exchange:
    target = f"/v1/things?page={number}&q=a%20b"
    text = name.encode("utf-8", "replace")
    headers = ((b"Host", b"api.example.com"), (b"Authorization", "•••".encode()), (b"X-Name", text))
    body = b'{"name": "' + text + b'"}' if number % 2 else b"\x89PNG\0\xff\xfe" + text
    sent = SentRequest("POST", f"https://api.example.com{target}", target.encode(), headers, body, len(body) + 4)
    reply_headers = ((b"Content-Type", b"application/json"), (b"Set-Cookie", "sid=•••; Path=/".encode()))
    response = Response(
        status, name, "HTTP/1.1", reply_headers, BytesBody(body), len(body) + 90, note="90 bytes more were not kept"
    )
    timings = Timings(0.1, 1.0, 2.0, 5.0, 0.2, total * 0.9, total * 0.1, total + 8)
    hops = ()
    if number % 10 == 0:
        hops = (Hop(sent, 302, "Found", ((b"Location", b"/v1/there"),), Timings(total=12.0, wait=12.0)),)
    return Exchange(sent, response, timings, STARTED, hops=hops, remote="[::1]:443")


def _diff() -> DiffReport:
    price, status = Change("$.items[0].price", "12.50", "12.90"), Change("status", "200", "404")
    first, second = StepId(118, 0, 0, "users/list"), StepId(7, 0, 1, "users/create")
    return DiffReport(
        compared=300,
        changed=2,
        changes=(
            Compared(first, "GET https://api.example.com/v1/users?page=118", (price, status)),
            Compared(second, "POST https://api.example.com/v1/users", (Change("$.id", None, "7"),)),
        ),
        places={"$.items[*].price": Place(1, first, price), "status": Place(1, first, status)},
    )


DIFF: Final = _diff()
