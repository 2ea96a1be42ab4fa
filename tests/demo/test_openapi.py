"""The OpenAPI document and the index page say all there is."""

from __future__ import annotations

import json
import re

from tui_client.demo.openapi import openapi_path
from tui_client.demo.server import ENDPOINTS, STATE, make_app

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def references(value: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(value)))


async def test_every_route_is_in_the_document(send):
    """What the router knows, the document lists, and nothing else."""
    document = (await send("GET", "/openapi.json")).json
    listed = {(path, method) for path, item in document["paths"].items() for method in item}
    routed = set()
    for route in make_app().router.routes():
        info = route.resource.get_info()
        path = info.get("path") or info["formatter"]
        methods = METHODS if route.method == "*" else {route.method.lower()} - {"head"}
        routed |= {(path, method) for method in methods}
    assert listed == routed


async def test_the_document_is_whole(send):
    """Operation ids are unique; every reference, security scheme and path parameter is declared."""
    document = (await send("GET", "/openapi.json")).json
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": send.base_url}]
    operations = [(path, each) for path, item in document["paths"].items() for each in item.values()]
    ids = [operation["operationId"] for _, operation in operations]
    assert len(set(ids)) == len(ids) > 60
    assert references(document) <= set(document["components"]["schemas"])
    for path, operation in operations:
        declared = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path))
        assert operation["responses"]
        for requirement in operation.get("security", []):
            assert set(requirement) <= set(document["components"]["securitySchemes"])


async def test_the_schema_of_a_user_forbids_unknown_fields(send):
    """The document says what the server does."""
    schemas = (await send("GET", "/openapi.json")).json["components"]["schemas"]
    assert schemas["NewUser"]["additionalProperties"] is False
    assert set(schemas["NewUser"]["required"]) == {"name", "email"}


async def test_the_index_lists_every_endpoint(send):
    """Each path stands on the page."""
    page = (await send("GET", "/")).body.decode()
    for endpoint in ENDPOINTS:
        assert f"{openapi_path(endpoint.path)}</" in page


async def test_every_example_of_the_index_answers(send):
    """No link of the page leads nowhere."""
    for endpoint in ENDPOINTS:
        if endpoint.example and "ms=" not in endpoint.example and endpoint.tag != "timing":
            status = (await send("GET", endpoint.example)).status
            assert status < 500 and (status != 404 or "404" in endpoint.example), endpoint.example


def test_an_app_has_a_state_of_its_own():
    """Two demo APIs in one process share nothing."""
    assert make_app()[STATE] is not make_app()[STATE]
