"""A step's row holds all of its result but for secrets, captures and the ends of long bodies."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec
import pytest
from handmade_journal import STARTED, HandmadeJournal, exchange_of, failed, passed, refused
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind
from tui_client.http.spool import Spool
from tui_client.model.exchange import BodyEnd, BytesBody, Exchange, Hop, Response, SentRequest, Timings
from tui_client.model.step import CheckResult, Dropped, Errored, InDoubt, Replied, Skipped, StepId, StepResult
from tui_client.model.tls import TlsDetails
from tui_client.model.values import MISSING
from tui_client.replay.journal.codec import KEPT_BYTES, RECORD_COLUMNS, STEP_COLUMNS, record_of_row, result_of, step_row
from tui_client.replay.journal.schema import TABLES
from tui_client.replay.record import record_of

STEP = StepId(3, 0, 1, "users/get")


def _made(kind: type, *parts: Any, **named: Any) -> st.SearchStrategy[Any]:
    return st.builds(lambda *values, **more: kind(*values, **more), *parts, **named)


_counts = st.integers(0, 2**62)
_floats = st.floats(0, 1e9)
_any_text = st.text(st.characters(codec=None), max_size=20)
_any_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | _any_text
    | st.binary(max_size=10)
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.dates()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_any_text | st.just("$date"), inner, max_size=3),
    max_leaves=8,
)
_timings = _made(Timings, st.none() | _floats, total=_floats)
_failures = _made(Failure, st.sampled_from(FailureKind), _any_text, _any_text, _any_text, st.none() | _floats)
# Hypothesis knows the words of our code: no name may be that of a credential by chance.
_names = st.binary(min_size=1, max_size=8).filter(lambda name: not name.replace(b"-", b"").isalpha())
_headers = st.lists(st.tuples(_names, st.binary(max_size=20)), max_size=3).map(tuple)
_credentials = st.sampled_from([((b"Cookie", b"a=1; b"),), ((b"authorization", b"Basic eDp5"),), ()])
_requests = _made(
    SentRequest,
    method=_any_text,
    url=st.just("http://a/b?c=d") | _any_text,
    target=st.just(b"/b?c=d") | st.binary(min_size=1, max_size=10),
    headers=st.builds(lambda one, other: one + other, _headers, _credentials),
    body=st.binary(max_size=20),
    body_bytes=_counts,
    http_version=st.sampled_from(["HTTP/1.1", "HTTP/2"]),
    proxy=_any_text,
    verified=st.booleans(),
    unverified_by=st.sampled_from(["", "settings", "options"]),
)
_responses = _made(
    Response,
    status=st.integers(100, 999),
    reason=_any_text,
    http_version=_any_text,
    headers=_headers,
    body=st.builds(BytesBody, st.binary(max_size=50)),
    encoded_bytes=_counts,
    complete=st.booleans(),
    body_end=st.sampled_from(BodyEnd),
    note=_any_text,
)
_hops = _made(Hop, _requests, st.integers(100, 999), _any_text, _headers, _timings, st.tuples(_any_text))
# What a journal has no room for is the certificates.
_tls = _made(TlsDetails, _any_text, _any_text, _any_text, st.booleans(), _any_text)
_exchanges = _made(
    Exchange,
    _requests,
    st.none() | _responses,
    _timings,
    st.datetimes(timezones=st.just(UTC)),
    st.lists(_hops, max_size=2).map(tuple),
    st.none() | _failures,
    _any_text,
    st.lists(_any_text, max_size=2).map(tuple),
    st.none() | _tls,
)
_checks = _made(
    CheckResult,
    query=_any_text,
    expr=_any_text,
    op=_any_text,
    value=_any_values,
    actual=_any_values | st.just(MISSING),
    passed=st.booleans(),
    negated=st.booleans(),
    error=_any_text,
)
_outcomes = (
    _made(
        Replied,
        _exchanges,
        st.lists(_checks, max_size=2).map(tuple),
        st.dictionaries(_any_text, st.integers(), max_size=1),
        st.booleans(),
    )
    | _made(Errored, _failures, st.none() | _exchanges)
    | _made(Skipped, _any_text)
    | st.just(Dropped())
    | st.just(InDoubt())
)
_steps = _made(StepId, _counts, _counts, st.integers(-9, 9), st.sampled_from(["a", "users/create"]))
_results = _made(
    StepResult, _steps, _outcomes, _floats, _any_text, st.none() | _floats, st.integers(0, 9), st.booleans()
)


def _kept(result: StepResult) -> StepResult:
    return result_of(step_row(result, record_of(result)))


def _storable(node: Any) -> Any:
    """The same with question marks for what no UTF-8 has, which is what a journal keeps of it."""
    match node:
        case str():
            return node.encode("utf-8", "replace").decode()
        case tuple() | list():
            return type(node)(map(_storable, node))
        case dict():
            return {_storable(name): _storable(one) for name, one in node.items()}
        case msgspec.Struct():
            return type(node)(**{name: _storable(one) for name, one in msgspec.structs.asdict(node).items()})
        case _:
            return node


def _plainly(result: StepResult) -> StepResult:
    """What the journal promises to keep of a result without secrets and long bodies."""

    def headers(rows: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[bytes, bytes], ...]:
        masks = {b"a=1; b": "a=•••; •••".encode(), b"Basic eDp5": "•••".encode()}
        return tuple((_utf8(name), masks.get(value, _utf8(value))) for name, value in rows)

    def request(one: SentRequest, body: bytes) -> SentRequest:
        return msgspec.structs.replace(one, headers=headers(one.headers), target=_utf8(one.target), body=body)

    def exchange(one: Exchange) -> Exchange:
        hops = tuple(
            msgspec.structs.replace(hop, request=request(hop.request, b""), headers=headers(hop.headers))
            for hop in one.hops
        )
        response = one.response and msgspec.structs.replace(one.response, headers=headers(one.response.headers))
        return msgspec.structs.replace(
            one, request=request(one.request, one.request.body), response=response, hops=hops
        )

    outcome = result.outcome
    if isinstance(outcome, Replied):
        outcome = msgspec.structs.replace(outcome, exchange=exchange(outcome.exchange), captures={})
    elif isinstance(outcome, Errored) and outcome.exchange:
        outcome = msgspec.structs.replace(outcome, exchange=exchange(outcome.exchange))
    return _storable(msgspec.structs.replace(result, outcome=outcome))


def _utf8(raw: bytes) -> bytes:
    try:
        return raw.decode().encode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode()


@given(_results)
def test_a_row_gives_the_result_back(result: StepResult) -> None:
    """A screen opens a step of the journal as it opens a live one: only captures, cookies and credentials are gone."""
    assert _kept(result) == _plainly(result)


@given(_results)
def test_a_row_gives_the_figures_back(result: StepResult) -> None:
    """Reports made from a journal have the very figures of the live run."""
    record = record_of(result)
    row = dict(zip(STEP_COLUMNS, step_row(result, record), strict=True))
    found = record_of_row([row[name] for name in RECORD_COLUMNS])
    assert found == msgspec.structs.replace(record, label=_storable(record.label))


@given(_results)
def test_sqlite_takes_every_row(result: StepResult) -> None:
    """Nothing that a server or a file says can keep a result out of the journal; its detail stays readable JSON."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    marks = ", ".join("?" * len(STEP_COLUMNS))
    row = step_row(result, record_of(result))
    connection.execute(f"INSERT INTO steps VALUES ({marks})", row)
    (found,) = connection.execute(f"SELECT {', '.join(STEP_COLUMNS)} FROM steps").fetchall()
    assert found == row
    assert connection.execute("SELECT detail = '' OR json_valid(detail) FROM steps").fetchone() == (1,)


def test_columns_are_those_of_the_table() -> None:
    """The values go into the columns of the schema, in its order."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    assert tuple(row[1] for row in connection.execute("PRAGMA table_info(steps)")) == STEP_COLUMNS


async def test_a_long_body_is_cut_and_its_digest_is_not(tmp_path: Path) -> None:
    """64 KiB of a body are kept, in memory or in a file; the digest tells whether two whole ones were equal."""
    spool = Spool(tmp_path, memory_bytes=1000)
    data = bytes(range(256)) * 12_000
    spool.append(data)
    await spool.settle()
    exchange = exchange_of()
    assert exchange.response is not None
    response = msgspec.structs.replace(exchange.response, body=spool)
    result = passed(STEP, msgspec.structs.replace(exchange, response=response))
    row = dict(zip(STEP_COLUMNS, await asyncio.to_thread(step_row, result, record_of(result)), strict=True))
    assert row["body"] == data[:KEPT_BYTES]
    assert row["body_sha256"] == hashlib.sha256(data).digest()
    kept = _kept(result)
    assert kept.exchange is not None and kept.exchange.response is not None
    assert kept.exchange.response.note == "the journal keeps 65,536 of 3,072,000 bytes of this body"
    assert _kept(kept) == kept


def test_a_long_find_of_a_check_is_cut() -> None:
    """A check of a whole body does not keep that body a second time."""
    checks = (
        CheckResult("body", "", "==", "x", "y" * 100_000, False),
        CheckResult("json", "$", "exists", None, ["z" * 100_000], True),
    )
    kept = _kept(StepResult(STEP, Replied(exchange_of(), checks)))
    assert isinstance(kept.outcome, Replied)
    assert kept.outcome.checks[0].actual == "y" * 4000
    assert kept.outcome.checks[1].actual == '["' + "z" * 3998


def test_half_a_surrogate_pair_is_replaced() -> None:
    """What no UTF-8 has becomes a question mark wherever it stands, and the rest is kept."""
    checks = (CheckResult("json", "$", "==", ["\ud800", 1], {"\udfff": 1.5}, False),)
    kept = _kept(StepResult(STEP, Replied(exchange_of(url="http://a/\ud800"), checks), label="\ud800"))
    assert isinstance(kept.outcome, Replied)
    assert (kept.outcome.checks[0].value, kept.outcome.checks[0].actual) == (["?", 1], {"?": 1.5})
    assert (kept.label, kept.outcome.exchange.request.url) == ("?", "http://a/?")


def test_detail_can_be_queried(tmp_path: Path) -> None:
    """SQLite's JSON functions find a header, a time and the failure by their names."""
    journal = HandmadeJournal(tmp_path / "run.sqlite")
    journal.add(passed(STEP), refused(StepId(4, 0, 0, "users/get")))
    found = journal.connection.execute(
        "SELECT detail ->> '$.request.method', detail ->> '$.response.headers[0][1]', detail ->> '$.timings.total',"
        " detail ->> '$.started', detail ->> '$.failure.kind' FROM steps"
    ).fetchall()
    assert found == [
        ("GET", "application/json", 12.5, STARTED.isoformat().replace("+00:00", "Z"), None),
        (None, None, None, None, "connect.refused"),
    ]


def test_the_reason_is_said_in_words() -> None:
    """Whoever lists a journal reads why a step did not pass; "" where it did."""
    at = STEP_COLUMNS.index("reason")
    reasons = [step_row(one, record_of(one))[at] for one in (passed(STEP), failed(STEP), StepResult(STEP, Dropped()))]
    assert reasons == ["", "status == 200, was 500", "Dropped: its time came while all sessions were busy."]


@pytest.mark.parametrize(
    "damage", [{"outcome": "maybe"}, {"detail": "{"}, {"detail": '{"request": 1}'}, {"detail": ""}]
)
def test_a_damaged_row_is_told(damage: dict[str, str]) -> None:
    """What was never written is a ValueError, not some result."""
    row = dict(zip(STEP_COLUMNS, step_row(passed(STEP), record_of(passed(STEP))), strict=True)) | damage
    with pytest.raises(ValueError):
        result_of(list(row.values()))


def test_detail_is_small() -> None:
    """What is not there takes no room: a plain GET has no keys for hops, failures, checks or warnings."""
    row = step_row(passed(STEP), record_of(passed(STEP)))
    assert set(json.loads(row[STEP_COLUMNS.index("detail")])) == {"request", "response", "timings", "started", "remote"}
