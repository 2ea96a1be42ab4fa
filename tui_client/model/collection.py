"""What requests share: collections, folders, environments."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from tui_client.model.kinds import Auth
from tui_client.model.options import Options
from tui_client.model.request import NameValue
from tui_client.model.variables import Variable

_NONE: Mapping[str, Variable] = MappingProxyType({})


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """`folder.toml`, or the shared part of `collection.toml`. `path` is "" for the collection, else "users/admin"."""

    path: str = ""
    name: str = ""
    description: str = ""
    order: tuple[str, ...] = ()
    headers: tuple[NameValue, ...] = ()
    auth: Auth | None = None
    options: Options = Options()
    variables: Mapping[str, Variable] = _NONE


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """`collection.toml`. `id` is the name of its directory, stable in keys: "shop".

    history: whether what is sent from it is kept in the history.
    """

    id: str
    root: Folder = Folder()
    base_url: str = ""
    format: int = 1
    history: bool = True


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """`environments/NAME.toml`. An empty base_url leaves the collection's."""

    name: str
    base_url: str = ""
    variables: Mapping[str, Variable] = _NONE
    headers: tuple[NameValue, ...] = ()


NO_ENVIRONMENT = Environment(name="")


class Surroundings(msgspec.Struct, frozen=True):
    """All that a request inherits from: its collection, its folders from the outermost in, its environment."""

    collection: Collection
    folders: tuple[Folder, ...] = ()
    environment: Environment = NO_ENVIRONMENT
