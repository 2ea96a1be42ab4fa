"""Our own files, damaged: sessions, grants, secrets, tokens. Read or refused; never quoted, never a crash."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import pytest
from fuzzing import JSON, TEXT, bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.errors import OutsideCollection, RequestFailed, SaveFailed, UsageError
from tui_client.kinds.body.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.request import Assertion, Capture, NameValue, Request
from tui_client.trust.grants import Grant, GrantKind, parse_grant
from tui_client.trust.secret_files import SecretFiles
from tui_client.trust.store import GrantStore
from tui_client.trust.tokens import KeptTokens
from tui_client.trust.vault import NoKeyring, Vault
from tui_client.tui.session.codec import decode, encode
from tui_client.tui.session.state import SavedTab, SessionState

DRAFT: Final = Request(
    name="n",
    url="/a",
    body=Json('{"a": 1}'),
    headers=(NameValue("A", "1"),),
    captures=(Capture("t", Status()),),
    asserts=(Assertion(Status(), "==", datetime(2026, 1, 1, tzinfo=UTC)),),
)
SESSION: Final = encode(SessionState((SavedTab("a", "c", DRAFT), SavedTab("b")), 1, {"c": "local"}, ("wide",)))
CANARY: Final = "canary-6f1e"

plain = st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(allow_nan=False) | TEXT
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection's folder, used again for each input."""
    folder = tmp_path_factory.mktemp("private")
    (folder / "environments").mkdir()
    return folder


@bad_inputs(500, mutated(st.just(SESSION)) | JSON.map(lambda value: json.dumps({"format": 1, "tabs": value}).encode()))
def test_a_damaged_session_is_read_or_refused(data: bytes) -> None:
    """A start never ends at what was open last time."""
    try:
        assert isinstance(decode(data), SessionState)
    except ValueError:
        return


@bad_inputs(250, values)
def test_any_value_of_a_check_comes_back(value: object) -> None:
    """A draft that was not saved is there after a crash, as it was typed; or it is said that it can't be kept."""
    draft = Request(asserts=(Assertion(Status(), "==", value),))  # type: ignore[arg-type]  # a Value
    try:
        data = encode(SessionState((SavedTab(draft=draft),)))
    except ValueError:
        return
    (tab,) = decode(data).tabs
    assert tab.draft is not None
    assert repr(msgspec.to_builtins(tab.draft)) == repr(msgspec.to_builtins(draft))


@bad_inputs(250, mutated(st.just(b'{"/home/ann/shop": ["env:HOME", "file:/data", "host:a:1"], "/x": []}')))
def test_damaged_grants_grant_nothing_more(folder: Path, data: bytes) -> None:
    """Read as they stand, or refused with what to do about it."""
    path = folder / "grants.json"
    path.write_bytes(data)
    path.chmod(0o600)
    try:
        found = GrantStore(path).list("/home/ann/shop")
    except UsageError as error:
        assert "Repair it, or remove it" in error.reason
    else:
        assert all(isinstance(one, Grant) and one.kind in GrantKind for one in found)
        assert {f"{one.kind}:{one.subject}" for one in found} <= set(json.loads(data).get("/home/ann/shop", ()))


WORDS: Final = ("", "env:", "file:", "file:~", "host:", "insecure:", "x:")


@bad_inputs(700, st.builds("{}{}".format, st.sampled_from(WORDS), TEXT))
def test_any_grant_is_read_or_refused(text: str) -> None:
    """As it may be typed on a command line."""
    try:
        grant = parse_grant(text)
    except UsageError as error:
        assert error.reason
    else:
        assert grant.subject.isprintable() or grant.kind is GrantKind.FILE


SECRETS: Final = f'a = "{CANARY}" # one\n"b c" = \'{CANARY}\'\nd = """{CANARY}"""\n'.encode()


@bad_inputs(310, mutated(st.just(SECRETS)))
def test_damaged_secrets_are_read_or_refused_without_a_value(folder: Path, data: bytes) -> None:
    """The reason names the file and never what stands in it."""
    (folder / "environments" / "local.secret.toml").write_bytes(data)
    try:
        found = SecretFiles().values(folder, "local")
    except RequestFailed as error:
        assert CANARY not in str(error)
    else:
        assert all(isinstance(value, str) for value in found.values())


@bad_inputs(90, mutated(st.just(SECRETS)), TEXT.filter(bool), TEXT | st.none())
def test_a_secret_that_is_set_is_there(folder: Path, data: bytes, name: str, value: str | None) -> None:
    """In whatever file: what is read afterwards is what was set, and the other values are what they were."""
    path = folder / "environments" / "local.secret.toml"
    path.write_bytes(data)
    files = SecretFiles()
    try:
        before = files.values(folder, "local")
        files.write(folder, "local", name, value)
    except (RequestFailed, SaveFailed) as error:
        assert CANARY not in str(error)
        assert path.read_bytes() == data
        return
    after = files.values(folder, "local")
    assert after.get(name) == value
    assert {key: kept for key, kept in after.items() if key != name} == {
        key: kept for key, kept in before.items() if key != name
    }


@bad_inputs(400, TEXT, st.booleans())
def test_no_environment_leads_out_of_its_collection(folder: Path, name: str, dots: bool) -> None:
    """Whatever an environment is called, its secrets are looked for in the collection or not at all."""
    try:
        SecretFiles().values(folder, f"../{name}" if dots else name)
    except (OutsideCollection, RequestFailed):
        return


VAULT: Final = b'{"values": {"k": "value", "token-k": "{}"}, "names": {"s": ["a", "b"]}}'


@bad_inputs(250, mutated(st.just(VAULT)) | JSON.map(lambda value: json.dumps({"values": value}).encode()))
def test_a_damaged_vault_is_read_or_refused(folder: Path, data: bytes) -> None:
    """Its tokens too; the reason is not what stands in it."""
    path = folder / "secrets.json"
    path.write_bytes(data)
    path.chmod(0o600)
    vault = Vault(path, NoKeyring())
    try:
        vault.names("s")
        vault.get("k")
    except UsageError as error:
        assert "Repair it, or remove it" in error.reason


TOKENS: Final = (b'{"token":"t","expires":"2030-01-01T00:00:00Z"}', b'{"token":"t","expires":"2030-01-01T00:00:00"}')


@bad_inputs(190, mutated(st.sampled_from(TOKENS), 2) | st.sampled_from([*TOKENS, b"[" * 5000, b'{"a":' * 5000]))
def test_a_damaged_token_is_a_token_or_none(folder: Path, data: bytes) -> None:
    """A keyring may hold anything."""

    class Full(NoKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            return data.decode("utf-8", "surrogateescape")

    tokens = KeptTokens(Vault(folder / "none.json", Full()))
    assert isinstance(tokens.get("k"), str | None)
