"""No secret reaches the history, in no file of it and in no form."""

from __future__ import annotations

import base64
import json
import sqlite3
import time
import urllib.parse
from pathlib import Path

import msgspec
import pytest
from handmade_journal import exchange_of

from tui_client.errors import Failure, FailureKind
from tui_client.history.database import NAME
from tui_client.history.redaction import masked_request, secrets_of
from tui_client.history.store import History
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.body.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.charset import decode_body
from tui_client.model.exchange import BytesBody, Hop, Timings
from tui_client.model.request import Assertion, NameValue, Request

CANARY = 'canary "ö" /+?'
FORMS = (
    CANARY,
    urllib.parse.quote(CANARY),
    urllib.parse.quote_plus(CANARY),
    json.dumps(CANARY)[1:-1],
    base64.b64encode(CANARY.encode()).decode(),
)
# Known by where they stand, not by a variable: a token, a password, cookies, a key.
TOKEN, PASSWORD, COOKIE, SESSION, KEY, HOP_SESSION = (
    "tok-canary-1",
    "pass-canary-2",
    "cook-canary-3",
    "sess-canary-4",
    "key-canary-5",
    "hops-canary-6",
)
BASIC = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
CANARIES = (*FORMS, "hop-canary", TOKEN, PASSWORD, BASIC, COOKIE, SESSION, KEY, HOP_SESSION)


def exchange_with_canaries(size: int) -> tuple[bytes, ...]:
    """The pieces of a body in which each of them stands, the longest across the edges of the pieces that are read."""
    echo = "|".join(CANARIES).encode()
    return echo, b"x" * (256 * 1024 - len(echo) - 20), echo, b"y" * size, echo, CANARY.encode("utf-16-le")


@pytest.mark.parametrize("size", [0, 900_000])
def test_no_file_of_it_holds_a_secret(tmp_path: Path, size: int) -> None:
    """Database, its log and the bodies: a canary is found nowhere, also where a server echoes credentials."""
    pieces = exchange_with_canaries(size)
    body = b"".join(pieces) if size else pieces[0]
    echo = "|".join(CANARIES)
    sent = (
        (b"Authorization", f"Bearer {TOKEN}".encode()),
        (b"Proxy-Authorization", f"Basic {BASIC}".encode()),
        (b"Cookie", f"a=b; sid={COOKIE}".encode()),
        (b"X-Api-Key", KEY.encode()),
        (b"X-Echo", echo.encode()),
    )
    came = ((b"Set-Cookie", f"s={SESSION}; Path=/".encode()), (b"X-Echo", echo.encode()))
    exchange = exchange_of(
        body, url=f"http://h/{echo}", sent=sent, came=came, request_body=echo.encode(), secrets=frozenset({CANARY})
    )
    inner = msgspec.structs.replace(exchange.request, secrets=frozenset({"hop-canary"}))
    failure = Failure(FailureKind.CLOSED_EARLY, echo, echo, echo)
    set_on_the_way = ((b"Set-Cookie", f"s={HOP_SESSION}; Path=/".encode()), (b"X-Echo", echo.encode()))
    hop = Hop(inner, 302, echo, set_on_the_way, Timings())
    exchange = msgspec.structs.replace(exchange, hops=(hop,), failure=failure, warnings=(echo,), remote=echo)
    request = Request(
        name=echo,
        url=f"http://ada:{PASSWORD}@h/{echo}",
        description=echo,
        headers=(NameValue("X-Echo", echo), NameValue("Authorization", f"Bearer {TOKEN}")),
        body=Json(content=echo),
        auth=Bearer(token=TOKEN),
        asserts=(Assertion(Status(), "==", echo),),
    )
    history = History(tmp_path / "history")
    history.record(exchange, request, key="a/b", root="/r", environment="local")
    history._writer.wait(5)
    assert history.problem == "" and history.dropped == 0
    found = history.load(1)
    texts = [msgspec.json.encode(found, enc_hook=repr).decode(), repr(found)]
    if found.exchange.response:
        texts.append(found.exchange.response.body.read().decode("utf-8", "replace"))
    with sqlite3.connect(tmp_path / "history" / NAME) as connection:
        texts.append("\n".join(connection.iterdump()))
    raw = b"".join(path.read_bytes() for path in (tmp_path / "history").rglob("*") if path.is_file())
    texts += [raw.decode("utf-8", "replace"), raw.decode("utf-16-le", "replace")]
    history.close()
    for canary in (*CANARIES, "canary"):
        assert not any(canary in text for text in texts), canary
    if size and found.exchange.response:
        kept = found.exchange.response.body.read()
        assert kept.count(b"y" * size) == 1 and len(kept) > size + 200_000


def test_what_is_masked_of_a_written_request() -> None:
    """Values go, variables and names stay, also where a credential was switched off and so never sent."""
    request = Request(
        url="http://ada:pw@h/{{path}}?token=s3cr3t-value",
        headers=(
            NameValue("Authorization", "Bearer {{token}}"),
            NameValue("authorization", "Bearer typed-in", enabled=False),
            NameValue("Cookie", "a=1; b=two"),
            NameValue("X-Api-Key", "{{key}}tail"),
            NameValue("X", "s3cr3t-value"),
        ),
        auth=Bearer(token="{{token}}"),
        asserts=(Assertion(Status(), "==", 12345), Assertion(Status(), "==", 200)),
    )
    masked = masked_request(request, frozenset({"s3cr3t-value", "12345"}))
    assert masked.url == "http://ada:•••@h/{{path}}?token=•••"
    assert [row.value for row in masked.headers] == [
        "Bearer {{token}}",
        "Bearer •••",
        "a=•••; b=•••",
        "{{key}}•••",
        "•••",
    ]
    assert masked.auth == request.auth
    assert [one.value for one in masked.asserts] == ["•••", 200]


def test_nothing_is_masked_where_there_is_nothing_to_hide() -> None:
    """A request without credentials comes back as it was, and common words are no secrets."""
    request = Request(url="http://h/{{x}}", headers=(NameValue("Accept", "*/*"),), body=Json(content="{}"))
    assert masked_request(request, frozenset()) == request
    exchange = exchange_of(sent=((b"Cookie", b"theme=dark; a=true"), (b"Authorization", b"Basic ???")))
    assert secrets_of(exchange) == {"???"}


def test_a_body_is_masked_across_its_pieces() -> None:
    """Wherever in a long body a secret stands, and however many times, it is gone and the rest is whole."""
    from tui_client.history.bodies import _PIECE, Hidden, _masked_pieces

    secret = "a-long-secret-value"
    for offset in range(-25, 6, 3):
        body = b"." * (_PIECE + offset) + secret.encode() * 3 + b"," * 1000
        masked = b"".join(_masked_pieces(BytesBody(body), Hidden(frozenset({secret})), 1 << 30))
        assert masked.replace("•••".encode(), b"") == b"." * (_PIECE + offset) + b"," * 1000
        cut = b"".join(_masked_pieces(BytesBody(body), Hidden(frozenset({secret})), _PIECE))
        assert b"a-long" not in cut and secret.encode()[-6:] not in cut


def test_a_body_of_nothing_but_secrets_is_cut_at_once(tmp_path: Path) -> None:
    """A server may set a cookie "aaaaaaaa" and send megabytes of "a": it holds up nobody, and nothing of it is kept."""
    from tui_client.history.bodies import _PIECE, Hidden, write_body

    begun = time.process_time()
    body = BytesBody(b"." * _PIECE + b"a" * 5_000_000)
    kept = write_body(tmp_path, body, Hidden(frozenset({"aaaaaaaa"})), 1 << 30)
    assert time.process_time() - begun < 3
    assert kept.cut and b"a" not in (tmp_path / kept.name).read_bytes()


def test_a_body_that_got_shorter_is_cut(tmp_path: Path) -> None:
    """Where the file of a reply was cut by someone, the entry does not say that it is whole."""
    from tui_client.history.bodies import Hidden, write_body

    class Shrunk:
        size = 200_000
        path = None

        def read(self, start: int = 0, length: int | None = None) -> bytes:
            return b"x" * max(0, min(length or self.size, 100_000 - start))

    for secrets in (frozenset[str](), frozenset({"a-secret"})):
        assert write_body(tmp_path, Shrunk(), Hidden(secrets), 1 << 30).cut


@pytest.mark.parametrize("charset", ["cp037", "utf-32", "koi8-r", "gb18030", "shift_jis"])
@pytest.mark.parametrize("size", [0, 100_000])
def test_it_is_masked_in_the_charset_of_the_body(tmp_path: Path, charset: str, size: int) -> None:
    """What the body's charset makes of the bytes that are kept shows no secret."""
    secret = "canary-abc" if charset == "cp037" else "канарейка"
    came = ((b"Content-Type", f"text/plain; charset={charset}".encode()),)
    body = f"echo {secret} {'.' * size} {secret}".encode(charset)
    history = History(tmp_path / "history")
    history.record(
        exchange_of(body, came=came, secrets=frozenset({secret})), Request(), key="", root="", environment=""
    )
    history._writer.wait(5)
    response = history.load(1).exchange.response
    assert response is not None and response.body.size > size
    assert secret not in decode_body(response.body.read(), f"text/plain; charset={charset}").text
    assert history.search(secret) == () and history.recent() != ()
    history.close()


def test_a_key_for_a_user_is_a_secret() -> None:
    """Basic auth without a password proves itself by the name of the user."""
    header = base64.b64encode(b"sk_live_canary:")
    assert "sk_live_canary" in secrets_of(exchange_of(sent=((b"Authorization", b"Basic " + header),)))
    named = base64.b64encode(b"adalovelace:secret-word")
    assert "adalovelace" not in secrets_of(exchange_of(sent=((b"Authorization", b"Basic " + named),)))
