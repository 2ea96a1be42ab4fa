"""Recorded URLs go to the hosts that stand for them."""

from __future__ import annotations

import pytest

from tui_client.errors import UsageError
from tui_client.replay.rehost import Rehosting


@pytest.mark.parametrize(
    ("hosts", "url", "expected"),
    [
        ({}, "https://API.example/%2f?a=+#x", "https://API.example/%2f?a=+#x"),
        ({"other.example": "x"}, "https://api.example/", "https://api.example/"),
        ({"api.example": "localhost:8000"}, "https://api.example/%2f?a=+&&b", "https://localhost:8000/%2f?a=+&&b"),
        ({"api.example": "http://localhost:8000"}, "https://api.example", "http://localhost:8000"),
        ({"api.example": "http://localhost:8000/"}, "https://api.example?q", "http://localhost:8000?q"),
        ({"API.example:443": "localhost:8000"}, "https://api.example/", "https://localhost:8000/"),
        ({"api.example:443": "localhost:8000"}, "http://api.example/", "http://api.example/"),
        ({"api.example": "staging.example"}, "http://api.example:8080/", "http://staging.example:8080/"),
        ({"api.example": "https://staging.example"}, "http://api.example:8080/", "https://staging.example:443/"),
        ({"api.example": "[::1]:8000"}, "http://me:p@api.example/", "http://me:p@[::1]:8000/"),
        ({"[::1]:9000": "h.example"}, "http://[::1]:9000/@", "http://h.example:9000/@"),
        ({"api.example": "a", "api.example:80": "b"}, "http://api.example/", "http://b/"),
        ({"api.example:80": "b", "http://api.example": "c:1"}, "http://api.example/", "http://c:1/"),
        ({"https://api.example": "c:1"}, "http://api.example/", "http://api.example/"),
    ],
)
def test_only_the_origin_changes(hosts: dict[str, str], url: str, expected: str) -> None:
    """Path and query go as they were; what the target doesn't name stays; the closest pattern counts."""
    assert Rehosting(hosts).rewritten(url) == expected


@pytest.mark.parametrize("text", ["", "a/b", "ftp://h.example", "u@h.example", "h.example:port", "http://h.example/?q"])
def test_what_is_no_host_is_refused(text: str) -> None:
    """A mapping that could not be meant is told before anything is sent."""
    with pytest.raises(UsageError, match="is not a host"):
        Rehosting({"api.example": text})
    with pytest.raises(UsageError, match="is not a host"):
        Rehosting({text: "api.example"})
