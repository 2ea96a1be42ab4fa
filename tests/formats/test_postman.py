"""Postman's collections, environments and globals become ours; what does not is in the report."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fuzzing import Spent, bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, FoundCollection, FoundRequest, Outcome
from tui_client.formats.postman import IMPORTER, read_postman
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.collection import Collection, Surroundings
from tui_client.model.effective import inherited_auth
from tui_client.model.kinds import Auth
from tui_client.model.request import NameValue
from tui_client.model.variables import Constant, Secret

GOLDEN = Path(__file__).parent / "golden" / "postman"
SHOP = "shop.postman_collection.json"


def golden(name: str) -> Found:
    return read_postman((GOLDEN / name).read_bytes(), name=name)


def collection_of(*items: Any, **more: Any) -> Found:
    return read_postman(json.dumps({"info": {"name": "C"}, "item": items, **more}).encode())


def request_of(request: Any, **more: Any) -> FoundRequest:
    (found,) = collection_of({"name": "R", "request": request, **more}).collections[0].requests
    return found


def lines(found: Found, outcome: Outcome) -> list[tuple[str, str]]:
    return [(line.origin, line.construct) for line in found.report if line.outcome is outcome]


def effective(collection: FoundCollection, found: FoundRequest) -> Auth | None:
    """The auth that is in force, as a request of a written collection inherits it."""
    if found.request.auth is not None:
        return found.request.auth
    around = tuple(f.shared for f in collection.folders if f.path == found.folder[: len(f.path)])
    return inherited_auth(Surroundings(Collection(id="c", root=collection.shared), around))[0]


def test_a_collection_keeps_its_tree_its_order_and_requests_of_one_name() -> None:
    """Folders, empty ones too, and requests stand as in Postman, two of the same name both."""
    (shop,) = golden(SHOP).collections
    assert (shop.title, shop.shared.description) == ("Shop API", "Everything the *shop* can do.")
    assert [folder.path for folder in shop.folders] == [("Users",), ("Users", "Admin"), ("Upload",), ("Empty",)]
    assert [(*found.folder, found.request.name) for found in shop.requests] == [
        ("Sign in",),
        ("Users", "Admin", "Purge cache"),
        ("Users", "Get user"),
        ("Users", "Get user"),
        ("Upload", "Photo"),
        ("Upload", "Form"),
        ("Upload", "Query"),
        ("Upload", "Blob"),
    ]
    assert [found.request.method for found in shop.requests][1:4] == ["PURGE", "GET", "LINK"]


def test_every_request_has_the_auth_that_postman_would_use() -> None:
    """The nearest of request, folder and collection counts; noauth ends the search, an unknown one inherits nothing."""
    (shop,) = golden(SHOP).collections
    assert [effective(shop, found) for found in shop.requests] == [
        NoAuth(),
        ApiKey("X-Admin", "{{adminKey}}", "header"),
        Basic("ann", "{{password}}"),
        NoAuth(),
        *[Bearer("{{token}}")] * 4,
    ]
    assert [found.request.auth is None for found in shop.requests] == [False, True, True, False, *[True] * 4]


def test_an_auth_we_have_not_is_described_without_its_secrets() -> None:
    """The fields of a dropped auth stand in the description, a key of it does not."""
    found = golden(SHOP)
    request = found.collections[0].requests[3].request
    assert "hawk" in request.description and "sha256" in request.description and "authId me" in request.description
    assert "hush" not in request.description
    assert ("Users / Get user", "auth: hawk") in lines(found, Outcome.DROPPED)


def test_rows_keep_order_repeats_disabled_flags_and_descriptions() -> None:
    """Query, headers, form fields and path variables are rows as they were."""
    found = golden(SHOP).collections[0].requests
    user = found[2].request
    assert user.url == "{{baseUrl}}/users/:id"
    assert user.params == (
        NameValue("expand", "team"),
        NameValue("expand", "roles", description="twice"),
        NameValue("page", "{{page}}"),
        NameValue("off", "1", enabled=False),
    )
    assert user.path == (NameValue("id", "{{userId}}", description="Its id"),)
    assert user.headers == (
        NameValue("Accept", "application/json"),
        NameValue("X-Debug", "1", enabled=False, description="only by hand"),
    )
    assert found[5].request.body == Form((NameValue("a", "1"), NameValue("a", "2", enabled=False, description="again")))


def test_bodies_become_ours() -> None:
    """Each mode has its kind; JSON outside of strings stays what Postman would put there."""
    sign_in, _, user, _, photo, _, query, blob = (each.request.body for each in golden(SHOP).collections[0].requests)
    assert isinstance(sign_in, Json)
    assert '"user": "{{user}}"' in sign_in.content
    assert '"attempts": {{json(attempts)}}' in sign_in.content
    assert '"at": {{timestamp()}}' in sign_in.content
    assert user == Text("hello", "text/plain")
    assert photo == Multipart(
        (
            Part("title", "Me", type="text/plain"),
            Part("photo", file="/home/ann/me.png"),
            Part("pages", file="a.pdf", enabled=False),
            Part("pages", file="b.pdf", enabled=False),
            Part("later", enabled=False),
        )
    )
    one = "query One($id: ID!) { user(id: $id) { name } }"
    assert query == GraphQL(one, '{"id": {{json(userId)}}}')
    assert blob == File("/data/blob.bin")


def test_settings_become_options_and_certificates_stay_verified() -> None:
    """Redirects are options; switching off verification, a proxy and saved examples are reported."""
    found = golden(SHOP)
    options = found.collections[0].requests[1].request.options
    assert (options.follow_redirects, options.max_redirects, options.verify) == (False, 3, None)
    dropped = lines(found, Outcome.DROPPED)
    assert ("Users / Admin / Purge cache", "strictSSL: false") in dropped
    assert ("Upload / Blob", "proxy proxy.local:8080") in dropped
    assert [line.why for line in found.report if line.construct == "saved examples"] == ["2 of them are left out"]


def test_scripts_are_kept_where_they_stand_or_wholly_become_checks() -> None:
    """A script that says more than we can check is kept as it is, at its request, folder or collection."""
    found = golden(SHOP)
    (shop,) = found.collections
    assert [(script.phase, script.language) for script in shop.requests[3].scripts] == [
        ("pre-request", "javascript"),
        ("test", "javascript"),
    ]
    assert not shop.requests[3].request.asserts
    assert [script.phase for script in shop.folders[0].scripts] == ["pre-request"]
    assert [script.phase for script in shop.scripts] == ["test"]
    signed = shop.requests[0]
    assert not signed.scripts
    assert [capture.name for capture in signed.request.captures] == ["token"]
    assert len(lines(found, Outcome.KEPT)) == 4


def test_variables_keep_their_values_and_secret_ones_are_apart() -> None:
    """A disabled variable is reported; a secret one goes where git ignores it."""
    found = golden(SHOP)
    (shop,) = found.collections
    assert shop.shared.variables == {"baseUrl": Constant("https://api.example.com/v1"), "page": Constant(1)}
    (environment,) = shop.environments
    assert environment.variables == {"password": Secret()}
    assert shop.secrets == {environment.name: {"password": "hush"}}
    assert ("Shop API", "variable old") in lines(found, Outcome.DROPPED)


def test_version_2_0_says_the_same_in_other_shapes() -> None:
    """Auth as an object, headers as text, URLs and requests as text."""
    (old,) = golden("old.postman_collection.json").collections
    listed, soap, plain = (found.request for found in old.requests)
    assert listed.auth == Basic("ann", "{{password}}")
    assert (listed.url, listed.params, listed.body) == ("{{host}}/orders", (NameValue("status", "open"),), None)
    assert soap.url == "http://soap.example.com/v1/list"
    assert soap.headers == (
        NameValue("SOAPAction", "urn:list"),
        NameValue("Content-Type", "text/xml; charset=utf-8"),
    )
    assert soap.body == Text("<list>{{what}}</list>", "text/plain")
    assert (plain.method, plain.url) == ("GET", "https://example.com/ping")
    assert old.shared.auth == OAuth2(
        token_url="https://auth.example.com/token",
        client_id="{{id}}",
        client_secret="{{secret}}",
        scope="read",
        client_auth="body",
    )


def test_environments_and_globals_are_collections_without_requests() -> None:
    """Their variables are an environment; secret values are apart; a name we can't have is changed and reported."""
    found = golden("local.postman_environment.json")
    (local,) = found.collections
    assert (local.requests, local.environments[0].name) == ((), "Local")
    assert local.environments[0].variables == {
        "baseUrl": Constant("http://127.0.0.1:8000"),
        "api_key": Secret(),
        "authHost": Constant("localhost:9000"),
    }
    assert lines(found, Outcome.APPROXIMATED) == [("Local", "variable authHost")]
    assert local.secrets == {"Local": {"api_key": "s3cret"}}
    assert ("Local", "variable unused") in lines(found, Outcome.DROPPED)
    (shared,) = golden("workspace.postman_globals.json").collections
    assert shared.environments[0].variables == {"greeting": Constant("hello {{name}}")}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_other_encodings_and_the_wrapper_of_the_api_are_read(encoding: str) -> None:
    """A byte order mark, UTF-16 and {"collection": …} change nothing."""
    plain = (GOLDEN / SHOP).read_text()
    wrapped = f'{{"collection": {plain}}}'
    assert read_postman(wrapped.encode(encoding)) == golden(SHOP)
    assert IMPORTER.recognises(Source("x", wrapped.encode(encoding)))


@pytest.mark.parametrize("sample", sorted(GOLDEN.iterdir()), ids=lambda path: path.name)
def test_each_sample_is_recognised(sample: Path) -> None:
    """By what stands in it, whatever its name."""
    assert IMPORTER.recognises(Source("-", sample.read_bytes()))


def test_samples_of_others_are_not_recognised() -> None:
    """A file of another format is left to it."""
    others = [path for path in GOLDEN.parent.glob("*/*") if path.is_file() and path.parent != GOLDEN]
    assert [path for path in others if IMPORTER.recognises(Source(path.name, path.read_bytes()))] == []


@pytest.mark.parametrize(
    ("url", "made", "params"),
    [
        ("example.com/a", "http://example.com/a", ()),
        ("localhost:80/a?x=1", "http://localhost:80/a", (NameValue("x", "1"),)),
        ("{{h}}/a?x=a%20b", "{{h}}/a", (NameValue("x", "a b"),)),
        ("{{h}}/a?flag&x=1", "{{h}}/a?flag", (NameValue("x", "1"),)),
        ("{{h}}/a?x=1&t=a+b", "{{h}}/a?x=1&t=a+b", ()),
        ("{{h}}/a?t=%zz#top", "{{h}}/a?t=%zz#top", ()),
        ({"raw": "{{h}}/a?x=1"}, "{{h}}/a", (NameValue("x", "1"),)),
        ({"raw": "http://other/", "protocol": "https", "host": ["h", "x"], "path": ["a"]}, "https://h.x/a", ()),
        ("", "", ()),
        (None, "", ()),
    ],
)
def test_urls_send_what_postman_sends(url: Any, made: str, params: tuple[NameValue, ...]) -> None:
    """A parameter is a row where that sends the same bytes; else it stays in the URL as it was written."""
    request = request_of({"method": "GET", "url": url}).request
    assert (request.url, request.params) == (made, params)


def test_parts_that_disagree_with_the_text_are_taken_and_reported() -> None:
    """Postman sends the parts of a URL, whatever its text says."""
    found = collection_of({"request": {"url": {"raw": "http://a/x", "host": ["b"], "path": ["x"]}}})
    assert found.collections[0].requests[0].request.url == "http://b/x"
    assert "url" in [construct for _, construct in lines(found, Outcome.APPROXIMATED)]


def test_the_body_of_a_get_that_postman_would_not_send_is_kept_beside_it() -> None:
    """It is not sent, and not lost either; a disabled body likewise."""
    body = {"mode": "raw", "raw": "x"}
    pruned, off = request_of({"body": body}), request_of({"method": "POST", "body": {**body, "disabled": True}})
    assert (pruned.request.body, off.request.body) == (None, None)
    assert json.loads(pruned.extensions["x-postman"]["body"]) == body
    assert request_of({"method": "POST", "body": body}).request.body == Text("x", "text/plain")


@pytest.mark.parametrize(
    ("auth", "ours"),
    [
        (None, None),
        ({"type": "inherit"}, None),
        ({"type": "digest", "digest": {"username": "a", "password": "b"}}, Digest("a", "b")),
        ({"type": "apikey", "apikey": {"key": "k", "value": "v", "in": "query"}}, ApiKey("k", "v", "query")),
        ({"type": "oauth2", "oauth2": [{"key": "accessToken", "value": "{{t}}"}]}, Bearer("{{t}}")),
        ({"type": "oauth2", "oauth2": [{"key": "grant_type", "value": "implicit"}]}, NoAuth()),
        ({"type": "awsv4", "awsv4": [{"key": "region", "value": "eu"}]}, NoAuth()),
    ],
)  # fmt: skip
def test_auths_become_ours(auth: Any, ours: Auth | None) -> None:
    """What we have is taken over; what we don't have never lets another one be inherited."""
    assert request_of({"auth": auth}).request.auth == ours


def test_what_can_not_be_sent_is_off_or_reported() -> None:
    """A header without a name, a file that was not chosen, a setting that we don't have: none is lost in silence."""
    found = collection_of(
        {
            "request": {
                "method": "POST",
                "header": [{"key": "", "value": "x"}, {"key": "", "value": ""}],
                "body": {
                    "mode": "raw",
                    "raw": '{"a": 1 /* one */, "b": "//"}',
                    "options": {"raw": {"language": "json"}},
                },
                "certificate": {"cert": {"src": "/c.pem"}, "key": {"src": "/k.pem"}},
            },
            "protocolProfileBehavior": {"disabledSystemHeaders": {"user-agent": True}, "disableUrlEncoding": True},
            "variable": [{"key": "v", "value": "1"}],
        },
        {"request": {"method": "POST", "body": {"mode": "file", "file": {"src": ""}}}},
        {"name": "neither"},
    )
    first, second = (each.request for each in found.collections[0].requests)
    assert first.headers == (NameValue("", "x", enabled=False),)
    assert second.body is None
    assert {construct for _, construct in lines(found, Outcome.APPROXIMATED)} == {
        "comments in JSON",
        "header without a name",
    }
    assert [construct.partition(":")[0] for _, construct in lines(found, Outcome.DROPPED)] == [
        "variable v",
        "certificate /c.pem, /k.pem",
        "setting disabledSystemHeaders",
        "setting disableUrlEncoding",
        "body",
        "item",
    ]


@pytest.mark.parametrize("piece", ['"\\"', "{{", "{{a", "//", "%", "\\", "{{$x}}", "a=b&", "/:a"])
def test_long_texts_take_their_time_once(piece: str) -> None:
    """A text of a hundred thousand signs is read in one pass, whatever it repeats."""
    long = piece * (100_000 // len(piece))
    body = {"mode": "raw", "raw": long, "options": {"raw": {"language": "json"}}}
    script = [{"listen": "test", "script": {"exec": [long[:19_999]]}}]
    with Spent():
        request_of({"method": "POST", "url": long, "body": body, "header": [{"key": "a", "value": long}]}, event=script)


def test_line_ends_of_windows_do_not_make_one_line_of_a_file() -> None:
    """JSON, scripts and descriptions have line feeds; other texts keep every byte."""
    options = {"raw": {"language": "json"}}
    script = [{"listen": "prerequest", "script": {"exec": ["a();\r", "b();"]}}]
    raw = {"mode": "raw", "raw": "[\r\n1]"}
    made = request_of({"method": "POST", "body": {**raw, "options": options}, "description": "a\r\nb"}, event=script)
    assert (made.request.body, made.request.description) == (Json("[\n1]"), "a\nb")
    assert made.scripts[0].content == "a();\nb();"
    assert request_of({"method": "POST", "body": raw}).request.body == Text("[\r\n1]", "text/plain")


def test_folders_of_one_name_stay_apart() -> None:
    """Two folders of the same name may have different auth; the second gets a number, and that is reported."""
    folder = {"name": "A", "item": [{"name": "R", "request": "http://h/"}]}
    found = collection_of(folder, {**folder, "auth": {"type": "noauth"}})
    assert [each.folder for each in found.collections[0].requests] == [("A",), ("A (2)",)]
    assert ("A (2)", "folder") in lines(found, Outcome.IMPORTED)


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("{{$guid}}{{$randomInt}}", "{{uuid()}}{{random_int(0, 1000)}}"),
        ("{{ my name }}", "{{my_name}}"),
        ("{{$randomCity}}", "{{_randomCity}}"),
        ("{{vault:key}}", "{{vault_key}}"),
        ("{{{a}}}", "{{{a}}}"),
        ("{{}} {{", "{{'{{'}}}} {{'{{'}}"),
    ],
)
def test_variables_become_ours(written: str, ours: str) -> None:
    """Functions that mean the same become ours; the braces of nothing stay text."""
    assert request_of({"header": [{"key": "a", "value": written}]}).request.headers[0].value == ours


@pytest.mark.parametrize("document", [b"[]", b"{}", b'{"item": 1}', b'{"name": "x", "requests": []}', b"nonsense"])
def test_what_is_no_collection_is_refused(document: bytes) -> None:
    """With a reason, and with nothing but a FormatError."""
    with pytest.raises(FormatError):
        read_postman(document)


def test_folders_that_nest_without_end_are_refused() -> None:
    """A thousand folders in each other are no collection."""
    with pytest.raises(FormatError):
        read_postman(b'{"info": {}, "item": [' + b'{"item": [' * 190 + b"]}" * 190 + b"]}")


@bad_inputs(120, mutated(st.sampled_from([path.read_bytes() for path in sorted(GOLDEN.iterdir())])))
def test_damage_is_read_or_refused(document: bytes) -> None:
    """Whatever became of a file, it is read, or refused with a FormatError."""
    IMPORTER.recognises(Source("x", document))
    with suppress(FormatError):
        read_postman(document)
