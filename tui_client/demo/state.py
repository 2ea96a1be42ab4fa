"""What the handlers reach through the request."""

from __future__ import annotations

from aiohttp import web

from tui_client.demo.replies import unauthorized
from tui_client.demo.shop import Shop
from tui_client.demo.tokens import Tokens


class State:
    """One running demo API; other_origin is its second address, for redirects to another origin."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.tokens = Tokens()
        self.other_origin = ""


STATE = web.AppKey("state", State)

# The demo is open: its index page prints them all.
USERNAME = "demo"
PASSWORD = "demo"
CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-secret"
API_KEY = "demo-key"
TOKEN_LIFETIME_S = 3600


def state(request: web.Request) -> State:
    """The state of the API that got this request."""
    return request.app[STATE]


def bearer_token(request: web.Request) -> str:
    """The token of the Authorization header; "" if there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def require_token(request: web.Request) -> str:
    """Whom the bearer token speaks for. Raises Refused (401)."""
    subject = state(request).tokens.subject("access", bearer_token(request))
    if subject is None:
        raise unauthorized("A valid bearer token is needed; POST /login gives one.", 'Bearer realm="demo"')
    return subject
