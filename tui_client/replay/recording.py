"""Recorded traffic as the source of a replay: each entry of a HAR file is a session of one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import ClassVar, Final, NamedTuple

import msgspec

from tui_client.errors import BrokenFile, NotFound, RequestFailed
from tui_client.formats._format import FormatError, Skipped
from tui_client.formats.har import MAX_BYTES, HarEntry, read_har
from tui_client.http.headers import TOKEN, encode_header
from tui_client.http.url import parse_url
from tui_client.kinds.body._kind import BodyKind
from tui_client.kinds.query.status import Status
from tui_client.model.content import EncodedBody, Locate
from tui_client.model.effective import EffectiveRequest, Layer, Scope
from tui_client.model.options import SendOptions
from tui_client.model.request import Assertion, NameValue
from tui_client.model.variables import Constant
from tui_client.replay.plan import Recording
from tui_client.replay.rehost import Rehosting
from tui_client.template.evaluate import SECRETS_ORIGIN
from tui_client.template.parse import Text, unparse
from tui_client.text.safe import safe_line

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MIN_DIGITS: Final = 4  # so that most recordings list alike, and sort as text
_SHOWN_PATH: Final = 80  # characters


class RecordedBody(BodyKind, frozen=True, tag="recorded"):
    """Bytes as they were recorded; in no collection, since TOML has none."""

    title: ClassVar[str] = "Recorded"

    content: bytes = b""
    media_type: str = ""
    template: bool = False

    def encode(self, locate: Locate) -> EncodedBody:
        return EncodedBody((self.content,), self.media_type) if self.content else EncodedBody()


class RecordedSource:
    """The requests of a recording, in the order of their start; a `RequestSource`.

    left_out: how many entries were not taken since their method is not safe. skipped: those that can't be sent, by
    their number in the file. Sessions count from 1.
    """

    def __init__(
        self,
        entries: Iterable[HarEntry],
        recording: Recording,
        *,
        skipped: Iterable[Skipped] = (),
        defaults: SendOptions | None = None,
    ) -> None:
        """Raises UsageError where `recording.hosts` names what is no host."""
        self._recording = recording
        self._hosts = Rehosting(recording.hosts)
        self._options = msgspec.structs.replace(
            defaults or SendOptions(), follow_redirects=False, cookies=False, allow_http_errors=True
        )
        taken, refused = _taken(entries, recording)
        self.left_out = taken.left_out
        self.skipped = tuple(sorted((*skipped, *refused), key=lambda one: one.number))
        self._entries = sorted(taken.entries, key=lambda entry: entry.started)
        digits = max(_MIN_DIGITS, len(str(len(self._entries))))
        self._keys = tuple(_key(number, entry, digits) for number, entry in enumerate(self._entries, start=1))
        self._places = {key: place for place, key in enumerate(self._keys)}

    def __len__(self) -> int:
        """How many sessions there are."""
        return len(self._entries)

    def steps_of(self, number: int) -> tuple[str, ...]:
        """The keys of a session, counted from 1. Raises NotFound."""
        if not 1 <= number <= len(self._keys):
            raise NotFound("recorded request", str(number))
        return (self._keys[number - 1],)

    def times(self) -> Iterator[float]:
        """When each session began: seconds since the first one, at a speed of 1, silences uncut."""
        for entry in self._entries:
            yield (entry.started - self._entries[0].started).total_seconds()

    def entry(self, key: str) -> HarEntry:
        """What was recorded. Raises NotFound."""
        if key not in self._places:
            raise NotFound("recorded request", key)
        return self._entries[self._places[key]]

    def collection_root(self, key: str) -> Path:
        """The directory of the file, for what the user grants."""
        return self._recording.path.parent.absolute()

    def effective(self, key: str, environment: str) -> EffectiveRequest:
        """The request as it was sent, to the host that stands for the recorded one. Raises NotFound."""
        entry = self.entry(key)
        url = self._hosts.rewritten(entry.url)
        headers, scope = _headers(entry, without_host=url != entry.url)
        return EffectiveRequest(
            key=key,
            name=key.partition(" ")[2],
            method=entry.method,
            url=_literal(url),
            headers=headers,
            body=None if entry.body is None else RecordedBody(entry.body, entry.media_type),
            options=msgspec.structs.replace(self._options, http2=_is_http2(entry.http_version)),
            asserts=self._asserts(entry),
            scope=scope,
        )

    def _asserts(self, entry: HarEntry) -> tuple[Assertion, ...]:
        if entry.status is None or not self._recording.check_status:
            return ()
        return (Assertion(Status(), "==", entry.status),)


def load(recording: Recording, defaults: SendOptions | None = None) -> RecordedSource:
    """Read a recording; blocks, and needs memory for the whole file.

    defaults: the options that the user's settings give. Raises BrokenFile, or UsageError for `hosts`.
    """
    path = recording.path
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise BrokenFile(path, "is not a regular file")
        if found.st_size > MAX_BYTES:
            raise BrokenFile(path, f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
        har = read_har(path.read_bytes())
    except OSError as error:
        raise BrokenFile(path, f"can't be read: {error.strerror or error}") from error
    except FormatError as error:
        raise BrokenFile(path, error.reason) from error
    return RecordedSource(har.entries, recording, skipped=har.skipped, defaults=defaults)


class _Taken(NamedTuple):
    entries: list[HarEntry]
    left_out: int


def _taken(entries: Iterable[HarEntry], recording: Recording) -> tuple[_Taken, list[Skipped]]:
    """The entries that can and may be sent, and those that can't."""
    taken: list[HarEntry] = []
    refused: list[Skipped] = []
    left_out = 0
    for entry in entries:
        if entry.method not in _SAFE and not recording.unsafe:
            left_out += 1
        elif problem := _problem(entry):
            refused.append(Skipped(entry.number, entry.method, problem))
        else:
            taken.append(entry)
    return _Taken(taken, left_out), refused


def _problem(entry: HarEntry) -> str:
    """Why the engine would refuse an entry, "" if it would not."""
    if not TOKEN.match(entry.method):
        return "its method is not one word"
    try:
        parse_url(entry.url)
    except RequestFailed as error:
        return f"its URL can't be used: {error.failure.detail}"
    try:
        for name, value in entry.headers:
            encode_header(name, value)
    except RequestFailed as error:
        return f"its header {error.failure.subject} can't be sent: {error.failure.detail}"
    return ""


def _key(number: int, entry: HarEntry, digits: int) -> str:
    # Without the query: it may hold secrets, and a key is shown everywhere.
    path = parse_url(entry.url).target.decode("ascii").partition("?")[0]
    shown = path if len(path) <= _SHOWN_PATH else f"{path[: _SHOWN_PATH - 1]}…"
    return safe_line(f"har/{number:0{digits}} {entry.method} {shown}")


def _headers(entry: HarEntry, *, without_host: bool) -> tuple[tuple[NameValue, ...], Scope]:
    """The recorded rows as templates; credentials are secrets in the scope, so that they are masked everywhere."""
    rows: list[NameValue] = []
    secrets: dict[str, Constant] = {}
    for name, value in entry.headers:
        lower = name.lower()
        shown, secret = _credentials(lower, value)
        if lower == "host" and without_host:
            continue
        if not secret:
            rows.append(NameValue(_literal(name), _literal(value)))
            continue
        variable = f"recorded.{len(secrets)}"
        secrets[variable] = Constant(secret, literal=True)
        rows.append(NameValue(_literal(name), f"{_literal(shown)}{{{{{variable}}}}}"))
    return tuple(rows), Scope((Layer(SECRETS_ORIGIN, secrets),)) if secrets else Scope()


def _credentials(name: str, value: str) -> tuple[str, str]:
    """What anyone may see of a header's value, and the rest."""
    match name:
        case "authorization":
            scheme, space, rest = value.partition(" ")
            return (scheme + space, rest) if space else ("", value)
        case "cookie":
            return "", value
        case _:
            return value, ""


def _literal(text: str) -> str:
    return unparse((Text(text),))


def _is_http2(version: str) -> bool:
    """Whether HTTP/2 should be offered: HTTP/3 is not spoken here, and those who do speak 2."""
    return version.lower().removeprefix("http/") in {"h2", "h3", "2", "2.0", "3", "3.0"}
