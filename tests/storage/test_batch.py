"""Saved batches, read with the place of every mistake."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tui_client.errors import BrokenFile, FailureKind
from tui_client.storage.batch import (
    BATCH_KEYS,
    RETRY_NAMES,
    Batch,
    BatchDiff,
    BatchStage,
    Retry,
    Threshold,
    read_batch,
    retried_kinds,
)
from tui_client.storage.document import Document
from tui_client.storage.schema import definitions

PATH = Path("/shop/batches/nightly.toml")

WHOLE = """\
name = "Every night"
description = "All users"
requests = ["users/*"]
setup = ["auth/login"]
data = "../data/users.csv"
environment = "staging"
on_exhausted = "wrap"
concurrency = 16
rate = 50
overflow = "drop"
iterations = 100
duration = "1m30s"
delay = "250ms"
bail = true
allow_http_errors = true
retry = { count = 3, on = ["connect", "timeout.read", 503] }
retry_unsafe = true
idempotency_key = true

[diff]
ignore = ["$.id", "$..at"]
headers = ["etag"]

[[stage]]
duration = "30s"
rate = 100

[[stage]]
duration = "0s"
concurrency = 4

[[threshold]]
metric = "latency"
agg = "p95"
op = "<"
value = 300
select = { tag = "a" }
"""


def read(text: str) -> Batch:
    return read_batch(Document(PATH, text), "nightly")


def test_every_key_of_a_batch_is_read() -> None:
    """What a file says is what the batch holds; durations in seconds, the data file beside the batch's folder."""
    assert read(WHOLE) == Batch(
        name="Every night",
        stem="nightly",
        description="All users",
        requests=("users/*",),
        setup=("auth/login",),
        data=Path("/shop/batches/../data/users.csv"),
        environment="staging",
        on_exhausted="wrap",
        concurrency=16,
        rate=50.0,
        overflow="drop",
        stages=(BatchStage(30.0, 100.0), BatchStage(0.0, None, 4)),
        iterations=100,
        duration_s=90.0,
        delay_s=0.25,
        bail=True,
        allow_http_errors=True,
        retry=Retry(3, ("connect", "timeout.read", 503)),
        retry_unsafe=True,
        idempotency_key=True,
        diff=BatchDiff(("$.id", "$..at"), ("etag",)),
        thresholds=(Threshold(metric="latency", agg="p95", op="<", value=300.0, select={"tag": "a"}),),
    )


def test_an_empty_batch_says_nothing() -> None:
    """Its name is its file's."""
    assert read("") == Batch(name="nightly", stem="nightly")


def test_retries_without_a_list_are_of_what_passes_by_itself() -> None:
    """No connection, no time, no room."""
    assert read("retry = { count = 2 }").retry == Retry(2, ("connect", "timeout", 429, 502, 503, 504))
    assert read("retry = { count = 2, on = [] }").retry == Retry(2, ())


@pytest.mark.parametrize(
    ("text", "line", "path", "reason"),
    [
        ("rate = 0", 1, "$.rate", "more than 0"),
        ("rate = nan", 1, "$.rate", "more than 0"),
        ("rate = inf", 1, "$.rate", "more than 0"),
        ("rate = '5'", 1, "$.rate", "must be a number"),
        ("iterations = 0", 1, "$.iterations", "more than 0"),
        ("overflow = 'queue'", 1, "$.overflow", "Invalid enum value 'queue'"),
        ("duration = '0s'", 1, "$.duration", "more than 0"),
        ("duration = 30", 1, "$.duration", "must be text"),
        ("duration = '30'", 1, "$.duration", 'a duration like "50m"'),
        ("delay = '99999999d'", 1, "$.delay", "longer than a hundred years"),
        ("allow_http_errors = 1", 1, "$.allow_http_errors", "must be true or false"),
        ("[retry]\ncount = -1", 2, "$.retry.count", "must be 0 or more"),
        ("[retry]\non = [\n  429,\n  'conect',\n]", 4, "$.retry.on[1]", "did you mean 'connect'?"),
        ("retry = { on = [99] }", 1, "$.retry.on[0]", "99 is not the status of a reply"),
        ("retry = { on = ['cancelled'] }", 1, "$.retry.on[0]", "there is no failure 'cancelled'"),
        ("[diff]\nignore = ['$.id', '$[']", 2, "$.diff.ignore[1]", ""),
        ("[diff]\nignored = []", 2, "$.diff.ignored", "unknown key"),
        ("[diff]\nheaders = 'etag'", 2, "$.diff.headers", "must be a list"),
        ("[[stage]]\nrate = 1", 1, "$.stage[0]", "needs 'duration'"),
        ("[stage]\nrate = 1", 1, "$.stage", "must be a list"),
        ("stage = [1]", 1, "$.stage[0]", "must be a table"),
        ("[[stage]]\nduration = '1s'\n[[stage]]\nduration = '1s'\nrate = -1", 5, "$.stage[1].rate", "0 or more"),
        ("[[stage]]\nduration = '1s'\nconcurrency = 0", 3, "$.stage[0].concurrency", "more than 0"),
        ("[[stage]]\nduration = '1s'\ntarget = 5", 3, "$.stage[0].target", "unknown key 'target'"),
        ("[[threshold]]\nmetric = 'latency'\nop = '<'\nvalue = true", 4, "$.threshold[0].value", "must be a number"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, line: int, path: str, reason: str) -> None:
    """File, line and TOML path, and what would be right."""
    with pytest.raises(BrokenFile) as caught:
        read(text)
    assert (caught.value.path, caught.value.line, caught.value.toml_path) == (PATH, line, path)
    assert reason in caught.value.reason


def test_a_family_of_failures_means_all_of_it() -> None:
    """A name that was not found is a connection that did not come about; words that nothing begins with mean none."""
    assert retried_kinds("connect") == {kind for kind in FailureKind if kind.startswith("connect.")} | {FailureKind.DNS}
    assert retried_kinds("timeout") == {kind for kind in FailureKind if kind.startswith("timeout.")}
    assert retried_kinds("timeout.read") == {FailureKind.TIMEOUT_READ}
    assert retried_kinds("template") == frozenset()
    assert all(retried_kinds(name) for name in RETRY_NAMES)


def test_the_schema_knows_every_key() -> None:
    """And nothing that the reader refuses."""
    batch = definitions()["batch"]["properties"]
    assert batch.keys() == set(BATCH_KEYS)
    assert set(batch["stage"]["items"]["properties"]) == {"duration", "rate", "concurrency"}
    assert batch["stage"]["items"]["required"] == ["duration"]
    assert set(batch["diff"]["properties"]) == {"ignore", "headers"}
    assert batch["retry"]["properties"]["on"]["items"]["anyOf"][0]["enum"] == list(RETRY_NAMES)


def test_the_documented_batch_is_read() -> None:
    """The guide shows every key, and nothing that would be refused."""
    guide = (Path(__file__).parents[2] / "docs/collections.md").read_text()
    text = guide.partition("# batches/nightly.toml\n")[2].partition("```")[0]
    assert set(tomllib.loads(text)) == set(BATCH_KEYS)
    assert read(text).stages
