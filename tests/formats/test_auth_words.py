"""What is told of an auth that there is not here."""

from __future__ import annotations

import json

import pytest

from tui_client.formats._auth_words import auth_words
from tui_client.formats.postman import read_postman
from tui_client.kinds.auth.none import NoAuth


@pytest.mark.parametrize(
    "name",
    ["authKey", "secretKey", "sessionToken", "PASSWORD", "passphrase", "pwd", "nonce", "signature", "clientSecret"],
)
def test_no_secret_is_told(name: str) -> None:
    """Only that it is there; the name of a variable is none."""
    assert auth_words("Postman", "hawk", [("id", "me"), (name, "canary"), ("empty", "")]) == (
        f"Auth in Postman: hawk: id me, {name} (not shown)."
    )
    assert auth_words("Bruno", "awsv4", [(name, "{{key}}")]) == f"Auth in Bruno: awsv4: {name} {{{{key}}}}."
    assert "canary" not in auth_words("Bruno", "awsv4", [(name, "{{key}}canary{{key}}")])


def test_no_auth_of_postmans_is_carried_over_one_to_one() -> None:
    """Nothing is said of it, and it keeps what is around it away."""
    request = {"name": "R", "request": {"url": "http://h/", "auth": {"type": "noauth"}}}
    found = read_postman(json.dumps({"info": {"name": "C"}, "item": [request]}).encode())
    (only,) = found.collections[0].requests
    assert (only.request.auth, only.request.description, found.report) == (NoAuth(), "", ())
