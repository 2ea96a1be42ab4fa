"""A document as a collection: its title, servers, security, tags and paths."""

from __future__ import annotations

from typing import Any

from tui_client.formats._found import FoundCollection, FoundRequest, Report
from tui_client.formats._openapi.names import Names
from tui_client.formats._openapi.operations import METHODS, Operations, Tools
from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.security import Secured, Security
from tui_client.formats._openapi.servers import LOCAL, Server, Servers, environments, origin_of
from tui_client.formats._openapi.swagger import servers_of
from tui_client.formats._openapi.tags import folders_of, placed
from tui_client.formats._openapi.words import one_line, text_in
from tui_client.formats._templates import literal
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.collection import Folder


def collection_of(
    root: dict[str, Any], name: str, references: References, report: Report, url: str = ""
) -> FoundCollection:
    """All that a document holds. url: where it came from."""
    old = is_old(root, report)
    whole, names = Node(root), Names()
    servers = Servers(references, names, report, url)
    found = _servers(whole, servers, report, url, is_old=old)
    names.variables.update(found[0].variables)
    schemes = references.child(whole, "securityDefinitions")
    if not old:
        schemes = references.child(references.child(whole, "components"), "securitySchemes")
    security = Security(schemes, found[0].url, references, names, report)
    shared = security.of(root.get("security")) or Secured()
    if isinstance(shared.auth, NoAuth):
        shared = Secured()
    tools = Tools(references, names, servers, security, report, shared, found[0].url)
    operations = Operations(root, tools, is_old=old)
    requests = placed(_requests(whole, operations, references, report), references.child(whole, "tags"), references)
    _report_the_rest(whole, operations, references, report)
    info = references.child(whole, "info").table()
    return FoundCollection(
        title=_title(info, name),
        shared=Folder(description=_description(info, root), auth=shared.auth, variables=names.variables),
        base_url=found[0].url,
        folders=folders_of(references.child(whole, "tags"), requests, references),
        requests=tuple(requests),
        environments=environments(found),
    )


def is_old(root: dict[str, Any], report: Report) -> bool:
    """Whether it is of Swagger 2."""
    openapi, swagger = root.get("openapi"), root.get("swagger")
    if isinstance(openapi, str) and openapi.startswith("3."):
        return False
    if str(swagger).startswith("2"):
        return True
    old = "definitions" in root or "securityDefinitions" in root or "host" in root
    said = shown(openapi if openapi is not None else swagger) or "none"
    report.approximated("document", f"version: {said}", f"it is read as {'Swagger 2' if old else 'OpenAPI 3'}")
    return old


def _servers(whole: Node, servers: Servers, report: Report, url: str, *, is_old: bool) -> list[Server]:
    listed = servers_of(whole.table(), url) if is_old else whole.table().get("servers")
    if found := servers.of(Node(listed), "servers"):
        return found
    if url:
        report.imported("servers", "server", f"the document names none; it came from {shown(origin_of(url))}")
    else:
        report.approximated("servers", "server", f"the document names none; the base URL is {LOCAL}")
    return [Server(literal(origin_of(url)) if url else LOCAL)]


def _requests(whole: Node, operations: Operations, references: References, report: Report) -> list[FoundRequest]:
    found: list[FoundRequest] = []
    paths = references.child(whole, "paths")
    for path, value in paths.table().items():
        if path.startswith("x-"):
            continue
        item = Node(value, paths.file)
        target = references.follow(item)
        if not isinstance(target.value, dict):
            report.dropped(shown(path), "path", "it is no table")
            continue
        if not path.startswith("/"):
            report.approximated(shown(path), "path", "it does not begin with a slash; one is put before it")
        found += operations.of_path(path, merged(item, target, references))
    return found


def merged(item: Node, target: Node, references: References) -> Node:
    """A path, and what stands beside its reference."""
    beside = {key: value for key, value in item.table().items() if key != "$ref"}
    same = item.value is target.value or not beside or item.file != target.file
    if not same:
        references.spend(20 * len(target.value))
    return target if same else Node({**target.table(), **beside}, target.file)


def _report_the_rest(whole: Node, operations: Operations, references: References, report: Report) -> None:
    for key in ("webhooks", "x-webhooks"):
        hooks = references.child(whole, key)
        for name, value in hooks.table().items():
            hook = references.follow(Node(value, hooks.file)).table()
            methods = ", ".join(method.upper() for method in hook if method.lower() in METHODS)
            report.dropped(
                f"webhooks / {shown(name)}", f"webhook {methods}".strip(), "it is what the server sends, not you"
            )
    if operations.replies:
        why = "their status and description stand in the descriptions; their schemas and examples stay in the document"
        report.approximated("paths", f"responses ({operations.replies})", why)
    if operations.links:
        report.dropped("paths", f"links ({operations.links})", "there is nothing like them here")
    if operations.extensions:
        listed = ", ".join(shown(name) for name in operations.extensions)
        report.approximated("paths", f"extensions: {listed}", "they stay in the document")


def _title(info: dict[str, Any], name: str) -> str:
    file = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return one_line(text_in(info, "title")) or one_line(file) or "OpenAPI"


def _description(info: dict[str, Any], root: dict[str, Any]) -> str:
    version, docs = info.get("version"), root.get("externalDocs")
    parts = [text_in(info, "summary"), text_in(info, "description")]
    parts.append(f"Version {one_line(str(version))}" if isinstance(version, str | int | float) else "")
    if isinstance(docs, dict):
        parts.append(" ".join(filter(None, (text_in(docs, "description"), text_in(docs, "url")))))
    if text_in(info, "termsOfService"):
        parts.append(f"Terms of service: {text_in(info, 'termsOfService')}")
    return "\n\n".join(part for part in parts if part)
