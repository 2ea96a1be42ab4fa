"""OpenCollection, Bruno's YAML: its objects as those of Bruno's JSON."""

from __future__ import annotations

from typing import Final

from tui_client.formats._bruno.collection import Builder
from tui_client.formats._values import Table, is_true, rows, table, text

_BODIES: Final = {"form-urlencoded": "formUrlEncoded", "multipart-form": "multipartForm"}
_KINDS: Final = ("http", "graphql", "grpc", "websocket", "ws")
_AUTHS: Final = {"apiKey": "apikey", "api-key": "apikey"}
_OAUTH: Final = {"accessTokenUrl": "access_token_url", "clientId": "client_id", "clientSecret": "client_secret"}


_KNOWN: Final = frozenset(
    ["info", "http", "graphql", "runtime", "settings", "docs", "request", "items", "grpc", "websocket"]
)
_OF_COLLECTION: Final = frozenset(["opencollection", "config", "bundled"])
_OF_CONFIG: Final = ("protobuf", "proxy", "clientCertificates")


def meta_of(document: Table) -> Table:
    """Title, type, place and tags."""
    info = dict(table(document.get("info")))
    info.setdefault("type", next((kind for kind in _KINDS if kind in document), "http"))
    return info


def request_of(document: Table) -> Table:
    """A request, or what a folder or the collection shares."""
    sent = table(document.get("http")) or table(document.get("graphql")) or table(document.get("request"))
    runtime = table(document.get("runtime")) or sent
    scripts: dict[str, str] = {}
    for script in rows(runtime.get("scripts")):
        kind = text(script.get("type"))
        scripts[kind] = "\n".join(filter(None, (scripts.get(kind), text(script.get("code")))))
    return {
        "method": sent.get("method"),
        "url": sent.get("url"),
        "headers": _rows(sent.get("headers")),
        "params": _rows(sent.get("params")),
        "body": _body(sent.get("body"), graphql="graphql" in document),
        "auth": _auth(sent.get("auth")),
        "script": {
            "req": "\n".join(filter(None, (scripts.pop("before-request", ""), scripts.pop("pre-request", "")))),
            "res": "\n".join(filter(None, (scripts.pop("after-response", ""), scripts.pop("post-response", "")))),
        },
        "tests": "\n".join(scripts.values()),
        "vars": {"req": variables_of(runtime.get("variables")), "res": _actions(runtime.get("actions"))},
        "assertions": [_assertion(row) for row in rows(runtime.get("assertions"))],
        "settings": document.get("settings"),
        "docs": _docs(document.get("docs")),
        "others": _others(document, sent),
    }


def _others(document: Table, sent: Table) -> list[str]:
    """What has no place here: saved examples, apps, settings of the whole collection, bodies beside the one in use."""
    found = [name for name, value in document.items() if value and name not in _KNOWN | _OF_COLLECTION]
    config = table(document.get("config"))
    found += [f"config {name}" for name in _OF_CONFIG if config.get(name)]
    variants = rows(sent.get("body"))
    chosen = _chosen(variants)
    return found + [f"body {text(each.get('title'))}" for each in variants if each is not chosen]


def _chosen(variants: list[Table]) -> Table:
    """Of several variants the one that is selected, else the first."""
    return next((each for each in variants if is_true(each.get("selected"))), variants[0] if variants else {})


def environment_of(document: Table, builder: Builder, title: str = "") -> None:
    """One environment; what else it has is told."""
    name = text(document.get("name")) or title
    builder.environment(name, variables_of(document.get("variables")))
    for key in ("extends", "externalSecrets", "clientCertificates", "dotEnvFilePath"):
        if document.get(key):
            builder.report.dropped(f"environment {name}", key, "there is nothing like it here")


def variables_of(value: object) -> list[Table]:
    """Variables of an environment, a folder or a request; a value may be an object with its type."""
    found = _rows(value)
    for row in found:
        if variants := rows(row.get("value")):
            row["value"] = _chosen(variants).get("value")
        inner = table(row.get("value"))
        if "data" in inner:
            row["value"] = inner["data"]
    return found


def _rows(value: object) -> list[Table]:
    return [
        {**row, "enabled": not is_true(row.get("disabled")), "description": _docs(row.get("description"))}
        for row in rows(value)
    ]


def _docs(value: object) -> str:
    return text(table(value).get("content")) if isinstance(value, dict) else text(value)


def _body(value: object, *, graphql: bool) -> Table:
    body = table(_chosen(rows(value)).get("body")) if isinstance(value, list) else table(value)
    if graphql:
        return {"mode": "graphql", "graphql": body.get("query"), "graphqlVariables": body.get("variables")}
    kind, data = text(body.get("type")) or "none", body.get("data")
    mode = _BODIES.get(kind, kind)
    return {"mode": mode, mode: _rows(data) if isinstance(data, list) else data}


def _auth(value: object) -> Table:
    if not isinstance(value, dict):
        return {"mode": text(value)}
    fields = table(value)
    kind = text(fields.pop("type", ""))
    mode = _AUTHS.get(kind, kind)
    if mode == "oauth2":
        fields |= table(fields.get("credentials")) | table(fields.get("resourceOwner"))
        fields = {_OAUTH.get(name, name): each for name, each in fields.items()}
        fields["grant_type"] = {"resource_owner_password_credentials": "password"}.get(
            text(fields.get("flow")), text(fields.get("flow"))
        )
    return {"mode": mode, mode: fields}


def _assertion(row: Table) -> Table:
    operator = f"{text(row.get('operator')) or 'eq'} {text(row.get('value'))}".strip()
    return {"name": row.get("expression"), "value": operator, "enabled": not is_true(row.get("disabled"))}


def _actions(value: object) -> list[Table]:
    return [
        {
            "name": table(row.get("variable")).get("name"),
            "value": table(row.get("selector")).get("expression"),
            "enabled": not is_true(row.get("disabled")),
        }
        for row in rows(value)
    ]
