"""Three texts of a file, put together by lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.storage.three_way import Region, Side, Take, left_out, merged, regions

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


def sides(base: str, theirs: str, mine: str) -> list[Side]:
    """Who changed what, in order."""
    return [region.side for region in regions(base, theirs, mine)]


@given(TEXTS, TEXTS, TEXTS)
def test_regions_are_the_texts_cut(base: str, theirs: str, mine: str) -> None:
    """Nothing of any text is left out, doubled or put elsewhere, and neighbours are of different kinds."""
    found = regions(base, theirs, mine)
    for name, text in {"base": base, "theirs": theirs, "mine": mine}.items():
        assert "".join(f"{line}\n" for region in found for line in getattr(region, name)) == text
    assert all(one.side is not two.side for one, two in pairwise(found))
    assert all(merged(found, dict.fromkeys(range(len(found)), take)) is not None for take in Take)


@given(TEXTS, TEXTS)
def test_who_changed_nothing_gets_what_the_other_wrote(base: str, other: str) -> None:
    """Also where both wrote the same: nothing conflicts."""
    for theirs, mine in ((other, base), (base, other), (other, other)):
        assert merged(regions(base, theirs, mine), {}) == other


@given(TEXTS, TEXTS, TEXTS)
def test_the_merge_is_the_same_seen_from_the_other_side(base: str, theirs: str, mine: str) -> None:
    """Whoever saves second gets what whoever saves first would have got."""
    assert merged(regions(base, theirs, mine), {}) == merged(regions(base, mine, theirs), {})


def test_changes_in_different_places_are_put_together() -> None:
    """Neighbouring lines too: a line of a request stands for itself."""
    base = 'name = "a"\nmethod = "GET"\nurl = "/"\n'
    theirs, mine = base.replace("GET", "PUT"), base.replace('"/"', '"/x"')
    assert sides(base, theirs, mine) == [Side.NOBODY, Side.THEIRS, Side.MINE]
    assert merged(regions(base, theirs, mine), {}) == 'name = "a"\nmethod = "PUT"\nurl = "/x"\n'


def test_a_conflict_is_as_short_as_can_be() -> None:
    """What both wrote alike around it is none."""
    found = regions("a\nz\n", "a\nx\n1\ny\nz\n", "a\nx\n2\n3\ny\nz\n")
    assert [region for region in found if region.side is Side.CONFLICT] == [
        Region(Side.CONFLICT, (), ("1",), ("2", "3"))
    ]
    assert [region.mine for region in found if region.side is Side.ALIKE] == [("x",), ("y",)]


@pytest.mark.parametrize("opens", ["[headers]", "  [[assert]] # x", "headers = [", "text = '''", "body = {"])
def test_the_same_line_below_another_header_is_another_line(opens: str) -> None:
    """Else one of the two would be gone, and nobody asked."""
    found = regions("[params]\n", '[params]\nz = "9"\n', f'[params]\n\n{opens}\nz = "9"\n')
    assert [region for region in found if region.differs] == [
        Region(Side.CONFLICT, (), ('z = "9"',), ("", opens, 'z = "9"'))
    ]


@pytest.mark.parametrize(
    ("take", "text"),
    [(Take.MINE, "m\n"), (Take.THEIRS, "t\n"), (Take.MINE_THEIRS, "m\nt\n"), (Take.THEIRS_MINE, "t\nm\n")],
)
def test_a_conflict_becomes_what_was_chosen(take: Take, text: str) -> None:
    """Undecided, there is no result; what is left out is known."""
    found = regions("b\n", "t\n", "m\n")
    assert merged(found, {}) is None
    assert merged(found, {0: take}) == text
    assert left_out(found, {0: take}, Take.MINE) is (take is Take.THEIRS)
    assert left_out(found, {0: take}, Take.THEIRS) is (take is Take.MINE)


def test_a_change_of_one_side_can_be_refused() -> None:
    """Then it is left out; what nobody refuses is not."""
    found = regions("a\nb\n", "a\nt\n", "a\nb\n")
    assert not left_out(found, {}, Take.THEIRS) and not left_out(found, {}, Take.MINE)
    assert left_out(found, {1: Take.MINE}, Take.THEIRS)


def test_line_ends_and_a_missing_last_one_are_no_difference() -> None:
    """Git may change the ones, an editor the other; a form feed in a body ends no line."""
    assert sides("a\nb\n", "a\r\nb\r\n", "a\nb") == [Side.NOBODY]
    assert regions("a\x0cb\n", "a\x0cb\n", "a\x0cb\n")[0].base == ("a\x0cb",)


@settings(max_examples=5)
@given(st.integers(2_001, 4_000))
def test_long_texts_are_compared_at_their_ends_only(count: int) -> None:
    """A large body can't hold up the app; nothing is lost by it."""
    base = "".join(f"{number}\n" for number in range(count))
    theirs, mine = f"{base}end\n", base.replace("1\n", "one\n")
    found = regions(base, theirs, mine)
    assert "".join(f"{line}\n" for region in found for line in region.mine) == mine
    assert merged(regions(base, theirs, base), {}) == theirs
