"""The cookies of single sends, and which of them outlive the app."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from counting_server import Counting, counting_server

from tui_client.http.cookies import Cookie
from tui_client.replay.jars import Jars
from tui_client.replay.kept_cookies import CookieFile
from tui_client.replay.services import Question
from tui_client.workspace import Workspace

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def cookie(name: str, expires: datetime | None = SOON, value: str = "1") -> Cookie:
    return Cookie(origin="http://127.0.0.1:1", name=name, value=value, expires=expires)


def app(folder: Path) -> Jars:
    """The jars of another start of the app."""
    return Jars(CookieFile(folder / "cookies.json"))


def entries(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def names(jars: Jars, folder: Path, environment: str = "local") -> list[str]:
    return [one.name for one in (await jars.at((folder, environment))).all()]


async def test_only_those_with_an_expiry_outlive_the_app(tmp_path: Path) -> None:
    """In their own collection and environment, in their order; the others go with the app."""
    jars, place = app(tmp_path), (tmp_path / "shop", "local")
    for one in (cookie("b"), cookie("session", None), cookie("a")):
        (await jars.at(place)).put(one)
    await jars.save(place)
    again = app(tmp_path)
    assert await names(again, tmp_path / "shop") == ["b", "a"]
    assert await names(again, tmp_path / "shop", "other") == await names(again, tmp_path / "blog") == []


async def test_a_jar_that_is_not_kept_touches_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is where the user did not ask for it."""
    monkeypatch.chdir(tmp_path)
    jars, place = Jars(), (tmp_path, "local")
    (await jars.at(place)).put(cookie("a"))
    await jars.save_all()
    assert not jars.keeps
    assert entries(tmp_path) == []


async def test_what_is_removed_or_changed_here_is_so_on_disk(tmp_path: Path) -> None:
    """A removed cookie does not come back; one that lost its expiry is not kept any more."""
    jars, place = app(tmp_path), (tmp_path, "local")
    jar = await jars.at(place)
    for name in "abcd":
        jar.put(cookie(name))
    await jars.save(place)
    jar.remove(cookie("a"))
    jar.put(cookie("b", None))
    jar.put(cookie("c", value="new"))
    await jars.save_all()
    assert [(one.name, one.value) for one in (await app(tmp_path).at(place)).all()] == [("c", "new"), ("d", "1")]


async def test_two_apps_keep_what_each_of_them_got(tmp_path: Path) -> None:
    """What the other one wrote meanwhile stays, what it removed does not come back."""
    ours, theirs, place = app(tmp_path), app(tmp_path), (tmp_path, "local")
    (await ours.at(place)).put(cookie("old"))
    await ours.save(place)
    (await theirs.at(place)).put(cookie("theirs"))
    (await theirs.at(place)).remove(cookie("old"))
    await theirs.save(place)
    (await ours.at(place)).put(cookie("ours"))
    await ours.save(place)
    assert await names(app(tmp_path), tmp_path) == ["theirs", "ours"]


async def test_a_damaged_file_is_told_once(tmp_path: Path) -> None:
    """The app goes on with an empty jar, and what it keeps is kept."""
    (tmp_path / "cookies.json").write_text("{")
    jars, place = app(tmp_path), (tmp_path, "local")
    (await jars.at(place)).put(cookie("a"))
    await jars.save(place)
    assert "cookies.aside.json" in jars.take_problem()
    (await jars.at(place)).put(cookie("b"))
    await jars.save(place)
    assert jars.take_problem() == ""
    assert await names(app(tmp_path), tmp_path) == ["a", "b"]


async def test_a_disk_that_takes_nothing_is_told_once(tmp_path: Path) -> None:
    """And tried again with each change, until it takes it."""
    folder = tmp_path / "state"
    folder.write_text("in the way")
    jars, place = app(folder), (tmp_path, "local")
    jar = await jars.at(place)
    jar.put(cookie("a"))
    await jars.save(place)
    assert jars.take_problem()
    await jars.save(place)
    assert jars.take_problem() == ""
    folder.unlink()
    await jars.save(place)
    assert await names(app(folder), tmp_path) == ["a"]


class _Nobody:
    async def ask(self, questions: tuple[Question, ...]) -> dict[str, str]:
        return {}


class Stage:
    """Two servers on two ports, and a collection with requests for both; each with opens the app anew."""

    def __init__(self, folder: Path, here: Counting, there: Counting) -> None:
        self.here = here
        self.there = there
        self.folder = folder
        here.cookies["/login"] = "sid=1; Path=/; Max-Age=600; Secure"
        here.cookies["/path"] = "deep=1; Path=/deep; Max-Age=600"
        files = {
            "collection": "format = 1\n",
            "environments/local": "",
            "environments/other": "",
            **{name: f'url = "{here.base_url}/{name}"\n' for name in ("login", "path", "deep", "look")},
            "elsewhere": f'url = "{there.base_url}/"\n',
            "without": f'url = "{here.base_url}/login"\noptions = {{ cookies = false }}\n',
        }
        for name, text in files.items():
            path = folder / "shop" / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    @asynccontextmanager
    async def app(self) -> AsyncIterator[Workspace]:
        async with Workspace.open(self.folder / "shop", asker=_Nobody(), data_dir=self.folder / "data") as workspace:
            yield workspace

    @property
    def sent(self) -> str:
        """The Cookie header of the last request here, "" for none."""
        return cookies_of(self.here)


def cookies_of(server: Counting) -> str:
    """The Cookie header of the last request that came."""
    lines = [line.partition(": ")[2] for line in server.heads[-1].splitlines() if line.lower().startswith("cookie:")]
    assert len(lines) < 2
    return "".join(lines)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """With the user's settings in a folder of this test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with counting_server() as here, counting_server() as there:
        yield Stage(tmp_path, here, there)


@pytest.fixture
def keeping(stage: Stage) -> Stage:
    """Where the user wants cookies to be kept."""
    config = stage.folder / "config" / "tui-client" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[cookies]\nkeep = true\n")
    return stage


async def test_a_cookie_goes_to_its_port_path_and_environment_alone(stage: Stage) -> None:
    """Another port of the same host gets none, nor another path, nor the same request in another environment."""
    async with stage.app() as workspace:
        for key in ("login", "path", "look"):
            assert (await workspace.send(key, "local")).passed
        assert stage.sent == "sid=1"
        await workspace.send("deep", "local")
        assert stage.sent == "deep=1; sid=1"
        await workspace.send("elsewhere", "local")
        assert cookies_of(stage.there) == ""
        await workspace.send("look", "other")
        assert stage.sent == ""
    assert not (stage.folder / "data" / "cookies.json").exists()
    async with stage.app() as workspace:
        await workspace.send("look", "local")
    assert stage.sent == ""


async def test_kept_cookies_are_sent_by_the_next_app(keeping: Stage) -> None:
    """To the same port, in the same environment; the file is its owner's alone."""
    async with keeping.app() as workspace:
        await workspace.send("login", "local")
    assert stat.S_IMODE((keeping.folder / "data" / "cookies.json").stat().st_mode) == 0o600
    async with keeping.app() as workspace:
        await workspace.send("look", "local")
        assert keeping.sent == "sid=1"
        await workspace.send("look", "other")
        assert keeping.sent == ""
        await workspace.send("elsewhere", "local")
        assert cookies_of(keeping.there) == ""


async def test_a_request_without_cookies_has_none_of_the_kept_ones(keeping: Stage) -> None:
    """`options.cookies = false` sends none and keeps none."""
    async with keeping.app() as workspace:
        await workspace.send("without", "local")
    assert not (keeping.folder / "data" / "cookies.json").exists()
    async with keeping.app() as workspace:
        await workspace.send("login", "local")
        await workspace.send("without", "local")
    assert keeping.sent == ""


async def test_a_replay_neither_reads_nor_writes_what_is_kept(keeping: Stage) -> None:
    """Each row begins with an empty jar of its own, so a run is the same whatever was sent before it."""
    async with keeping.app() as workspace:
        await workspace.send("path", "local")
    before = (keeping.folder / "data" / "cookies.json").read_bytes()
    async with keeping.app() as workspace:
        async with aclosing(workspace.replay(workspace.plan(["login", "deep"], "local")).results()) as results:
            assert [result.passed async for result in results] == [True, True]
        assert keeping.sent == "sid=1"
        await workspace.send("deep", "local")
        assert keeping.sent == "deep=1"
    assert (keeping.folder / "data" / "cookies.json").read_bytes() == before


async def test_what_changed_without_a_send_is_kept_at_the_end(keeping: Stage) -> None:
    """As when a send was cut off with the app."""
    async with keeping.app() as workspace:
        place = workspace.wired().singles.place("look", "local")
        (await workspace.cookies.at(place)).put(msgspec.structs.replace(cookie("a"), origin=keeping.here.base_url))
    async with keeping.app() as workspace:
        await workspace.send("look", "local")
    assert keeping.sent == "a=1"
