"""What changed between two replies."""

from __future__ import annotations

import hashlib

import pytest

from tui_client.errors import UsageError
from tui_client.replay.diff.compare import Answer, NoReply, Reply, compare
from tui_client.replay.diff.ignore import check_rules
from tui_client.replay.diff.json_diff import Change
from tui_client.replay.plan import DiffRules

JSON = "application/json"


def reply(body: bytes = b"{}", content_type: str = JSON, status: int = 200, **headers: str) -> Reply:
    return Reply(
        status=status,
        headers=(
            *(((b"Content-Type", content_type.encode()),) if content_type else ()),
            *((name.encode(), value.encode()) for name, value in headers.items()),
        ),
        body=body,
        body_sha256=hashlib.sha256(body).digest(),
        body_bytes=len(body),
    )


def cut(body: bytes, size: int, digest: bytes) -> Reply:
    return Reply(
        status=200,
        headers=((b"content-type", JSON.encode()),),
        body=body,
        body_bytes=size,
        body_sha256=digest,
        cut=True,
    )


def found(before: Answer, after: Answer, *ignore: str, headers: tuple[str, ...] | None = None) -> list[str]:
    rules = DiffRules(ignore=ignore) if headers is None else DiffRules(ignore, headers)
    return [change.where for change in compare(before, after, rules)]


def test_the_same_reply_is_no_change() -> None:
    """Equal replies have nothing to report, whatever their body is."""
    assert found(reply(), reply()) == []
    assert found(reply(b"\xff\x00", "image/png"), reply(b"\xff\x00", "image/png")) == []


def test_status_headers_and_fields_are_reported_in_order() -> None:
    """One reply may have changed in several places, each with its name."""
    before = reply(b'{"a": 1, "b": 2}', location="/1")
    after = reply(b'{"a": 1, "b": 3}', "application/problem+json", 201)
    assert compare(before, after, DiffRules()) == (
        Change("status", "200", "201"),
        Change("header content-type", JSON, "application/problem+json"),
        Change("header location", "/1", None),
        Change("$.b", "2", "3"),
    )


def test_headers_are_compared_by_name_whatever_its_case_with_all_values() -> None:
    """Only listed headers count; two with one name are compared in their order."""
    before = Reply(status=200, headers=((b"X-A", b"1"), (b"x-a", b"2"), (b"Date", b"now")))
    after = Reply(status=200, headers=((b"x-A", b"2"), (b"X-a", b"1"), (b"Date", b"then")))
    assert compare(before, after, DiffRules(headers=("X-A", "x-a"))) == (Change("header x-a", "1, 2", "2, 1"),)
    assert found(before, after) == []


@pytest.mark.parametrize(
    "content_type", [JSON, "application/hal+json; charset=utf-8", "APPLICATION/JSON", "text/plain", ""]
)
def test_json_is_compared_by_field_whatever_it_is_called(content_type: str) -> None:
    """A server that forgets the Content-Type is no reason to compare bytes."""
    assert found(reply(b'{"a": [1]}', content_type), reply(b'{ "a": [2] }', content_type)) == ["$.a[0]"]
    assert found(reply(b'{"a": [1]}', content_type), reply(b'{ "a": [1.0] }', content_type)) == []


def test_json_in_another_charset_is_the_same() -> None:
    """The charset is how a reply is written, not what it says."""
    utf16 = reply('{"a": "é"}'.encode("utf-16-le"), "application/json; charset=utf-16le")
    assert found(reply('{"a": "é"}'.encode()), utf16, headers=()) == []


def test_a_scalar_is_json_only_where_it_is_declared() -> None:
    """A page of text that happens to be a number is compared as text."""
    assert found(reply(b"1"), reply(b"2")) == ["$"]
    assert found(reply(b"1", "text/plain"), reply(b"1.0", "text/plain")) == ["body"]


@pytest.mark.parametrize(("before", "after"), [(b"<p>1", b"<p>2"), (b"{", b"{}"), (b"", b"{}"), (b"[" * 5000, b"[]")])
def test_what_is_not_json_is_compared_as_one_thing(before: bytes, after: bytes) -> None:
    """A body that can't be read as JSON is reported once, with its sizes and hashes."""
    [change] = compare(reply(before), reply(after), DiffRules())
    assert change == Change(
        "body",
        f"{len(before)} B, SHA-256 {hashlib.sha256(before).hexdigest()[:8]}…".replace("5000 B", "5.0 kB"),
        f"{len(after)} B, SHA-256 {hashlib.sha256(after).hexdigest()[:8]}…",
    )


def test_bodies_not_kept_whole_are_compared_by_hash() -> None:
    """What stands after the cut counts, though nobody can say where it changed."""
    assert found(cut(b'{"a":', 99_000, b"1" * 32), cut(b'{"a":', 99_000, b"2" * 32)) == ["body"]
    assert found(cut(b'{"a":', 99_000, b"1" * 32), cut(b'{"a":', 99_000, b"1" * 32)) == []
    assert found(Reply(status=200, body_sha256=b"1" * 32), Reply(status=200, body_sha256=b"2" * 32)) == ["body"]
    assert found(Reply(status=200, body_bytes=1), Reply(status=200, body_bytes=2)) == ["body"]
    assert found(Reply(status=200, body_bytes=1), Reply(status=200, body_bytes=1)) == []


@pytest.mark.parametrize("content_type", [JSON, "text/plain"])
def test_masked_secrets_are_equal(content_type: str) -> None:
    """A token that is new with each run is no change: both are masked, though the hashes differ."""
    masked = '{"token": "•••"}'.encode()
    before = Reply(status=200, headers=((b"content-type", content_type.encode()),), body=masked, body_sha256=b"1" * 32)
    after = Reply(status=200, headers=((b"content-type", content_type.encode()),), body=masked, body_sha256=b"2" * 32)
    assert found(before, after) == []


def test_ignored_paths_are_left_out_and_the_root_is_the_whole_body() -> None:
    """`$` leaves out any body, JSON or not."""
    assert found(reply(b'{"at": 1, "b": 1}'), reply(b'{"at": 2, "b": 1}'), "$..at") == []
    assert found(reply(b"<p>1", "text/html"), reply(b"<p>2", "text/html"), "$") == []
    assert found(reply(b"{}"), Reply(status=500, headers=((b"content-type", JSON.encode()),)), "$") == ["status"]


def test_a_filter_that_takes_too_long_says_so() -> None:
    """Bodies for which an ignored path can't be found out in time are compared as one thing, with the reason."""
    body = b"[" + b",".join([b"[1]"] * 3000)
    slow = "$[?count($..[?count($..*) > 1]) > 1]"
    [change] = compare(reply(body + b"]"), reply(body + b",2]"), DiffRules(ignore=(slow,)))
    assert change.where == "body"
    assert "took longer than" in (change.after or "")


def test_other_outcomes_are_compared_by_their_kind() -> None:
    """A reply in place of a failure is a change; the same failure with other words is none."""
    refused = NoReply("connect.refused", "Could not connect to 127.0.0.1:1.")
    assert compare(refused, reply(), DiffRules()) == (
        Change("outcome", "connect.refused: Could not connect to 127.0.0.1:1.", "replied 200"),
    )
    assert found(refused, NoReply("connect.refused", "Could not connect to 127.0.0.1:2.")) == []
    assert found(refused, NoReply("dns")) == ["outcome"]


@pytest.mark.parametrize("path", ["", "id", "$..[", "$.a[?", "$.x y"])
def test_a_path_that_cannot_be_read_is_refused_by_name(path: str) -> None:
    """A mistyped path is told before anything is sent, not after ten thousand requests."""
    with pytest.raises(UsageError) as caught:
        check_rules(DiffRules(ignore=("$.fine", path)))
    assert repr(path) in caught.value.reason


def test_good_rules_pass() -> None:
    """The paths of the documentation are accepted."""
    check_rules(DiffRules())
    check_rules(DiffRules(ignore=("$", "$.id", "$..created_at", "$.items[*].price", "$['odd name'][0]")))
