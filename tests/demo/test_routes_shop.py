"""Users for everybody, orders for who has a token."""

from __future__ import annotations

import pytest

from tui_client.demo import shop
from tui_client.demo.server import Server

NEW = {"name": "Mona", "email": "mona@shop.example", "team": "design", "age": 33, "tags": ["x"]}


async def token(send) -> dict[str, str]:
    reply = await send("POST", "/login", json={"username": "demo", "password": "demo"})
    return {"Authorization": f"Bearer {reply.json['token']}"}


async def test_pages_hold_what_was_asked_for(send):
    """A page says its number, its size, and how many rows and pages there are."""
    reply = await send("GET", "/users?page=2&page_size=7")
    assert [user["id"] for user in reply.json["items"]] == list(range(8, 15))
    assert {key: reply.json[key] for key in ("page", "page_size", "total", "pages")} == {
        "page": 2,
        "page_size": 7,
        "total": 60,
        "pages": 9,
    }


async def test_a_page_past_the_end_is_empty(send):
    """It is not an error to read on until nothing comes."""
    assert (await send("GET", "/users?page=99")).json["items"] == []


async def test_a_team_filters_users(send):
    """The filter counts in the total too."""
    reply = await send("GET", "/users?team=data&page_size=100")
    assert {user["team"] for user in reply.json["items"]} == {"data"}
    assert reply.json["total"] == len(reply.json["items"]) == 15


async def test_a_user_lives_from_create_to_delete(send):
    """Create gives a Location; what is put, patched and deleted there shows in the next read."""
    created = await send("POST", "/users", json=NEW)
    assert created.status == 201
    place = created.headers["Location"]
    assert (await send("GET", place)).json == created.json
    put = await send("PUT", place, json={"name": "Mo", "email": "mo@shop.example"})
    assert (put.status, put.json["name"], put.json["age"], put.json["created"]) == (
        200,
        "Mo",
        None,
        created.json["created"],
    )
    patched = await send("PATCH", place, json={"age": 34})
    assert (patched.json["name"], patched.json["age"]) == ("Mo", 34)
    assert (await send("DELETE", place)).status == 204
    assert (await send("GET", place)).status == (await send("DELETE", place)).status == 404


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        (b"{", 400, ""),
        (b'{"name": "x"}', 422, "$"),
        (b'{"name": "", "email": "a@b"}', 422, "$.name"),
        (b'{"name": "x", "email": "nope"}', 422, "$.email"),
        (b'{"name": "x", "email": "a@b", "age": "7"}', 422, "$.age"),
        (b'{"name": "x", "email": "a@b", "team": "none"}', 422, "$.team"),
        (b'{"name": "x", "email": "a@b", "id": 3}', 422, "$"),
        (b"[]", 422, "$"),
    ],
)
@pytest.mark.parametrize(("method", "route"), [("POST", "/users"), ("PUT", "/users/1")])
async def test_a_body_that_does_not_fit_says_where(send, method, route, body, status, path):
    """400 for what is no JSON; 422 with the JSON path for what is no user."""
    reply = await send(method, route, data=body)
    assert (reply.status, reply.json["path"]) == (status, path)
    assert reply.json["message"]


async def test_a_patch_that_does_not_fit_changes_nothing(send):
    """A refused change leaves the user as it was."""
    before = (await send("GET", "/users/1")).json
    assert (await send("PATCH", "/users/1", json={"age": -1})).status == 422
    assert (await send("GET", "/users/1")).json == before


@pytest.mark.parametrize("path", ["/users?page=0", "/users?page_size=101", "/users?page=x", "/users/abc", "/users/-1"])
async def test_numbers_out_of_range_are_422(send, path):
    """A bad number names the parameter."""
    reply = await send("GET", path)
    assert (reply.status, reply.json["error"]) == (422, "invalid")


async def test_unknown_paths_and_methods_are_json_too(send):
    """404 and 405 of the router look like every other error; 405 says what is allowed."""
    missing, wrong = await send("GET", "/nothing"), await send("PUT", "/login")
    assert (missing.status, missing.json["error"]) == (404, "not_found")
    assert (wrong.status, wrong.json["error"], wrong.headers["Allow"]) == (405, "method_not_allowed", "POST")


async def test_orders_need_a_token(send):
    """401 with a challenge, whatever the method."""
    for method, path in [("GET", "/orders"), ("POST", "/orders"), ("GET", "/orders/1"), ("DELETE", "/orders/1")]:
        reply = await send(method, path)
        assert reply.status == 401
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await send("GET", "/orders", headers={"Authorization": "Bearer forged.demo.99999999999.00"})).status == 401


async def test_login_refuses_a_wrong_password(send):
    """401, and 422 for a login without its fields."""
    assert (await send("POST", "/login", json={"username": "demo", "password": "x"})).status == 401
    assert (await send("POST", "/login", json={"username": "demo"})).status == 422


async def test_an_order_lives_from_create_to_delete(send):
    """The total is the server's; a status can be changed by itself."""
    auth = await token(send)
    items = [{"sku": "mug", "quantity": 3, "price": 0.1}, {"sku": "lamp", "price": 39.9}]
    created = await send("POST", "/orders", json={"user_id": 1, "items": items}, headers=auth)
    assert (created.status, created.json["total"], created.json["status"]) == (201, 40.2, "open")
    place = created.headers["Location"]
    paid = await send("PATCH", place, json={"status": "paid"}, headers=auth)
    assert (paid.json["status"], paid.json["items"]) == ("paid", created.json["items"])
    assert (await send("DELETE", place, headers=auth)).status == 204
    assert (await send("GET", place, headers=auth)).status == 404


async def test_an_order_needs_a_user_who_is_there(send):
    """422 names $.user_id."""
    auth = await token(send)
    reply = await send("POST", "/orders", json={"user_id": 10**6, "items": [{"sku": "mug"}]}, headers=auth)
    assert (reply.status, reply.json["path"]) == (422, "$.user_id")


async def test_orders_filter_by_user_and_status(send):
    """Both filters at once."""
    auth = await token(send)
    reply = await send("GET", "/orders?user_id=1&status=paid&page_size=100", headers=auth)
    assert reply.json["total"] >= 1
    assert {(order["user_id"], order["status"]) for order in reply.json["items"]} == {(1, "paid")}
    assert (await send("GET", "/orders?user_id=x", headers=auth)).status == 422


async def test_reset_forgets_all_changes(send):
    """After /reset everything is as it was at the start."""
    before = (await send("GET", "/users?page_size=100")).json
    await send("POST", "/users", json=NEW)
    await send("DELETE", "/users/1")
    assert (await send("POST", "/reset")).status == 204
    assert (await send("GET", "/users?page_size=100")).json == before


async def test_created_rows_are_bounded(send, server: Server, monkeypatch):
    """Past the limit the oldest created row makes room; the first rows stay."""
    monkeypatch.setattr(shop, "CREATED_LIMIT", 3)
    places = [(await send("POST", "/users", json=NEW)).headers["Location"] for _ in range(5)]
    statuses = [(await send("GET", place)).status for place in places]
    assert statuses == [404, 404, 200, 200, 200]
    assert len(server.state.shop.users.rows) == 63
