"""Values with a tag of YAML's, `!request {…}`, as the reader gives them."""

from __future__ import annotations

from tui_client.formats._values import text
from tui_client.formats._yaml import Tagged


def tag_of(value: object) -> tuple[str, object]:
    """The tag without its mark, and the value; a bare word is the tag itself: `trigger: never`."""
    if isinstance(value, Tagged):
        return value.tag.lstrip("!"), value.value
    return (text(value), None) if isinstance(value, str) else ("", value)


def untagged(value: object) -> object:
    """The value without its tag."""
    return value.value if isinstance(value, Tagged) else value
