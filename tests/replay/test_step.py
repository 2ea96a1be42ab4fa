"""One step: what it obtains, sends, checks and captures, and how it fails."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from tui_client.errors import FailureKind
from tui_client.http.cancellation import Cancellation
from tui_client.http.cookies import CookieJar
from tui_client.model.step import Errored, Replied, StepId, StepResult
from tui_client.replay.session import Session
from tui_client.replay.step import run_step
from tui_client.trust.grants import Grant, GrantKind

World = Any  # the fixture of conftest


async def send(world: World, key: str, **session: Any) -> StepResult:
    return await run_step(StepId(0, 0, 0, key), Session(CookieJar(), **session), world.services())


def failure_of(result: StepResult) -> Any:
    assert isinstance(result.outcome, Errored), result.outcome
    return result.outcome.failure


async def test_a_step_sends_checks_and_captures(world: World) -> None:
    """One call does it all; the result holds the checks and the captured value."""
    world.write(
        "a",
        'url = "/echo"\n[params]\nname = "{{who}}"\n[capture.id]\nquery = "json"\nexpr = "$.id"\n'
        '[[assert]]\nquery = "json"\nexpr = "$.name"\nop = "=="\nvalue = "{{who}}"\n',
    )
    result = await send(world, "a", given={"who": "Ada"})
    assert result.passed and isinstance(result.outcome, Replied)
    assert result.outcome.captures == {"id": 7}
    assert world.shop.arrived == ["GET /echo?name=Ada"]
    assert result.label == f"GET {world.shop.base_url}/echo?name=Ada"


@pytest.mark.parametrize(
    ("session", "name"),
    [
        ({}, "env"),
        ({"row_values": {"who": "row"}}, "row"),
        ({"row_values": {"who": "row"}, "captured": {"who": "captured"}}, "captured"),
        ({"captured": {"who": "captured"}, "given": {"who": "given"}}, "given"),
    ],
)
async def test_the_nearer_layer_wins(world: World, session: dict[str, Any], name: str) -> None:
    """Command line over captures over the data row over the environment."""
    world.write("environments/local", '[variables]\nwho = "env"\n')
    world.write("a", 'url = "/echo"\n[params]\nname = "{{who}}"\n')
    await send(world, "a", environment="local", **session)
    assert world.shop.arrived == [f"GET /echo?name={name}"]


async def test_a_template_in_a_data_row_is_text(world: World) -> None:
    """What comes from outside the files is never a template."""
    world.write("a", 'url = "/echo"\n[params]\nname = "{{who}}"\n')
    await send(world, "a", row_values={"who": "{{uuid()}}"})
    assert world.shop.arrived == ["GET /echo?name=%7B%7Buuid%28%29%7D%7D"]


@pytest.mark.parametrize(
    ("text", "passed", "http_error"),
    [
        ('url = "/status/404"\n', False, True),
        ('url = "/status/404"\n[options]\nallow_http_errors = true\n', True, False),
        ('url = "/status/404"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 404\n', True, False),
        ('url = "/status/204"\n', True, False),
    ],
)
async def test_a_status_of_400_fails_unless_it_is_asked_for(
    world: World, text: str, passed: bool, http_error: bool
) -> None:
    """An assert on the status, or allow_http_errors, decides otherwise."""
    world.write("a", text)
    result = await send(world, "a")
    assert isinstance(result.outcome, Replied)
    assert (result.passed, result.outcome.http_error) == (passed, http_error)


async def test_a_wild_check_holds_nothing_up(world: World) -> None:
    """While a query takes its second, the event loop goes on."""
    text = f'url = "/echo"\n[params]\nname = "{"a" * 5000}"\n[[assert]]\nquery = "json"\n'
    world.write("a", text + 'expr = "$[?search(@, \'(a|aa)*[bc]\')]"\nop = "exists"\n')
    loop, longest_s, before_s = asyncio.get_running_loop(), 0.0, time.monotonic()
    timer: asyncio.Handle

    def tick() -> None:
        nonlocal longest_s, before_s, timer
        now_s = time.monotonic()
        longest_s, before_s = max(longest_s, now_s - before_s), now_s
        timer = loop.call_later(0.005, tick)

    timer = loop.call_soon(tick)
    result = await send(world, "a")
    tick()
    timer.cancel()
    assert isinstance(result.outcome, Replied)
    assert "took longer than 1 s" in result.outcome.checks[0].error
    assert longest_s < 0.5


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('url = "/{{nobody}}"\n', FailureKind.TEMPLATE_UNKNOWN_VARIABLE),
        ('url = "ftp://127.0.0.1/"\n', FailureKind.URL_INVALID),
        ('url = "/x"\n[headers]\nX-A = "{{line}}"\n', FailureKind.HEADER_INVALID),
        ('url = "/x"\n[body]\nkind = "file"\npath = "missing.bin"\n', FailureKind.FILE_MISSING),
        ('url = "/x"\n[body]\nkind = "file"\npath = "/etc/hostname"\n', FailureKind.FILE_OUTSIDE),
        ("url = \n", FailureKind.COLLECTION_FILE),
    ],
)
async def test_what_cant_be_built_is_never_sent(world: World, text: str, kind: FailureKind) -> None:
    """The result names the reason; the server heard nothing."""
    world.share('[variables]\nline = "a\\r\\nb"\n')
    world.write("a", text)
    assert failure_of(await send(world, "a")).kind is kind
    assert world.shop.arrived == []


async def test_a_missing_request_is_a_result_too(world: World) -> None:
    """A file that was deleted during a run is named, nothing is raised."""
    assert failure_of(await send(world, "gone")).kind is FailureKind.COLLECTION_FILE


async def test_a_dead_host_keeps_what_was_known_of_the_send(world: World) -> None:
    """The exchange is there without a reply."""
    world.write("a", 'url = "http://127.0.0.1:9/"\n')
    result = await send(world, "a")
    assert failure_of(result).kind is FailureKind.CONNECT_REFUSED
    assert isinstance(result.outcome, Errored) and result.outcome.exchange is not None


async def test_a_capture_that_finds_nothing_is_an_error(world: World) -> None:
    """The reply is kept, the variable is named."""
    world.write("a", 'url = "/echo"\n[capture.x]\nquery = "json"\nexpr = "$.nothing"\n')
    result = await send(world, "a")
    assert failure_of(result).kind is FailureKind.CAPTURE_FAILED
    assert isinstance(result.outcome, Errored) and result.outcome.exchange is not None


async def test_a_failed_check_says_more_than_the_capture_of_an_error_page(world: World) -> None:
    """On a 500 the status is the news, not the capture that found nothing."""
    world.write("a", 'url = "/status/500"\n[capture.x]\nquery = "json"\nexpr = "$.id"\n')
    result = await send(world, "a")
    assert isinstance(result.outcome, Replied) and result.outcome.http_error


async def test_verify_false_needs_a_grant(world: World) -> None:
    """A collection can't switch verification off by itself."""
    world.write("a", 'url = "https://127.0.0.1:9/"\n[options]\nverify = false\n')
    assert failure_of(await send(world, "a")).kind is FailureKind.TRUST_REFUSED
    world.grants = frozenset({Grant(GrantKind.INSECURE, "127.0.0.1:9")})
    assert failure_of(await send(world, "a")).kind is FailureKind.CONNECT_REFUSED


async def test_a_file_outside_can_be_granted(world: World) -> None:
    """Once granted, the file is sent."""
    outside = world.data("outside.txt", "hello")
    world.write("a", f'method = "POST"\nurl = "/echo"\n[body]\nkind = "file"\npath = "{outside}"\n')
    world.grants = frozenset({Grant(GrantKind.FILE, str(outside.resolve()))})
    assert (await send(world, "a")).passed


async def test_a_file_of_secrets_is_never_a_body(world: World) -> None:
    """A request can't carry its own collection's secrets away."""
    world.write("environments/local.secret", 'key = "x"\n')
    world.write("a", 'url = "/echo"\n[body]\nkind = "file"\npath = "environments/local.secret.toml"\n')
    assert failure_of(await send(world, "a")).kind is FailureKind.FILE_MISSING
    assert world.shop.arrived == []


async def test_cancelling_ends_the_wait_for_an_answer(world: World) -> None:
    """Esc works while a prompt is open, too."""
    world.share('[variables]\ncode = { prompt = "Code" }\n')
    world.write("a", 'url = "/{{code}}"\n')
    asked = asyncio.Event()

    async def never(questions: Any) -> dict[str, str]:
        asked.set()
        await asyncio.Event().wait()
        return {}

    world.asker.ask = never
    cancellation = Cancellation()
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(
            run_step(StepId(0, 0, 0, "a"), Session(CookieJar()), world.services(), cancellation=cancellation)
        )
        async with asyncio.timeout(5):
            await asked.wait()
        cancellation.cancel()
    assert failure_of(sending.result()).kind is FailureKind.CANCELLED


async def test_a_secret_is_masked_in_the_label(world: World) -> None:
    """Lists and logs show dots where the secret stood."""
    world.share("[variables]\nkey = { secret = true }\n")
    world.vault.values["key"] = "sesame-open"
    world.write("a", 'url = "/echo"\n[params]\nname = "{{key}}"\n')
    result = await send(world, "a")
    assert world.shop.arrived == ["GET /echo?name=sesame-open"]
    assert "sesame" not in result.label


@pytest.mark.parametrize("url", ["/a b/{{key}}\u0000", "http://[{{key}}/"])
async def test_a_secret_is_masked_in_the_reason_of_a_failure(world: World, url: str) -> None:
    """What could not be sent is named without what must not be shown."""
    world.share("[variables]\nkey = { secret = true }\n")
    world.vault.values["key"] = "sesame-open"
    world.write("a", f"url = {json.dumps(url)}\n")
    result = await send(world, "a")
    assert failure_of(result).kind is FailureKind.URL_INVALID
    assert "sesame" not in str(result)
