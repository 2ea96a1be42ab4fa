"""Recordings become requests, without their secrets, and what can't be kept is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats import importers
from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats.har import IMPORTER
from tui_client.interop import importing
from tui_client.kinds.auth.bearer import Bearer
from tui_client.model.variables import Secret

GOLDEN = Path(__file__).parent / "golden" / "har"
SAMPLES = sorted(GOLDEN.glob("*.har"))
URL = "https://h.example/a"


def entry(url: str = URL, method: str = "GET", **more: Any) -> dict[str, Any]:
    """An entry; keywords go to its request, those that begin with "_" to the entry itself."""
    own = {key[1:]: value for key, value in more.items() if key.startswith("_")}
    request = {key: value for key, value in more.items() if not key.startswith("_")}
    return {"request": {"method": method, "url": url, **request}, **own}


def read(*entries: Any, name: str = "shop.har") -> Found:
    return IMPORTER.read(Source(name, json.dumps({"log": {"entries": list(entries)}}).encode()))


def requests(found: Found) -> tuple[FoundRequest, ...]:
    return found.collections[0].requests


def only(url: str = URL, method: str = "GET", **more: Any) -> tuple[FoundRequest, Found]:
    found = read(entry(url, method, **more))
    (request,) = requests(found)
    return request, found


def rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def said(found: Found) -> set[tuple[str, str, Outcome]]:
    return {(line.origin, line.construct, line.outcome) for line in found.report}


def texts(found: Found) -> str:
    placed = importing.place(found, importing.Target(Path("/nowhere")))
    return "\n".join([file.text for file in placed.files] + [repr(line) for line in placed.report])


def test_the_samples_become_requests() -> None:
    """Of browsers and proxies; what was never sent is told."""
    found = {path.stem: IMPORTER.read(Source(path.name, path.read_bytes())) for path in SAMPLES}
    titles = {name: [each.request.name for each in requests(one)] for name, one in found.items()}
    assert titles["chrome"] == ["GET /users", "POST /orders", "PUT /avatar", "GET /aborted"]
    assert titles["charles"] == ["POST /forms", "POST /pixels", "POST /old", "POST /packed"]
    assert ("entry 7", "GET wss://shop.example/live", Outcome.DROPPED) in said(found["chrome"])
    assert ("log", "replies", Outcome.DROPPED) in said(found["chrome"])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_recording_is_recognised_by_no_other_format(path: Path) -> None:
    """From its first signs, with a byte order mark too."""
    source = Source("-", path.read_bytes())
    assert [name for name, importer in importers().items() if importer.recognises(source)] == ["har"]


def test_no_recorded_secret_gets_into_a_file() -> None:
    """Headers, cookies, query, users of URLs, forms, JSON and tokens: a variable stands there instead."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary"
    found = read(
        entry("https://u:canary1@h.example/a?access_token=canary2&q=1", headers=rows(("Cookie", "sid=canary3"))),
        entry(headers=rows(("Authorization", "Bearer canary4"), ("X-Api-Key", "canary5"), ("X-Odd", token))),
        entry(headers=rows(("Authorization", "Basic Y2FuYXJ5OmNhbmFyeQ=="), ("Proxy-Authorization", "canary6"))),
        entry(headers=rows(("Authorization", "AWS4 canary7")), cookies=rows(("a", "canary8"))),
        entry(f"https://h.example/{token}/b", "POST", postData={"mimeType": "application/json",
              "text": '{"user": "ann", "password": "canary9", "x": "canary-free"}'.replace("canary-free", "x")}),
        entry(method="POST", postData={"mimeType": "application/x-www-form-urlencoded", "text": "a=1&pwd=canary10"}),
    )  # fmt: skip
    assert "canary" not in texts(found) and "Y2FuYXJ5" not in texts(found) and "eyJ" not in texts(found)
    variables = found.collections[0].shared.variables
    assert set(variables.values()) == {Secret()}
    assert {line.origin for line in found.report if "not taken over" in line.why} == {
        f"variable {name}" for name in variables
    }


def test_a_hosts_secret_goes_to_no_other_host() -> None:
    """Where there are several, each has variables of its own, and a folder."""
    found = read(
        entry("https://a.example/", headers=rows(("Authorization", "Bearer one"))),
        entry("https://b.example/", headers=rows(("Authorization", "Bearer two"))),
        entry("https://b.example/again", headers=rows(("Authorization", "bearer three"))),
    )
    assert [(each.folder, each.request.auth) for each in requests(found)] == [
        (("a.example",), Bearer("{{token_a_example}}")),
        (("b.example",), Bearer("{{token_b_example}}")),
        (("b.example",), Bearer("{{token_b_example}}", "bearer")),
    ]
    outcomes = {line.origin: line.outcome for line in found.report}
    assert outcomes == {
        "variable token_a_example": Outcome.IMPORTED,
        "variable token_b_example": Outcome.APPROXIMATED,
    }


@bad_inputs(150, mutated(st.sampled_from([path.read_bytes() for path in SAMPLES])))
def test_damaged_recordings_are_read_or_refused(data: bytes) -> None:
    """Nothing but FormatError, and what is read can be written."""
    try:
        found = IMPORTER.read(Source("a.har", data))
    except FormatError:
        return
    for file in importing.place(found, importing.Target(Path("/nowhere"))).files:
        file.text.encode()
