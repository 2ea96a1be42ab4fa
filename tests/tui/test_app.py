"""The app as a whole: opening, the palette, help, keymaps, crashes, one client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tui_client.config import Config
from tui_client.errors import BrokenFile, UsageError
from tui_client.tui.actions import ACTIONS
from tui_client.tui.app import WorkbenchApp, run_workbench
from tui_client.tui.modals.help import Help
from tui_client.tui.widgets.body_view import BodyView


async def test_a_session_of_sends_makes_one_client(bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are kept and limits hold, whatever is sent."""
    made: list[httpx.AsyncClient] = []
    real = httpx.AsyncClient.__init__

    def counting(self: httpx.AsyncClient, *args: Any, **kwargs: Any) -> None:
        made.append(self)
        real(self, *args, **kwargs)

    monkeypatch.setattr(httpx.AsyncClient, "__init__", counting)
    async with bench(sample) as b:
        for key in ("users/list", "auth/login", "orders/list", "exploration/redirects", "auth/digest", "users/list"):
            await b.open(key)
            await b.send()
            assert "200" in b.tree_row(key)
    assert len(made) == 1
    assert made[0].is_closed


async def test_the_palette_offers_every_action_of_the_workbench_with_its_key(bench: Any, sample: Path) -> None:
    """What is in the table can be found by name; what is done to a body, once there is one."""
    async with bench(sample) as b:
        await b.open("users/list")
        assert not any(one.title.startswith("Search") for one in b.app.get_system_commands(b.screen))
        await b.send()
        titles = {command.title for command in b.app.get_system_commands(b.screen)}
        elsewhere = ("replay", "compare")
        here = [one for one in ACTIONS if one.where not in elsewhere and one.id != "command_palette"]
        keys = b.app.keys()
        assert {f"{action.title}  {keys[action.id]}".strip() for action in here} <= titles


async def test_every_action_that_is_offered_can_be_called(bench: Any, sample: Path) -> None:
    """With a request open and its reply; nothing crashes, dialogs close with Esc."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.send()
        for command in [one for one in b.app.get_system_commands(b.screen) if not one.title.startswith("Quit")]:
            b.screen.call_next(command.callback)
            await b.pilot.pause()
            while b.app.screen is not b.screen:
                await b.press("escape")
        assert "went wrong" not in b.said


async def test_the_palette_finds_an_action_by_its_name(bench: Any, sample: Path) -> None:
    """Typed, taken, done."""
    async with bench(sample) as b:
        await b.press("ctrl+p")
        await b.until(lambda: b.top is not b.screen)
        await b.press(*"save as")
        await b.until(lambda: "Write the request under another name" in b.text)
        await b.press("down", "enter")
        await b.until(lambda: "It becomes a TOML file" in b.text)


async def test_the_palette_acts_on_the_reply_from_anywhere(bench: Any, sample: Path) -> None:
    """Search puts the keyboard into its question, whatever had it before."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.send()
        b.screen.builder.focus_url()
        await b.press("ctrl+p")
        await b.until(lambda: b.top is not b.screen)
        await b.press(*"search")
        await b.until(lambda: "Find a text or a pattern in the body" in b.text)
        await b.press("down", "enter")
        await b.until(lambda: b.top is b.screen and b.top.focused and b.top.focused.id == "search-text")


async def test_a_keymap_holds_in_the_reply_too(bench: Any, sample: Path) -> None:
    """The hints under the body name the key that works."""
    async with bench(sample, size=(160, 48), settings=Config(keymap={"wrap": "z"})) as b:
        await b.open("users/list")
        await b.send()
        b.screen.reply.focus_reply()
        await b.until(lambda: "z wrap" in b.text)
        view = b.screen.reply.query_one(BodyView)
        before = view.wrap
        await b.press("w")
        assert view.wrap is before
        await b.press("z")
        assert view.wrap is not before


async def test_help_lists_the_keys_that_are_bound_now(bench: Any, sample: Path) -> None:
    """A keymap changes what help says, and what the key does."""
    async with bench(sample, settings=Config(keymap={"help": "f12", "save_as": "f10"})) as b:
        await b.press("f1")
        assert b.top is b.screen
        await b.press("f12")
        await b.until(lambda: isinstance(b.top, Help))
        assert "F12" in b.text
        await b.press("escape", "f10")
        await b.until(lambda: b.top is not b.screen)
        assert "Save as" in b.text


async def test_the_footer_shows_keys_as_help_does(bench: Any, sample: Path) -> None:
    """One way to write a key; all of it fits at 80 columns."""
    for size in ((160, 48), (80, 24)):
        async with bench(sample, size=size) as b:
            last = b.text.splitlines()[-1]
            for action in ACTIONS:
                if action.footer and action.where in ("workbench", "app"):
                    assert action.title in last


@pytest.mark.parametrize("width", [160, 80])
async def test_the_footer_of_the_replay_is_of_the_same_kind(bench: Any, sample: Path, width: int) -> None:
    """A keymap holds there, all of it fits at 80 columns, and a click does what it says."""
    async with bench(sample, size=(width, 24), settings=Config(keymap={"pause": "z"})) as b:
        await b.press("ctrl+t")
        await b.until(lambda: b.top is not b.screen and "z Pause" in b.text)
        last = b.text.splitlines()[-1]
        assert all(a.title in last for a in ACTIONS if a.footer and a.where in ("replay", "app"))
        await b.pilot.click("KeyBar", offset=(last.index("Back"), 0))
        await b.until(lambda: b.top is b.screen)


async def test_a_click_on_the_footer_does_what_it_says(bench: Any, sample: Path) -> None:
    """The mouse works there too."""
    async with bench(sample) as b:
        await b.open("users/list")
        row = b.text.splitlines()[-1]
        await b.pilot.click("KeyBar", offset=(row.index("New"), 0))
        await b.until(lambda: b.tabs == ["list", "new"])


async def test_a_theme_that_is_not_there_is_left_out(bench: Any, sample: Path) -> None:
    """The app opens in its own."""
    async with bench(sample, settings=Config(theme="no-such-theme")) as b:
        assert b.app.theme in b.app.available_themes


def test_a_keymap_for_no_action_is_refused_with_its_name(
    own_folders: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typing error would otherwise just do nothing."""
    folder = tmp_path / "config" / "tui-client"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[keymap]\nsent = "f5"\n')
    with pytest.raises(BrokenFile, match="there is no action sent"):
        run_workbench(tmp_path)


async def test_a_workspace_that_can_not_be_opened_ends_the_app_with_the_reason(
    own_folders: None, tmp_path: Path
) -> None:
    """No traceback; `run_workbench` raises it for the command line to say."""
    app = WorkbenchApp(tmp_path / "nowhere")
    async with app.run_test():
        pass
    assert isinstance(app.problem, UsageError)
    assert app.return_code == 1


async def test_a_crash_ends_the_app_and_is_kept_for_who_ran_it(
    bench: Any, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The app itself prints nothing of it: messages and locals may hold tokens."""

    def broken() -> None:
        token = "canary-token"
        raise ValueError(f"bad {token}")

    app: WorkbenchApp | None = None
    with pytest.raises(ValueError, match="canary"):
        async with bench(sample) as b:
            app = b.app
            b.screen.call_next(broken)
            await b.until(lambda: b.app.return_code == 1)
    assert app is not None and app.return_code == 1
    assert isinstance(app.crash, ValueError)
    assert "".join(capsys.readouterr()) == ""


async def test_a_worker_that_breaks_is_told_of_and_the_app_goes_on(bench: Any, sample: Path) -> None:
    """One bug of ours costs one action, not the open edits."""

    async def broken() -> None:
        raise KeyError("canary-token")

    async with bench(sample) as b:
        b.screen.dialog(broken())
        await b.until(lambda: "KeyError" in b.said)
        assert "canary" not in b.said
        await b.open("users/list")


async def test_leaving_asks_for_nothing_where_nothing_was_edited(bench: Any, sample: Path) -> None:
    """A new request that was not touched is no edit."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("ctrl+n", "ctrl+q")
        await b.until(lambda: b.app.return_value == 0)


async def test_the_replay_and_back(bench: Any, sample: Path) -> None:
    """^t goes there with the folder under the cursor, Esc comes back to the same request."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("ctrl+t")
        await b.until(lambda: b.top is not b.screen)
        assert "users" in b.text
        await b.press("escape")
        await b.until(lambda: b.top is b.screen)
        assert b.screen.current is not None and b.screen.current.key == "users/list"
