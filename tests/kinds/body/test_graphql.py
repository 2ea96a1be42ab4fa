"""GraphQL operations become one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.errors import FailureKind, RequestFailed
from tui_client.kinds.body.graphql import GraphQL


def wire(body: GraphQL) -> bytes:
    (raw,) = body.encode(Path).segments
    assert isinstance(raw, bytes)
    return raw


@given(st.text(), st.text(min_size=1))
def test_any_query_and_name_are_carried(query: str, name: str) -> None:
    """Valid JSON whatever the text."""
    assert json.loads(wire(GraphQL(query, "", name))) == {"query": query, "operationName": name}


def test_variables_are_sent_as_written() -> None:
    """Numbers keep their digits."""
    body = GraphQL("query Q { a }", ' {"n": 1.10, "big": 1e400} ', "Q")
    assert wire(body) == b'{"query":"query Q { a }","operationName":"Q","variables":{"n": 1.10, "big": 1e400}}'
    assert body.encode(Path).content_type == "application/json"


@pytest.mark.parametrize("variables", ["", " \n"])
def test_no_variables_leave_no_member(variables: str) -> None:
    """Nor does an empty operation name."""
    assert wire(GraphQL("{a}", variables)) == b'{"query":"{a}"}'


@pytest.mark.parametrize("variables", ["{", "[1]", '{}, "query": "x"', "null", "\ud800"])
def test_variables_that_are_no_json_object_are_refused(variables: str) -> None:
    """Half an object would change the one around it."""
    with pytest.raises(RequestFailed) as caught:
        wire(GraphQL("{a}", variables))
    assert (caught.value.failure.kind, caught.value.failure.subject) == (FailureKind.BODY_INVALID, "variables")
