"""What a collection may reach: each way out of it is refused until it is granted, and the refusal says how."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import Failure, FailureKind
from tui_client.model.step import Errored, StepResult
from tui_client.model.wording import describe
from tui_client.trust.grants import Grant, GrantKind, covers, how_to_allow, parse_grant

World = Any  # the fixture of conftest
KEY = "[variables]\nkey = { secret = true }\n"
OAUTH = '[auth]\nkind = "oauth2"\ntoken_url = "%s"\nclient_id = "me"\nclient_secret = "{{key}}"\n'


async def _failure(world: World, key: str = "a") -> Failure:
    (result,) = await world.results(key)
    return _of(result)


def _of(result: StepResult) -> Failure:
    assert isinstance(result.outcome, Errored), result.outcome
    return result.outcome.failure


def _option(sentence: str) -> Grant:
    """What a shell makes of the option that a sentence offers, read as the command line reads it."""
    found = re.search(r"(--grant .+) allows it", sentence)
    assert found, sentence
    option, *values = shlex.split(found[1])
    assert option == "--grant" and len(values) == 1
    return parse_grant(values[0])


@pytest.fixture
def outside(world: World) -> Path:
    """A file beside the collection, and ways in the collection that lead to it."""
    folder = world.root.parent / "my data; $(touch x)"
    folder.mkdir()
    (folder / "a 'b' .").write_text("hello")
    (world.root / "link.txt").symlink_to(folder / "a 'b' .")
    (world.root / "folder").symlink_to(folder)
    (world.root / "link2.txt").symlink_to("link.txt")
    return folder / "a 'b' ."


@pytest.mark.parametrize("way", ["", "../my data; $(touch x)/a 'b' .", "link.txt", "link2.txt", "folder/a 'b' ."])
@pytest.mark.parametrize("field", ["file", "multipart", "ca", "client_cert"])
async def test_a_file_outside_is_refused_whichever_way_leads_there(
    world: World, outside: Path, way: str, field: str
) -> None:
    """By its absolute path, by "..", by links; the option in the sentence grants just that file."""
    written = f'"{way or outside}"'
    fields = {
        "file": f'[body]\nkind = "file"\npath = {written}\n',
        "multipart": f'[body]\nkind = "multipart"\nparts = [{{ name = "f", file = {written} }}]\n',
        "ca": f"[options]\nca = {written}\n",
        "client_cert": f"[options]\nclient_cert = {written}\n",
    }
    world.write("a", f'method = "POST"\nurl = "/echo"\n{fields[field]}')
    failure = await _failure(world)
    assert failure.kind is FailureKind.FILE_OUTSIDE
    assert world.shop.arrived == []
    grant = _option(describe(failure))
    assert grant == Grant(GrantKind.FILE, str(outside))
    world.grants = frozenset({grant})
    assert all(not isinstance(one.outcome, Errored) for one in await world.results("a"))


@pytest.mark.parametrize(
    ("token_url", "receiver"),
    [
        ("http://auth.invalid/token", "auth.invalid:80"),
        ("HTTP://auth.invalid/token", "auth.invalid:80"),
        ("hTTps://auth.invalid:8443", "auth.invalid:8443"),
        ("http://shop.example@auth.invalid/", "auth.invalid:80"),
        ("http://[2001:DB8::1]:99/", "[2001:db8::1]:99"),
    ],
)
async def test_who_gives_tokens_is_a_receiver_of_secrets(world: World, token_url: str, receiver: str) -> None:
    """However its URL is written; nothing is sent to anyone before."""
    world.share(KEY)
    world.vault.values["key"] = "sesame-open"
    world.write("a", f'url = "/echo"\n{OAUTH % token_url}')
    failure = await _failure(world)
    assert (failure.kind, failure.subject) == (FailureKind.TRUST_REFUSED, receiver)
    assert _option(describe(failure)) == Grant(GrantKind.HOST, receiver)
    assert world.shop.arrived == []


@pytest.mark.parametrize(
    ("proxy", "receiver"),
    [
        ("socks4://proxy.invalid", "proxy.invalid:1080"),
        ("socks4a://proxy.invalid:99", "proxy.invalid:99"),
        ("socks5://u:p@proxy.invalid", "proxy.invalid:1080"),
        ("SOCKS5H://proxy.invalid", "proxy.invalid:1080"),
        ("https://proxy.invalid", "proxy.invalid:443"),
        ("proxy.invalid:3128", "proxy.invalid:3128"),
    ],
)
async def test_a_proxy_of_any_kind_is_a_receiver_of_secrets(world: World, proxy: str, receiver: str) -> None:
    """Under the port that is really spoken to."""
    world.share(KEY)
    world.vault.values["key"] = "sesame-open"
    world.write("a", f'url = "/echo"\n[headers]\nX-Key = "{{{{key}}}}"\n[options]\nproxy = "{proxy}"\n')
    failure = await _failure(world)
    assert (failure.kind, failure.subject) == (FailureKind.TRUST_REFUSED, receiver)


async def test_a_proxy_over_tls_that_is_not_verified_is_asked_for(world: World) -> None:
    """Switching verification off needs a grant for the proxy too, even for a request over plain HTTP."""
    world.write("a", 'url = "/echo"\n[options]\nproxy = "https://127.0.0.1:9"\nverify = false\n')
    failure = await _failure(world)
    assert (failure.kind, failure.subject) == (FailureKind.TRUST_REFUSED, "127.0.0.1:9")
    world.grants = frozenset({_option(describe(failure))})
    assert (await _failure(world)).kind is FailureKind.PROXY_REFUSED


async def test_a_socket_of_this_machine_is_a_file_outside(world: World, tmp_path: Path) -> None:
    """A collection can't talk to the daemons of this machine; a socket of its own folder is its own."""
    socket = tmp_path / "elsewhere" / "daemon.sock"
    (world.root / "link.sock").symlink_to(socket)
    for path in (socket, world.root / "link.sock"):
        world.write("a", f'url = "/echo"\n[options]\nproxy = "unix:{path}"\n')
        failure = await _failure(world)
        assert failure.kind is FailureKind.FILE_OUTSIDE
        assert _option(describe(failure)) == Grant(GrantKind.FILE, str(socket))
    world.grants = frozenset({Grant(GrantKind.FILE, str(socket))})
    assert (await _failure(world)).kind is not FailureKind.FILE_OUTSIDE
    world.grants = frozenset()
    world.write("a", f'url = "/echo"\n[options]\nproxy = "unix:{world.root / "own.sock"}"\n')
    assert (await _failure(world)).kind is not FailureKind.FILE_OUTSIDE


async def test_an_environment_variable_with_any_name_is_offered_to_be_copied(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name can't smuggle a command into the shell of who copies the option."""
    monkeypatch.setenv("$(touch x); Y", "eu")
    world.share('[variables]\nregion = { env = "$(touch x); Y" }\n')
    world.write("a", 'url = "/echo?name={{region}}"\n')
    failure = await _failure(world)
    assert _option(describe(failure)) == Grant(GrantKind.ENV, "$(touch x); Y")


@given(st.text(min_size=1, max_size=40), st.sampled_from([GrantKind.ENV, GrantKind.FILE]))
def test_an_option_that_is_offered_grants_what_was_refused(name: str, kind: GrantKind) -> None:
    """Whatever the name: the shell hands over one word, and it includes what was asked for; else none is offered."""
    subject = f"/{name}" if kind is GrantKind.FILE else name.strip() or "x"
    if kind is GrantKind.FILE:
        try:
            subject = str(Path(subject).resolve())
        except ValueError:
            return
    wanted = Grant(kind, subject)
    words = how_to_allow(wanted)
    if subject.isprintable():
        assert covers(_option(words), wanted)
    else:
        assert "--grant" not in words
