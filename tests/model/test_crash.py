"""A bug of ours is said without values."""

from __future__ import annotations

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
