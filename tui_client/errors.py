"""Every error this package raises on purpose.

TuiClientError
├── RequestFailed(failure)        a request could not be built, sent, or read to its end
├── BrokenFile(...)               a file of a collection can't be understood: where, and why
├── QueryError(query, reason)     a query, filter or operator can't be applied to this reply
├── NotFound(what, name, near)    no such request, environment, collection or run; near names
├── SaveFailed(path, reason)      a file could not be written; the old one is untouched
│   └── Conflict(path, theirs)    the file changed on disk since it was read
├── OutsideCollection(path)       a name or path that would leave its collection
├── BadKind(module, reason)       a file under kinds/ breaks its contract
└── UsageError(reason)            what the user asked for can't be done as asked
    ├── NotFetched(reason)        a document is not to be had from where it should be
    └── NoWorkers(reason)         nobody is there to do a run, or nobody who may

Errors carry data. Only `cli` and the screens turn them into words, through `model.wording`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec


class FailureKind(StrEnum):
    """Why a request has no complete reply; a closed set, shown to users as it stands."""

    DNS = "dns"
    CONNECT_REFUSED = "connect.refused"
    CONNECT_UNREACHABLE = "connect.unreachable"
    CONNECT_FAILED = "connect.failed"
    CONNECT_RESET = "connect.reset"
    PROXY_REFUSED = "proxy.refused"
    PROXY_AUTH = "proxy.auth"
    PROXY_INVALID = "proxy.invalid"
    TIMEOUT_CONNECT = "timeout.connect"
    TIMEOUT_READ = "timeout.read"
    TIMEOUT_WRITE = "timeout.write"
    TIMEOUT_POOL = "timeout.pool"
    TIMEOUT_TOTAL = "timeout.total"
    TLS_UNTRUSTED = "tls.untrusted"
    TLS_HOSTNAME = "tls.hostname"
    TLS_EXPIRED = "tls.expired"
    TLS_NOT_YET_VALID = "tls.not_yet_valid"
    TLS_CLIENT_CERTIFICATE = "tls.client_certificate"
    TLS_VERSION = "tls.version"
    TLS_FAILED = "tls.failed"
    PROTOCOL = "protocol"
    CLOSED_EARLY = "closed_early"
    INCOMPLETE = "incomplete"
    TOO_LARGE_HEADERS = "too_large.headers"
    TOO_LARGE_BODY = "too_large.body"
    DECODING = "decoding"
    CANCELLED = "cancelled"
    METHOD_INVALID = "method.invalid"
    URL_INVALID = "url.invalid"
    HEADER_INVALID = "header.invalid"
    BODY_INVALID = "body.invalid"
    FILE_MISSING = "file.missing"
    FILE_OUTSIDE = "file.outside"
    REDIRECT_INVALID = "redirect.invalid"
    REDIRECT_TOO_MANY = "redirect.too_many"
    AUTH_FAILED = "auth.failed"
    TEMPLATE_UNKNOWN_VARIABLE = "template.unknown_variable"
    TEMPLATE_UNKNOWN_FUNCTION = "template.unknown_function"
    TEMPLATE_LOOP = "template.loop"
    TEMPLATE_CONVERSION = "template.conversion"
    TEMPLATE_SYNTAX = "template.syntax"
    VARIABLE_PROMPT = "variable.prompt"
    VARIABLE_SECRET = "variable.secret"
    VARIABLE_FROM = "variable.from"
    VARIABLE_OPTIONS = "variable.options"
    CAPTURE_FAILED = "capture.failed"
    TRUST_REFUSED = "trust.refused"
    COLLECTION_FILE = "collection.file"
    DATA_ROW = "data.row"
    DISK = "disk"
    INTERNAL = "internal"


class Failure(msgspec.Struct, frozen=True):
    """What went wrong, as data; `model.wording.describe` makes the sentence.

    subject: the thing that failed ("127.0.0.1:9", a variable's name, a header's name).
    place: where it stands ("users/list.toml: $.headers.X-Id"), empty if nowhere in a file.
    detail: the technical reason as the system gave it; outside text, so `safe()` it before showing.
    limit_s: seconds, for timeouts.
    """

    kind: FailureKind
    subject: str = ""
    place: str = ""
    detail: str = ""
    limit_s: float | None = None


class TuiClientError(Exception):
    """Root of all errors raised on purpose."""


class RequestFailed(TuiClientError):
    """A request could not be built, sent, or read to its end."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.kind}: {failure.subject} {failure.detail}".strip())
        self.failure = failure


class BrokenFile(TuiClientError):
    """A file of a collection can't be understood.

    line and column count from 1; None where the reason has no place in the text (unreadable, not UTF-8).
    toml_path looks like "$.params.page"; "" for the whole file.
    """

    def __init__(
        self, path: Path, reason: str, *, line: int | None = None, column: int | None = None, toml_path: str = ""
    ) -> None:
        super().__init__(f"{path}:{line or ''}:{column or ''} {toml_path} {reason}")
        self.path = path
        self.reason = reason
        self.line = line
        self.column = column
        self.toml_path = toml_path


class QueryError(TuiClientError):
    """A query, filter or operator can't be applied to this reply; not the same as a failed check."""

    def __init__(self, query: str, reason: str) -> None:
        super().__init__(f"{query}: {reason}")
        self.query = query
        self.reason = reason


class NotFound(TuiClientError):
    """Nothing has this name; `near` holds up to five names like it, best first.

    They are looked for when somebody asks: in a large collection that takes far longer than to find nothing.
    """

    def __init__(self, what: str, name: str, near: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()) -> None:
        super().__init__(f"no {what} {name!r}")
        self.what = what
        self.name = name
        self._near = near

    @property
    def near(self) -> tuple[str, ...]:
        """Names like it."""
        if callable(self._near):
            self._near = self._near()
        return self._near


class SaveFailed(TuiClientError):
    """A file could not be written; what stood on disk is untouched."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Conflict(SaveFailed):
    """The file changed on disk since it was read; `theirs` is its text now, None if it was deleted."""

    def __init__(self, path: Path, theirs: str | None) -> None:
        super().__init__(path, "changed on disk since it was read" if theirs is not None else "deleted on disk")
        self.theirs = theirs


class OutsideCollection(TuiClientError):
    """A name or path that would leave its collection."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class BadKind(TuiClientError):
    """A file under kinds/ breaks its contract; names the module."""

    def __init__(self, module: str, reason: str) -> None:
        super().__init__(f"{module}: {reason}")
        self.module = module
        self.reason = reason


class UsageError(TuiClientError):
    """What the user asked for can't be done as asked; `reason` is a whole sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoWorkers(UsageError):
    """A run can't begin where it should be done: nobody is there, or nobody who may take part."""


class NotFetched(UsageError):
    """A document is not to be had from where it should be."""
