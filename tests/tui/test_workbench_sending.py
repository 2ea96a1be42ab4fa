"""Sending from the workbench: to the right reply, several at once, cancelled, failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fair_clock import fair_clock

from tui_client.http.cancellation import Cancellation
from tui_client.tui.panels.response_viewer import Broke, Done, InFlight

CANCEL_S = 0.2


def _write(sample: Path, key: str, text: str) -> None:
    path = sample / f"{key}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


async def test_open_send_and_read(bench: Any, sample: Path) -> None:
    """Status, checks and body are on the screen; the tree keeps the status."""
    async with bench(sample) as b:
        await b.open("users/list")
        await b.send()
        await b.until(lambda: '"Ada Okafor"' in b.text)
        assert "200 OK" in b.text and "✓ 5 of 5" in b.text
        assert b.tree_row("users/list") == "GET list 200"


async def test_enter_in_the_url_sends(bench: Any, sample: Path) -> None:
    """A URL typed into a new request needs nothing else."""
    async with bench(sample) as b:
        await b.press(*"/users/1")
        await b.press("enter")
        await b.until(lambda: "Ada Okafor" in b.text)
        assert b.tabs == ["new*"]


async def test_nothing_is_drawn_in_the_first_moments_of_a_send(bench: Any, sample: Path) -> None:
    """A quick reply does not wait for the drawing of its own beginning; a slow one is shown in flight."""
    async with bench(sample) as b:
        await b.type_url("/delay/60000")
        b.screen.action_send()
        assert b.screen.sends.ids and not isinstance(b.screen.reply.view, InFlight)
        await b.until(lambda: isinstance(b.screen.reply.view, InFlight))
        await b.press("escape")
        await b.until(lambda: isinstance(b.screen.reply.view, Broke))


@asynccontextmanager
async def _held_server(release: asyncio.Event) -> AsyncIterator[str]:
    """Answers with the path; "/held" only once it is released."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        if path == b"/held":
            await release.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_each_of_several_sends_gets_its_own_reply(bench: Any, sample: Path) -> None:
    """The slowest begun first, tabs switched meanwhile."""
    release = asyncio.Event()
    async with _held_server(release) as base, bench(sample) as b:
        ids = []
        for path in ("/held", "/b", "/c"):
            await b.press("ctrl+n")
            await b.type_url(base + path)
            await b.press("ctrl+r")
            ids.append(b.screen.requests.active)
        await b.until(lambda: b.screen.sends.ids == {ids[0]})
        await b.press("f7", "f7")
        assert b.screen.requests.active == ids[0]
        release.set()
        await b.until(lambda: not b.screen.sends.ids)
        views = [b.screen.replies.view(id_) for id_ in ids]
        targets = [view.exchange.request.target for view in views if isinstance(view, Done)]
        assert targets == [b"/held", b"/b", b"/c"]
        await b.until(lambda: "1 /held" in b.text)


async def test_a_send_shows_that_it_is_under_way(bench: Any, sample: Path) -> None:
    """The tab has a dot, the status line counts, and the old reply stays behind it."""
    async with bench(sample) as b:
        await b.type_url("/users/1")
        await b.send()
        await b.type_url("/delay/5000")
        await b.press("ctrl+r")
        await b.until(lambda: b.tabs == ["new* ●"])
        await b.until(lambda: "1 in flight" in b.text)
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, InFlight) and isinstance(view.previous, Done)
        await b.press("escape")
        await b.until(lambda: not b.screen.sends.ids)
        assert b.tabs == ["new*"]


async def test_a_reply_gets_its_rows_however_busy_the_app_was(
    bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it came before the app could draw that it was on its way."""
    monkeypatch.setattr("tui_client.tui.screens.workbench.QUIET_S", 60)
    _write(sample, "slow", 'url = "/delay/100"\n')
    async with bench(sample, size=(80, 24)) as b:
        await b.open("slow")
        await b.send()
        await b.until(lambda: b.screen.reply.region.height >= 14)


async def test_sending_again_while_sending_sends_once(bench: Any, sample: Path) -> None:
    """A second key press is not a second order."""
    release = asyncio.Event()
    async with _held_server(release) as base, bench(sample) as b:
        await b.type_url(f"{base}/held")
        await b.press("ctrl+r", "ctrl+r", "f5")
        assert b.screen.status.in_flight.count == 1
        release.set()
        await b.until(lambda: not b.screen.sends.ids)
        assert isinstance(b.screen.replies.view(b.screen.requests.active), Done)


@pytest.mark.parametrize("url", ["/delay/60000", "/drip?ms=60000&bytes=1000", "/users/{{slow}}"])
async def test_escape_ends_a_send_at_once(bench: Any, sample: Path, url: str) -> None:
    """Waiting for the head, for more of the body, for another request's value: within 200 ms, and it says so."""
    _write(sample, "slow", 'url = "/delay/60000"\n[capture.slow]\nquery = "status"\n')
    shared = sample / "collection.toml"
    shared.write_text(shared.read_text().replace("[variables]", '[variables]\nslow = { from = "slow" }'))
    async with bench(sample) as b:
        await b.type_url(url)
        await b.press("ctrl+r")
        await b.until(lambda: isinstance(b.screen.replies.view(b.screen.requests.active), InFlight))
        async with fair_clock() as clock:
            await b.press("escape")
            await b.until(lambda: not b.screen.sends.ids)
        assert clock.took_s < CANCEL_S + 0.3  # the rest is the headless pilot's own waiting
        assert "Cancelled. What arrived is kept." in b.text


async def test_what_came_before_a_cancel_stays_readable(bench: Any, sample: Path) -> None:
    """Half a reply is half a reply, not nothing."""
    async with bench(sample) as b:
        await b.type_url("/drip?bytes=500&ms=60000")
        await b.press("ctrl+r")

        def head_is_here() -> bool:
            view = b.screen.replies.view(b.screen.requests.active)
            return isinstance(view, InFlight) and view.head is not None and view.head.body.size > 0

        await b.until(head_is_here)
        await b.press("escape")
        await b.until(lambda: not b.screen.sends.ids)
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Broke) and view.exchange is not None and view.exchange.response is not None
        assert view.exchange.response.body.size > 0
        assert not view.exchange.response.complete


async def test_closing_a_sending_tab_cancels_it(bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes on that nobody will see, and its reply goes nowhere."""
    cancelled: list[Cancellation] = []
    real = Cancellation.cancel

    def cancel(self: Cancellation) -> None:
        cancelled.append(self)
        real(self)

    monkeypatch.setattr(Cancellation, "cancel", cancel)
    async with bench(sample) as b:
        await b.open("exploration/slow")
        await b.press("ctrl+r")
        await b.press("f9")
        await b.until(lambda: not b.screen.sends.ids)
        assert len(cancelled) == 1
        assert b.tabs == ["new"]
        assert not b.screen.replies.views


async def test_a_captured_value_is_there_for_the_next_request(bench: Any, sample: Path) -> None:
    """It shows in the preview at once, and is sent."""
    _write(sample, "a/first", 'url = "/users/7"\n[capture.seen]\nquery = "json"\nexpr = "$.id"\n')
    _write(sample, "a/second", 'url = "/users/{{seen}}"\n')
    async with bench(sample) as b:
        await b.open("a/second")
        assert "no value for seen" in b.text
        await b.open("a/first")
        await b.send()
        await b.open("a/second")
        assert "/users/7" in b.text
        await b.send()
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Done) and view.exchange.request.target == b"/users/7"


async def test_choosing_an_environment_changes_what_will_be_sent(bench: Any, sample: Path) -> None:
    """F4 offers them; the preview follows at once, the send goes there."""
    (sample / "environments" / "other.toml").write_text('base_url = "http://127.0.0.1:9"\n')
    async with bench(sample) as b:
        await b.open("users/list")
        await b.press("f4")
        await b.answer("other")
        assert "http://127.0.0.1:9/users" in b.text
        assert "env other" in b.text
        await b.send()
        assert "Could not connect to 127.0.0.1:9: connection refused" in b.text


async def test_a_prompt_asks_in_a_form(bench: Any, sample: Path) -> None:
    """Its answer is sent and nothing keeps it."""
    _write(sample, "ask/folder", '[variables]\ncode = { prompt = "One-time code" }\n')
    _write(sample, "ask/it", 'url = "/users/{{code}}"\n')
    async with bench(sample) as b:
        await b.open("ask/it")
        await b.press("ctrl+r")
        await b.until(lambda: "One-time code" in b.text)
        await b.answer("5")
        await b.until(lambda: not b.screen.sends.ids)
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Done) and view.exchange.request.target == b"/users/5"


async def test_escape_in_the_form_cancels_that_send(bench: Any, sample: Path) -> None:
    """Nothing was sent, and that is said."""
    _write(sample, "ask/folder", '[variables]\ncode = { prompt = "One-time code" }\n')
    _write(sample, "ask/it", 'url = "/users/{{code}}"\n')
    async with bench(sample) as b:
        await b.open("ask/it")
        await b.press("ctrl+r")
        await b.until(lambda: "One-time code" in b.text)
        await b.press("escape")
        await b.until(lambda: not b.screen.sends.ids)
        assert "not sent" in b.text and "Cancelled." in b.text


@pytest.mark.parametrize(("answer", "said"), [("#yes", "200 OK"), ("#no", "was not granted")])
async def test_a_grant_is_asked_for(
    bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch, answer: str, said: str
) -> None:
    """A collection reads a variable of this machine only if the user allows it."""
    monkeypatch.setenv("BENCH_ID", "5")
    _write(sample, "env/folder", '[variables]\nid = { env = "BENCH_ID" }\n')
    _write(sample, "env/it", 'url = "/users/{{id}}"\n')
    async with bench(sample) as b:
        await b.open("env/it")
        await b.press("ctrl+r")
        await b.click(answer)
        await b.until(lambda: not b.screen.sends.ids)
        await b.until(lambda: said in b.text)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ('url = "http://127.0.0.1:9/"', "connection refused"),
        ('url = "http://no-such-host.invalid/"', "Could not find the host no-such-host.invalid"),
        ('url = "/{{nobody}}"', "The variable nobody has no value"),
        ('url = "/"\n[headers]\nX-A = "a\\rb"', "X-A"),
        ('url = "http://[::1"', "can't be used"),
        ('url = "/{{loop_a}}"', "needs itself"),
        ('url = "/"\n[body]\nkind = "file"\npath = "nowhere.bin"', "nowhere.bin"),
    ],
)
async def test_what_can_not_be_sent_is_a_sentence(bench: Any, sample: Path, file: str, said: str) -> None:
    """It names the culprit; nothing crashes."""
    _write(sample, "bad/folder", '[variables]\nloop_a = "{{loop_b}}"\nloop_b = "{{loop_a}}"\n')
    _write(sample, "bad/it", file)
    async with bench(sample) as b:
        await b.open("bad/it")
        await b.send()
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Broke) and said in view.sentence
        await b.until(lambda: "⚠" in b.tree_row("bad/it"))


async def test_a_bug_in_a_send_ends_that_send_with_a_sentence(
    bench: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tab is free again and the app goes on."""
    async with bench(sample) as b:

        async def broken(*args: object, **kwargs: object) -> None:
            raise KeyError("canary-token")

        monkeypatch.setattr(b.screen.workspace, "send", broken)
        await b.open("users/list")
        await b.send()
        view = b.screen.replies.view(b.screen.requests.active)
        assert isinstance(view, Broke) and "KeyError" in view.sentence and "canary" not in view.sentence
