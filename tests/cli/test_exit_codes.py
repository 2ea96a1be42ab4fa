"""What each kind of trouble says to the shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.cli.exit_codes import ExitCode, for_error, for_failure, gravest
from tui_client.errors import (
    BrokenFile,
    Failure,
    FailureKind,
    NotFetched,
    NotFound,
    OutsideCollection,
    RequestFailed,
    SaveFailed,
    TuiClientError,
    UsageError,
)


@given(codes=st.lists(st.sampled_from(ExitCode)))
def test_the_gravest_code_stands_for_all(codes: list[ExitCode]) -> None:
    """70 before 130, 2, 3, 5, 4, 1, in that order; 0 only if nothing else is there."""
    order = [70, 130, 2, 3, 5, 4, 1, 0]
    assert gravest(codes) == min([*codes, ExitCode.OK], key=order.index)


@pytest.mark.parametrize("kind", FailureKind)
def test_no_failure_passes_for_success(kind: FailureKind) -> None:
    """Every kind of failure has a code other than 0."""
    assert for_failure(kind) is not ExitCode.OK


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), 2),
        (NotFetched("no"), 4),
        (NotFound("request", "x"), 2),
        (OutsideCollection("../x"), 2),
        (BrokenFile(Path("x.toml"), "no"), 3),
        (SaveFailed(Path("x"), "full"), 3),
        (RequestFailed(Failure(FailureKind.DNS)), 4),
        (RequestFailed(Failure(FailureKind.VARIABLE_PROMPT)), 2),
        (RequestFailed(Failure(FailureKind.FILE_MISSING)), 3),
    ],
)
def test_errors_that_end_a_command_have_their_code(error: TuiClientError, code: int) -> None:
    """Usage, files and sending are told apart."""
    assert for_error(error) == code
