"""Values from elsewhere: other requests, prompts, secrets, the host; and the hosts that may get a secret."""

from __future__ import annotations

from typing import Any

import pytest

from tui_client.errors import FailureKind
from tui_client.http.cookies import CookieJar
from tui_client.model.step import Errored, StepId, StepResult
from tui_client.replay.guard import _is_loopback
from tui_client.replay.services import Services
from tui_client.replay.session import Session
from tui_client.replay.step import run_step
from tui_client.trust.grants import Grant, GrantKind

World = Any  # the fixture of conftest

LOGIN = 'url = "/login"\n[params]\nuser = "{{user}}"\n[capture.token]\nquery = "json"\nexpr = "$.token"\n'
USES_TOKEN = 'url = "/echo"\n[params]\nname = "{{token}}"\n'


async def send(world: World, key: str, services: Services | None = None, **session: Any) -> StepResult:
    return await run_step(StepId(0, 0, 0, key), Session(CookieJar(), **session), services or world.services())


def failure_of(result: StepResult) -> Any:
    assert isinstance(result.outcome, Errored), result.outcome
    return result.outcome.failure


@pytest.fixture
def with_login(world: World) -> World:
    """A collection whose token comes from a login."""
    world.share('[variables]\nuser = "ann"\ntoken = { from = "auth/login" }\n')
    world.write("auth/login", LOGIN)
    world.write("a", USES_TOKEN)
    return world


async def test_a_from_request_gives_its_capture(with_login: World) -> None:
    """The login is sent first, its token used."""
    assert (await send(with_login, "a")).passed
    assert with_login.shop.arrived == ["GET /login?user=ann", "GET /echo?name=t1-ann"]


async def test_a_from_request_is_sent_once_for_all_rows(with_login: World) -> None:
    """Fifty rows side by side share one login."""
    data = with_login.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(50)))
    results = await with_login.results("a", data=data, concurrency=20)
    assert all(result.passed for result in results)
    assert with_login.shop.arrived.count("GET /login?user=ann") == 1


async def test_rows_that_log_in_differently_do_not_share_a_token(with_login: World) -> None:
    """A login that uses a column of the row is sent once for each value of it."""
    data = with_login.data("rows.csv", "user\nann\nbob\nann\n")
    await with_login.results("a", data=data)
    assert with_login.shop.arrived == [
        "GET /login?user=ann",
        "GET /echo?name=t1-ann",
        "GET /login?user=bob",
        "GET /echo?name=t3-bob",
        "GET /echo?name=t1-ann",
    ]


@pytest.mark.parametrize(("max_age", "logins"), [("", 2), (', max_age = "50m"', 1), (', max_age = "0s"', 2)])
async def test_max_age_keeps_a_value_from_run_to_run(with_login: World, max_age: str, logins: int) -> None:
    """Without it each run logs in anew; with it the value is used until it is too old."""
    with_login.share(f'[variables]\nuser = "ann"\ntoken = {{ from = "auth/login"{max_age} }}\n')
    await with_login.results("a")
    await with_login.results("a")
    assert with_login.shop.arrived.count("GET /login?user=ann") == logins


async def test_environments_do_not_share_a_token(with_login: World) -> None:
    """A token of staging never goes to local."""
    with_login.share('[variables]\nuser = "ann"\ntoken = { from = "auth/login", max_age = "50m" }\n')
    for name in ("local", "staging"):
        with_login.write(f"environments/{name}", "[variables]\n")
        await with_login.results("a", environment=name)
    assert with_login.shop.arrived.count("GET /login?user=ann") == 2


async def test_a_from_loop_is_named_not_followed(world: World) -> None:
    """Two requests that need each other's values are an error, nothing is sent."""
    world.share('[variables]\na = { from = "one" }\nb = { from = "two" }\n')
    world.write("one", 'url = "/x/{{b}}"\n[capture.a]\nquery = "status"\n')
    world.write("two", 'url = "/x/{{a}}"\n[capture.b]\nquery = "status"\n')
    world.write("c", 'url = "/x/{{a}}"\n')
    results = await world.results("one", "two", "c", iterations=4, concurrency=4)
    assert {failure_of(result).kind for result in results} == {FailureKind.VARIABLE_FROM}
    assert world.shop.arrived == []


@pytest.mark.parametrize(
    ("login", "kind", "words"),
    [
        ('url = "/status/401"\n', FailureKind.VARIABLE_FROM, "answered 401"),
        ('url = "/login"\n', FailureKind.VARIABLE_FROM, "no [capture.token]"),
        ('url = "http://127.0.0.1:9/"\n', FailureKind.CONNECT_REFUSED, ""),
        ('url = "/{{nobody}}"\n', FailureKind.TEMPLATE_UNKNOWN_VARIABLE, ""),
    ],
)
async def test_a_from_request_that_fails_says_why(with_login: World, login: str, kind: FailureKind, words: str) -> None:
    """A dead host stays a dead host; a refused login names the request."""
    with_login.write("auth/login", login)
    failure = failure_of(await send(with_login, "a"))
    assert failure.kind is kind
    assert words in failure.detail


async def test_a_from_request_that_is_not_there_is_named(world: World) -> None:
    """A typing error in `from` says which request is missing."""
    world.share('[variables]\ntoken = { from = "auth/nowhere" }\n')
    world.write("a", USES_TOKEN)
    failure = failure_of(await send(world, "a"))
    assert failure.kind is FailureKind.VARIABLE_FROM
    assert "auth/nowhere" in failure.detail


async def test_all_waiting_steps_share_the_failure_of_a_login(with_login: World) -> None:
    """Ten steps that wait for one login do not send ten that fail."""
    with_login.write("auth/login", 'url = "/slow/nothing"\n[capture.token]\nquery = "json"\nexpr = "$.none"\n')
    with_login.shop.gate.set()
    results = await with_login.results("a", iterations=10, concurrency=10)
    assert len(results) == 10
    assert not any(result.passed for result in results)
    assert with_login.shop.arrived == ["GET /slow/nothing"]


async def test_prompts_of_a_send_come_in_one_form_and_once_a_run(world: World) -> None:
    """Two prompts are one form; fifty rows do not ask fifty times."""
    world.share('[variables]\ncode = { prompt = "Code" }\npin = { prompt = "PIN" }\n')
    world.write("a", 'url = "/echo"\n[params]\nname = "{{code}}{{pin}}"\n')
    world.asker.answers = {"code": "1", "pin": "{{2}}"}
    data = world.data("rows.csv", "n\n" + "".join(f"{n}\n" for n in range(50)))
    results = await world.results("a", data=data, concurrency=10)
    assert all(result.passed for result in results)
    assert [[one.variable for one in form] for form in world.asker.forms] == [["code", "pin"]]
    assert set(world.shop.arrived) == {"GET /echo?name=1%7B%7B2%7D%7D"}


async def test_a_value_on_the_command_line_needs_no_prompt(world: World) -> None:
    """-v wins before anyone is asked."""
    world.share('[variables]\ncode = { prompt = "Code" }\n')
    world.write("a", 'url = "/echo"\n[params]\nname = "{{code}}"\n')
    assert (await send(world, "a", given={"code": "x"})).passed
    assert world.asker.forms == []


async def test_a_secret_without_a_value_is_named(world: World) -> None:
    """The failure says which secret to set."""
    world.share("[variables]\nkey = { secret = true }\n")
    world.write("a", 'url = "/{{key}}"\n')
    failure = failure_of(await send(world, "a"))
    assert (failure.kind, failure.subject) == (FailureKind.VARIABLE_SECRET, "key")


async def test_a_secret_goes_to_another_host_only_once_granted(world: World) -> None:
    """Loopback aside, a host that never got a secret needs the user's word; the name is not even looked up."""
    world.share("[variables]\nkey = { secret = true }\n")
    world.vault.values["key"] = "sesame-open"
    world.write("a", 'url = "http://nowhere.invalid/"\n[headers]\nX-Key = "{{key}}"\n')
    failure = failure_of(await send(world, "a"))
    assert (failure.kind, failure.subject) == (FailureKind.TRUST_REFUSED, "nowhere.invalid:80")
    assert "sesame" not in str(failure)
    world.grants = frozenset({Grant(GrantKind.HOST, "nowhere.invalid:80")})
    assert failure_of(await send(world, "a")).kind is FailureKind.DNS


async def test_a_proxy_counts_as_a_receiver_of_secrets(world: World) -> None:
    """A collection can't read secrets by naming a proxy."""
    world.share("[variables]\nkey = { secret = true }\n")
    world.vault.values["key"] = "sesame-open"
    world.write("a", 'url = "/echo"\n[headers]\nX-Key = "{{key}}"\n[options]\nproxy = "http://proxy.invalid:3128"\n')
    failure = failure_of(await send(world, "a"))
    assert (failure.kind, failure.subject) == (FailureKind.TRUST_REFUSED, "proxy.invalid:3128")


async def test_a_secret_that_is_not_used_needs_no_grant(world: World) -> None:
    """Only what carries the secret is asked about."""
    world.share("[variables]\nkey = { secret = true }\n")
    world.vault.values["key"] = "sesame-open"
    world.write("a", 'url = "http://nowhere.invalid/"\n')
    assert failure_of(await send(world, "a")).kind is FailureKind.DNS


async def test_a_host_variable_needs_a_grant(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of this machine is closed to a collection until the user opens it."""
    monkeypatch.setenv("SHOP_REGION", "eu")
    world.share('[variables]\nregion = { env = "SHOP_REGION" }\n')
    world.write("a", 'url = "/echo"\n[params]\nname = "{{region}}"\n')
    assert failure_of(await send(world, "a")).kind is FailureKind.TRUST_REFUSED
    assert world.shop.arrived == []
    world.grants = frozenset({Grant(GrantKind.ENV, "SHOP_REGION")})
    assert (await send(world, "a")).passed
    monkeypatch.delenv("SHOP_REGION")
    assert failure_of(await send(world, "a")).kind is FailureKind.TEMPLATE_UNKNOWN_VARIABLE


async def test_a_host_variable_is_masked_unless_it_is_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is no word; each "true" of a reply is not a secret because CI says so."""
    world.grants = frozenset({Grant(GrantKind.ENV, "SHOP_TOKEN"), Grant(GrantKind.ENV, "CI")})
    monkeypatch.setenv("SHOP_TOKEN", "token-of-a-shop")
    monkeypatch.setenv("CI", "true")
    world.share('[variables]\ntoken = { env = "SHOP_TOKEN" }\nci = { env = "CI" }\n')
    world.write("a", 'url = "/echo"\n[params]\nname = "{{token}}"\nci = "{{ci}}"\n')
    result = await send(world, "a")
    assert result.exchange is not None
    assert "token-of-a-shop" in result.exchange.request.secrets
    assert "true" not in result.exchange.request.secrets


@pytest.mark.parametrize(
    ("authority", "loopback"),
    [
        ("127.0.0.1:80", True),
        ("127.9.9.9:1", True),
        ("[::1]:80", True),
        ("localhost:80", True),
        ("api.localhost:80", True),
        ("10.0.0.1:80", False),
        ("localhost.example.com:80", False),
        ("[::2]:80", False),
    ],
)
def test_loopback_is_this_machine_and_nothing_else(authority: str, loopback: bool) -> None:
    """Names that only look local are not."""
    assert _is_loopback(authority) is loopback
