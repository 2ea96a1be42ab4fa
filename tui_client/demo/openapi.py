"""The OpenAPI 3.1 document of the demo API, made from its endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from tui_client import __version__
from tui_client.demo.endpoint import ANY_METHOD, TEXT, Answer, Endpoint
from tui_client.demo.replies import Problem

_ALL_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PLACEHOLDER = re.compile(r"\{(\w+)(?::[^}]*)?\}")
_SECURITY = {
    "basic": {"type": "http", "scheme": "basic"},
    "digest": {"type": "http", "scheme": "digest"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "apikey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


def openapi_path(path: str) -> str:
    """aiohttp's "/echo/{tail:.*}" as OpenAPI writes it: "/echo/{tail}"."""
    return _PLACEHOLDER.sub(r"{\1}", path)


def openapi_document(endpoints: Iterable[Endpoint], schemas: Iterable[type], base_url: str) -> dict[str, Any]:
    """The whole document; `schemas` are the types that endpoints refer to by name."""
    _, components = msgspec.json.schema_components((*schemas, Problem), ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        methods = _ALL_METHODS if endpoint.method == ANY_METHOD else (endpoint.method.lower(),)
        for method in methods:
            paths.setdefault(openapi_path(endpoint.path), {})[method] = _operation(endpoint, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tui-client demo API",
            "version": __version__,
            "description": "A small shop, and endpoints that answer in every way an API client should cope with.",
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY},
    }


def _operation(endpoint: Endpoint, method: str) -> dict[str, Any]:
    names = _PLACEHOLDER.findall(endpoint.path)
    operation: dict[str, Any] = {
        "operationId": f"{method}_{re.sub(r'[^a-z0-9]+', '_', endpoint.path.lower()).strip('_') or 'index'}",
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]
        + [
            {"name": each.name, "in": "query", "description": each.description, "schema": each.schema}
            for each in endpoint.query
        ],
        "responses": {str(status): _response(answer) for status, answer in endpoint.answers.items()},
    }
    # A body has no meaning in these three, so the document must not offer one.
    if endpoint.accepts and method not in ("get", "head", "trace"):
        operation["requestBody"] = {
            "content": {media_type: {"schema": schema} for media_type, schema in endpoint.accepts.items()},
            "required": endpoint.method != ANY_METHOD,
        }
    if endpoint.security:
        operation["security"] = [{endpoint.security: []}]
    return operation


def _response(answer: Answer) -> dict[str, Any]:
    if not answer.media_type:
        return {"description": answer.description}
    return {"description": answer.description, "content": {answer.media_type: {"schema": answer.schema}}}
