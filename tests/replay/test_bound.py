"""What goes only to hosts that the user agreed to: secrets whoever brings them, and what came of one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tui_client.errors import FailureKind
from tui_client.model.step import Errored, StepResult
from tui_client.replay.jars import Jars
from tui_client.replay.singles import Singles
from tui_client.trust.grants import Grant, GrantKind

World = Any  # the fixture of conftest
NOWHERE = Grant(GrantKind.HOST, "nowhere.invalid:80")
SECRET = "[variables]\nkey = { secret = true }\n"
ELSEWHERE = 'url = "http://nowhere.invalid/"\n[headers]\nX = "{{%s}}"\n'
ECHO = 'url = "/echo"\n[params]\nname = "%s"\n[capture.found]\nquery = "json"\nexpr = "$.name"\n'


def _kind(result: StepResult) -> FailureKind:
    assert isinstance(result.outcome, Errored), result.outcome
    assert "sesame" not in str(result.outcome.failure)
    return result.outcome.failure.kind


async def refused_until_granted(world: World, *steps: str, **plan: object) -> None:
    """The last step is not sent; once its host is granted, only the network stands in its way."""
    *before, last = await world.results(*steps, **plan)
    assert all(result.passed for result in before)
    assert _kind(last) is FailureKind.TRUST_REFUSED
    world.grants |= {NOWHERE}
    *_, last = await world.results(*steps, **plan)
    assert _kind(last) is FailureKind.DNS


@pytest.fixture
def echoing(world: World) -> World:
    """`a` has the secret echoed, and captures it; `b` sends that on, to another host."""
    world.share(SECRET)
    world.vault.values["key"] = "sesame-open"
    world.write("a", ECHO % "{{key}}")
    world.write("b", ELSEWHERE % "found")
    return world


async def test_what_was_captured_with_a_secret_stays_where_secrets_may_go(echoing: World) -> None:
    """An echo, or a token for a password, is no way round the question; neither is an iteration, nor the setup."""
    await refused_until_granted(echoing, "a", "b")
    echoing.grants = frozenset()
    *_, last = await echoing.results("a", "b", iterations=3)
    assert _kind(last) is FailureKind.TRUST_REFUSED
    *_, last = await echoing.results("b", setup=("a",))
    assert _kind(last) is FailureKind.TRUST_REFUSED


async def test_what_comes_after_a_secret_may_be_its_doing(echoing: World) -> None:
    """A cookie stands for the secret that it was given for, and a variable may lead to what was captured."""
    echoing.share(f'{SECRET}way = "-{{{{later}}}}"\n')
    echoing.write("c", (ECHO % "x").replace("capture.found", "capture.later"))
    echoing.write("d", ELSEWHERE % "way")
    await refused_until_granted(echoing, "a", "c", "d")


async def test_a_value_from_another_request_is_bound_as_that_one_is(echoing: World) -> None:
    """`from`, also through a second request, and in a loop of requests that give values."""
    echoing.share(f'{SECRET}found = {{ from = "a" }}\nother = {{ from = "c" }}\n')
    echoing.write("c", (ECHO % "{{found}}").replace("capture.found", "capture.other"))
    echoing.write("d", ELSEWHERE % "other")
    await refused_until_granted(echoing, "b")
    echoing.grants = frozenset()
    await refused_until_granted(echoing, "d")


@pytest.mark.parametrize("brought", ["given", "row", "captured"])
async def test_a_secret_is_bound_whoever_brings_it(world: World, brought: str) -> None:
    """A variable that the files call secret: on the command line, in a data row, captured."""
    world.share(SECRET)
    world.write("a", (ECHO % "sesame-open").replace("capture.found", "capture.key"))
    world.write("b", ELSEWHERE % "key")
    data = world.data("rows.csv", "key\nsesame-open\n")
    match brought:
        case "given":
            await refused_until_granted(world, "b", given={"key": "sesame-open"})
        case "row":
            await refused_until_granted(world, "b", data=data)
        case _:
            await refused_until_granted(world, "a", "b")


async def test_a_variable_of_this_machine_is_a_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lets a collection read a token does not let it send that anywhere; and it is masked."""
    monkeypatch.setenv("SHOP_TOKEN", "sesame-open")
    world.share('[variables]\nkey = { env = "SHOP_TOKEN" }\n')
    world.write("a", ECHO % "{{key}}")
    world.write("b", ELSEWHERE % "key")
    world.grants = frozenset({Grant(GrantKind.ENV, "SHOP_TOKEN")})
    (result,) = await world.results("a")
    assert result.passed
    assert "sesame" not in result.label
    await refused_until_granted(world, "b")


async def test_a_proxy_that_a_file_names_sees_no_cookie_unasked(world: World) -> None:
    """A cookie stands for whoever logged in; in each session, also in those after one that had none."""
    world.write("login", 'url = "/set-cookie?user={{who}}"\n')
    world.write("b", 'url = "/echo"\n[options]\nproxy = "http://nowhere.invalid:80"\n')
    (last,) = await world.results("b")
    assert _kind(last) is FailureKind.PROXY_REFUSED
    data = world.data("rows.csv", "who\nann\n")
    *_, last = await world.results("login", "b", data=data)
    assert _kind(last) is FailureKind.TRUST_REFUSED
    results = await world.results("b", "b", "b", "login", "b", data=data)
    kinds = [_kind(result) for result in results if result.step.key == "b"]
    assert kinds == [FailureKind.PROXY_REFUSED] * 3 + [FailureKind.TRUST_REFUSED]
    world.grants = frozenset({NOWHERE})
    *_, last = await world.results("login", "b", data=data)
    assert _kind(last) is FailureKind.PROXY_REFUSED


async def test_what_no_secret_led_to_goes_anywhere(echoing: World) -> None:
    """Captured before a secret was sent, or where none ever is; and what -v gives in place of what was captured."""
    echoing.write("c", (ECHO % "x").replace("capture.found", "capture.early"))
    echoing.write("d", ELSEWHERE % "early")
    for steps in (("c", "d"), ("c", "a", "d")):
        *_, last = await echoing.results(*steps)
        assert _kind(last) is FailureKind.DNS
    *_, last = await echoing.results("a", "b", given={"found": "x"})
    assert _kind(last) is FailureKind.DNS


@pytest.fixture
async def singles(echoing: World) -> AsyncIterator[Singles]:
    """Single sends of that collection."""
    yield Singles(echoing.services(), Jars(None))


async def test_single_sends_remember_what_a_secret_led_to(echoing: World, singles: Singles) -> None:
    """From the first that carried one; what was captured before, or in another environment, is free."""
    echoing.write("environments/other", "")
    echoing.write("c", (ECHO % "x").replace("capture.found", "capture.later"))
    echoing.write("d", ELSEWHERE % "later")
    assert (await singles.send("c", "")).passed
    assert _kind(await singles.send("d", "")) is FailureKind.DNS
    assert (await singles.send("a", "")).passed
    assert _kind(await singles.send("b", "")) is FailureKind.TRUST_REFUSED
    assert _kind(await singles.send("d", "")) is FailureKind.DNS
    assert (await singles.send("c", "")).passed
    assert _kind(await singles.send("d", "")) is FailureKind.TRUST_REFUSED
    assert (await singles.send("c", "other")).passed
    assert _kind(await singles.send("d", "other")) is FailureKind.DNS
