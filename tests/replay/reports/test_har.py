"""HAR 1.2."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from made_run import HOSTILE, MadeRun

from tui_client.formats._har.messages import _as_text
from tui_client.model.step import Errored

Written = Callable[[str, MadeRun], str]

# What the specification requires, by object.
ENTRY = {
    "startedDateTime": str,
    "time": (int, float),
    "request": dict,
    "response": dict,
    "cache": dict,
    "timings": dict,
}
REQUEST = {
    "method": str,
    "url": str,
    "httpVersion": str,
    "cookies": list,
    "headers": list,
    "queryString": list,
    "headersSize": int,
    "bodySize": int,
}
RESPONSE = {
    "status": int,
    "statusText": str,
    "httpVersion": str,
    "cookies": list,
    "headers": list,
    "content": dict,
    "redirectURL": str,
    "headersSize": int,
    "bodySize": int,
}
TIMINGS = dict.fromkeys(("blocked", "dns", "connect", "send", "wait", "receive", "ssl"), (int, float))


def entries(text: str) -> list[dict[str, Any]]:
    log = json.loads(text)["log"]
    assert log["version"] == "1.2"
    _has(log["creator"], {"name": str, "version": str})
    for entry in log["entries"]:
        _has(entry, ENTRY)
        _has(entry["request"], REQUEST)
        _has(entry["response"], RESPONSE)
        _has(entry["response"]["content"], {"size": int, "mimeType": str})
        _has(entry["timings"], TIMINGS)
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
        for message in (entry["request"], entry["response"]):
            for pair in [*message["headers"], *message["cookies"]]:
                _has(pair, {"name": str, "value": str})
        if "postData" in entry["request"]:
            _has(entry["request"]["postData"], {"mimeType": str, "text": str})
    found: list[dict[str, Any]] = log["entries"]
    return found


def _has(found: dict[str, Any], fields: dict[str, Any]) -> None:
    for name, kind in fields.items():
        assert isinstance(found[name], kind), name


def test_it_has_what_the_specification_requires(written: Written) -> None:
    """Browsers' tools and proxies open it, whatever servers name their things."""
    assert entries(written("har", MadeRun(300, HOSTILE)))


def test_every_exchange_is_an_entry_and_so_is_every_redirect(written: Written) -> None:
    """What went over the wire is all there, and nothing that did not."""
    run = MadeRun(300)
    exchanges = [result.exchange for result in run.results() if result.exchange]
    found = entries(written("har", run))
    assert len(found) == sum(1 + len(exchange.hops) for exchange in exchanges)
    redirect = found[0]
    assert (redirect["response"]["status"], redirect["response"]["redirectURL"]) == (302, "/v1/there")
    assert found[1]["startedDateTime"] > redirect["startedDateTime"]


def test_the_time_is_the_sum_of_its_phases(written: Written) -> None:
    """As the specification has it: ssl is part of connect, and -1 is no time."""
    for entry in entries(written("har", MadeRun(30))):
        phases = {name: value for name, value in entry["timings"].items() if value >= 0 and name != "ssl"}
        assert entry["time"] == pytest.approx(sum(phases.values()), abs=0.01)
        assert all(entry["timings"][name] >= 0 for name in ("send", "wait", "receive"))
        assert entry["timings"]["connect"] >= entry["timings"]["ssl"]


def test_a_request_without_a_reply_says_why(written: Written) -> None:
    """A timeout is an entry with status 0, as browsers write it."""
    run = MadeRun(900)
    silent = [result for result in run.results() if isinstance(result.outcome, Errored) and result.exchange]
    found = [entry for entry in entries(written("har", run)) if entry["response"]["status"] == 0]
    assert len(found) == len(silent) > 0
    assert "sent nothing" in found[0]["comment"]


def test_what_was_cut_is_said_and_what_was_masked_stays_masked(written: Written) -> None:
    """Nobody takes a part for the whole."""
    entry = entries(written("har", MadeRun(30)))[1]
    assert entry["request"]["postData"]["comment"] == "7 of 11 bytes were kept"
    assert entry["response"]["content"]["comment"] == "90 bytes more were not kept"
    assert {"name": "Authorization", "value": "•••"} in entry["request"]["headers"]
    assert entry["response"]["cookies"] == [{"name": "sid", "value": "•••"}]
    assert entry["request"]["queryString"][1] == {"name": "q", "value": "a b"}
    assert entry["serverIPAddress"] == "::1"


def test_binary_content_is_base64(written: Written) -> None:
    """An image comes back byte for byte; JSON is readable."""
    found = entries(written("har", MadeRun(4)))
    contents = {entry["response"]["content"].get("encoding"): entry["response"]["content"] for entry in found[1:]}
    assert base64.b64decode(contents["base64"]["text"]) == b"\x89PNG\0\xff\xfe"
    assert contents[None]["text"] == '{"name": ""}'


@pytest.mark.parametrize(
    ("body", "text", "encoding"),
    [
        ("für".encode(), "für", ""),
        ("für".encode()[:-2], "f", ""),
        (b"a\xffb", "Yf9i", "base64"),
        (b"a\0b", "YQBi", "base64"),
        (b"", "", ""),
    ],
)
def test_text_cut_within_a_character_is_text_still(body: bytes, text: str, encoding: str) -> None:
    """Where a body was cut does not turn it into base64."""
    assert _as_text(body) == (text, encoding)
