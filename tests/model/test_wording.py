"""Failures and errors become sentences that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client import errors
from tui_client.errors import Failure, FailureKind, RequestFailed, TuiClientError
from tui_client.model.wording import broken_place, describe, describe_alone, describe_error

_NO_SUBJECT = {FailureKind.CANCELLED, FailureKind.DISK, FailureKind.INTERNAL}
_FILE = Path("shop/users/list.toml")
_ERRORS: dict[type[TuiClientError], tuple[TuiClientError, str]] = {
    errors.TuiClientError: (TuiClientError("plain"), "plain"),
    errors.RequestFailed: (
        RequestFailed(Failure(FailureKind.TIMEOUT_READ, "a:80", limit_s=2.5)),
        "a:80 sent nothing for 2.5 s. Raise timeout.read in the options.",
    ),
    errors.BrokenFile: (
        errors.BrokenFile(_FILE, "expected a number", line=4, column=7, toml_path="$.params.page"),
        "shop/users/list.toml:4:7 $.params.page: expected a number",
    ),
    errors.QueryError: (errors.QueryError("nth", "needs a list"), "nth: needs a list"),
    errors.NotFound: (
        errors.NotFound("request", "user/list", ("users/list", "users/last")),
        "There is no request user/list. Did you mean users/list, users/last?",
    ),
    errors.SaveFailed: (
        errors.SaveFailed(_FILE, "no space left"),
        "Could not save shop/users/list.toml: no space left. The old file is untouched.",
    ),
    errors.Conflict: (
        errors.Conflict(_FILE, "theirs"),
        "shop/users/list.toml changed on disk since it was read. Keep yours, take theirs, or look at the difference.",
    ),
    errors.OutsideCollection: (
        errors.OutsideCollection("../x"),
        "../x would leave the collection. Choose a name inside it.",
    ),
    errors.BadKind: (errors.BadKind("kinds.auth.x", "KIND has no tag"), "kinds.auth.x: KIND has no tag"),
    errors.UsageError: (errors.UsageError("Give a name."), "Give a name."),
    errors.NotFetched: (errors.NotFetched("http://a answered 404."), "http://a answered 404."),
    errors.NoWorkers: (errors.NoWorkers("No worker came."), "No worker came."),
}


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_a_sentence(kind: FailureKind) -> None:
    """It names the thing and leaves no hole."""
    sentence = describe(Failure(kind, subject="the-subject", detail="the-detail", limit_s=1.5))
    assert ("the-subject" in sentence) is (kind not in _NO_SUBJECT)
    assert sentence.endswith((".", "?"))
    assert "{" not in sentence
    assert "!" not in sentence
    assert describe(Failure(kind))


@pytest.mark.parametrize("kind", [kind for kind in FailureKind if kind.startswith("timeout")])
def test_a_timeout_says_its_limit_and_its_option(kind: FailureKind) -> None:
    """What to raise stands in the sentence."""
    sentence = describe(Failure(kind, subject="a:80", limit_s=30.0))
    assert "30 s" in sentence
    assert kind.value in sentence


def test_the_place_stands_at_the_end() -> None:
    """Where a file is the cause, the sentence leads to it."""
    failure = Failure(
        FailureKind.HEADER_INVALID, "X-Id", place="users/list.toml: $.headers.X-Id", detail="it holds a CR."
    )
    assert describe(failure) == "The header X-Id can't be sent: it holds a CR. (users/list.toml: $.headers.X-Id)"


def test_a_missing_detail_is_said() -> None:
    """No sentence ends in a bare colon."""
    assert describe(Failure(FailureKind.DNS, "nowhere")).startswith("Could not find the host nowhere: no reason given.")


def _tree(root: type[TuiClientError]) -> list[type[TuiClientError]]:
    return [root, *(found for child in root.__subclasses__() for found in _tree(child))]


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_alone_is_its_first_sentence(kind: FailureKind) -> None:
    """What was sent without a collection gets no advice on collections; a detail is never cut."""
    failure = Failure(kind, subject="the-subject", detail="one. two", limit_s=1.5)
    alone = describe_alone(failure)
    assert describe(failure).startswith(alone.removesuffix(".")) and alone.endswith((".", "?"))
    assert "base_url" not in alone and "options" not in alone.replace("no options to", "")


def test_every_error_is_in_this_test() -> None:
    """A new class of error comes with its sentence."""
    assert {error for error in _tree(TuiClientError) if error.__module__ == "tui_client.errors"} == set(_ERRORS)


@pytest.mark.parametrize("kind", _ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence(kind: type[TuiClientError]) -> None:
    """It says what it is about; the class has a row in the tree at the top of errors.py."""
    error, sentence = _ERRORS[kind]
    assert type(error) is kind
    assert describe_error(error) == sentence
    assert kind.__name__ in (errors.__doc__ or "")


@given(st.sampled_from(list(FailureKind)), st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_sentences_are_safe_to_print(kind: FailureKind, subject: str, detail: str, place: str) -> None:
    """Whatever a server or a file says, it is one line without controls, and braces in it are text."""
    failure = Failure(kind, subject, place, detail)
    for sentence in (describe(failure), describe_error(RequestFailed(failure))):
        assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in sentence)
        sentence.encode()


@pytest.mark.parametrize(
    "error",
    [
        errors.BrokenFile(Path("a\x1b[31m"), "\x1b]52;c;x\x07"),
        errors.QueryError("\x1b", "\u202e"),
        errors.NotFound("request", "\x9b", ("\x00",)),
        errors.SaveFailed(Path("\x1b"), "\r\n"),
        errors.Conflict(Path("\x1b"), None),
        errors.OutsideCollection("\x1b"),
        errors.BadKind("\x1b", "\x1b"),
        errors.UsageError("\x1b"),
        TuiClientError("\x1b"),
    ],
)
def test_errors_about_hostile_names_are_safe(error: TuiClientError) -> None:
    """Names of files and servers don't reach the terminal as control codes."""
    assert not set(describe_error(error)) & set("\x00\x07\r\n\x1b\x9b\u202e")


@pytest.mark.parametrize(
    ("error", "place"),
    [
        (errors.BrokenFile(_FILE, "r"), "shop/users/list.toml"),
        (errors.BrokenFile(_FILE, "r", line=3), "shop/users/list.toml:3"),
        (errors.BrokenFile(_FILE, "r", toml_path="$.body"), "shop/users/list.toml $.body"),
    ],
)
def test_a_place_holds_what_is_known(error: errors.BrokenFile, place: str) -> None:
    """Line and column only where there are some."""
    assert broken_place(error) == place
