"""The header by which a server knows that it did a request already."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.model.effective import ResolvedRequest
from tui_client.model.step import StepId
from tui_client.replay.idempotency import key_of, with_idempotency_key

STEPS = st.builds(StepId, st.integers(0, 3), st.integers(0, 3), st.integers(-1, 2), st.sampled_from(["a", "b", "1"]))


def request(*headers: tuple[str, str]) -> PreparedRequest:
    resolved = ResolvedRequest(key="a", method="POST", url="http://h/", headers=headers)
    return prepare(resolved, Path, environ={})


@given(STEPS, STEPS, st.sampled_from(["r", "r0"]), st.sampled_from(["r", "r0"]))
def test_two_keys_are_the_same_for_the_same_step_of_the_same_run_only(
    one: StepId, other: StepId, run: str, another: str
) -> None:
    """On every attempt, in every life; and never for two that are to be done."""
    assert (key_of(one, run) == key_of(other, another)) is ((one, run) == (other, another))


def test_a_single_send_has_a_key_of_its_own() -> None:
    """Sent again by its user, it is to be done again."""
    step = StepId(0, 0, 0, "a")
    assert key_of(step, "") != key_of(step, "")
    assert len(key_of(step, "")) == len(key_of(step, "r")) == 32


def test_a_key_of_the_users_own_stays() -> None:
    """However it is written, and alone."""
    step = StepId(0, 0, 0, "a")
    own = request(("idempotency-KEY", "mine"))
    assert with_idempotency_key(own, step, "r") is own
    added = with_idempotency_key(request(("A", "b")), step, "r")
    assert added.headers[-1] == (b"Idempotency-Key", key_of(step, "r").encode())
    assert added.headers[:-1] == request(("A", "b")).headers
