"""The shop: users for everybody, orders for who has a token."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from aiohttp import web

from tui_client.demo.endpoint import (
    ANY_JSON,
    NO_BODY,
    NOTHING,
    PROBLEM,
    TEXT,
    Answer,
    Endpoint,
    Handler,
    QueryParameter,
    Schema,
)
from tui_client.demo.parameters import json_body, whole_number
from tui_client.demo.replies import json_reply, refused
from tui_client.demo.resource import Resource
from tui_client.demo.shop import NewOrder, NewUser, Order, User, order_total
from tui_client.demo.state import PASSWORD, TOKEN_LIFETIME_S, USERNAME, require_token, state


class Credentials(msgspec.Struct, frozen=True):
    """What POST /login takes."""

    username: str
    password: str


async def login(request: web.Request) -> web.Response:
    """A token for the demo user."""
    given = await json_body(request, Credentials)
    if (given.username, given.password) != (USERNAME, PASSWORD):
        raise refused(401, "unauthorized", f"The user is {USERNAME}, the password {PASSWORD}.")
    token = state(request).tokens.make("access", given.username, TOKEN_LIFETIME_S)
    return json_reply({"token": token, "expires_in": TOKEN_LIFETIME_S})


async def reset(request: web.Request) -> web.Response:
    """Forget everything that was created, changed or deleted."""
    state(request).shop.reset()
    return web.Response(status=204)


def _make_user(request: web.Request, number: int, new: NewUser, was: User | None) -> User:
    return User(id=number, created=datetime.now(UTC) if was is None else was.created, **msgspec.structs.asdict(new))


def _make_order(request: web.Request, number: int, new: NewOrder, was: Order | None) -> Order:
    # An order may outlive its user, but can't be made for one who isn't there.
    if (was is None or was.user_id != new.user_id) and new.user_id not in state(request).shop.users.rows:
        raise refused(422, "invalid", f"There is no user {new.user_id}.", "$.user_id")
    created = datetime.now(UTC) if was is None else was.created
    return Order(id=number, total=order_total(new.items), created=created, **msgspec.structs.asdict(new))


def _user_id(text: str) -> object:
    return whole_number(text, "user_id", 0, 999_999_999_999)


USERS = Resource("user", {"team": str}, lambda request: state(request).shop.users, NewUser, _make_user)
ORDERS = Resource(
    "order", {"status": str, "user_id": _user_id}, lambda request: state(request).shop.orders, NewOrder, _make_order
)


def _with_token(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        require_token(request)
        return await handler(request)

    return guarded


def _parameters(resource: Resource[NewUser, User] | Resource[NewOrder, Order]) -> tuple[QueryParameter, ...]:
    filters = (QueryParameter(name, f"Only those of this {name}", TEXT) for name in resource.filters)
    return (QueryParameter("page", "From 1"), QueryParameter("page_size", "1 to 100"), *filters)


def _endpoints(resource: Resource[NewUser, User] | Resource[NewOrder, Order], locked: bool) -> tuple[Endpoint, ...]:
    word = resource.word
    path, one = f"/{word}s", f"/{word}s/{{id}}"
    shown, said = ({"$ref": f"#/components/schemas/{name}"} for name in (word.title(), f"New{word.title()}"))
    page = {"type": "object", "properties": {"items": {"type": "array", "items": shown}}, "required": ["items"]}
    row, body = Answer(f"The {word}", schema=shown), {"application/json": said}
    refusals = {401: PROBLEM} if locked else {}
    found, taken = {**refusals, 404: PROBLEM}, {**refusals, 400: PROBLEM, 422: PROBLEM}

    def endpoint(
        method: str,
        route: str,
        handler: Handler,
        summary: str,
        answers: dict[int, Answer],
        accepts: Mapping[str, Schema] = NOTHING,
        query: tuple[QueryParameter, ...] = (),
    ) -> Endpoint:
        return Endpoint(
            method=method,
            path=route,
            handler=_with_token(handler) if locked else handler,
            summary=summary,
            tag=f"{word}s",
            query=query,
            accepts=accepts,
            answers=answers,
            security="bearer" if locked else "",
            example=route.replace("{id}", "1") if method == "GET" else "",
        )

    listed = {200: Answer("One page", schema=page), **taken}
    return (
        endpoint("GET", path, resource.list, f"List {word}s", listed, query=_parameters(resource)),
        endpoint("POST", path, resource.create, f"Create a {word}", {201: row, **taken}, body),
        endpoint("GET", one, resource.get, f"One {word}", {200: row, **found}),
        endpoint("PUT", one, resource.put, f"Replace a {word}", {200: row, **found, **taken}, body),
        endpoint("PATCH", one, resource.patch, f"Change fields of a {word}", {200: row, **found, **taken}, ANY_JSON),
        endpoint("DELETE", one, resource.delete, f"Delete a {word}", {204: Answer("Gone", NO_BODY), **found}),
    )


_TOKEN = {"type": "object", "properties": {"token": TEXT, "expires_in": {"type": "integer"}}}

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/login",
        handler=login,
        summary=f"A bearer token for the user {USERNAME}, password {PASSWORD}",
        tag="login",
        accepts={"application/json": {"$ref": "#/components/schemas/Credentials"}},
        answers={200: Answer("The token", schema=_TOKEN), 400: PROBLEM, 401: PROBLEM, 422: PROBLEM},
    ),
    *_endpoints(USERS, locked=False),
    *_endpoints(ORDERS, locked=True),
    Endpoint(
        method="POST",
        path="/reset",
        handler=reset,
        summary="Forget everything that was created, changed or deleted",
        tag="shop",
        answers={204: Answer("Done", NO_BODY)},
    ),
)

SCHEMAS = (User, NewUser, Order, NewOrder, Credentials)
