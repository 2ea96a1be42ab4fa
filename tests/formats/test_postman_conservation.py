"""Whatever a Postman collection holds, it is in the result or in the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from fuzzing import JSON, bad_inputs
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._format import FormatError
from tui_client.formats.postman import read_postman
from tui_client.kinds.body.form import Form
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import inherit
from tui_client.model.options import SendOptions
from tui_client.model.variables import Constant
from tui_client.template.resolve import resolve

SHOP = Path(__file__).parent / "golden" / "postman" / "shop.postman_collection.json"

GIVEN = {"userId": "7", "adminKey": "k", "password": "p", "token": "t", "user": "ann", "attempts": "3"}

WORDS = st.text("abcXYZ äé{}$:/?#&=+% .", min_size=1, max_size=6)
ROW = st.fixed_dictionaries({"key": WORDS, "value": WORDS, "disabled": st.booleans()}, optional={"description": WORDS})
ROWS = st.lists(ROW, max_size=3)
SCRIPTS = st.lists(
    st.fixed_dictionaries(
        {
            "listen": st.sampled_from(["prerequest", "test"]),
            "script": st.fixed_dictionaries({"exec": st.lists(st.sampled_from(["a();", "// b", "", "c"]), max_size=3)}),
        }
    ),
    max_size=2,
)
AUTHS = st.sampled_from(
    [None, {"type": "noauth"}, {"type": "bearer", "bearer": [{"key": "token", "value": "t"}]}, {"type": "ntlm"}]
)
REQUEST = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST", "put", "LOCK"]),
        "header": ROWS,
        "auth": AUTHS,
        "url": st.fixed_dictionaries({"host": st.just(["h"]), "path": st.lists(WORDS, max_size=2), "query": ROWS}),
        "body": st.fixed_dictionaries({"mode": st.just("urlencoded"), "urlencoded": ROWS}),
    }
)
LEAF = st.fixed_dictionaries(
    {"name": WORDS, "request": REQUEST, "event": SCRIPTS, "response": st.lists(st.just({}), max_size=2)}
)
TREE = st.recursive(
    LEAF,
    lambda inner: st.fixed_dictionaries(
        {"name": WORDS, "item": st.lists(inner, max_size=3), "auth": AUTHS, "event": SCRIPTS}
    ),
    max_leaves=5,
)


def leaves(items: list[Any]) -> Iterator[dict[str, Any]]:
    for item in items:
        if "item" in item:
            yield from leaves(item["item"])
        else:
            yield item


def folders(items: list[Any]) -> Iterator[dict[str, Any]]:
    for item in items:
        if "item" in item:
            yield item
            yield from folders(item["item"])


def scripts_of(item: dict[str, Any]) -> list[str]:
    return [text for event in item["event"] if (text := "\n".join(event["script"]["exec"])).strip()]


def flags(rows: Any) -> list[bool]:
    return [not row["disabled"] for row in rows]


def sources_of_auth(items: list[Any]) -> Iterator[Any]:
    for folder in folders(items):
        yield folder["auth"]
    for leaf in leaves(items):
        yield leaf["request"]["auth"]


@settings(max_examples=60, deadline=None)
@given(st.lists(TREE, max_size=3))
def test_all_of_a_tree_is_found_again(items: list[Any]) -> None:
    """Every request, folder, script, row with its flag, auth and saved example."""
    found = read_postman(json.dumps({"info": {"name": "c"}, "item": items}).encode())
    (collection,) = found.collections
    assert len({folder.path for folder in collection.folders}) == len(list(folders(items)))
    for leaf, each in zip(leaves(items), collection.requests, strict=True):
        source, request = leaf["request"], each.request
        assert request.name == (leaf["name"].strip() or "Untitled")
        assert flags(source["header"]) == [row.enabled for row in request.headers]
        assert [script.content for script in each.scripts] == scripts_of(leaf)
        assert (request.auth is None) == (source["auth"] is None)
        fields = request.body.fields if isinstance(request.body, Form) else ()
        assert flags(source["body"]["urlencoded"]) == [row.enabled for row in fields]
        query = source["url"]["query"]
        assert sum(row["disabled"] for row in query) == sum(not row.enabled for row in request.params)
        told = [request.description, *(row.description for row in request.params)]
        assert all(any(row.get("description", "") in text for text in told) for row in query)
    told_of = Counter(line.construct for line in found.report)
    assert told_of["auth: ntlm"] == sum(auth == {"type": "ntlm"} for auth in sources_of_auth(items))
    assert told_of["saved examples"] == sum(bool(leaf["response"]) for leaf in leaves(items))


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from places(value, (*at, key))


DOCUMENTS = [path.read_bytes() for path in sorted(SHOP.parent.iterdir())]
PLACES = [[*places(json.loads(document))] for document in DOCUMENTS]


@bad_inputs(150, st.integers(0, len(DOCUMENTS) - 1), st.integers(0, 1 << 16), JSON | st.sampled_from([True, "{{a}}"]))
def test_a_value_of_another_type_is_read_or_refused(number: int, which: int, value: Any) -> None:
    """Numbers where texts should be, lists where objects should be: never another error."""
    document = json.loads(DOCUMENTS[number])
    *way, last = PLACES[number][which % len(PLACES[number])]
    inner = document
    for key in way:
        inner = inner[key]
    inner[last] = value
    with suppress(FormatError):
        read_postman(json.dumps(document).encode())


def test_a_collection_sends_to_the_urls_that_postman_would_send_to() -> None:
    """With its variables filled in, each URL is whole."""
    (collection,) = read_postman(SHOP.read_bytes()).collections
    given = {name: Constant(value) for name, value in GIVEN.items()}
    root = Collection(id="c", root=collection.shared)
    urls = []
    for each in collection.requests:
        around = tuple(f.shared for f in collection.folders if f.path == each.folder[: len(f.path)])
        effective = inherit("k", each.request, Surroundings(root, around), SendOptions())
        urls.append(resolve(effective, effective.scope.over("command line", given)).url)
    assert urls == [
        "https://api.example.com/v1/login",
        "https://cdn.example.com:8443/cache",
        "https://api.example.com/v1/users/7?expand=team&expand=roles&page=1",
        "http://localhost:3000/users?since=2024-01-01T00:00:00Z&flag",
        "https://api.example.com/v1/photos",
        "https://api.example.com/v1/form",
        "https://api.example.com/v1/graphql",
        "https://api.example.com/v1/blob",
    ]
