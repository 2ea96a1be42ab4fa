"""Variables: a value, or where a value comes from (exactly one source)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from tui_client.model.values import Value


class Constant(msgspec.Struct, frozen=True):
    """A value of any TOML type, or text; strings may hold {{variables}} themselves unless `literal`.

    `literal` marks what came from outside the files (data rows, captures, prompts, the command line):
    `{{` in it is text, never a template.
    """

    value: Value
    literal: bool = False


class FromRequest(msgspec.Struct, frozen=True):
    """`{ from = "auth/login", max_age = "50m" }`: sent when needed; its capture of the same name is the value."""

    key: str
    max_age_s: float | None = None


class Prompt(msgspec.Struct, frozen=True):
    """`{ prompt = "One-time code" }`: asked once a send."""

    question: str


class Secret(msgspec.Struct, frozen=True):
    """`{ secret = true }`: from the OS keyring or *.secret.toml, never written elsewhere."""


class Choice(msgspec.Struct, frozen=True):
    """`{ options = ["eu", "us"] }`: the first unless the user picked another."""

    options: tuple[Value, ...]


class HostVariable(msgspec.Struct, frozen=True):
    """`{ env = "HOME" }`: an environment variable of the host, if the user has granted it."""

    name: str


Variable: TypeAlias = Constant | FromRequest | Prompt | Secret | Choice | HostVariable
