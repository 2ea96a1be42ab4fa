"""Grants in plain words."""

from __future__ import annotations

from typing import assert_never

from tui_client.trust.grants import Grant, GrantKind


def deed(grant: Grant) -> str:
    """What it lets a collection do: "read the environment variable HOME". Not yet safe to print."""
    subject = grant.subject
    match grant.kind:
        case GrantKind.ENV:
            return f"read the environment variable {subject}"
        case GrantKind.FILE:
            return f"read the file or folder {subject}"
        case GrantKind.HOST:
            return f"send secrets to {_ports(subject)}"
        case GrantKind.INSECURE:
            return f"talk to {_ports(subject)} without verifying its certificate"
        case _:
            assert_never(grant.kind)


def _ports(authority: str) -> str:
    _, colon, port = authority.rpartition(":")
    return authority if colon and port.isdigit() else f"{authority} on any port"
