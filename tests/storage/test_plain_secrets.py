"""Secrets that stand in plain are found where they stand, and little else is."""

from __future__ import annotations

import base64
import csv
import io
import json
import random
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.storage.plain_secrets import PlainSecret, secrets_in
from tui_client.storage.secret_shapes import entropy, is_ordinary, is_secret_name, looks_random

ROOT = Path(__file__).parents[2]
_DICE = random.Random(7)
_SIGNS = string.ascii_letters + string.digits


def _made(length: int, signs: str = _SIGNS) -> str:
    return "".join(_DICE.choice(signs) for _ in range(length))


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


# Put together here, so that no scanner takes this file for a leak.
TOKENS = {
    "an AWS access key": "AKIA" + _made(16, string.ascii_uppercase + string.digits),
    "a GitHub token": "ghp" + "_" + _made(36),
    "a GitLab token": "glpat" + "-" + _made(20),
    "a Slack token": "xoxb" + "-" + "-".join((_made(12, string.digits), _made(24))),
    "a Stripe key": "sk" + "_live_" + _made(24),
    "a Google API key": "AIza" + _made(35),
    "an Anthropic key": "sk" + "-ant-" + _made(40),
    "an OpenAI key": "sk" + "-proj-" + _made(40),
    "an npm token": "npm" + "_" + _made(36),
    "a PyPI token": "pypi" + "-" + _made(80),
    "a SendGrid key": f"SG.{_made(22)}.{_made(43)}",
    "a Twilio key": "SK" + _made(32, "0123456789abcdef"),
    "a JSON web token": f"{_part({'alg': 'HS256'})}.{_part({'sub': 'ann', 'n': 1})}.{_made(43)}",
    "a private key": "-----BEGIN RSA PRIVATE" + " KEY-----",
    "a password in a URL": "Tulip7Garden",
    "a bearer token": _made(40),
    "a user and a password": base64.b64encode(b"ann:Tulip7Garden").decode(),
    "what looks like a secret": _made(24),
}
WITHIN = {
    "a password in a URL": 'proxy = "http://ann:%s@proxy.test:3128"',
    "a bearer token": 'Authorization = "Bearer %s"',
    "a user and a password": 'Authorization = "Basic %s"',
    "what looks like a secret": 'X-Api-Key = "%s"',
}
MORE = ("github_pat" + "_" + _made(40), "gho" + "_" + _made(36), "rk" + "_live_" + _made(24), "sk" + "-" + _made(48))


@pytest.mark.parametrize("what", TOKENS)
def test_a_token_of_a_known_shape_is_found_in_every_kind_of_file(what: str) -> None:
    """With its place; nothing that is told holds the value, or more than four signs of its prefix."""
    value = TOKENS[what]
    line = WITHIN.get(what, 'X-Thing = "%s"') % value
    texts = {
        "a.toml": f'# é\nurl = "/"\n[headers]\n{line}\n',
        "b.toml": f"broken = = \n\n\n{line}\n",
    }
    if what != "what looks like a secret":
        bare = line.replace('"', "")
        quoted = json.dumps({"x": bare.partition(" = ")[2]})
        texts |= {"c.csv": f"a,b\n1,2\n\n{bare},x\n", "d.jsonl": f"{{}}\n{{}}\n{{}}\n{quoted}"}
    for name, text in texts.items():
        (found,) = secrets_in(name, text)
        assert (found.what, found.line) == (what, 4), name
        assert text.splitlines()[3][found.column - 1 :].startswith(value), name
        assert value not in repr(found) and value[5:12] not in found.words
        assert value.startswith(found.shown) and len(found.shown) <= 4
    (found,) = secrets_in("a.toml", texts["a.toml"])
    assert found.toml_path.startswith("$.headers.") and found.words.startswith(what)


@pytest.mark.parametrize("value", MORE)
def test_other_tokens_of_the_same_makers_are_found(value: str) -> None:
    """Wherever they stand, in comments too."""
    assert len(secrets_in("a.toml", f"# was: {value}\nurl = '/'\n")) == 1


SECRET = TOKENS["what looks like a secret"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (f'[variables]\napi_token = "{SECRET}"\n', "$.variables.api_token"),
        (f'[variables]\ntoken = {{ options = ["{SECRET}"] }}\n', "$.variables.token.options[0]"),
        (f'[headers]\nX-API-Key = {{ value = "{SECRET}", enabled = false }}\n', "$.headers.X-API-Key.value"),
        (f'headers = [["X-B", "1"], ["X-Auth-Token", "{SECRET}"]]\n', "$.headers[1][1]"),
        (f'headers = [{{ name = "apikey", value = "{SECRET}" }}]\n', "$.headers[0].value"),
        (f'[headers]\nAuthorization = "Token {SECRET}"\n', "$.headers.Authorization"),
        (f'[headers]\nCookie = "theme=dark; sid={SECRET}"\n', "$.headers.Cookie"),
        (f'[auth]\nkind = "api_key"\nname = "q"\nvalue = "{SECRET}"\n', "$.auth.value"),
        (f'[auth]\nkind = "oauth2"\nclient_secret = "{SECRET}"\n', "$.auth.client_secret"),
        (f'url = "https://a.test/x?page=2&access_token={SECRET}"\n', "$.url"),
        (f"[body]\nkind = 'json'\ncontent = '''\n{{\n  \"clientSecret\": \"{SECRET}\"\n}}\n'''\n", "$.body.content"),
        (f'[body]\ncontent = "{{\\"password\\": \\"{SECRET}\\"}}"\n', "$.body.content"),
        (f'[body]\nkind = "text"\ncontent = "user=ann&password={SECRET}&x=1"\n', "$.body.content"),
    ],
)
def test_a_value_under_the_name_of_a_secret_is_found(text: str, path: str) -> None:
    """In every way to write a row, in bodies and queries; where it begins, to the letter."""
    (found,) = secrets_in("a.toml", text)
    assert (found.toml_path, found.what, found.shown) == (path, "what looks like a secret", "")
    line = text.splitlines()[found.line - 1]
    assert SECRET in line[found.column - 1 :] and found.column <= line.index(SECRET) + 1
    assert not secrets_in("a.toml", text.replace(SECRET, "{{api_token}}"))


def test_columns_of_data_are_told_once() -> None:
    """A thousand rows are one warning with a count; JSON says the name once too."""
    rows = [(f"ann{n}", f"{_made(10)}7{_made(10)}") for n in range(1000)]
    out = io.StringIO()
    csv.writer(out).writerows([("name", "Password"), *rows])
    (found,) = secrets_in("users.csv", out.getvalue())
    assert (found.line, found.column, found.more) == (2, 6, 999)
    text = "\n".join(json.dumps({"name": name, "api_key": value}) for name, value in rows)
    (found,) = secrets_in("users.jsonl", text)
    assert (found.line, found.more) == (1, 999)
    assert "and 999 more like it" in found.words


def test_the_samples_give_no_noise() -> None:
    """Nothing in the sample collections, nor in any sample of the documents."""
    looked = 0
    for path in sorted(ROOT.glob("collections/**/*.*")):
        assert secrets_in(path.name, path.read_text(encoding="utf-8", errors="replace")) == (), path
        looked += 1
    for path in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        for language, sample in re.findall(r"```(\w*)\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            assert secrets_in(f"sample.{language or 'txt'}", sample) == (), (path, sample)
            looked += 1
    assert looked > 70


@pytest.mark.parametrize(
    "text",
    [
        *(f'[auth]\ntoken = "{value}"\n' for value in ("changeme", "xxxxxxxxxxxx", "your-token-here", "<your token>")),
        *(
            f'[auth]\npassword = "{value}"\n'
            for value in ("example-password-1", "correct-horse-battery", "hunter22", "")
        ),
        *(f'[variables]\nsecret = "{value}"\n' for value in ("12345678901234567890", "aaaaaaaaaaaa1B", "s", "…………")),
        '[variables]\nid = "550e8400-e29b-41d4-a716-446655440000"\nsha256 = "' + "9f86d081884c7d65" * 4 + '"\n',
        '[[assert]]\nquery = "json"\nexpr = "$.token"\nop = "=="\nvalue = "' + "9f86d081884c7d65" * 4 + '"\n',
        '[capture.access_token]\nquery = "json"\nexpr = "$.data.accessToken2F4a9"\n',
        '[auth]\ntoken_url = "https://auth.example.com/oauth2/v1/token"\ntoken = "{{login.token}}"\n',
        '[params]\npage_token = "' + SECRET + '"\n',
        '[headers]\nX-Api-Key-Name = "X-Amz-Security-Token"\nAccept = "application/vnd.github+json"\n',
        '[options]\nproxy = "http://user:password@proxy:3128"\n',
        '[headers]\nAuthorization = "Bearer {{token}}"\nX-A = "Basic realm"\n',
        "[headers]\nX-Doc = 'AKIA" + "IOSFODNN7EXAMPLE'\n",
        'description = "The token is sent as Authorization: Bearer …; see sk-learn-based-recommendation"\n',
        'token = { from = "auth/login", max_age = "50m" }\npassword = { secret = true }\n',
    ],
)
def test_what_is_no_secret_gives_no_noise(text: str) -> None:
    """Placeholders, words, numbers, ids, hashes in asserts, templates, addresses, names of secrets."""
    assert secrets_in("a.toml", text) == ()
    assert secrets_in("a.toml", f"= broken\n{text}") == () or "9f86d081" in text or "2F4a9" in text


@pytest.mark.parametrize(
    "name", ["X-API-Key", "clientSecret", "AUTH_TOKEN", "password", "db.passwd", "apikey", "accessKey"]
)
def test_names_of_secrets(name: str) -> None:
    """In every way to write names."""
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["token_url", "tokenType", "key", "id", "page_token", "password_field", "monkey", "", "é"]
)
def test_names_of_other_things(name: str) -> None:
    """Also where a word of secrets is a part of them."""
    assert not is_secret_name(name)


@pytest.mark.parametrize("length", [16, 24, 32, 48, 64])
@pytest.mark.parametrize("signs", [_SIGNS, string.ascii_lowercase + string.digits, "0123456789abcdef", f"{_SIGNS}+/"])
def test_nearly_all_that_dice_made_is_found(length: int, signs: str) -> None:
    """Of two hundred tokens of sixteen signs and more, four at most go unseen; of names made of words, none is told."""
    dice = random.Random(length)
    made = ["".join(dice.choices(signs, k=length)) for _ in range(200)]
    assert sum(map(looks_random, made)) >= 196
    words = ["orange", "River", "TABLE", "seven", "2024", "userName", "v2"]
    assert not any(looks_random("-".join(dice.choices(words, k=5))) for _ in range(200))


def test_entropy_is_shannons() -> None:
    """Bits a character."""
    assert entropy("aaaa") == 0
    assert entropy("abcdabcd") == 2
    assert is_ordinary("/auth/v2/accessToken") and not is_ordinary("kJhGfDsAqWeRtY")


@given(st.text(max_size=400) | st.text(alphabet="ab=:\"'-_.[]{}\n #ghp_sk-eyJ0@/", max_size=400))
@settings(max_examples=150)
def test_any_text_can_be_looked_through(text: str) -> None:
    """In every kind of file, without an error; what is told stands inside the text."""
    for name in ("a.toml", "a.csv", "a.tsv", "a.json", "a.jsonl"):
        for found in secrets_in(name, text):
            assert isinstance(found, PlainSecret)
            assert 1 <= found.line <= text.count("\n") + 1
            assert found.column >= 1
