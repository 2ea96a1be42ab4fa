"""Keys that files of a collection name, as keys of a workspace of several collections."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from tui_client.model.collection import Surroundings
from tui_client.model.variables import FromRequest, Variable


def qualified(around: Surroundings, full: Callable[[str], str]) -> Surroundings:
    """The same surroundings, each `from = "auth/login"` with its collection: "shop:auth/login"."""

    def of(variables: Mapping[str, Variable]) -> Mapping[str, Variable]:
        return {
            name: replace(variable, key=full(variable.key)) if isinstance(variable, FromRequest) else variable
            for name, variable in variables.items()
        }

    collection, environment = around.collection, around.environment
    return Surroundings(
        replace(collection, root=replace(collection.root, variables=of(collection.root.variables))),
        tuple(replace(folder, variables=of(folder.variables)) for folder in around.folders),
        replace(environment, variables=of(environment.variables)),
    )
