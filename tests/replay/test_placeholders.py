"""What stands for values that only a run will bring."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_client.model.effective import Scope
from tui_client.model.variables import Constant, FromRequest, Secret
from tui_client.replay.placeholders import Placeholders
from tui_client.template import Need
from tui_client.text import MASK

NOTHING: frozenset[str] = frozenset()


@given(words=st.lists(st.text(min_size=1), min_size=1, max_size=20), around=st.text())
def test_each_is_read_as_its_words(words: list[str], around: str) -> None:
    """The same words, the same number; wherever it was put."""
    made = Placeholders()
    numbers = [made.of(word) for word in words]
    assert [made.of(word) for word in words] == numbers
    assert len(set(numbers)) == len(set(words))
    for word, number in zip(words, numbers, strict=True):
        assert number.isdecimal()
        shown = made.shown(number, NOTHING)
        assert shown == f"«{word}»" and made.are_in(f"{around}{shown}{around}")


def test_what_must_be_fetched_gets_one() -> None:
    """A secret among the secrets, so that what is made of it is masked; its own word is not."""
    made = Placeholders()
    wanted = (Need("token", FromRequest("login"), "x"), Need("key", Secret(), "x"))
    scope = made.over(Scope(), wanted)
    found = {name: scope.find(name) for name in ("token", "key")}
    assert found["token"] == ("later", Constant(made.of("token from login"), literal=True))
    assert found["key"] == ("secrets", Constant(made.of("secret key"), literal=True))
    assert made.shown(f"{made.of('secret key')} hunter22", frozenset({made.of("secret key"), "hunter22"})) == (
        f"«secret key» {MASK}"
    )
