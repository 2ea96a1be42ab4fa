"""Endpoints that want to know who asks: basic, digest, bearer, API key, OAuth 2.0 tokens."""

from __future__ import annotations

import base64

from aiohttp import web

from tui_client.demo import digest
from tui_client.demo.endpoint import PROBLEM, TEXT, Answer, Endpoint, QueryParameter
from tui_client.demo.parameters import form_fields, sayable
from tui_client.demo.replies import json_reply, refused, unauthorized
from tui_client.demo.state import (
    API_KEY,
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    TOKEN_LIFETIME_S,
    USERNAME,
    bearer_token,
    state,
)

_REFRESH_LIFETIME_S = 24 * 3600


def basic_credentials(request: web.Request) -> tuple[str, str] | None:
    """User and password of a Basic header, or None."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # not ASCII, not base64, not UTF-8
        return None
    return (username, password) if colon else None


def _welcome(username: str) -> web.Response:
    return json_reply({"authenticated": True, "user": username})


async def basic(request: web.Request) -> web.Response:
    """200 for the user and password in the path."""
    wanted = request.match_info["user"], request.match_info["password"]
    if basic_credentials(request) != wanted:
        raise unauthorized("Basic credentials as in the path are needed.", 'Basic realm="demo", charset="UTF-8"')
    return _welcome(wanted[0])


async def digest_auth(request: web.Request) -> web.Response:
    """200 for a correct digest of the user and password in the path."""
    algorithm = request.query.get("algorithm", "SHA-256").upper()
    if algorithm not in digest.ALGORITHMS:
        raise refused(422, "invalid", f"algorithm must be one of {', '.join(digest.ALGORITHMS)}.", "algorithm")
    username, password = request.match_info["user"], request.match_info["password"]
    tokens, fields = state(request).tokens, digest.parse(request.headers.get("Authorization", ""))
    if fields and digest.correct(fields, algorithm, request.method, request.raw_path, username, password):
        if digest.fresh(tokens, fields):
            return _welcome(username)
        raise unauthorized("The nonce is stale.", digest.challenge(tokens, algorithm, stale=True))
    raise unauthorized("A digest is needed.", digest.challenge(tokens, algorithm, stale=False))


async def bearer(request: web.Request) -> web.Response:
    """200 for any bearer token; says whether it is one of ours."""
    token = bearer_token(request)
    if not token:
        raise unauthorized("A bearer token is needed.", 'Bearer realm="demo"')
    user = state(request).tokens.subject("access", token)
    return json_reply({"authenticated": True, "token": sayable(token), "user": user})


async def api_key(request: web.Request) -> web.Response:
    """200 for the demo's key in the header X-API-Key, the parameter api_key or the cookie api_key."""
    found = {
        "header": request.headers.get("X-API-Key"),
        "query": request.query.get("api_key"),
        "cookie": request.cookies.get("api_key"),
    }
    for place, key in found.items():
        if key == API_KEY:
            return json_reply({"authenticated": True, "in": place})
    raise unauthorized(f"The key {API_KEY} is needed.", "ApiKey")


def _oauth_error(status: int, error: str, description: str) -> web.Response:
    return json_reply({"error": error, "error_description": description}, status, {"Cache-Control": "no-store"})


def _tokens(request: web.Request, subject: str, refreshable: bool) -> web.Response:
    tokens = state(request).tokens
    granted: dict[str, object] = {
        "access_token": tokens.make("access", subject, TOKEN_LIFETIME_S),
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME_S,
    }
    if refreshable:
        granted["refresh_token"] = tokens.make("refresh", subject, _REFRESH_LIFETIME_S)
    return json_reply(granted, headers={"Cache-Control": "no-store"})


async def oauth_token(request: web.Request) -> web.Response:
    """The token endpoint of OAuth 2.0: client_credentials, password and refresh_token (RFC 6749)."""
    fields = dict(await form_fields(request))
    client = basic_credentials(request) or (fields.get("client_id"), fields.get("client_secret"))
    if client != (CLIENT_ID, CLIENT_SECRET):
        return _oauth_error(401, "invalid_client", f"The client is {CLIENT_ID}, its secret {CLIENT_SECRET}.")
    match fields.get("grant_type"):
        case "client_credentials":
            return _tokens(request, CLIENT_ID, refreshable=False)
        case "password":
            if (fields.get("username"), fields.get("password")) != (USERNAME, PASSWORD):
                return _oauth_error(400, "invalid_grant", f"The user is {USERNAME}, the password {PASSWORD}.")
            return _tokens(request, USERNAME, refreshable=True)
        case "refresh_token":
            subject = state(request).tokens.subject("refresh", fields.get("refresh_token", ""))
            if subject is None:
                return _oauth_error(400, "invalid_grant", "The refresh token is not valid.")
            return _tokens(request, subject, refreshable=True)
        case other:
            return _oauth_error(400, "unsupported_grant_type", f"There is no grant type {other}.")


_OK = {200: Answer("Who it is"), 401: PROBLEM}
_GRANT = {
    "type": "object",
    "properties": dict.fromkeys(
        ("grant_type", "client_id", "client_secret", "username", "password", "refresh_token"), TEXT
    ),
    "required": ["grant_type"],
}

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/auth/basic/{user}/{password}",
        handler=basic,
        summary="Basic authentication with the user and password in the path",
        tag="auth",
        answers=_OK,
        security="basic",
        example="/auth/basic/ada/lovelace",
    ),
    Endpoint(
        method="GET",
        path="/auth/digest/{user}/{password}",
        handler=digest_auth,
        summary="Digest authentication with the user and password in the path",
        tag="auth",
        query=(QueryParameter("algorithm", "SHA-256 or MD5", {"type": "string", "enum": list(digest.ALGORITHMS)}),),
        answers={**_OK, 422: PROBLEM},
        security="digest",
        example="/auth/digest/ada/lovelace",
    ),
    Endpoint(
        method="GET",
        path="/auth/bearer",
        handler=bearer,
        summary="Any bearer token",
        tag="auth",
        answers=_OK,
        security="bearer",
        example="/auth/bearer",
    ),
    Endpoint(
        method="GET",
        path="/auth/apikey",
        handler=api_key,
        summary=f"The key {API_KEY} in a header, a parameter or a cookie",
        tag="auth",
        answers=_OK,
        security="apikey",
        example=f"/auth/apikey?api_key={API_KEY}",
    ),
    Endpoint(
        method="POST",
        path="/oauth/token",
        handler=oauth_token,
        summary=f"OAuth 2.0 tokens for the client {CLIENT_ID}, secret {CLIENT_SECRET}",
        tag="auth",
        accepts={"application/x-www-form-urlencoded": _GRANT},
        answers={200: Answer("The token"), 400: Answer("error and error_description"), 401: Answer("invalid_client")},
    ),
)
