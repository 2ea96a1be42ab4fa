"""What a grant on the command line means, and what it includes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_client.errors import UsageError
from tui_client.trust.grants import Grant, GrantKind, covers, parse_grant


@pytest.mark.parametrize(
    ("text", "grant"),
    [
        ("env:HOME", Grant(GrantKind.ENV, "HOME")),
        ("host:API.example.com:443", Grant(GrantKind.HOST, "api.example.com:443")),
        ("insecure:localhost:8443", Grant(GrantKind.INSECURE, "localhost:8443")),
        ("host: Bücher.example:0443 ", Grant(GrantKind.HOST, "xn--bcher-kva.example:443")),
        ("host:[2001:DB8:0::1]:80", Grant(GrantKind.HOST, "[2001:db8::1]:80")),
        ("file:/data/../data/users.csv", Grant(GrantKind.FILE, str(Path("/data/users.csv").resolve()))),
    ],
)
def test_grants_are_written_as_kind_and_subject(text: str, grant: Grant) -> None:
    """A path becomes absolute, a host lower case, a variable's name stays."""
    assert parse_grant(text) == grant


@pytest.mark.parametrize("text", ["", "env", "env:", "all:x", "HOME", "ENV:HOME", "env:\x1b[31m"])
def test_what_is_no_grant_is_refused_with_an_example(text: str) -> None:
    """A slip in a grant is an error that shows how to write one, never a wider or narrower grant."""
    with pytest.raises(UsageError, match="env:HOME, for example"):
        parse_grant(text)


@pytest.mark.parametrize(
    "host",
    [
        *("https://a.example", "a.example/x", "me@a.example", "a.example:", "a.example:0", "a.example:65536"),
        *("::1", "[::g]", "[::1", "a b", "a:b", "a.example:443:443", "ü..x"),
    ],
)
def test_a_host_that_no_request_has_is_refused(host: str) -> None:
    """It would be kept, and never hold for anything."""
    for kind in ("host", "insecure"):
        with pytest.raises(UsageError, match="host"):
            parse_grant(f"{kind}:{host}")


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("env:HOME", "env:HOME", True),
        ("env:HOME", "env:HOMER", False),
        ("env:HOME", "env:home", False),
        ("file:/data", "file:/data/a/b.csv", True),
        ("file:/data", "file:/database", False),
        ("file:/data/a.csv", "file:/data/b.csv", False),
        ("host:a.example:443", "host:a.example:443", True),
        ("host:a.example", "host:a.example:8443", True),
        ("host:a.example:443", "host:a.example:8443", False),
        ("host:example", "host:a.example:443", False),
        ("host:[::1]", "host:[::1]:80", True),
        ("host:a.example:443", "insecure:a.example:443", False),
        ("insecure:a.example:443", "host:a.example:443", False),
    ],
)
def test_a_grant_includes_only_what_it_says(given: str, wanted: str, expected: bool) -> None:
    """A folder includes its files and a host without a port all its ports; nothing else is included."""
    assert covers(parse_grant(given), parse_grant(wanted)) is expected


def test_a_folder_does_not_include_what_dots_lead_to() -> None:
    """A path that climbs out of a granted folder is not in it."""
    folder = Grant(GrantKind.FILE, "/data")
    assert not covers(folder, Grant(GrantKind.FILE, "/data/../etc/passwd"))
