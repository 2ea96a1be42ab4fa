"""All containers of one level."""

from __future__ import annotations

import json

from tui_client.model.exchange import BytesBody
from tui_client.tui.widgets.json_nesting import FoldSearch, line_at
from tui_client.tui.widgets.json_siblings import SiblingSearch


def test_containers_of_any_size_are_folded_as_one_by_one() -> None:
    """Small ones beside some that are counted in many steps, none of which takes long."""
    value = [[1], list(range(40_000)), 7, {"a": {}, "b": [2]}, [], list(range(9_000)), {"c": list(range(9_000))}]
    text = json.dumps(value, indent=2).encode()
    content = BytesBody(text)
    search = SiblingSearch(content, 2)
    steps = 0
    while not search.complete:
        search.extend()
        steps += 1
    assert steps > len(text) >> 15

    expected, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.startswith((b"  [\n", b"  {\n")):
            alone = FoldSearch(content, line_at(content, start))
            while not alone.complete:
                alone.extend()
            expected.append(alone.fold)
        start += len(line)
    assert search.folds == expected
