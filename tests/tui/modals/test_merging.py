"""How far a merge has come, and its rows; without a screen."""

from __future__ import annotations

from tui_client.storage.three_way import Take
from tui_client.tui.modals._merge_rows import cell_of, result_rows, rows_of
from tui_client.tui.modals._merging import Merging, merging

SAME = "".join(f"{number}\n" for number in range(20))


def signs(now: Merging) -> list[str]:
    """The sign of each cell that has a line, of the rows that differ."""
    found = [row for row in rows_of(now.regions) if now.regions[row.region].differs]
    cells = [cell_of(now, row, column) for row in found for column in ("base", "theirs", "mine")]
    return [f"{cell.sign}{cell.text}" for cell in cells if cell.text is not None]


def test_it_begins_where_something_must_be_decided() -> None:
    """Enter goes from one to the next that is undecided, and stays when there is none."""
    now = merging(f"a\n{SAME}b\nc\nd\n", f"A\n{SAME}1\nc\n2\n", f"a\n{SAME}x\nc\ny\n")
    assert (now.conflicts, now.undecided, now.at) == (2, 2, 1)
    now = now.choose(Take.MINE).to_undecided()
    assert now.at == 2 and now.sentence == "Difference 3 of 3: both changed this; choose what to take."
    now = now.choose(Take.THEIRS)
    assert now.to_undecided() == now and now.text == f"A\n{SAME}x\nc\n2\n"
    assert now.step(1).at == 0 and now.step(1).step(-1) == now


def test_texts_that_are_the_same_have_nothing_to_choose() -> None:
    """No key breaks anything."""
    now = merging(SAME, SAME, SAME)
    assert now.step(1).choose(Take.MINE).to_undecided() == now and now.text == SAME
    alike = merging("a\n", "b\n", "b\n")
    assert alike.choose(Take.THEIRS) == alike and alike.text == "b\n"


def test_each_line_has_a_sign_for_what_comes_of_it() -> None:
    """Not a colour alone."""
    now = merging("b\n", "t\n", "m\n")
    assert signs(now) == ["-b", "!t", "!m"]
    assert signs(now.choose(Take.THEIRS)) == ["-b", "✓t", "×m"]
    both = now.choose(Take.MINE_THEIRS, Take.THEIRS_MINE)
    assert signs(both) == ["-b", "2t", "1m"]
    assert signs(both.choose(Take.MINE_THEIRS, Take.THEIRS_MINE)) == ["-b", "1t", "2m"]
    assert signs(merging("b\n", "x\n", "x\n")) == ["-b", "=x", "=x"]


def test_what_is_far_from_a_difference_is_one_row() -> None:
    """Three lines around it stay; the result has all of them."""
    now = merging(f"a\n{SAME}", f"b\n{SAME}", f"a\n{SAME}")
    rows = rows_of(now.regions)
    assert [row.hidden for row in rows] == [0, 0, 0, 0, 17]
    assert [row.cell.text for row in result_rows(now)] == ["b", *SAME.split()]
    assert [row.cell.text for row in result_rows(merging("b\n", "t\n", "m\n"))] == ["here stands what you choose"]
