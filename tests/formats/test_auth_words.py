"""What is told of an auth that there is not here."""

from __future__ import annotations

import pytest

from tui_client.formats._auth_words import auth_words


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
