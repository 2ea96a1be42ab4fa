"""Dialogs: one typed answer each, None on Esc, whatever text they show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Button, Input, OptionList, Static

from tui_client.errors import RequestFailed
from tui_client.replay.services import Question
from tui_client.storage.three_way import Take
from tui_client.trust.grants import Grant, GrantKind
from tui_client.tui.asking import AskUser, grant_question, grant_text
from tui_client.tui.modals._dialog import Dialog
from tui_client.tui.modals.ask_text import AskText
from tui_client.tui.modals.choose import Choice, Choose
from tui_client.tui.modals.conflict import MINE, THEIRS, ConflictDialog, DeletedDialog, Merged
from tui_client.tui.modals.help import Help
from tui_client.tui.modals.pick import Pick, PickItem
from tui_client.tui.modals.questions import Questions

HOSTILE = "[/dim] \x1b[31mred\x1b]52;c;eA==\x07 \u202e[@click=app.quit]x[/] "
CHOICES = (Choice("no", "No"), Choice("yes", "Yes", danger=True))
ITEMS = tuple(PickItem(f"i{n}", f"item {n}", "even" if n % 2 == 0 else "odd") for n in range(500))
LONG: dict[str, Callable[[], Dialog[Any]]] = {
    "ask": lambda: AskText(HOSTILE, HOSTILE * 9, HOSTILE, problem=lambda text: HOSTILE * 9),
    "choose": lambda: Choose(HOSTILE, HOSTILE * 60, (*CHOICES, Choice("x", HOSTILE[:12]))),
    "conflict": lambda: ConflictDialog(HOSTILE, (HOSTILE, f"{HOSTILE}\n" * 60, "mine\n"), lambda text: HOSTILE),
    "broken": lambda: ConflictDialog(HOSTILE, ("", f"{HOSTILE}\n", ""), lambda text: HOSTILE, broken=HOSTILE * 4),
    "deleted": lambda: DeletedDialog(HOSTILE),
    "help": lambda: Help({"send": HOSTILE}),
    "pick": lambda: Pick(HOSTILE, tuple(PickItem(str(n), HOSTILE * 4, HOSTILE) for n in range(60))),
    "questions": lambda: Questions(tuple(Question(f"v{n}", HOSTILE * 4) for n in range(8))),
}


class Host(App[int]):
    """Shows a dialog and keeps its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Any] = []

    def compose(self) -> ComposeResult:
        yield Static("below")

    @property
    def text(self) -> str:
        """What is drawn."""
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def asked(dialog: Dialog[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Host, Pilot[int]]]:
    host = Host()
    async with host.run_test(size=size) as pilot:
        host.push_screen(dialog, host.answers.append)
        await pilot.pause()
        yield host, pilot


@pytest.mark.parametrize("make", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("size", [(80, 24), (30, 10)], ids=str)
async def test_hostile_text_is_shown_as_it_is_in_every_dialog(
    make: Callable[[], Dialog[Any]], size: tuple[int, int]
) -> None:
    """No markup acts, no control character gets out, Esc closes."""
    async with asked(make(), size) as (host, pilot):
        text = host.text
        assert not [sign for sign in text if (ord(sign) < 32 and sign != "\n") or sign in "\x7f\u202e"]
        await pilot.press("escape")
        await pilot.pause()
        assert host.answers == [None]


@pytest.mark.parametrize("name", ["choose", "conflict"])
async def test_the_answers_of_a_long_text_are_on_the_screen(name: str) -> None:
    """At 80x24; the text scrolls above them."""
    async with asked(LONG[name]()) as (host, _):
        for button in host.screen.query(Button):
            assert host.screen.region.contains_region(button.region)


async def test_a_line_of_text_comes_back_without_blanks_around_it() -> None:
    """Enter accepts."""
    async with asked(AskText("Name", value="old")) as (host, pilot):
        host.screen.query_one(Input).value = "  new name "
        await pilot.press("enter")
        assert host.answers == ["new name"]


async def test_a_secret_comes_back_as_it_was_typed() -> None:
    """And is not on the screen."""
    async with asked(AskText("Secret", secret=True)) as (host, pilot):
        await pilot.press(*"abc", "space")
        assert "abc" not in host.text
        await pilot.press("enter")
        assert host.answers == ["abc "]


async def test_a_text_that_can_not_be_taken_is_not_taken() -> None:
    """The reason stands below it while one types."""
    async with asked(AskText("Name", problem=lambda text: "Too short." if len(text) < 3 else "")) as (host, pilot):
        await pilot.press("enter", "a", "b", "enter")
        await pilot.pause()
        assert host.answers == []
        assert "Too short." in host.text
        await pilot.press("c")
        await pilot.pause()
        assert "Too short." not in host.text
        await pilot.press("enter")
        assert host.answers == ["abc"]


async def test_the_first_answer_has_the_focus() -> None:
    """Enter takes it; it is the one that changes least."""
    async with asked(Choose("Sure?", "Really?", CHOICES)) as (host, pilot):
        await pilot.press("enter")
        assert host.answers == ["no"]


@pytest.mark.parametrize("keys", [("right", "enter"), ("tab", "enter"), ("right", "right", "right", "enter")])
async def test_arrows_and_tab_go_to_the_next_answer(keys: tuple[str, ...]) -> None:
    """Round and round."""
    async with asked(Choose("Sure?", "Really?", CHOICES)) as (host, pilot):
        await pilot.press(*keys)
        assert host.answers == ["yes"]


async def test_a_click_answers() -> None:
    """The mouse works everywhere."""
    async with asked(Choose("Sure?", "Really?", CHOICES)) as (host, pilot):
        await pilot.click("#yes")
        assert host.answers == ["yes"]


CONFLICT = ("a\nb\nc\nd\ne\n", "a\ntheirs\nc\nd\nE\n", "a\nmine\nc\nd\ne\n")


@pytest.mark.parametrize(("button", "answer"), [("#mine", MINE), ("#theirs", THEIRS)])
async def test_a_conflict_is_settled_one_way_or_the_other(button: str, answer: str) -> None:
    """Enter alone throws nothing away: the texts have the focus, and nothing can be saved that is undecided."""
    async with asked(ConflictDialog("users/list", CONFLICT)) as (host, pilot):
        await pilot.press("enter", "enter")
        await pilot.click("#merge")
        assert host.answers == []
        assert "! theirs" in host.text and "! mine" in host.text
        await pilot.click(button)
        assert host.answers == [answer]


async def test_each_difference_is_chosen_by_keys() -> None:
    """n and N go round; m, t, b and b again take; the signs say what comes of each line, and p shows the result."""
    async with asked(ConflictDialog("users/list", CONFLICT)) as (host, pilot):
        assert "Difference 1 of 2: both changed this; choose" in host.text
        await pilot.press("t")
        assert "✓ theirs" in host.text and "× mine" in host.text
        await pilot.press("b", "b")
        assert "1 theirs" in host.text and "2 mine" in host.text
        await pilot.press("n")
        assert "Difference 2 of 2: only they changed this; theirs is taken." in host.text
        await pilot.press("m", "N", "o")
        assert "- b" in host.text and "before, as opened" in host.text
        await pilot.press("p")
        assert "result, as it would be saved" in host.text and "m e" in host.text
        await pilot.click("#merge")
        assert host.answers == [Merged("a\ntheirs\nmine\nc\nd\ne\n", frozenset({Take.THEIRS}))]


async def test_where_nothing_conflicts_enter_merges_both() -> None:
    """The first choice keeps all of both."""
    async with asked(ConflictDialog("users/list", ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"))) as (host, pilot):
        assert "Merge both" in host.text
        await pilot.press("enter")
        assert host.answers == [Merged("A\nb\nC\n")]


async def test_a_result_that_is_no_request_says_where_and_is_not_given_back() -> None:
    """The dialog stays; another choice mends it."""
    dialog = ConflictDialog("users/list", CONFLICT, lambda text: "line 2: odd" if "theirs" in text else "")
    async with asked(dialog) as (host, pilot):
        await pilot.press("t")
        assert "The result is no request yet: line 2: odd" in host.text
        await pilot.click("#merge")
        assert host.answers == []
        await pilot.press("m")
        assert "no request yet" not in host.text
        await pilot.click("#merge")
        assert host.answers == [Merged("a\nmine\nc\nd\nE\n", frozenset({Take.THEIRS}))]


@pytest.mark.parametrize(("size", "seen"), [((160, 48), True), ((80, 24), False)])
async def test_a_large_terminal_shows_all_at_once(size: tuple[int, int], seen: bool) -> None:
    """Three texts over their result; a small one has theirs and mine, the rest on a key."""
    async with asked(ConflictDialog("users/list", CONFLICT), size=size) as (host, _):
        assert ("before, as opened" in host.text) is seen
        assert ("result, as it would be saved" in host.text) is seen
        assert "theirs, on disk now" in host.text and "mine, in the editor" in host.text


async def test_typing_filters_the_list_and_enter_takes_the_first() -> None:
    """Words in any order, in the label or the note."""
    async with asked(Pick("Open", ITEMS)) as (host, pilot):
        host.screen.query_one(Input).value = "odd ITEM 497"
        await pilot.pause()
        assert host.screen.query_one(OptionList).option_count == 1
        await pilot.press("enter")
        assert host.answers == ["i497"]


class Growing:
    """Words that come while the dialog is open."""

    complete = False

    def words(self, key: str) -> str:
        return "https://far.example/[/dim] tag:smoke" if self.complete and key == "i499" else ""

    def progress(self) -> str:
        return "" if self.complete else "4,100 of 10,000 read"


async def test_picking_finds_by_words_that_come_later() -> None:
    """It says that it still reads, then shows what was found, and why."""
    growing = Growing()
    async with asked(Pick("Open", ITEMS, words=growing)) as (host, pilot):
        host.screen.query_one(Input).value = "tag:SMO far"
        await pilot.pause()
        assert host.screen.query_one(OptionList).option_count == 0
        assert "4,100 of 10,000 read" in host.text
        growing.complete = True
        async with asyncio.timeout(10):
            while not host.screen.query_one(OptionList).option_count:
                await pilot.pause(0.02)
        await pilot.pause()
        assert "item 499  odd  https://far.example/[/dim] tag:smoke" in host.text
        assert "read" not in host.text
        await pilot.press("enter")
        assert host.answers == ["i499"]


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("list", "users/list"),
        ("users/l", "users/list"),
        ("a/l", "a/listing"),
        ("lis", "listings/all"),
        ("isting", "listings/all"),
    ],
)
async def test_the_nearest_name_comes_first(text: str, best: str) -> None:
    """The same name, its beginning, that of its last part, and then the rest in its own order."""
    items = tuple(PickItem(key, key) for key in ("listings/all", "a/listing", "users/list"))
    async with asked(Pick("Open", items)) as (host, pilot):
        host.screen.query_one(Input).value = text
        await pilot.press("enter")
        assert host.answers == [best]


async def test_arrows_choose_while_the_filter_keeps_the_focus() -> None:
    """And pages."""
    async with asked(Pick("Open", ITEMS)) as (host, pilot):
        await pilot.press("down", "down", "up")
        assert host.screen.query_one(OptionList).highlighted == 1
        assert isinstance(host.focused, Input)
        await pilot.press("pagedown", "pageup", "enter")
        assert host.answers == ["i1"]


async def test_a_long_list_says_how_many_more_there_are() -> None:
    """The filter finds them."""
    async with asked(Pick("Open", ITEMS)) as (host, pilot):
        assert "400 more" in host.text
        host.screen.query_one(Input).value = "item 499"
        await pilot.pause()
        assert "more" not in host.text


async def test_the_current_item_is_marked_at_first() -> None:
    """Enter keeps it."""
    async with asked(Pick("Environment", ITEMS, current="i7")) as (host, pilot):
        await pilot.press("enter")
        assert host.answers == ["i7"]


@pytest.mark.parametrize("typed", ["", "zzz"])
async def test_enter_on_no_item_takes_nothing(typed: str) -> None:
    """An empty list says why it is empty."""
    items = ITEMS if typed else ()
    async with asked(Pick("Open", items, empty="No requests yet.")) as (host, pilot):
        host.screen.query_one(Input).value = typed
        await pilot.pause()
        assert ("No requests yet." in host.text) is not bool(items)
        await pilot.press("enter", "down", "pageup")
        assert host.answers == []


async def test_an_item_is_taken_with_a_click() -> None:
    """One is enough."""
    async with asked(Pick("Open", ITEMS)) as (host, pilot):
        await pilot.click(OptionList, offset=(3, 2))
        assert host.answers == ["i2"]


async def test_enter_goes_from_question_to_question_and_then_on() -> None:
    """All answers come back together, by variable."""
    questions = (Question("user", "Who?"), Question("city", "Where?"))
    async with asked(Questions(questions)) as (host, pilot):
        await pilot.press(*"ada", "enter", *"rome", "enter")
        assert host.answers == [{"user": "ada", "city": "rome"}]


async def test_questions_may_be_answered_with_nothing() -> None:
    """An empty text is a text."""
    async with asked(Questions((Question("user", "Who?"),))) as (host, pilot):
        await pilot.click("#send")
        assert host.answers == [{"user": ""}]


async def test_help_shows_each_action_with_its_keys() -> None:
    """As they are bound now; a dash where there is none."""
    async with asked(Help({"send": "^x"}), (120, 48)) as (host, _):
        line = next(line for line in host.text.splitlines() if "Send the request that is open" in line)
        assert line.split()[1] == "^x"


async def test_closing_the_questions_cancels_the_send() -> None:
    """Nothing was answered, nothing is sent."""
    host = Host()
    async with host.run_test() as pilot:
        failed: list[str] = []

        async def ask() -> None:
            try:
                await AskUser(host).ask((Question("user", "Who?"),))
            except RequestFailed as error:
                failed.append(error.failure.kind.value)

        host.run_worker(ask())
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert failed == ["cancelled"]


@pytest.mark.parametrize(("keys", "allowed"), [(("enter",), False), (("right", "enter"), True), (("escape",), False)])
async def test_nothing_is_granted_but_by_choosing_it(keys: tuple[str, ...], allowed: bool) -> None:
    """Neither Enter alone nor Esc allows anything."""
    host = Host()
    async with host.run_test() as pilot:
        found: list[bool] = []

        async def ask() -> None:
            found.append(await grant_question(host)(Path("/w/shop"), Grant(GrantKind.ENV, "TOKEN")))

        host.run_worker(ask())
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert found == [allowed]


@pytest.mark.parametrize("kind", list(GrantKind))
def test_a_grant_names_the_collection_and_what_it_wants(kind: GrantKind) -> None:
    """One question for each kind."""
    text = grant_text(Path("/w/shop"), Grant(kind, "SUBJECT"))
    assert "shop" in text
    assert "SUBJECT" in text
    assert text.endswith("?")
