"""What goes along to a worker: all that its steps may need, and secrets only where the user said so."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.errors import NotFound, RequestFailed
from tui_client.http.cookies import Cookie, CookieJar
from tui_client.model.effective import EffectiveRequest
from tui_client.replay.engines.dask import messages
from tui_client.replay.engines.dask.errand import Errand, Shipped, errand_of
from tui_client.replay.memory import FromCache, Memory
from tui_client.replay.plan import Plan
from tui_client.replay.services import Services
from tui_client.replay.session import Session
from tui_client.storage.library import Library

SECRET = "canary-of-the-vault"
HOST = "canary-of-the-host"
FILES = {
    "collection": """\
format = 1
base_url = "http://127.0.0.1:9"
[variables]
token = { from = "auth/login" }
who = { env = "ERRAND_WHO" }
missing = { env = "ERRAND_MISSING" }
""",
    "auth/folder": 'variables.stamp = { from = "clock" }\n',
    "auth/login": 'url = "/login"\n[params]\npassword = "{{password}}"\nat = "{{stamp}}"\n',
    "clock": 'url = "/clock"\n',
    "other": 'url = "/other"\n',
    "a": 'url = "/a"\n[headers]\nAuthorization = "Bearer {{token}}"\n',
    "broken": "url = \n",
    "environments/local": "[variables]\npassword = { secret = true }\nunset = { secret = true }\n",
}


class Vault:
    """A secret source that notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, str, str]] = []

    def get(self, collection: Path, environment: str, name: str) -> str | None:
        self.asked.append((collection, environment, name))
        return SECRET if name == "password" else None


class Away:
    """A collection on disk, and what a worker gets of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.vault = Vault()
        self.memory = Memory(FromCache())
        self.memory.note([SECRET])
        for key, text in FILES.items():
            self.write(key, text)

    def write(self, key: str, text: str) -> None:
        path = self.root / f"{key}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def errand(self, *steps: str, send_secrets: bool = False, base: Session | None = None) -> Errand:
        nobody: Any = None  # an errand is put together without sending or asking
        services = Services(nobody, Library(self.root), self.vault, nobody, nobody, self.memory, run="run-7")
        plan = Plan(steps=steps, environment="local")
        return errand_of(plan, services, base or Session(CookieJar()), send_secrets=send_secrets)


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Away:
    """A collection whose request `a` needs a login, which needs a clock, a secret and a variable of the host."""
    monkeypatch.setenv("ERRAND_WHO", HOST)
    monkeypatch.delenv("ERRAND_MISSING", raising=False)
    return Away(tmp_path / "shop")


def test_all_requests_in_reach_go_along(away: Away) -> None:
    """Those that give values, and those that these need; no others."""
    errand = away.errand("a")
    assert set(errand.requests) == {"a", "auth/login", "clock"}
    assert all(isinstance(found, EffectiveRequest) for found in errand.requests.values())
    assert errand.roots == dict.fromkeys(errand.requests, away.root)
    assert errand.run == "run-7"


def test_requests_that_need_each_other_go_along_once(away: Away) -> None:
    """A loop of `from` requests is the worker's to tell of, not to look for without an end."""
    away.write("clock", 'url = "/clock"\n[variables]\ntoken = { from = "auth/login" }\n')
    assert set(away.errand("clock", "a").requests) == {"a", "auth/login", "clock"}


def test_secrets_stay_where_they_are(away: Away) -> None:
    """Unless the user says so nothing is even looked up; variables of the host stay too."""
    errand = away.errand("a")
    assert (errand.secrets, errand.environ, errand.masked) == (None, None, frozenset())
    assert away.vault.asked == []
    told = messages.down(messages.Welcome(errand, 0.0))
    assert SECRET.encode() not in told and HOST.encode() not in told


def test_secrets_in_reach_go_along_where_the_user_says_so(away: Away) -> None:
    """Those that have a value, with what is to be masked; and the host's variables that requests name."""
    errand = away.errand("a", send_secrets=True)
    assert errand.secrets == {(away.root, "local", "password"): SECRET}
    assert errand.environ == {"ERRAND_WHO": HOST}
    assert errand.masked == {SECRET}
    assert len(away.vault.asked) == len(set(away.vault.asked))


def test_what_the_setup_left_goes_along(away: Away) -> None:
    """Cookies, captures, and which of them came of secrets."""
    jar = CookieJar((Cookie(origin="http://127.0.0.1:9", name="sid", value="1"),))
    errand = away.errand("a", base=Session(jar, captured={"id": 7}, derived=frozenset({"id"})))
    assert [cookie.name for cookie in errand.cookies] == ["sid"]
    assert (errand.captured, errand.derived) == ({"id": 7}, {"id"})


@pytest.mark.parametrize("send_secrets", [False, True])
def test_an_errand_comes_as_it_was_sent(away: Away, send_secrets: bool) -> None:
    """With all that requests are made of."""
    errand = away.errand("a", "broken", send_secrets=send_secrets)
    told = messages.read_down(messages.down(messages.Welcome(errand, 1.5)))
    assert told == messages.Welcome(errand, 1.5)


def failing(ask: Callable[[], object]) -> Any:
    with pytest.raises(RequestFailed) as caught:
        ask()
    return caught.value.failure


def test_a_step_that_can_t_be_read_fails_with_its_reason(away: Away) -> None:
    """On the worker as here; the others go on."""
    errand = away.errand("broken", "other")
    shipped = Shipped(errand)
    failure = failing(lambda: shipped.effective("broken", "local"))
    assert failure == errand.requests["broken"] and "broken.toml" in failure.place + failure.subject
    assert shipped.effective("other", "local").url.endswith("/other")
    assert shipped.collection_root("other") == away.root
    with pytest.raises(NotFound):
        shipped.effective("nowhere", "local")


def test_a_recording_s_requests_are_there_while_their_session_is(away: Away) -> None:
    """They come before those of the errand, and make room when it is over."""
    errand = away.errand("other")
    shipped = Shipped(errand)
    own = EffectiveRequest(key="other", name="recorded", method="GET", url="http://recorded/")
    shipped.add((own,))
    assert shipped.effective("other", "") is own
    shipped.forget((own,))
    shipped.forget((own,))
    assert shipped.effective("other", "") is errand.requests["other"]


def test_an_errand_needs_no_file(away: Away) -> None:
    """What a worker unpacks gives its requests where the collection is not."""
    data = pickle.dumps(away.errand("a"))
    for path in sorted(away.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert Shipped(pickle.loads(data)).effective("auth/login", "local").method == "GET"
