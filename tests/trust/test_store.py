"""Grants are remembered outside of collections, for their owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui_client.errors import SaveFailed, UsageError
from tui_client.trust.grants import Grant, GrantKind
from tui_client.trust.store import GrantStore

HOME = Grant(GrantKind.ENV, "HOME")
DATA = Grant(GrantKind.FILE, "/data")


def test_a_grant_holds_for_its_collection_only(tmp_path: Path) -> None:
    """What one collection was granted, another may not use."""
    store = GrantStore(tmp_path / "grants.json")
    store.add("/shop", HOME)
    assert store.allows("/shop", HOME)
    assert not store.allows("/other", HOME)
    assert not store.allows("/shop", DATA)


def test_grants_outlive_the_process(tmp_path: Path) -> None:
    """A second store over the same file knows what the first was told, in order."""
    path = tmp_path / "state" / "grants.json"
    first = GrantStore(path)
    first.add("/shop", HOME)
    first.add("/shop", DATA)
    first.add("/shop", HOME)
    assert GrantStore(path).list("/shop") == (HOME, DATA)


def test_another_process_is_noticed(tmp_path: Path) -> None:
    """Two stores over one file see each other's grants and lose none of them."""
    path = tmp_path / "grants.json"
    ours, theirs = GrantStore(path), GrantStore(path)
    assert not ours.allows("/shop", HOME)
    theirs.add("/shop", HOME)
    ours.add("/shop", DATA)
    assert theirs.list("/shop") == (HOME, DATA)


def test_all_grants_are_told_by_collection(tmp_path: Path) -> None:
    """Those of collections that are gone too; without a grant a collection is not named."""
    store = GrantStore(tmp_path / "grants.json")
    assert store.all() == {}
    store.add("/shop", HOME)
    store.add("/gone", DATA)
    store.add("/other", DATA)
    store.revoke("/other", DATA)
    assert store.all() == {"/gone": (DATA,), "/shop": (HOME,)}


def test_a_collection_is_known_by_its_real_path(tmp_path: Path) -> None:
    """Every way that leads to it means the same one; a link that is pointed elsewhere takes no grant along."""
    store = GrantStore(tmp_path / "grants.json")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    link = tmp_path / "link"
    link.symlink_to("one")
    store.add(link, HOME)
    assert store.allows(tmp_path / "one", HOME)
    assert store.allows(tmp_path / "two" / ".." / "one", HOME)
    link.unlink()
    link.symlink_to("two")
    assert not store.allows(link, HOME)


def test_a_path_that_is_no_text_can_not_be_kept(tmp_path: Path) -> None:
    """It is said; what was granted before stays."""
    store = GrantStore(tmp_path / "grants.json")
    store.add("/shop", HOME)
    for collection, grant in (("/sh\udcffp", HOME), ("/shop", Grant(GrantKind.FILE, "/d\udcffta"))):
        with pytest.raises(SaveFailed, match="not UTF-8"):
            store.add(collection, grant)
    assert GrantStore(tmp_path / "grants.json").all() == {"/shop": (HOME,)}


def test_a_revoked_grant_is_gone(tmp_path: Path) -> None:
    """What was taken back no longer holds; taking back what never was is no error."""
    store = GrantStore(tmp_path / "grants.json")
    store.add("/shop", HOME)
    store.revoke("/shop", HOME)
    store.revoke("/shop", DATA)
    assert not store.allows("/shop", HOME)
    assert store.list("/shop") == ()


def test_the_file_is_private(tmp_path: Path) -> None:
    """The file is 0600 and the folder we make 0700."""
    path = tmp_path / "state" / "grants.json"
    GrantStore(path).add("/shop", HOME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["grants.json"]


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"/shop": ["all:x"]}', '{"/shop": ["env"]}', '{"/shop": "env:HOME"}', "\xff", "[" * 5000]
)
def test_a_damaged_file_grants_nothing(tmp_path: Path, text: str) -> None:
    """A file that can't be read is an error that names it, not an empty list that would be overwritten."""
    path = tmp_path / "grants.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"grants\.json can't be read"):
        GrantStore(path).allows("/shop", HOME)
    with pytest.raises(UsageError):
        GrantStore(path).add("/shop", HOME)
    assert path.read_bytes() == text.encode("latin-1")


def test_what_can_not_be_written_is_said(tmp_path: Path) -> None:
    """Where the folder can't be made, the error names the file."""
    (tmp_path / "state").write_text("not a folder")
    with pytest.raises(SaveFailed) as raised:
        GrantStore(tmp_path / "state" / "grants.json").add("/shop", HOME)
    assert raised.value.path == tmp_path / "state" / "grants.json"
