"""A bug of ours is said without values."""

from __future__ import annotations

import pytest

from tui_client.errors import FailureKind
from tui_client.model.crash import internal, report


def _raised(token: str) -> BaseException:
    try:
        raise ValueError(f"bad {token}")
    except ValueError as error:
        return error


def test_a_report_names_type_and_place_and_no_value() -> None:
    """A message or a local may hold a token; neither is printed."""
    error = _raised("canary-token")
    assert internal(error).kind is FailureKind.INTERNAL
    assert "ValueError at tests/model/test_crash.py" in report(error)
    assert "in _raised" in report(error)
    assert "canary" not in report(error)


def test_an_exception_without_a_traceback_is_said_too() -> None:
    """Nothing about it is known but its type."""
    assert "KeyError at an unknown place" in report(KeyError("canary"))


def _deep(level: int = 0) -> None:
    _deep(level + 1)


def test_a_recursion_is_cut_in_its_middle() -> None:
    """A thousand lines of the same call help nobody."""
    with pytest.raises(RecursionError) as found:
        _deep()
    lines = report(found.value).split("\n")
    assert len(lines) < 30
    assert any("more calls" in line for line in lines)
    assert lines[-1].endswith("in _deep")


def test_what_it_came_of_is_said_too() -> None:
    """Type and place of the exceptions before it; a group is the first that is in it."""
    try:
        try:
            raise _raised("canary-token")
        except ValueError as error:
            raise ExceptionGroup("canary", [KeyError("canary")]) from error
    except ExceptionGroup as error:
        group = error
    assert internal(group).detail == "KeyError at an unknown place"
    try:
        raise TypeError("canary") from _raised("canary-token")
    except TypeError as error:
        said = report(error)
    assert "  after ValueError at tests/model/test_crash.py" in said
    assert "canary" not in said
