"""What an import will make, as the rows of a tree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from tui_client.formats._found import Found
from tui_client.interop.offered import Node, short
from tui_client.interop.placing import Placed, PlacedRequest


def nodes_of(found: Found, placed: Placed) -> tuple[Node, ...]:
    """Each folder before what is in it, requests in the order of the source, environments last."""
    requests = {request.key: request for request in placed.requests}
    below: dict[str, dict[str, None]] = {"": {}}
    for path in (*placed.collections, *requests, *placed.folders, *_environments(placed, requests)):
        above = ""
        for at in (*(at for at, sign in enumerate(path) if sign == "/"), len(path)):
            below.setdefault(above, {})[path[:at]] = None
            above = path[:at]
    folders = {*below, *placed.folders}
    titles = _titles(found, placed)
    rows: list[Node] = []
    waiting = [(path, 0) for path in reversed(below[""])]
    while waiting:
        path, depth = waiting.pop()
        rows.append(_node(path, depth, requests.get(path), titles, is_folder=path in folders))
        waiting += [(inside, depth + 1) for inside in reversed(below.get(path, {}))]
    return tuple(rows)


def _node(path: str, depth: int, request: PlacedRequest | None, titles: Mapping[str, str], *, is_folder: bool) -> Node:
    name = path.rpartition("/")[2]
    if request is not None:
        own = request.found.request
        return Node(depth, short(own.name or name), short(own.method), f"{path}.toml", short(own.url))
    return Node(depth, short(titles.get(path, name)), "", f"{path}/" if is_folder else f"{path}.toml", "", is_folder)


def _environments(placed: Placed, requests: Mapping[str, PlacedRequest]) -> list[str]:
    paths = (PurePosixPath(file.path) for file in placed.files if not file.private and file.path.endswith(".toml"))
    found = (str(path.with_suffix("")) for path in paths if path.parent.name == "environments")
    return [path for path in found if path not in requests and not path.endswith("/folder")]


def _titles(found: Found, placed: Placed) -> dict[str, str]:
    """The titles of folders as the source has them, by the paths they get."""
    titles = dict(zip(placed.collections, (one.title for one in found.collections), strict=False))
    for request in placed.requests:
        *path, _ = request.key.split("/")
        folder = request.found.folder[-len(path) :]
        for depth in range(len(folder)):
            titles.setdefault("/".join(path[: len(path) - depth]), folder[-1 - depth])
    return titles
