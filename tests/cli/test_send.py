"""`tui-client send`: what it sends, prints and says to the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_client.cli.send_text import save_body
from tui_client.errors import SaveFailed
from tui_client.model.exchange import BytesBody

Cli = Callable[..., Any]
Shop = Callable[..., Path]

LIST = 'url = "/users"\n[[assert]]\nquery = "status"\nop = "=="\nvalue = 200\n'
KEYS = ["request", "response", "timing_ms", "tls", "redirects", "checks", "captures", "error"]


def test_json_has_exactly_the_documented_keys(cli: Cli, shop: Shop, demo_url: str) -> None:
    """Programs find the same shape in every release."""
    shop({"users/list": LIST + '[capture.total]\nquery = "status"\n'})
    ran = cli("send", "users/list", "--json")
    assert ran.code == 0
    found = ran.json
    assert list(found) == KEYS
    assert list(found["request"]) == ["method", "url", "headers", "body_bytes"]
    assert list(found["response"]) == ["status", "reason", "http_version", "headers", "body_bytes", "complete"]
    assert list(found["timing_ms"]) == ["dns", "connect", "tls", "send", "wait", "receive", "total"]
    assert found["request"]["url"] == f"{demo_url}/users"
    assert found["response"]["status"] == 200 and found["response"]["complete"] is True
    assert found["timing_ms"]["tls"] is None and found["timing_ms"]["total"] > 0
    check = {"query": "status", "expr": "", "op": "==", "value": 200, "actual": 200, "passed": True}
    assert found["checks"] == [check]
    assert found["captures"] == {"total": 200}
    assert found["error"] is None and found["redirects"] == [] and found["tls"] is None


@pytest.mark.parametrize(
    ("text", "arguments", "kind", "code"),
    [
        ('url = "/{{nobody}}"\n', (), "template.unknown_variable", 4),
        ("url = \n", (), "collection.file", 3),
        ('url = "http://127.0.0.1:9/"\n', (), "connect.refused", 4),
        ('url = "/x"\n[body]\nkind = "file"\npath = "none.bin"\n', (), "file.missing", 3),
        ('url = "/{{code}}"\n[headers]\n', ("-v", "other=1"), "variable.prompt", 2),
        ('url = "/users"\n', ("-e", "nowhere"), "not_found", 2),
        ('url = "/users"\n', ("-H", "X: a\n"), "header.invalid", 4),
        ('url = "/users"\n[capture.x]\nquery = "json"\nexpr = "$.none"\n', (), "capture.failed", 1),
    ],
)
def test_json_is_printed_when_it_fails_too(
    cli: Cli, shop: Shop, text: str, arguments: tuple[str, ...], kind: str, code: int
) -> None:
    """One object on stdout whatever happened, with the kind and a sentence; the exit code fits."""
    shop({"a": text}, '[variables]\ncode = { prompt = "Code" }\n')
    ran = cli("send", "a", "--json", *arguments)
    assert list(ran.json) == KEYS
    assert ran.json["error"]["kind"] == kind
    assert ran.json["error"]["message"].endswith((".", ")")) or "a.toml:" in ran.json["error"]["message"]
    assert ran.code == code


def test_a_failed_assert_exits_with_1_and_says_what_it_was(cli: Cli, shop: Shop) -> None:
    """The body still goes to stdout, the check to stderr."""
    shop({"a": LIST.replace("value = 200", "value = 201")})
    ran = cli("send", "a")
    assert ran.code == 1
    assert "✗ status == 201, was 200" in ran.err
    assert json.loads(ran.out)


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--fail",), 1)])
def test_an_error_status_fails_only_with_fail(cli: Cli, demo_url: str, arguments: tuple[str, ...], code: int) -> None:
    """A 404 is an answer, unless one says otherwise."""
    ran = cli("send", f"{demo_url}/status/404", *arguments)
    assert ran.code == code
    assert "404 Not Found" in ran.err


def test_a_url_needs_no_collection(cli: Cli, demo_url: str) -> None:
    """In an empty folder a URL is sent as it is; a port alone means this machine."""
    assert cli("send", f"{demo_url}/echo", "-q", "a=1", "--json").json["request"]["url"] == f"{demo_url}/echo?a=1"
    port = demo_url.rpartition(":")[2]
    assert cli("send", f":{port}/echo", "--json").json["request"]["url"] == f"http://localhost:{port}/echo"


def test_the_command_line_changes_the_request(cli: Cli, shop: Shop) -> None:
    """Method, headers, parameters and body of the file give way to those that were typed."""
    shop({"a": 'url = "/echo"\n[params]\npage = 1\nkeep = "x"\n[headers]\nX-A = "file"\n'})
    ran = cli("send", "a", "-X", "PUT", "-H", "X-A: typed", "-H", "X-B:two", "-q", "page=2", "-d", '{"n": 1}', "--json")
    request = ran.json["request"]
    assert request["method"] == "PUT"
    assert request["url"].endswith("/echo?keep=x&page=2")
    assert ["X-A", "typed"] in request["headers"] and ["X-B", "two"] in request["headers"]
    assert ["Content-Type", "application/json"] in request["headers"]
    assert request["body_bytes"] == 8


def test_a_parameter_keeps_its_blanks(cli: Cli, demo_url: str) -> None:
    """A search for " a" is not one for "a"."""
    assert cli("send", f"{demo_url}/echo", "-q", "q= a ", "--json").json["request"]["url"].endswith("?q=%20a%20")


def test_data_makes_a_bare_url_a_post(cli: Cli, demo_url: str) -> None:
    """As curl does."""
    request = cli("send", f"{demo_url}/echo", "-d", "hello", "--json").json["request"]
    assert (request["method"], request["body_bytes"]) == ("POST", 5)
    assert ["Content-Type", "text/plain; charset=utf-8"] in request["headers"]


def test_data_from_a_file_is_sent_byte_for_byte(cli: Cli, demo_url: str, tmp_path: Path) -> None:
    """Naming the file on the command line is grant enough."""
    (tmp_path / "photo.bin").write_bytes(bytes(range(256)))
    request = cli("send", f"{demo_url}/echo", "-d", f"@{tmp_path / 'photo.bin'}", "--json").json["request"]
    assert request["body_bytes"] == 256


def test_the_body_goes_to_stdout_as_it_came(cli: Cli, demo_url: str) -> None:
    """A pipe gets the bytes, nothing else."""
    ran = cli("send", f"{demo_url}/bytes/1000")
    assert ran.code == 0
    assert ran.raw == bytes(range(256)) * 3 + bytes(range(232))


def test_o_writes_the_body_to_a_file(cli: Cli, demo_url: str, tmp_path: Path) -> None:
    """Stdout stays empty; with --json the object is printed and the file written."""
    for more in ((), ("--json",)):
        path = tmp_path / f"body{len(more)}.json"
        ran = cli("send", f"{demo_url}/echo", "-o", str(path), *more)
        assert ran.code == 0
        assert json.loads(path.read_text())
        assert bool(ran.out) == bool(more)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_o_to_a_place_that_isnt_there_is_a_file_error(
    cli: Cli, demo_url: str, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """The sentence names the file; one JSON object has the reply and the error."""
    ran = cli("send", f"{demo_url}/echo", "-o", str(tmp_path / "none" / "body"), *more)
    assert ran.code == 3
    assert "none/body" in ran.err
    if more:
        assert ran.json["response"]["status"] == 200
        assert ran.json["error"]["kind"] == "disk"


def test_o_leaves_the_old_file_when_the_new_one_cant_be_written(tmp_path: Path) -> None:
    """Half a reply never stands where a whole one stood."""

    class Vanishing(BytesBody, frozen=True):
        def read(self, start: int = 0, length: int | None = None) -> bytes:
            if start:
                raise OSError(28, "No space left on device")
            return super().read(start, length)

    path = tmp_path / "body"
    path.write_bytes(b"old")
    with pytest.raises(SaveFailed):
        save_body(Vanishing(b"x" * 100_000), path)
    assert path.read_bytes() == b"old"
    save_body(BytesBody(b"new"), path)
    assert path.read_bytes() == b"new"
    save_body(BytesBody(b"new"), Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


def test_a_proxy_in_use_is_shown_and_a_bad_one_warned_of(
    cli: Cli, demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request does not go another way than the user thinks."""
    monkeypatch.setenv("http_proxy", demo_url)
    assert f"by {demo_url}" in cli("send", f"{demo_url}/echo").err
    monkeypatch.setenv("http_proxy", "nonsense://x")
    for more in ((), ("--json",)):
        ran = cli("send", f"{demo_url}/echo", *more)
        assert ran.code == 0
        assert "http_proxy is not the URL of a proxy" in ran.err


def test_i_prints_the_head_first(cli: Cli, demo_url: str) -> None:
    """Status line and headers, an empty line, the body."""
    head, _, body = cli("send", f"{demo_url}/echo", "-i").out.partition("\n\n")
    assert head.startswith("HTTP/1.1 200 OK\n")
    assert json.loads(body)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("users/lst", "There is no request users/lst. Did you mean users/list?"),
        ("example.com", "There is no request example.com."),
        ("localhosts/x", "There is no request localhosts/x."),
    ],
)
def test_what_is_neither_key_nor_url_is_an_error_with_near_keys(cli: Cli, shop: Shop, word: str, sentence: str) -> None:
    """Nothing is guessed to be a URL."""
    shop({"users/list": LIST})
    ran = cli("send", word)
    assert ran.code == 2
    assert ran.err.strip() == sentence


def test_a_key_wins_over_what_looks_like_a_url(cli: Cli, shop: Shop, demo_url: str) -> None:
    """A request named localhost is the request."""
    shop({"localhost": 'url = "/echo?key=1"\n'})
    assert cli("send", "localhost", "--json").json["request"]["url"] == f"{demo_url}/echo?key=1"


def test_a_variable_on_the_command_line_wins(cli: Cli, shop: Shop, demo_url: str) -> None:
    """-v base_url is stronger than the collection's, and the environment's."""
    shop(
        {"a": 'url = "/echo"\n', "environments/local": 'base_url = "http://127.0.0.1:9"\n'},
    )
    assert cli("send", "a", "-e", "local").code == 4
    assert cli("send", "a", "-e", "local", "-v", f"base_url={demo_url}").code == 0


@pytest.mark.parametrize("arguments", [("-v", "x"), ("-H", "x"), ("-q", "=1"), ("--grant", "x:y"), ("--nope",), ()])
def test_a_command_line_that_makes_no_sense_exits_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    """Usage, on stderr; the JSON object says it too."""
    words = (":1", *arguments) if arguments else ()
    ran = cli("send", *words)
    assert ran.code == 2
    assert ran.err and not ran.out
    ran = cli("send", "--json", *words)
    assert ran.code == 2
    assert list(ran.json) == KEYS
    assert ran.json["error"]["kind"] == "usage" and ran.json["error"]["message"]


def test_an_environment_with_a_url_is_refused(cli: Cli, demo_url: str) -> None:
    """It would be ignored, and nobody would know."""
    assert cli("send", f"{demo_url}/echo", "-e", "local").code == 2


def test_secrets_are_masked_in_all_that_is_printed(cli: Cli, shop: Shop) -> None:
    """The canary is sent, and found nowhere in stdout or stderr but in the raw body."""
    root = shop(
        {
            "a": 'url = "/echo?k={{key}}"\n[headers]\nX-Key = "{{key}}"\n'
            '[[assert]]\nquery = "json"\nexpr = "$.none"\nop = "=="\nvalue = "{{key}}"\n',
            "environments/local": "[variables]\nkey = { secret = true }\n",
        }
    )
    secret = root / "environments" / "local.secret.toml"
    secret.write_text('key = "canary-4711"\n')
    secret.chmod(0o600)
    ran = cli("send", "a", "-e", "local", "--json")
    assert ran.json["response"]["status"] == 200
    assert "canary" not in ran.out + ran.err
    ran = cli("send", "a", "-e", "local", "-o", "body.json")
    assert "canary" not in ran.out + ran.err


def test_hostile_text_reaches_no_terminal(cli: Cli, demo_url: str) -> None:
    """What a server says in its head is shown as visible signs, in words and in JSON."""
    for path in ("/hostile/status", "/hostile?as=json"):
        for arguments in (("--json",), ("-i", "-o", "body")):
            ran = cli("send", f"{demo_url}{path}", *arguments)
            assert ran.out
            assert not any(sign in ran.out + ran.err for sign in "\x1b\x9b\x07\u202e")


def test_help_has_examples(cli: Cli) -> None:
    """Each option is explained, each form shown."""
    ran = cli("send", "--help")
    assert ran.code == 0
    assert "tui-client send :8000/users" in ran.out


def test_a_limit_of_time_may_be_given_for_one_send(cli: Cli, demo_url: str) -> None:
    """It holds for all of it, whatever the request says."""
    ran = cli("send", f"{demo_url}/delay/900", "--timeout", "0.05", "--json")
    assert ran.code == 4
    assert ran.json["error"]["kind"] == "timeout.total"
