"""What a session carries from step to step comes back as it was, and only to who has the key."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.http.cookies import Cookie
from tui_client.model.values import Value
from tui_client.replay.journal.carry import Carry, Sealer, journal_key
from tui_client.trust.vault import NoKeyring, Vault

KEY = bytes(range(32))
CARRY = Carry({"token": "canary"}, (Cookie(origin="http://a", name="sid", value="canary"),), {"id": "users/create"})

# As TOML has them.
_OFFSETS = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-1439, 1439))
_texts = st.text(st.characters(codec=None), max_size=10)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | _texts
    | st.binary(max_size=10)
    | st.datetimes(timezones=st.none() | _OFFSETS)
    | st.dates()
    | st.times(timezones=st.none() | st.just(UTC)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_texts | st.sampled_from(["$date", "$dict", "$float"]), inner, max_size=2)
    ),
    max_leaves=8,
)
_cookies = st.builds(
    lambda name, value, expires: Cookie(origin="http://a:1", name=name, value=value, expires=expires, secure=True),
    st.text(max_size=5),
    st.text(max_size=5),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)


def _typed(value: Value) -> object:
    """The value with its types, since True equals 1 and 1.0."""
    match value:
        case list():
            return [_typed(one) for one in value]
        case dict():
            return {name: _typed(one) for name, one in value.items()}
        case _:
            return type(value), value


@given(
    st.dictionaries(_texts, _values, max_size=3),
    st.lists(_cookies, max_size=2).map(tuple),
    st.dictionaries(_texts, _texts, max_size=2),
)
def test_a_carry_comes_back(captured: dict[str, Value], cookies: tuple[Cookie, ...], lost: dict[str, str]) -> None:
    """A resumed session has the variables, with their types, and the cookies that it would have had."""
    sealer = Sealer(KEY)
    found = sealer.open_carry(sealer.seal_carry(Carry(captured, cookies, lost)))
    assert found is not None
    assert _typed(dict(found.captured)) == _typed(captured)
    assert (found.cookies, found.lost) == (cookies, lost)


@given(st.dictionaries(_texts, _texts, max_size=3))
def test_given_variables_come_back(variables: dict[str, str]) -> None:
    """A resume has the variables of the command line that began the run."""
    sealer = Sealer(KEY)
    assert sealer.open_given(sealer.seal_given(variables)) == variables


def test_nothing_sealed_shows_what_it_is() -> None:
    """Neither captures nor cookies stand in the journal in plain, and equal ones don't look equal."""
    sealer = Sealer(KEY)
    sealed = sealer.seal_carry(CARRY)
    assert b"canary" not in sealed
    assert sealed != sealer.seal_carry(CARRY)


@given(st.data())
def test_damage_opens_nothing(data: st.DataObject) -> None:
    """A byte changed, a piece cut off, another key: the answer is None, never something else."""
    sealer = Sealer(KEY)
    sealed = bytearray(sealer.seal_carry(CARRY))
    at = data.draw(st.integers(0, len(sealed) - 1))
    assert sealer.open_carry(bytes(sealed[:at])) is None
    assert Sealer(os.urandom(32)).open_carry(bytes(sealed)) is None
    sealed[at] ^= data.draw(st.integers(1, 255))
    assert sealer.open_carry(bytes(sealed)) is None
    assert sealer.open_given(bytes(sealed)) is None


@pytest.mark.parametrize(
    "text",
    [b"", b"{}", b"[1]", b"[[], [], []]", b'[{"a": {"$date": "x"}}, [], {}]', b"[" * 9999],
    ids=["nothing", "object", "short", "lists", "no date", "deep"],
)
def test_what_is_no_carry_opens_as_none(text: bytes) -> None:
    """Even with the right key, only what is a carry comes back as one."""
    sealer = Sealer(KEY)
    assert sealer.open(sealer.seal(text)) == text
    assert sealer.open_carry(sealer.seal(text)) is None
    if text != b"{}":
        assert sealer.open_given(sealer.seal(text)) is None


def test_what_is_nested_too_deeply_can_not_be_opened() -> None:
    """A capture that can't be kept puts its row in doubt at a resume; it doesn't end the run."""
    deep: Value = 1
    for _ in range(5000):
        deep = [deep]
    sealer = Sealer(KEY)
    assert sealer.open_carry(sealer.seal_carry(Carry({"deep": deep}))) is None


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Every journal of this user has one key; it lies in the vault, 32 random bytes."""
    path = tmp_path / "secrets.json"
    key = journal_key(Vault(path, NoKeyring()))
    assert len(key) == 32
    assert journal_key(Vault(path, NoKeyring())) == key
    assert journal_key(Vault(tmp_path / "other.json", NoKeyring())) != key


@pytest.mark.parametrize("broken", ["", "no base64!", "c2hvcnQ="])
def test_a_key_that_is_none_is_made_anew(tmp_path: Path, broken: str) -> None:
    """Someone's slip in the keyring is not an error for ever; runs of the lost key are in doubt."""
    vault = Vault(tmp_path / "secrets.json", NoKeyring())
    vault.set("journal", broken)
    key = journal_key(vault)
    assert len(key) == 32
    assert journal_key(vault) == key


def test_cryptography_waits_until_something_is_sealed() -> None:
    """Who reads or writes a journal without carries does not pay for the import."""
    code = """
import sys
from tui_client.replay.journal.carry import Sealer
import tui_client.replay.journal.standings
sealer = Sealer(bytes(32))
assert "cryptography" not in sys.modules
sealer.seal(b"x")
assert "cryptography" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
