"""Who asks: basic, digest, bearer, API key, OAuth 2.0."""

from __future__ import annotations

import base64
import hashlib

import aiohttp
import pytest

from tui_client.demo.server import Server


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def basic(username: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


async def test_basic_wants_the_credentials_of_the_path(send):
    """Anything else is a 401 with a challenge."""
    assert (await send("GET", "/auth/basic/ada/pä:ss", headers=basic("ada", "pä:ss"))).json == {
        "authenticated": True,
        "user": "ada",
    }
    for headers in ({}, basic("ada", "no"), {"Authorization": "Basic !!"}, {"Authorization": "Basic YQ=="}):
        reply = await send("GET", "/auth/basic/ada/pass", headers=headers)
        assert (reply.status, reply.headers["WWW-Authenticate"][:5]) == (401, "Basic")


@pytest.mark.parametrize("query", ["", "?algorithm=MD5", "?algorithm=SHA-256"])
@pytest.mark.parametrize(("password", "status"), [("secret", 200), ("wrong", 401)])
async def test_digest_accepts_only_the_right_password(server: Server, query, password, status):
    """aiohttp's own digest client gets in, with both algorithms."""
    digest = aiohttp.DigestAuthMiddleware("ada", password)
    async with (
        aiohttp.ClientSession(middlewares=(digest,)) as session,
        session.get(f"{server.base_url}/auth/digest/ada/secret{query}") as reply,
    ):
        assert reply.status == status


async def test_digest_challenges_and_tells_a_stale_nonce(send):
    """The challenge names algorithm and qop; a right answer to an old nonce says stale."""
    challenge = (await send("GET", "/auth/digest/a/b?algorithm=MD5")).headers["WWW-Authenticate"]
    assert "algorithm=MD5" in challenge
    assert 'qop="auth"' in challenge
    target = "/auth/digest/a/b?algorithm=MD5"
    proof = md5(f"{md5('a:demo:b')}:old:00000001:c:auth:{md5('GET:' + target)}")
    header = (
        f'Digest username="a", realm="demo", nonce="old", uri="{target}", algorithm=MD5, '
        f'qop=auth, nc=00000001, cnonce="c", response="{proof}"'
    )
    reply = await send("GET", target, headers={"Authorization": header})
    assert reply.status == 401
    assert "stale=true" in reply.headers["WWW-Authenticate"]
    assert (await send("GET", "/auth/digest/a/b?algorithm=SHA-1")).status == 422


async def test_bearer_takes_any_token_and_says_whose(send):
    """A token of ours names its user, another one nobody."""
    assert (await send("GET", "/auth/bearer")).status == 401
    login = await send("POST", "/login", json={"username": "demo", "password": "demo"})
    ours = await send("GET", "/auth/bearer", headers={"Authorization": f"bearer {login.json['token']}"})
    other = await send("GET", "/auth/bearer", headers={"Authorization": "Bearer abc"})
    assert (ours.json["user"], other.json["user"], other.json["token"]) == ("demo", None, "abc")


@pytest.mark.parametrize(
    ("path", "headers", "place"),
    [
        ("/auth/apikey", {"x-api-key": "demo-key"}, "header"),
        ("/auth/apikey?api_key=demo-key", {}, "query"),
        ("/auth/apikey", {"Cookie": "api_key=demo-key"}, "cookie"),
    ],
)
async def test_the_api_key_may_come_three_ways(send, path, headers, place):
    """The reply says where it was found."""
    assert (await send("GET", path, headers=headers)).json == {"authenticated": True, "in": place}


async def test_a_wrong_api_key_is_refused(send):
    """401."""
    assert (await send("GET", "/auth/apikey?api_key=x")).status == 401


CLIENT = {"client_id": "demo-client", "client_secret": "demo-secret"}


@pytest.mark.parametrize(
    "grant",
    [
        {"grant_type": "client_credentials"},
        {"grant_type": "password", "username": "demo", "password": "demo"},
    ],
)
@pytest.mark.parametrize("in_header", [False, True])
async def test_oauth_tokens_open_the_orders(send, grant, in_header):
    """The client may say who it is in a Basic header or in the form."""
    headers = basic("demo-client", "demo-secret") if in_header else {}
    reply = await send("POST", "/oauth/token", data=grant if in_header else {**grant, **CLIENT}, headers=headers)
    assert (reply.status, reply.json["token_type"], reply.json["expires_in"]) == (200, "Bearer", 3600)
    opened = await send("GET", "/orders", headers={"Authorization": f"Bearer {reply.json['access_token']}"})
    assert opened.status == 200


async def test_a_refresh_token_gives_new_tokens(send):
    """An access token does not."""
    grant = {"grant_type": "password", "username": "demo", "password": "demo", **CLIENT}
    first = (await send("POST", "/oauth/token", data=grant)).json
    for token, status in ((first["refresh_token"], 200), (first["access_token"], 400)):
        refresh = {"grant_type": "refresh_token", "refresh_token": token, **CLIENT}
        assert (await send("POST", "/oauth/token", data=refresh)).status == status


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"grant_type": "password", "username": "demo", "password": "x", **CLIENT}, 400, "invalid_grant"),
        ({"grant_type": "implicit", **CLIENT}, 400, "unsupported_grant_type"),
        ({**CLIENT}, 400, "unsupported_grant_type"),
    ],
)
async def test_oauth_errors_are_as_in_rfc_6749(send, form, status, error):
    """error and error_description, never a token."""
    reply = await send("POST", "/oauth/token", data=form)
    assert (reply.status, reply.json["error"]) == (status, error)
    assert "access_token" not in reply.json
