"""Redirects and cookies."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest


async def test_redirects_count_down_by_relative_references(send):
    """n replies of 302, then /echo."""
    path, seen = "/redirect/3", []
    while (reply := await send("GET", path)).status == 302:
        seen.append(reply.headers["Location"])
        path = urljoin(path, seen[-1])
    assert seen == ["2", "1", "../echo"]
    assert reply.json["target"] == "/echo"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_to_uses_url_and_status(send, status):
    """For any method."""
    reply = await send("POST", f"/redirect-to?url=/users/1%3Fa=b&status={status}")
    assert (reply.status, reply.headers["Location"]) == (status, "/users/1?a=b")


async def test_a_location_with_line_breaks_is_refused(send):
    """The demo splits no header for anyone."""
    assert (await send("GET", "/redirect-to?url=/a%0D%0AX:%201")).status == 422


async def test_another_origin_answers_too(send):
    """Same host, another port, the same API behind it."""
    reply = await send("GET", "/redirect/other-origin")
    there = urlsplit(reply.headers["Location"])
    assert (reply.status, there.path) == (307, "/echo")
    assert f"http://{there.netloc}" != send.base_url
    send.base_url = f"http://{there.netloc}"
    assert (await send("GET", "/echo")).status == 200


async def test_cookies_are_set_shown_and_ended(send):
    """Each step leads to /cookies."""
    was_set = await send("GET", "/cookies/set?flavour=oat&size=2")
    assert (was_set.status, was_set.headers["Location"]) == (302, "/cookies")
    assert [line.split(";")[0] for line in was_set.headers.getall("Set-Cookie")] == ["flavour=oat", "size=2"]
    shown = await send("GET", "/cookies", headers={"Cookie": "flavour=oat; size=2"})
    assert shown.json == {"cookies": {"flavour": "oat", "size": "2"}}
    ended = await send("GET", "/cookies/delete?flavour")
    assert "Max-Age=0" in ended.headers["Set-Cookie"]


async def test_a_bad_cookie_name_is_refused(send):
    """422, not a broken header."""
    assert (await send("GET", "/cookies/set?a%20b=1")).status == 422
