"""Posting's files become our requests, which send the same; and what can't is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest
from fuzzing import bad_inputs, mutated

from tui_client.formats import importers
from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundRequest, Outcome
from tui_client.formats.posting import IMPORTER, read_posting
from tui_client.http.prepare import PreparedRequest, prepare
from tui_client.interop.source import FilesBeside
from tui_client.kinds.auth._kind import AuthContext
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.text import Text
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import inherit
from tui_client.model.options import Options, SendOptions, TimeoutOptions
from tui_client.model.request import NameValue
from tui_client.model.variables import Constant, HostVariable, Secret
from tui_client.template.resolve import resolve

GOLDEN = Path(__file__).parent / "golden" / "posting"
MADE = GOLDEN / "made"
SAMPLES = sorted(path for path in GOLDEN.iterdir() if path.is_file())
SENT: dict[str, Any] = json.loads((MADE / "sent.json").read_text(encoding="utf-8"))
OURS = frozenset(["user-agent", "accept-encoding", "host"])


class Files:
    """A folder in memory."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = {name: each.encode() for name, each in files.items()}

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str) -> bytes:
        if name not in self.files:
            raise FormatError("is not there")
        return self.files[name]


def folder(**files: str) -> Found:
    """Names have __ for a slash; what has no ending is a request."""
    named = {name.replace("__", "/").replace("_dot_", "."): each for name, each in files.items()}
    whole = {name if "." in name else f"{name}.posting.yaml": each for name, each in named.items()}
    return read_posting(b"", name="shop", beside=Files(whole))


def one(text: str) -> Found:
    return read_posting(text.encode(), name="one.posting.yaml")


def only(found: Found) -> FoundRequest:
    (request,) = found.collections[0].requests
    return request


def told(found: Found, outcome: Outcome) -> list[str]:
    return [line.construct for line in found.report if line.outcome is outcome]


def made() -> Found:
    """The collection that Posting itself has written, with all that it had to say."""
    return read_posting(b"", name="shop", beside=FilesBeside(MADE / "shop"))


def prepared(found: FoundRequest) -> PreparedRequest:
    """What is sent for a request of that collection, its secrets known."""
    collection = made().collections[0]
    (environment,) = collection.environments
    hidden = {name: Constant(value, literal=True) for name, value in collection.secrets["posting"].items()}
    environment = msgspec.structs.replace(environment, variables={**environment.variables, **hidden})
    request = inherit("x", found.request, Surroundings(Collection(id="shop"), (), environment), SendOptions())
    return prepare(resolve(request, request.scope), Path, environ={})


def as_sent(ready: PreparedRequest) -> dict[str, Any]:
    """Its parts as the golden file has them, what the auth adds to the first request included."""
    request = httpx.Request(ready.method, ready.url, headers=list(ready.headers))
    if ready.auth is not None:
        request = next(ready.auth.flow(cast(AuthContext, None)).auth_flow(request))
    return {
        "method": ready.method,
        "scheme": ready.address.scheme,
        "host": ready.address.host_header,
        "target": ready.target.decode(),
        "headers": [[name.decode(), value.decode()] for name, value in request.headers.raw],
        "body": b"".join(part for part in ready.body.segments if isinstance(part, bytes)).decode(),
    }


def meaning(one: dict[str, Any]) -> dict[str, Any]:
    """The same without what programs may do each in their way: their own headers, + or %20, and the case of names."""
    path, _, query = one["target"].partition("?")
    headers = sorted((name.lower(), value) for name, value in one["headers"] if name.lower() not in OURS)
    fields = ("content-type", "application/x-www-form-urlencoded") in headers
    return {
        **{name: one[name] for name in ("method", "scheme", "host")},
        "path": path,
        "query": parse_qsl(query, keep_blank_values=True),
        "headers": [row for row in headers if not fields or row[0] != "content-length"],
        "body": parse_qsl(one["body"], keep_blank_values=True) if fields else one["body"],
    }


BY_NAME = {"/".join((*each.folder, each.request.name)): each for each in made().collections[0].requests}


@pytest.mark.parametrize("name", sorted(SENT))
def test_the_request_is_sent_as_posting_sends_it(name: str) -> None:
    """For each request that Posting has saved: method, host, path, query, headers and body."""
    assert meaning(as_sent(prepared(BY_NAME[name]))) == meaning(SENT[name])
