"""No control sign gets out of its line: wherever it is put, the request is refused, or the sign is encoded."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http.engine.test_journeys import reply, router
from tui_client.errors import FailureKind, RequestFailed
from tui_client.http.h1.head import request_head
from tui_client.http.prepare import prepare
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.effective import EffectiveRequest, Layer, ResolvedRequest, Scope
from tui_client.model.request import NameValue
from tui_client.model.variables import Constant
from tui_client.template import resolve

EVIL = "a{{evil}}b"
URL = "http://127.0.0.1:1/x"
K = FailureKind
# Where the sign would stand in a line of the head, or of a part's head.
REFUSED = {
    "method": ({"method": EVIL}, K.METHOD_INVALID),
    "url": ({"url": f"{URL}{EVIL}"}, K.URL_INVALID),
    "host": ({"url": f"http://{EVIL}/"}, K.URL_INVALID),
    "header value": ({"headers": (NameValue("X-A", EVIL),)}, K.HEADER_INVALID),
    "header name": ({"headers": (NameValue(EVIL, "x"),)}, K.HEADER_INVALID),
    "typed cookie": ({"headers": (NameValue("Cookie", EVIL),)}, K.HEADER_INVALID),
    "typed Host": ({"headers": (NameValue("Host", EVIL),)}, K.HEADER_INVALID),
    "content type": ({"headers": (NameValue("Content-Type", EVIL),)}, K.HEADER_INVALID),
    "media type": ({"body": Text(content="x", media_type=EVIL)}, K.BODY_INVALID),
    "media type of a file": ({"body": File(path="x", media_type=EVIL)}, K.BODY_INVALID),
    "path of a file": ({"body": File(path=EVIL)}, K.BODY_INVALID),
    "part name": ({"body": Multipart((Part(EVIL, "x"),))}, K.BODY_INVALID),
    "part file name": ({"body": Multipart((Part("a", "x", filename=EVIL),))}, K.BODY_INVALID),
    "part type": ({"body": Multipart((Part("a", "x", type=EVIL),))}, K.BODY_INVALID),
    "part file": ({"body": Multipart((Part("a", file=EVIL),))}, K.BODY_INVALID),
    "user": ({"auth": Basic(EVIL, "x")}, K.HEADER_INVALID),
    "password": ({"auth": Basic("me", EVIL)}, K.HEADER_INVALID),
    "token": ({"auth": Bearer(EVIL)}, K.HEADER_INVALID),
    "digest user": ({"auth": Digest(EVIL, "x")}, K.HEADER_INVALID),
    "key": ({"auth": ApiKey(value=EVIL)}, K.HEADER_INVALID),
    "key's name": ({"auth": ApiKey(name=EVIL, value="x")}, K.HEADER_INVALID),
    "key in cookie": ({"auth": ApiKey(value=EVIL, place="cookie")}, K.HEADER_INVALID),
    "token URL": ({"auth": OAuth2(token_url=EVIL)}, K.HEADER_INVALID),
    "client": ({"auth": OAuth2(client_id=EVIL)}, K.HEADER_INVALID),
}
# Where it is data, and encoded.
ENCODED = {
    "query": {"params": (NameValue("q", EVIL), NameValue(EVIL, "x"))},
    "path": {"url": "http://127.0.0.1:1/{id}", "path": (NameValue("id", EVIL),)},
    "form": {"method": "POST", "body": Form((NameValue(EVIL, EVIL),))},
}
CONTROLS = st.sampled_from([chr(code) for code in (*range(9), *range(10, 32), 127)])


def effective(sign: str, **parts: object) -> EffectiveRequest:
    """A request whose variable `evil` brings the sign."""
    scope = Scope((Layer("env", {"evil": Constant(sign)}),))
    return EffectiveRequest(**{"key": "k", "name": "K", "method": "GET", "url": URL, "scope": scope, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(("parts", "kind"), REFUSED.values(), ids=REFUSED)
@given(sign=CONTROLS)
def test_the_variable_that_brings_a_control_sign_is_named(
    parts: dict[str, object], kind: FailureKind, sign: str
) -> None:
    """In every line of a request: refused before anything is sent, with the variable and its place."""
    request = effective(sign, **parts)
    with pytest.raises(RequestFailed) as caught:
        resolve(request, request.scope)
    failure = caught.value.failure
    assert failure.kind is kind
    assert failure.detail.startswith("evil brings ")
    assert failure.place.startswith("k: $.")


@given(sign=st.sampled_from("\r\n\0\x1b"))
def test_a_base_url_that_brings_one_is_named(sign: str) -> None:
    """As the variable that the request's own URL stands on."""
    layer = Layer("env", {"base_url": Constant("http://a{{evil}}b.test"), "evil": Constant(sign)})
    request = msgspec.structs.replace(effective(sign, url="/x"), scope=Scope((layer,)))
    with pytest.raises(RequestFailed) as caught:
        resolve(request, request.scope)
    assert caught.value.failure.kind is K.URL_INVALID
    assert caught.value.failure.detail.startswith("base_url brings ")


@pytest.mark.parametrize("parts", ENCODED.values(), ids=ENCODED)
@given(sign=CONTROLS)
def test_where_a_control_sign_is_data_it_is_encoded(parts: dict[str, object], sign: str) -> None:
    """A query, a path parameter and a form carry it as %0A, never as itself."""
    request = effective(sign, **parts)
    prepared = prepare(resolve(request, request.scope), str, environ={})  # type: ignore[arg-type]  # no file
    code = f"%{ord(sign):02X}".encode()
    carried = prepared.target + b"".join(segment for segment in prepared.body.segments if isinstance(segment, bytes))
    assert code in carried
    assert sign.encode() not in carried
    request_head(prepared.method, prepared.target, prepared.headers)


UNRESOLVED = {
    "method": {"method": "G\nT"},
    "url": {"url": f"{URL}\r\nX: 1"},
    "header": {"headers": (("X", "a\r\nY: 1"),)},
    "header name": {"headers": (("X\r\nY", "a"),)},
    "cookie": {"headers": (("Cookie", "a=1\nb"),)},
    "media type": {"method": "POST", "body": Text(content="x", media_type="text/plain\r\nX: 1")},
    "part name": {"method": "POST", "body": Multipart((Part('a"\r\nX: 1', "x"),))},
    "authorities": {"url": "https://127.0.0.1:1/", "ca": "a\0b"},
    "certificate": {"url": "https://127.0.0.1:1/", "client_cert": "a\0b"},
    "proxy": {"proxy": "http://a\nb:1"},
    "path of a file": {"method": "POST", "body": File(path="a\0b")},
    "part's file": {"method": "POST", "body": Multipart((Part("a", file="a\0b"),))},
    "token": {"auth": Bearer("a\r\nX: 1")},
    "digest": {"auth": Digest("a\nb", "x")},
    "key": {"auth": ApiKey(value="a\r\nX: 1")},
    "key in query": {"auth": ApiKey(value="a\r\nX: 1", place="query")},
    "key in cookie": {"auth": ApiKey(value="a\r\nX: 1", place="cookie")},
}


@pytest.mark.parametrize("parts", UNRESOLVED.values(), ids=UNRESOLVED)
async def test_what_has_no_template_is_refused_as_well(explore, serve, parts) -> None:  # type: ignore[no-untyped-def]
    """Whoever made the request: nothing is sent, not even a connection is opened."""
    wire = await serve(router(lambda head, body: reply("200 OK")))
    request = {"url": wire.url(), **parts}
    request["url"] = str(request["url"]).replace("http://127.0.0.1:1", wire.url(""))
    try:
        failure = (await explore(request.pop("url"), **request)).failure
    except RequestFailed as error:
        failure = error.failure
    assert failure is not None
    assert failure.kind.value.endswith(".invalid") or failure.kind is K.FILE_MISSING
    assert wire.accepted == 0


def test_a_resolved_request_is_what_prepare_takes() -> None:
    """The places above are all that a request has."""
    assert set(ResolvedRequest.__struct_fields__) == {
        "key", "method", "url", "headers", "body", "auth", "options", "captures", "asserts", "secrets",
    }  # fmt: skip
