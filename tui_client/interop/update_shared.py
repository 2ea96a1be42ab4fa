"""What requests share, put together with a newer document: the collection or its folder, tags, environments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from tui_client.errors import BrokenFile, SaveFailed
from tui_client.formats._found import FoundCollection
from tui_client.interop.changes_told import Change, ChangeKind
from tui_client.interop.drafting import Drafts
from tui_client.interop.merging import Told, merged_environment, merged_folder, plain, same
from tui_client.kinds.auth.none import NoAuth
from tui_client.model.collection import Environment, Folder
from tui_client.model.variables import Constant
from tui_client.storage import tree
from tui_client.storage.document import Document
from tui_client.storage.saving import environment_text
from tui_client.storage.shared_edits import edited_collection_text, edited_folder_text
from tui_client.storage.shared_file import read_collection, read_environment, read_folder
from tui_client.storage.slugs import slug

T = TypeVar("T")

Place = Callable[[tuple[str, ...]], str | None]


class Shared:
    """One update's shared things. folder: "" where the whole collection came from the document."""

    def __init__(self, drafts: Drafts, base: FoundCollection | None, theirs: FoundCollection, folder: str) -> None:
        self._drafts = drafts
        self._base = base
        self._theirs = theirs
        self._folder = folder
        self.changes: list[Change] = []

    def run(self, place: Place) -> None:
        """All of it. place: where a folder of the document stands, None where it does not."""
        self._of_all()
        self._tags(place)
        for environment in self._theirs.environments:
            self._environment(environment)
        if self._base is not None:
            names = {one.name for one in self._theirs.environments}
            for one in self._base.environments:
                if one.name not in names and self._drafts.text(_environment_file(one.name)) is not None:
                    what = ("no longer in the document; its file stays",)
                    self._tell(ChangeKind.REMOVED, f"environments/{slug(one.name)}", one.name, what)

    def _of_all(self) -> None:
        if self._base is None:
            # Without the old one nobody knows what is the user's: only what is not there yet comes.
            base = replace(self._theirs.shared, variables={})
            base, theirs, old_url, new_url = base, self._theirs.shared, self._theirs.base_url, self._theirs.base_url
        else:
            base, theirs = self._base.shared, self._theirs.shared
            old_url, new_url = self._base.base_url, self._theirs.base_url
        if self._folder:
            self._folder_file(self._folder, _inside(base, old_url), _inside(theirs, new_url), self._theirs.title)
            return
        told = Told()
        name, path = tree.COLLECTION_FILE, self._drafts.root / tree.COLLECTION_FILE
        text = self._drafts.text(name)
        if text is None:
            return
        try:
            mine = read_collection(_document(path, text), "")
            root = merged_folder(_titled(base, self._old_title), _titled(theirs, self._theirs.title), mine.root, told)
            merged = replace(mine, root=root, base_url=plain("base URL", old_url, new_url, mine.base_url, told))
            self._drafts.put(name, edited_collection_text(path, text, merged))
        except (BrokenFile, SaveFailed) as error:
            told = _broken(error)
        self._told("", self._theirs.title, told)

    @property
    def _old_title(self) -> str:
        return self._theirs.title if self._base is None else self._base.title

    def _tags(self, place: Place) -> None:
        if self._base is None:
            return
        old = {one.path: one.shared for one in self._base.folders}
        for found in self._theirs.folders:
            base = old.get(found.path)
            if base is None or same(base, found.shared) or (where := place(found.path)) is None:
                continue
            title = found.path[-1]
            self._folder_file(where, _titled(base, title), _titled(found.shared, title), title)

    def _folder_file(self, where: str, base: Folder, theirs: Folder, title: str) -> None:
        name = f"{where}/{tree.FOLDER_FILE}"
        path, text, told = self._drafts.root / name, self._drafts.text(f"{where}/{tree.FOLDER_FILE}"), Told()
        if text is None:
            return
        base, theirs = _titled(base, self._old_title if where == self._folder else title), _titled(theirs, title)
        try:
            mine = read_folder(_document(path, text), where)
            self._drafts.put(name, edited_folder_text(path, text, merged_folder(base, theirs, mine, told)))
        except (BrokenFile, SaveFailed) as error:
            told = _broken(error)
        self._told(f"{where}/", title, told)

    # Environments

    def _environment(self, theirs: Environment) -> None:
        known = () if self._base is None else self._base.environments
        base = next((one for one in known if one.name == theirs.name), None)
        stem = slug(theirs.name, fallback="environment")
        name, path = _environment_file(theirs.name), self._drafts.root / _environment_file(theirs.name)
        text, told = self._drafts.text(name), Told()
        if text is None:
            if base is None:
                self._drafts.put(name, environment_text(Path(name), "", replace(theirs, name=stem)))
                self._tell(ChangeKind.ADDED, f"environments/{stem}", theirs.name, ("environment added",))
            return
        try:
            mine = read_environment(_document(path, text), stem)
            if base is None:
                if self._base is not None and not same(replace(mine, name=""), replace(theirs, name="")):
                    told.kept.append("your environment is kept, the document has one of this name now too")
            else:
                self._drafts.put(name, environment_text(path, text, merged_environment(base, theirs, mine, told)))
        except (BrokenFile, SaveFailed) as error:
            told = _broken(error)
        self._told(f"environments/{stem}", theirs.name, told)

    def _told(self, key: str, title: str, told: Told) -> None:
        if self._base is None:
            # Whether it is the user's or an older document's is not known.
            told.kept.clear()
        if told.what:
            self._tell(ChangeKind.CHANGED if told.taken else ChangeKind.KEPT, key, title, told.what)

    def _tell(self, kind: ChangeKind, key: str, title: str, what: tuple[str, ...]) -> None:
        self.changes.append(Change(kind=kind, key=key, title=title, what=what))


def _inside(shared: Folder, base_url: str) -> Folder:
    """As it stands in a folder of a collection: see `placing`."""
    url = {"base_url": Constant(base_url)} if base_url else {}
    return replace(shared, auth=shared.auth or NoAuth(), variables={**url, **shared.variables})


def _titled(shared: Folder, title: str) -> Folder:
    return shared if shared.name else replace(shared, name=title)


def _environment_file(name: str) -> str:
    return f"{tree.ENVIRONMENTS}/{slug(name, fallback='environment')}.toml"


def _broken(error: BrokenFile | SaveFailed) -> Told:
    told = Told()
    told.kept.append(f"the file stays as it is: {error.reason}")
    return told


def _document(path: Path, text: str) -> Document:
    return Document(path, text.replace("\r\n", "\n"))
