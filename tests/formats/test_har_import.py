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
from tui_client.formats._found import Found, FoundRequest, Line, Outcome
from tui_client.formats.har import IMPORTER
from tui_client.interop import importing
from tui_client.interop.shape import as_json
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.request import NameValue
from tui_client.model.variables import Secret

GOLDEN = Path(__file__).parent / "golden" / "har"
SAMPLES = sorted(GOLDEN.glob("*.har"))
URL = "https://h.example/a"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=xY"


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


def part(name: str, value: str, *more: str, file: str = "") -> str:
    """The text of a form of one part."""
    named = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return "\r\n".join(["--xY", named, *more, "", value, "--xY--", ""])


def rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def texts(found: Found) -> str:
    placed = importing.place(found, importing.Target(Path("/nowhere")))
    return "\n".join([file.text for file in placed.files] + [repr(line) for line in placed.report])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_become_requests(path: Path) -> None:
    """Of browsers and proxies; what was never sent is told, and no secret is there."""
    found = IMPORTER.read(Source(path.name, path.read_bytes()))
    shown = as_json(found, importing.place(found, importing.Target(Path("/nowhere"))))
    assert json.loads(json.dumps(shown)) == json.loads((GOLDEN / "imported" / f"{path.stem}.json").read_text())
    assert "canary" not in json.dumps(shown)


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
    assert "Proxy-Authorization" in {line.construct for line in found.report}


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


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary"
HIDING: dict[str, dict[str, Any]] = {
    "in a form that is kept as text": {"postData": {"mimeType": FORM, "text": "a=%7e&password=canary"}},
    "in a part of a form": {"postData": {"mimeType": PARTS, "text": part("password", "canary")}},
    "in a part that is kept as text": {"postData": {"mimeType": PARTS, "text": part("token", "canary", "X-Odd: 1")}},
    "in XML": {"postData": {"mimeType": "text/xml", "text": "<a><s:Password>canary</s:Password></a>"}},
    "in JSON of another type": {"postData": {"mimeType": "text/plain", "text": '{"a": {"apiKey" : "canary"}}'}},
    "in a number": {"postData": {"mimeType": "application/json", "text": '{"otp": 133742}'}},
    "in a param": {"postData": {"mimeType": FORM, "params": [{"name": "client_secret", "value": "canary"}]}},
    "in a referer": {"headers": [{"name": "Referer", "value": "https://h.example/?access_token=canary"}]},
    "in a session of the path": {"url": "https://h.example/a;jsessionid=canary?b=1"},
    "in a query that stays in the URL": {"url": "https://h.example/?token=canary&a=b+c"},
    "in an encoded name": {"url": "https://h.example/?access%5Ftoken=canary"},
    "in a fragment": {"url": "https://h.example/#access_token=canary"},
    "in a digest": {"headers": [{"name": "Authorization", "value": 'Digest username="canary", response="canary"'}]},
    "in a token anywhere": {"headers": [{"name": "X-A", "value": f"a {JWT} b"}], "url": f"https://h.example/{JWT}/x"},
    "in a comment": {"_comment": f"with {JWT}"},
    "in a header of a proxy": {"headers": [{"name": "Proxy-Authorization", "value": "Basic canary"}]},
    "in an odd header": {
        "headers": [{"name": "Private-Token", "value": "canary"}, {"name": "set-cookie", "value": "canary"}]
    },
    "in other places": {
        "headers": [{"name": "Cookie", "value": "csrf=canary-123456; a=b"}, {"name": "X-A", "value": "canary-123456"}],
        "url": "https://h.example/canary-123456?v=canary-123456",
        "postData": {"mimeType": "text/plain", "text": "is canary-123456, no?"},
    },
}


@pytest.mark.parametrize("recorded", HIDING.values(), ids=HIDING)
def test_a_secret_is_found_wherever_it_stands(recorded: dict[str, Any]) -> None:
    """And a variable stands in its place."""
    found = read(entry(**{"method": "POST", **recorded}))
    assert len(requests(found)) == 1
    assert not any(sign in texts(found) for sign in ("canary", "eyJ", "133742"))


def test_a_referer_goes_without_what_was_secret_in_it() -> None:
    """A variable that has to be set would be too much for it."""
    request, found = only(headers=rows(("Referer", "https://h.example/b?q=1&access_token=canary&r=2")))
    assert request.request.headers == (NameValue("Referer", "https://h.example/b?q=1&r=2"),)
    assert [(line.origin, line.construct) for line in found.report] == [("log", "Referer")]


def test_what_is_no_secret_stays() -> None:
    """Names that only look like one: pages, types, short keys."""
    request, found = only(f"{URL}?pageToken=abc&key=name&token_type=x", headers=rows(("Idempotency-Key", "1")))
    assert [row.value for row in request.request.params] == ["abc", "name", "x"]
    assert request.request.headers == (NameValue("Idempotency-Key", "1"),)
    assert found.report == () and not found.collections[0].shared.variables


def test_the_same_request_is_there_once() -> None:
    """However often a page asked; with another body, header or address it is another."""
    found = read(entry(), entry(), entry(f"{URL}?a=1"), entry(headers=rows(("X-A", "1"))), entry(), entry(method="PUT"))
    assert [each.request.name for each in requests(found)] == ["GET /a", "GET /a", "GET /a", "PUT /a"]
    (line,) = found.report
    assert line == Line("GET /a", "repeated request", Outcome.IMPORTED, "it was recorded 3 times and is there once")


def test_the_query_is_rows_where_that_sends_the_same() -> None:
    """Else it stays in the URL; braces are no variables."""
    assert only(f"{URL}?a=b%20c&a=&d={{{{e}}}}")[0].request.params == (
        *(NameValue("a", "b c"), NameValue("a")),
        NameValue("d", "{{'{{'}}e}}"),
    )
    kept = only(f"{URL}?flag&a=b+c&d=1")[0].request
    assert (kept.url, kept.params) == (f"{URL}?flag&a=b+c", (NameValue("d", "1"),))


def test_headers_are_those_of_the_request_alone() -> None:
    """Not of HTTP/2, the connection or the body; cookies once, also where they stand in their own list only."""
    names = (":authority", "Host", "Connection", "Content-Length", "Upgrade-Insecure-Requests")
    request, _ = only(headers=[*rows(*((name, "h.example") for name in names)), *rows(("cookie", "a=1"))],
                          cookies=rows(("a", "1")))  # fmt: skip
    assert [row.name for row in request.request.headers] == ["Upgrade-Insecure-Requests", "cookie"]
    crumbs = rows(("cookie", "a=1"), ("X-A", "1"), ("Cookie", "b=2"))
    assert [row.name for row in only(headers=crumbs)[0].request.headers] == ["cookie", "X-A"]
    assert only(cookies=rows(("a", "1"), ("b", "2")))[0].request.headers == (NameValue("Cookie", "{{cookie}}"),)


def test_a_coding_that_can_not_be_read_is_not_asked_for() -> None:
    """Which every browser does; one line says so for all."""
    asked = rows(("Accept-Encoding", "gzip, deflate, br;q=0.5, zstd"))
    found = read(entry(headers=asked), entry(f"{URL}/b", headers=asked))
    assert {each.request.headers for each in requests(found)} == {
        (NameValue("Accept-Encoding", "gzip, deflate, br;q=0.5"),)
    }
    assert [(line.origin, line.outcome) for line in found.report] == [("log", Outcome.APPROXIMATED)]


@pytest.mark.parametrize(
    ("media_type", "text", "body"),
    [
        ("application/json", '{"a": "{{b}}"}', Json('{"a": "{{b}}"}', template=False)),
        ("application/problem+json; charset=utf-8", "{}", Json("{}")),
        ("application/json; charset=latin-1", "{}", Text("{}", "application/json; charset=latin-1")),
        (FORM, "a=1&b=%C3%BC+x", Form((NameValue("a", "1"), NameValue("b", "ü x")))),
        (FORM, "a=%7e", Text("a=%7e", FORM)),
        ("text/plain", "x", Text("x", "text/plain")),
        ("text/plain; charset=odd", "x", Text("x", "text/plain")),
        ("", "x", Text("x", "")),
        (PARTS, part("a", "1\r\n2"), Multipart((Part("a", "1\r\n2"),))),
        (PARTS, part("a", "1", "X-Odd: 1"), Text(part("a", "1", "X-Odd: 1"), PARTS)),
    ],
)  # fmt: skip
def test_a_body_is_of_the_kind_that_sends_the_same(media_type: str, text: str, body: Any) -> None:
    """With any method, GET too; else it is text of its type."""
    request, _ = only(method="GET", postData={"mimeType": media_type, "text": text})
    assert request.request.body == body


def test_a_content_type_that_says_more_stays_a_header() -> None:
    """A kind's own is not said twice."""
    for media_type, kept in (("application/json", 0), ("application/json; charset=utf-8", 1), ("text/plain", 0)):
        header = rows(("Content-Type", media_type))
        request, _ = only(method="POST", headers=header, postData={"mimeType": media_type, "text": "{}"})
        assert len(request.request.headers) == kept


def test_what_of_a_body_was_not_recorded_is_told() -> None:
    """Binary data, files, what was compressed, what is not there."""
    binary = {"mimeType": "image/png", "text": "gP8=", "encoding": "base64"}
    plain = {"mimeType": "text/plain", "text": "w7w=", "encoding": "base64"}
    file = {"mimeType": PARTS, "text": part("f", "", file="../cat.png")}
    packed = {"mimeType": "text/plain", "text": "long"}
    found = read(
        entry(method="PUT", postData=binary),
        entry(method="POST", postData=plain),
        entry(method="POST", postData=file),
        entry(method="PATCH", postData=packed, headers=rows(("Content-Encoding", "gzip"), ("Content-Length", "9"))),
        entry(method="LOCK", bodySize=12),
    )
    assert [each.request.body for each in requests(found)] == [
        *(None, Text("ü", "text/plain"), Multipart((Part("f", file="cat.png"),))),
        *(Text("long", "text/plain"), None),
    ]
    assert [(line.origin, line.construct, line.outcome) for line in found.report] == [
        ("PUT /a", "body", Outcome.DROPPED),
        ("POST /a", "file cat.png", Outcome.APPROXIMATED),
        ("PATCH /a", "Content-Encoding", Outcome.APPROXIMATED),
        ("LOCK /a", "body", Outcome.DROPPED),
    ]


def test_what_came_back_is_known_for_filters() -> None:
    """The browser's type of it, and the media type of the reply."""
    reply = {"content": {"mimeType": "Application/JSON; charset=utf-8"}}
    assert only(_response=reply, __resourceType="xhr")[0].media == ("xhr", "application/json")
    assert only(_response={"content": 7})[0].media == ()


def test_a_method_that_no_request_can_have_is_told() -> None:
    """One of other tools can."""
    found = read(entry(method=" "), entry(method="a b"), entry(method="purge"))
    assert [each.request.name for each in requests(found)] == ["purge /a"]
    assert [line.origin for line in found.report] == ["entry 1", "entry 2"]


def test_a_secret_is_counted_once_for_each_place() -> None:
    """Whether it was the same or not decides what is said of it."""
    found = read(*(entry(f"{URL}?token={value}") for value in ("a", "a", "b")))
    (line,) = (line for line in found.report if line.origin == "variable token")
    assert line.why.endswith("it was there 3 times, 2 different values") and line.outcome is Outcome.APPROXIMATED


def test_the_title_is_of_the_file_or_the_host() -> None:
    """Where there is no file, a pipe say."""
    titles = [read(entry(), name=name).collections[0].title for name in ("shop.har", "-", "")]
    assert titles == ["shop", "h.example", "h.example"]
    assert read(name="-").collections[0].title == "recording"


@bad_inputs(150, mutated(st.sampled_from([path.read_bytes() for path in SAMPLES])))
def test_damaged_recordings_are_read_or_refused(data: bytes) -> None:
    """Nothing but FormatError, and what is read can be written."""
    try:
        found = IMPORTER.read(Source("a.har", data))
    except FormatError:
        return
    for file in importing.place(found, importing.Target(Path("/nowhere"))).files:
        file.text.encode()
