"""A folder of Posting's files as one collection, in the order that Posting shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui_client.formats._data import text_of
from tui_client.formats._format import Beside, FormatError
from tui_client.formats._found import FoundCollection, FoundFolder, FoundRequest, Report
from tui_client.formats._posting.environments import Environments
from tui_client.formats._posting.place import Place
from tui_client.formats._posting.requests import document_of, request_of
from tui_client.formats._posting.scripts import Scripts
from tui_client.formats._values import Table, text
from tui_client.model.collection import Folder

ENDINGS: Final = (".posting.yaml", ".posting.yml")
_ENVIRONMENT: Final = ".env"
_README: Final = "README.md"
_LONGEST_README: Final = 100_000
_METHODS: Final = {"GET": 0, "POST": 1, "PUT": 2, "PATCH": 3, "DELETE": 4}
_NOT_OURS: Final = ("node_modules/", "__pycache__/")


def from_folder(beside: Beside, title: str, report: Report) -> FoundCollection:
    """All of a folder. A file that can't be read is told, and the others count. Raises FormatError for none at all."""
    names = [name for name in beside.names() if not any(f"/{name}".count(f"/{each}") for each in _NOT_OURS)]
    environments = _environments(names, beside, report)
    documents = _documents(names, beside, report)
    scripts = Scripts(beside)
    requests = [
        _request(name, documents[name], report, environments, scripts) for name in sorted(documents, key=_parent)
    ]
    requests.sort(key=lambda found: (found.folder, _METHODS.get(found.request.method.upper(), 5), found.request.name))
    for name in names:
        if name.endswith(".py") and name not in scripts.used():
            report.dropped(name, "script file", "no request names it; scripts are not run")
    return FoundCollection(
        title=title,
        shared=Folder(description=_readme(names, beside, report), variables=environments.hosts),
        folders=tuple(FoundFolder(path=path) for path in _folders(requests)),
        requests=tuple(requests),
        environments=environments.environments(),
        secrets=environments.secrets,
    )


def one_file(data: bytes, name: str, beside: Beside, report: Report) -> FoundCollection:
    """One request. Raises FormatError."""
    title = stem(name)
    content = document_of(data)
    found = _request(name, content, report, Environments(report), Scripts(beside))
    return FoundCollection(title=title, requests=(found,))


def stem(name: str) -> str:
    """A file's name without its ending."""
    file = name.rpartition("/")[2]
    for ending in (*ENDINGS, ".yaml", ".yml"):
        file = file.removesuffix(ending)
    return file


def _request(name: str, content: Table, report: Report, environments: Environments, scripts: Scripts) -> FoundRequest:
    title = text(content.get("name")) or stem(name)
    folder = tuple(_parent(name))
    place = Place(report, " / ".join((*folder, title)), environments.known)
    return request_of(content, title, folder, place, scripts)


def _documents(names: Sequence[str], beside: Beside, report: Report) -> dict[str, Table]:
    found: dict[str, Table] = {}
    wanted = [name for name in names if name.endswith(ENDINGS)]
    for name in wanted:
        try:
            found[name] = document_of(beside.read(name))
        except FormatError as error:
            report.dropped(name, "file", error.reason)
    if not found:
        raise FormatError(
            f"has {len(wanted)} .posting.yaml files, and none can be read" if wanted else "has no .posting.yaml file"
        )
    return found


def _environments(names: Sequence[str], beside: Beside, report: Report) -> Environments:
    made = Environments(report)
    taken: set[str] = set()
    for name in names:
        if not name.endswith(_ENVIRONMENT):
            continue
        short = name.rpartition("/")[2].removesuffix(_ENVIRONMENT)
        label = name.removesuffix(_ENVIRONMENT) if short in taken else short
        taken.add(label)
        try:
            made.add(label, text_of(beside.read(name)))
        except FormatError as error:
            report.dropped(name, "file", error.reason)
    return made


def _readme(names: Sequence[str], beside: Beside, report: Report) -> str:
    if _README not in names:
        return ""
    try:
        found = text_of(beside.read(_README)).strip()
    except FormatError as error:
        report.dropped(_README, "file", error.reason)
        return ""
    if len(found) > _LONGEST_README:
        report.dropped(_README, "file", "is too long for a description")
        return ""
    report.imported(_README, "file", "is the description of the collection")
    return found


def _parent(name: str) -> list[str]:
    return name.split("/")[:-1]


def _folders(requests: Sequence[FoundRequest]) -> list[tuple[str, ...]]:
    """Every folder, each after the one around it."""
    found: dict[tuple[str, ...], None] = {}
    for path in dict.fromkeys(request.folder for request in requests):
        for depth in range(1, len(path) + 1):
            found.setdefault(path[:depth])
    return list(found)
