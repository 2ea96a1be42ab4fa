"""No secret reaches a journal, in no form and no part."""

from __future__ import annotations

import base64
import json
import urllib.parse
from typing import Any

import msgspec
import pytest
from handmade_journal import exchange_of, passed, refused
from hypothesis import example, given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind
from tui_client.model.exchange import Hop, Timings
from tui_client.model.step import CheckResult, Errored, Replied, StepId, StepResult
from tui_client.replay.journal.codec import KEPT_BYTES, STEP_COLUMNS, result_of, step_row
from tui_client.replay.record import record_of

STEP = StepId(1, 0, 0, "users/get")
CANARY = 'canary "ö" /+?'
SECRETS = frozenset({CANARY, "hop-canary"})
FORMS = (
    CANARY,
    urllib.parse.quote(CANARY),
    urllib.parse.quote_plus(CANARY),
    json.dumps(CANARY)[1:-1],
    base64.b64encode(CANARY.encode()).decode(),
    "hop-canary",
)


def _row(result: StepResult) -> dict[str, Any]:
    return dict(zip(STEP_COLUMNS, step_row(result, record_of(result)), strict=True))


def _everything(row: dict[str, Any]) -> str:
    texts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row.values()]
    return "\n".join([*texts, *(_unescaped(text) for text in texts)])


def _unescaped(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return ""


@pytest.mark.parametrize("form", FORMS)
def test_no_text_of_a_step_shows_a_secret(form: str) -> None:
    """The canary is found nowhere: URL, headers, bodies, hops, label, reason, checks, warnings, failures, remote."""
    raw = f"<{form}>".encode()
    rows = ((b"X-Api-Key", raw), (raw, b"1"))
    exchange = exchange_of(
        b"..." + raw, url=f"http://h/{form}", sent=rows, came=rows, request_body=raw, secrets=frozenset({CANARY})
    )
    inner = msgspec.structs.replace(exchange.request, secrets=frozenset({"hop-canary"}))
    failure = Failure(FailureKind.CAPTURE_FAILED, form, form, f"{'x' * 990} {form}")
    exchange = msgspec.structs.replace(
        exchange,
        hops=(Hop(inner, 302, form, rows, Timings(), (form,)),),
        failure=failure,
        remote=form,
        warnings=(form,),
    )
    values: tuple[Any, ...] = (form, [form], {form: {"a": form}}, raw, "y" * 3990 + form, ["y" * 3980, form])
    checks = tuple(CheckResult(form, form, form, one, one, False, error=form) for one in values)
    for outcome in (Replied(exchange, checks), Errored(failure, exchange)):
        result = StepResult(STEP, outcome, label=f"GET {form}")
        row = _row(result)
        shown = _everything(row)
        assert not [one for one in FORMS if one in shown]
        assert "•••" in row["label"] and "•••" in row["reason"]
        again = result_of(list(row.values()))
        assert result_of(step_row(again, record_of(again))) == again


@given(
    at=st.integers(KEPT_BYTES - 60, KEPT_BYTES + 60),
    secret=st.text("abcdefgö", min_size=8, max_size=40),
    masked_before=st.integers(0, 300),
    tail=st.integers(0, 3000),
)
@example(at=KEPT_BYTES - 4, secret="abcdefgh", masked_before=0, tail=0)
@example(at=KEPT_BYTES + 450, secret="abcdefgh" * 5, masked_before=300, tail=2000)
def test_a_secret_at_the_cut_survives_in_no_part(at: int, secret: str, masked_before: int, tail: int) -> None:
    """Where a body is cut in the middle of a secret, not even its beginning is kept."""
    raw = secret.encode()
    data = raw * masked_before
    data += b"-" * (at - len(data)) + raw + b"-" * tail
    body = _row(passed(STEP, exchange_of(data, request_body=data, secrets=frozenset({secret}))))
    for kept in (body["body"], body["request_body"]):
        assert len(kept) <= KEPT_BYTES
        assert raw[:1] not in kept.replace("•••".encode(), b"")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_secret_in_another_charset_is_masked(encoding: str) -> None:
    """Bodies are not always UTF-8."""
    data = f'{{"key": "{CANARY}"}}'.encode(encoding)
    kept = _row(passed(STEP, exchange_of(data, secrets=SECRETS)))["body"]
    assert kept.decode("latin-1").count("•••".encode().decode("latin-1")) == 1
    assert CANARY.encode(encoding)[2:-1] not in kept


def test_a_secret_that_a_charset_lacks_masks_nothing_else() -> None:
    """Question marks are not taken for a secret in another script."""
    body = "????? \u043a\u043b\u044e\u0447\u0438".encode()
    kept = _row(passed(STEP, exchange_of(body, secrets=frozenset({"\u043a\u043b\u044e\u0447\u0438"}))))["body"]
    assert kept == "????? •••".encode()


def test_bytes_around_a_secret_stay() -> None:
    """A body that is no text keeps every byte that is not of a secret."""
    kept = _row(passed(STEP, exchange_of(b"\xff\x00hop-canary\xfe", secrets=SECRETS)))["body"]
    assert kept == b"\xff\x00" + "•••".encode() + b"\xfe"


def test_credentials_and_cookies_are_masked_unasked() -> None:
    """What these headers carry is secret whether or not anyone marked it; names and attributes of cookies stay."""
    sent = (
        (b"Authorization", b"Bearer t0ken"),
        (b"PROXY-AUTHORIZATION", b"Basic t0ken"),
        (b"cookie", b"sid=t0ken; theme=t0ken;t0ken"),
    )
    came = ((b"Set-Cookie", b'sid="a;t0ken"; Path=/; HttpOnly; Max-Age=5'), (b"Set-Cookie", b"t0ken"))
    exchange = exchange_of(sent=sent, came=came)
    exchange = msgspec.structs.replace(exchange, hops=(Hop(exchange.request, 302, "", came, Timings()),))
    row = _row(passed(STEP, exchange))
    assert "t0ken" not in row["detail"]
    found = json.loads(row["detail"])
    assert [value for _, value in found["request"]["headers"]] == ["•••", "•••", "sid=•••; theme=•••; •••"]
    assert [value for _, value in found["response"]["headers"]] == ["sid=•••; •••; Path=/; HttpOnly; Max-Age=5", "•••"]


def test_a_secret_that_is_a_word_of_ours_does_no_harm() -> None:
    """A secret like "status" or "length" masks texts and leaves the row readable."""
    secrets = frozenset({"status", "length", "capture.failed", "2026-11-22", "20261122", "headers", "actual"})
    exchange = exchange_of(b"status", secrets=secrets)
    checks = (CheckResult("status", "", "==", 20261122, {"status": 1, "at": exchange.started}, False),)
    failure = Failure(FailureKind.CAPTURE_FAILED, "status")
    for outcome in (Replied(exchange, checks), Errored(failure, exchange)):
        kept = result_of(list(_row(StepResult(STEP, outcome)).values()))
        assert kept.exchange is not None and kept.exchange.response is not None
        assert kept.exchange.started == exchange.started
        assert kept.exchange.response.body.read() == "•••".encode()
        if isinstance(kept.outcome, Replied):
            assert (kept.outcome.checks[0].value, kept.outcome.checks[0].actual) == ("•••", {"•••": 1, "at": "•••"})


def test_what_was_never_sent_has_nothing_to_mask() -> None:
    """A failure without an exchange is kept as it came: its texts were masked where it was raised."""
    assert _row(refused(STEP))["reason"].startswith("Could not connect to 127.0.0.1:9: connection refused.")
