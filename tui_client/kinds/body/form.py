"""A form, URL-encoded."""

from __future__ import annotations

from typing import Annotated, ClassVar
from urllib.parse import quote_plus

from msgspec import Meta

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.kinds.body._kind import BodyKind
from tui_client.model.content import EncodedBody, Locate
from tui_client.model.request import NameValue


class Form(BodyKind, frozen=True, tag="form"):
    """Fields as `application/x-www-form-urlencoded` (WHATWG URL), in order, repeats kept.

    In TOML: `fields = [["a", "1"], { name = "b", value = "2", enabled = false }]`, or a table `[body.fields]`.
    """

    title: ClassVar[str] = "Form"

    fields: Annotated[tuple[NameValue, ...], Meta(title="Fields")] = ()
    template: Annotated[bool, Meta(title="Templates")] = True

    def encode(self, locate: Locate) -> EncodedBody:
        pairs = (f"{_quoted(row.name, row.name)}={_quoted(row.name, row.value)}" for row in self.fields if row.enabled)
        return EncodedBody(("&".join(pairs).encode(),), "application/x-www-form-urlencoded")


def _quoted(field: str, text: str) -> str:
    try:
        return quote_plus(text, safe="*").replace("~", "%7E")
    except UnicodeEncodeError:
        raise RequestFailed(Failure(FailureKind.BODY_INVALID, field, detail="is not valid Unicode")) from None


KIND = Form
