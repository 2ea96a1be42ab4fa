"""Servers of a document whose place is known: they are relative to it, and where none are named it is its host."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui_client.formats._found import Found, Outcome
from tui_client.formats.openapi import read_openapi

URL = "http://shop.example:8000/docs/v1/openapi.json"
ORIGIN = "http://shop.example:8000"


def found(**document: Any) -> Found:
    return read_openapi(json.dumps({"paths": {"/a": {"get": {}}}, **document}).encode(), url=URL)


def base_url(**document: Any) -> str:
    """The base URL, which the report tells of."""
    result = found(**document)
    (collection,), (line,) = result.collections, result.report
    assert line.outcome is Outcome.IMPORTED and collection.base_url in line.why, line
    return collection.base_url


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("/v2", f"{ORIGIN}/v2"),
        ("/", ORIGIN),
        ("", ORIGIN),
        ("api", f"{ORIGIN}/docs/v1/api"),
        ("./", f"{ORIGIN}/docs/v1"),
        ("../v2/", f"{ORIGIN}/docs/v2"),
    ],
)
def test_a_relative_server_is_resolved_against_the_place_of_the_document(server: str, url: str) -> None:
    """As the specification says."""
    assert base_url(openapi="3.1.0", servers=[{"url": server}]) == url


def test_no_server_is_the_host_that_the_document_came_from() -> None:
    """Frameworks name none, as they don't know their own address."""
    assert base_url(openapi="3.1.0") == ORIGIN
    assert base_url(openapi="3.1.0", servers=[]) == ORIGIN
    assert base_url(swagger="2.0") == ORIGIN
    assert base_url(swagger="2.0", basePath="/api") == f"{ORIGIN}/api"


def test_what_a_document_says_of_its_servers_stays() -> None:
    """Only a scheme that is missing is that of the place."""
    assert found(openapi="3.1.0", servers=[{"url": "https://a/b"}]).collections[0].base_url == "https://a/b"
    assert found(openapi="3.1.0", servers=[{"url": "//a/b"}]).collections[0].base_url == "http://a/b"
    assert found(swagger="2.0", host="a", basePath="b").collections[0].base_url == "http://a/b"
    assert found(swagger="2.0", host="a", schemes=["https"]).collections[0].base_url == "https://a"


def test_variables_of_a_relative_server_and_servers_of_an_operation_count_too() -> None:
    """A hole stays one; a server of its own is relative to the same place."""
    servers = [{"url": "/{version}/x", "variables": {"version": {"default": "v3"}}}]
    assert found(openapi="3.1.0", servers=servers).collections[0].base_url == ORIGIN + "/{{version}}/x"
    paths = {"/a": {"get": {"servers": [{"url": "/other"}]}}}
    result = found(openapi="3.1.0", servers=[{"url": "https://a"}], paths=paths)
    assert result.collections[0].requests[0].request.url == f"{ORIGIN}/other/a"


def test_a_place_is_literal_text() -> None:
    """What looks like a variable in it is none."""
    result = read_openapi(b'{"openapi": "3.1.0", "paths": {}}', url="http://a{{b}}/c.json")
    assert result.collections[0].base_url == "http://a{{'{{'}}b}}"
