"""Names as file names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.storage.slugs import MAX_CHARACTERS, slug


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Create user", "create-user"),
        ("../../etc/passwd", "etc-passwd"),
        ("  ", "request"),
        ("🎉", "request"),
        ("名前を変更", "名前を変更"),
        ("Ünïcode", "ünïcode"),
        ("हिन्दी", "हिन्दी"),
        ("CON", "con-2"),
        ("com1.txt", "com1-txt"),
        ("collection", "collection-2"),
        ("folder", "folder-2"),
        ("a.secret", "a-secret"),
        ("GET /users/{id}?x=1", "get-users-id-x-1"),
        ("x" * 300, "x" * 80),
        ("\u202eevil\x1b[0m", "evil-0m"),
        ("..", "request"),
        (".hidden", "hidden"),
        ("name. . ", "name"),
        ("COM\xb9", "com1-2"),
        ("\u0301\u0302", "request"),
        ("e\u0301", "\xe9"),
        ("\ud800", "request"),
        ("名" * 300, "名" * 66),
    ],
)
def test_titles_become_safe_names(title: str, name: str) -> None:
    """Letters of any script stay; nothing else does."""
    assert slug(title) == name


@given(
    st.lists(
        st.text(max_size=120)
        | st.sampled_from(["a", "A", "ａ", "nul", "é", "e\u0301", "ß", "ss", "ﬁ", "..", "\u0301", "🎉"]),
        max_size=12,
    )
)
def test_names_are_never_empty_unsafe_or_equal(titles: list[str]) -> None:
    """One after the other, each gets a name of its own that stays in its folder and fits any file system."""
    taken: list[str] = []
    for title in titles:
        name = slug(title, taken)
        assert name
        assert not set(name) & set('/\\.:*?"<>|\0 ')
        assert len(name) <= MAX_CHARACTERS + 5
        assert len(f"{name}.toml".encode()) <= 255
        assert name.casefold() not in {other.casefold() for other in taken}
        taken.append(name)
