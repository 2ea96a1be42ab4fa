"""What was recorded is what an import sends, and what is replayed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fuzzing import JSON, bad_inputs
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import Source
from tui_client.formats._found import Found, Outcome
from tui_client.formats.har import IMPORTER, read_har
from tui_client.interop import importing
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import ResolvedRequest, inherit
from tui_client.model.options import SendOptions
from tui_client.model.request import Request
from tui_client.model.variables import Constant
from tui_client.template.resolve import resolve

WORDS = st.text("abZ09 é{}$:/?#&=+%.~*'\"<>[]\\;-_", min_size=1, max_size=10)
QUERY = st.text("ab%2F3D+&=._~{}'*()", max_size=14)
NAMES = st.sampled_from(["X-A", "x-b", "Accept", "If-Match", "Cookie", "X-Api-Key", "Host", ":path", "Connection"])
ROWS = st.lists(st.fixed_dictionaries({"name": NAMES, "value": WORDS.map(str.strip)}), max_size=4)
TYPES = st.sampled_from(
    [
        *("application/json", "text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded"),
        *("application/xml", "application/vnd.api+json", ""),
    ]
)
POST = st.none() | st.fixed_dictionaries(
    {"mimeType": TYPES, "text": WORDS | QUERY | JSON.map(lambda value: json.dumps(value, allow_nan=True))}
)
ENTRY = st.fixed_dictionaries(
    {
        "startedDateTime": st.just("2026-03-01T09:00:00Z"),
        "request": st.fixed_dictionaries(
            {
                "method": st.sampled_from(["GET", "POST", "PROPFIND"]),
                "url": QUERY.map(lambda query: f"https://h.example/a{{b}}/:c?{query}"),
                "headers": ROWS,
                "postData": POST,
            }
        ),
    }
)


def read(*entries: Any) -> Found:
    return IMPORTER.read(Source("a.har", json.dumps({"log": {"entries": entries}}).encode()))


def resolved(request: Request, values: dict[str, str]) -> ResolvedRequest:
    effective = inherit("a", request, Surroundings(Collection(id="c")), SendOptions())
    given = {name: Constant(value, literal=True) for name, value in values.items()}
    return resolve(effective, effective.scope.over("given", given))


def without_secrets(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """One Cookie in the place of the first."""
    cookies = [value for name, value in headers if name == "Cookie"]
    once = [row for at, row in enumerate(headers) if row[0] != "Cookie" or "Cookie" not in dict(headers[:at])]
    shown = {"Cookie": "•" * any(cookies)}
    return [(name, shown.get(name, "•" if name == "X-Api-Key" and value else value)) for name, value in once]


def same_url(one: str, other: str) -> bool:
    """Signs that no URL may hold are encoded by everybody."""
    return quote(one, safe="%:/?&=+;'*()") == quote(other, safe="%:/?&=+;'*()")


@settings(max_examples=200, deadline=None)
@given(ENTRY)
def test_an_import_sends_what_a_replay_of_the_recording_sends(entry: dict[str, Any]) -> None:
    """URL, headers and body; in the place of a secret its variable."""
    found = read(entry)
    (imported,) = found.collections[0].requests
    (recorded,) = read_har(json.dumps({"log": {"entries": [entry]}}).encode()).entries
    sent = resolved(imported.request, {"cookie": "•", "x_api_key": "•"})
    assert sent.method == recorded.method and same_url(sent.url, recorded.url)
    assert [row for row in sent.headers if row[0] != "Content-Type"] == without_secrets(recorded.headers)
    body = b"" if recorded.body is None else recorded.body
    assert isinstance(sent.body, BodyKind) is bool(body)
    if isinstance(sent.body, BodyKind):
        assert b"".join(each for each in sent.body.encode(Path).segments if isinstance(each, bytes)) == body


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRY, max_size=6))
def test_every_entry_is_a_request_or_a_line(entries: list[dict[str, Any]]) -> None:
    """Those that were recorded several times are counted."""
    found = read(*entries)
    repeated = [int(line.why.split()[3]) - 1 for line in found.report if line.construct == "repeated request"]
    dropped = [line for line in found.report if line.outcome is Outcome.DROPPED and line.origin.startswith("entry")]
    assert len(found.collections[0].requests) + sum(repeated) + len(dropped) == len(entries)


@bad_inputs(
    150, st.recursive(ENTRY | JSON, lambda inner: st.dictionaries(st.sampled_from(["request", "headers"]), inner))
)
def test_any_value_in_an_entry_is_read_or_told(entry: Any) -> None:
    """And what comes of it can be written."""
    found = read(entry, entry)
    for file in importing.place(found, importing.Target(Path("/nowhere"))).files:
        file.text.encode()
