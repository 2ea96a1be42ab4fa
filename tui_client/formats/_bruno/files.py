"""The files of a Bruno collection as one tree of items, in the order that Bruno shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from tui_client.formats._bruno import opencollection
from tui_client.formats._bruno.collection import Builder, Item
from tui_client.formats._bruno.documents import environment_of, request_of
from tui_client.formats._data import MAX_DEPTH, json_data, text_of, yaml_data
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import FoundCollection, Report
from tui_client.formats._values import Table, is_true, number, rows, table, text

T = TypeVar("T")

_ENVIRONMENTS: Final = "environments/"
_YAML: Final = (".yml", ".yaml")
_OF_FOLDERS: Final = ("folder.bru", "folder.yml", "folder.yaml")
_ROOTS: Final = ("opencollection.yml", "opencollection.yaml")


def from_folder(beside: Beside, title: str, report: Report) -> FoundCollection:
    """A folder with bruno.json or opencollection.yml. Raises FormatError."""
    names = [name for name in beside.names() if not name.startswith("node_modules/")]
    builder = Builder(report)
    known = set(names)
    root, shared = _root(known, beside, report)
    for name in names:
        if name.startswith(_ENVIRONMENTS) and name.endswith((".bru", *_YAML)):
            _attempt(partial(_environment, builder, name, beside), name, report)
        elif name.endswith(".js"):
            report.dropped(name, "script file", "scripts of a collection are not run")
    from_config(builder, root)
    _note_config(root, report)
    info = table(root.get("info"))
    items = sorted_items(_items(names, beside, report) + items_of(root.get("items")))
    return builder.collection(text(root.get("name")) or text(info.get("name")) or title, shared, items)


def from_config(builder: Builder, root: Table) -> None:
    """The environments that stand in the root of a collection itself."""
    for each in [*rows(root.get("environments")), *rows(table(root.get("config")).get("environments"))]:
        opencollection.environment_of(each, builder)


def _root(known: set[str], beside: Beside, report: Report) -> tuple[Table, Table]:
    for name in _ROOTS:
        if name in known:
            root = table(yaml_data(beside.read(name)))
            return root, opencollection.request_of(root)
    root = table(json_data(beside.read("bruno.json"))) if "bruno.json" in known else {}
    if "collection.bru" not in known:
        return root, {}
    shared = _attempt(lambda: request_of(text_of(beside.read("collection.bru"))), "collection.bru", report)
    return root, shared[1] if shared else {}


def _note_config(root: Table, report: Report) -> None:
    for name in ("proxy", "clientCertificates"):
        value = root.get(name)
        if (isinstance(value, dict) and is_true(value.get("enabled"))) or rows(table(value).get("certs")):
            report.dropped("bruno.json", name, "set it in the options of the collection")


def _attempt(read: Callable[[], T], name: str, report: Report) -> T | None:
    """What was read; a file that can't be read is told, and the others count."""
    try:
        return read()
    except FormatError as error:
        report.dropped(name, "file", error.reason)
        return None


def _environment(builder: Builder, name: str, beside: Beside) -> None:
    title = name.removeprefix(_ENVIRONMENTS).rpartition(".")[0]
    data = beside.read(name)
    if name.endswith(".bru"):
        builder.environment(title, environment_of(text_of(data)))
    else:
        opencollection.environment_of(table(yaml_data(data)), builder, title)


def _items(names: list[str], beside: Beside, report: Report) -> list[Item]:
    top = Item({}, {}, [])
    folders = {"": top}
    endings = (".bru", *_YAML) if any(name in _ROOTS for name in names) else (".bru",)
    for name in names:
        path, _, file = name.rpartition("/")
        if name.startswith(_ENVIRONMENTS) or not name.endswith(endings) or name in (*_ROOTS, "collection.bru"):
            continue
        found = _attempt(partial(_read, name, beside), name, report)
        if found is None:
            continue
        if file in _OF_FOLDERS:
            folder = _folder(folders, path)
            folder.meta |= found[0]
            folder.content = {**found[1], "title": text(found[0].get("name"))}
        else:
            found[0].setdefault("name", file.rpartition(".")[0])
            _below(_folder(folders, path)).append(Item(*found))
    return _below(top)


def _folder(folders: dict[str, Item], path: str) -> Item:
    """The folder of this path; those around it are made with it."""
    if path not in folders:
        above, _, name = path.rpartition("/")
        if path.count("/") > MAX_DEPTH:
            raise FormatError("is nested too deep")
        folders[path] = Item({"name": name}, {}, [])
        _below(_folder(folders, above)).append(folders[path])
    return folders[path]


def _below(item: Item) -> list[Item]:
    return item.items if item.items is not None else []


def _read(name: str, beside: Beside) -> tuple[Table, Table]:
    data = beside.read(name)
    if name.endswith(".bru"):
        return request_of(text_of(data))
    document = table(yaml_data(data))
    return opencollection.meta_of(document), opencollection.request_of(document)


def items_of(value: object, depth: int = 0) -> list[Item]:
    """Items that stand in one document, of Bruno's JSON or of OpenCollection."""
    if depth > MAX_DEPTH:
        raise FormatError("is nested too deep")
    found = []
    for each in rows(value):
        info = table(each.get("info"))
        meta = opencollection.meta_of(each) if info else each
        kind = text(meta.get("type"))
        inner = each.get("items") if kind == "folder" or "items" in each else None
        if info:
            content = opencollection.request_of(each)
        else:
            content = table(each.get("root")) if inner is not None or kind == "folder" else table(each.get("request"))
            content = {**content, "docs": each.get("docs") or content.get("docs"), "settings": each.get("settings")}
            _note_examples(each, content)
        items = items_of(inner, depth + 1) if inner is not None or kind == "folder" else None
        found.append(Item(meta, content, items))
    return found


def _note_examples(each: Table, content: Table) -> None:
    if rows(each.get("examples")):
        content["others"] = ["examples"]


def sorted_items(items: list[Item]) -> list[Item]:
    """Folders first, then requests, each by their numbers; those without one keep their places behind."""
    for item in items:
        if item.items is not None:
            item.items = sorted_items(item.items)
    return sorted(items, key=_place)


def _place(item: Item) -> tuple[bool, float]:
    place = number(item.meta.get("seq"))
    return item.items is None, 1e9 if place is None else place
