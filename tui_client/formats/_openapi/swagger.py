"""What Swagger 2 says in other places than OpenAPI 3: servers, bodies, forms."""

from __future__ import annotations

from typing import Any, Final

from tui_client.formats._openapi.references import Node, References

MAX_TYPES: Final = 20
_MULTIPART: Final = "multipart/form-data"
_FORM: Final = "application/x-www-form-urlencoded"
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "multi": {"style": "form", "explode": True},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "tsv": {"style": "tabDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}
_CSV: Final = {"style": "form", "explode": False}


def servers_of(root: dict[str, Any], url: str = "") -> list[dict[str, Any]]:
    """Host, base path and schemes as servers, https first. url: of the document, for a scheme where none is named."""
    host, base = root.get("host"), root.get("basePath")
    path = base if isinstance(base, str) else ""
    if path and not path.startswith("/"):
        path = f"/{path}"
    if not isinstance(host, str) or not host.strip():
        return [{"url": path}] if path.strip("/") else []
    said = root.get("schemes")
    schemes = [each for each in said[:MAX_TYPES] if isinstance(each, str)] if isinstance(said, list) else []
    schemes = sorted(dict.fromkeys(each for each in schemes if each in ("http", "https")), reverse=True)
    host = host.strip().partition("://")[2] or host.strip()
    return [{"url": f"{each}://{host.rstrip('/')}{path}"} for each in schemes or [url.partition(":")[0] or "https"]]


def body_of(shared: Node, own: Node, consumes: Any, references: References) -> Node:
    """The parameters of body and form as a requestBody."""
    types = [each for each in consumes[:MAX_TYPES] if isinstance(each, str)] if isinstance(consumes, list) else []
    fields: dict[str, Node] = {}
    for group in (shared, own):
        for each in group.value if isinstance(group.value, list) else []:
            node = references.follow(Node(each, group.file))
            place, name = node.table().get("in"), node.table().get("name")
            if place == "body":
                media = {"schema": node.table().get("schema"), **_examples(node.table())}
                table = {"content": dict.fromkeys(types or ["application/json"], media)}
                return Node({**table, **_described(node.table())}, node.file)
            if place == "formData" and isinstance(name, str):
                fields[name] = node
    if not fields:
        return Node(None)
    return _form(fields, types)


def _form(fields: dict[str, Node], types: list[str]) -> Node:
    tables = {name: node.table() for name, node in fields.items()}
    # A parameter is its own schema, but for `required`, which isn't a list there.
    schema = {"type": "object", "properties": tables, "required": _required(tables)}
    encoding = {
        name: _STYLES.get(str(table.get("collectionFormat", "csv")), _CSV)
        for name, table in tables.items()
        if table.get("type") == "array"
    }
    has_file = any(table.get("type") == "file" for table in tables.values())
    forms = [each for each in types if each in (_FORM, _MULTIPART)]
    kind = _MULTIPART if has_file or _FORM not in (forms or [_FORM]) else _FORM
    media = {"schema": schema, "encoding": encoding}
    content = {kind: media} | {each: media for each in forms if not has_file}
    return Node({"content": content}, next(iter(fields.values())).file)


def _required(tables: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, table in tables.items() if table.get("required") is True]


def _examples(table: dict[str, Any]) -> dict[str, Any]:
    examples = table.get("x-examples", table.get("x-example"))
    if not isinstance(examples, dict) or not examples:
        return {}
    return {"example": next(iter(examples.values()))} if "x-examples" in table else {"example": examples}


def _described(table: dict[str, Any]) -> dict[str, Any]:
    return {key: table[key] for key in ("description", "required") if key in table}
