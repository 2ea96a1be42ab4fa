"""curl commands as requests: what they ask for is in the request or in the report."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from curl_commands import COMMANDS
from fuzzing import bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.formats._format import FormatError, Source
from tui_client.formats._found import Found, Outcome
from tui_client.formats.curl import IMPORTER, read_curl
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.model.request import NameValue, Request

GOLDEN = Path(__file__).parent / "golden" / "curl"


class Files:
    """Files beside the one that is read."""

    def __init__(self, **content: bytes) -> None:
        self.content = content

    def names(self) -> list[str]:
        return sorted(self.content)

    def read(self, name: str) -> bytes:
        if name not in self.content:
            raise FormatError("is not there")
        return self.content[name]


def read(text: str) -> Found:
    return read_curl(text.encode())


def requests(found: Found) -> list[Request]:
    return [each.request for each in found.collections[0].requests]


def one(text: str) -> Request:
    (request,) = requests(read(text))
    return request


def told(text: str) -> dict[str, Outcome]:
    return {line.construct: line.outcome for line in read(text).report}


def rows(*pairs: tuple[str, str]) -> tuple[NameValue, ...]:
    return tuple(NameValue(name, value) for name, value in pairs)


def test_a_script_becomes_its_requests_in_order() -> None:
    """Variables that it sets are filled in, the others become ours; braces of a document stay literal."""
    found = read_curl((GOLDEN / "session.sh").read_bytes())
    login, orders, delete, photos, create = requests(found)
    assert found.loose
    assert (login.method, login.url) == ("POST", "https://api.shop.example/login")
    assert login.body == Json('{"user": "ann", "password": "pass"}')
    assert orders.params == rows(("page", "2"), ("sort", "-date"))
    assert orders.headers == rows(("Authorization", "Bearer {{TOKEN}}"))
    assert (delete.url, delete.auth) == ("https://api.shop.example/orders/{id}", Basic("ann", "pass"))
    assert photos.body == Multipart((Part("photo", file="photo.png", type="image/png"), Part("title", "Sea")))
    assert create.body == Json('{"items": [1, 2], "note": "{{not ours}}"}\n', template=False)


def test_what_is_not_taken_over_is_told() -> None:
    """Certificates stay verified; programs behind a pipe are not run; settings that we lack have a line."""
    found = read_curl((GOLDEN / "session.sh").read_bytes())
    lines = {line.construct: line for line in found.report}
    assert lines["--insecure"].outcome is Outcome.DROPPED
    assert "verified" in lines["--insecure"].why
    assert lines["command: jq"].outcome is Outcome.DROPPED
    assert lines["--retry"].origin == "line 11"
    assert all(each.options.verify is None for each in requests(found))


def test_a_command_copied_from_devtools_is_read() -> None:
    """ANSI quotes, a semicolon at the end, and two commands."""
    first, second = requests(read_curl((GOLDEN / "devtools.txt").read_bytes()))
    assert first.method == "POST"
    assert first.params == rows(("limit", "20"), ("q", "café"))
    assert first.body == Json('{"name":"it\'s","sign":"!"}')
    assert first.headers[1] == NameValue("cookie", "sid=abc; theme=dark")
    assert second.headers == rows(("referer", "https://shop.example/"))


def test_a_command_copied_for_windows_is_read() -> None:
    """Carets before signs and at the ends of lines, within quotes and without."""
    first, second = requests(read_curl((GOLDEN / "devtools_cmd.txt").read_bytes()))
    assert first.params == rows(("limit", "20"), ("q", "a b"))
    assert first.headers[1] == NameValue("sec-ch-ua", '"Chromium";v="130"')
    assert first.body == Json('{"name":"a & b","path":"c:\\\\d"}')
    assert (second.method, second.body) == ("PUT", Text('{"a":1}', "application/x-www-form-urlencoded"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_comparison_is_recognised_and_read(command: str) -> None:
    """Each gives a request, whatever stands around it."""
    text = command.replace("HOST", "example.com")
    assert requests(read(text))
    assert IMPORTER.recognises(Source("-", text.encode())) is not text.startswith("echo")


@pytest.mark.parametrize(
    ("options", "auth"),
    [
        ("-u a:b:c", Basic("a", "b:c")),
        ("--digest -u a:b", Digest("a", "b")),
        ("--oauth2-bearer t", Bearer("t")),
        ("-H 'Authorization: x' -u a:b", NoAuth()),
        ("--ntlm -u a:b", NoAuth()),
        ("", None),
    ],
)
def test_auth_follows_the_options(options: str, auth: object) -> None:
    """A header Authorization wins over a user, as it does in curl."""
    assert one(f"curl h {options}").auth == auth


def test_an_auth_that_is_not_there_stands_in_the_description() -> None:
    """Its user too, its password nowhere."""
    request = one("curl h --aws-sigv4 aws:amz:eu -u key:secret")
    assert "aws-sigv4 aws:amz:eu, user key" in request.description
    assert b"secret" not in msgspec.json.encode(request)


def test_options_of_sending_are_taken_over() -> None:
    """Redirects only with -L."""
    assert one("curl h").options.follow_redirects is False
    options = one(
        "curl h -L --max-redirs 3 -m 9 --connect-timeout 2 -x p:1 -U u:v --cacert c -E d --http2 --no-location -L"
    ).options
    assert (options.follow_redirects, options.max_redirects, options.http2) == (True, 3, True)
    assert (options.timeout.total, options.timeout.connect) == (9, 2)
    assert (options.proxy, options.ca, options.client_cert) == ("http://u:v@p:1", "c", "d")


@pytest.mark.parametrize(
    ("command", "construct", "outcome"),
    [
        ("curl h --resolve a:1:2", "--resolve", Outcome.DROPPED),
        ("curl h --unix-socket /a", "--unix-socket", Outcome.DROPPED),
        ("curl h --nonsense", "--nonsense", Outcome.DROPPED),
        ("curl h --request=PUT", "--request=", Outcome.APPROXIMATED),
        ("curl h -d a -F b=c", "-d with -F or -T", Outcome.DROPPED),
        ("curl h -d @a.txt", "-d @a.txt", Outcome.APPROXIMATED),
        ("curl h -d a=1 -d @a.txt", "-d a.txt", Outcome.DROPPED),
        ("curl h -b jar.txt", "-b jar.txt", Outcome.DROPPED),
        ("curl h -H Accept:", "-H Accept:", Outcome.DROPPED),
        ("curl h -o out", "--output", Outcome.DROPPED),
        ("curl h > out", ">", Outcome.DROPPED),
        ("curl h -d $(date)", "command substitution", Outcome.APPROXIMATED),
        ("curl h --key k --cert c", "--key k", Outcome.DROPPED),
        ("curl h ftp://x", "URL ftp://x", Outcome.DROPPED),
    ],
)
def test_what_changes_is_told(command: str, construct: str, outcome: Outcome) -> None:
    """One line each."""
    assert told(command)[construct] is outcome


def test_a_variable_in_a_line_of_the_report_is_readable() -> None:
    """As the shell has it."""
    assert "-d $DIR/a" in told("curl h -d x=1 -d @$DIR/a")


def test_variables_that_double_are_refused() -> None:
    """Before they fill the memory."""
    with pytest.raises(FormatError, match="grow"):
        read("a=xx\n" + "a=$a$a$a$a\n" * 20 + "curl h/$a")


def test_what_changes_nothing_is_not_told() -> None:
    """Options of the screen alone."""
    assert read("curl -sSvi# --compressed http://h").report == ()


def test_files_beside_a_command_are_read_where_they_must_be() -> None:
    """Alone, a file stays a file; among other data its text is taken, without its line ends as curl does it."""
    beside = Files(**{"a.txt": b"x=1\r\n&y=2\n"})
    found = read_curl(b"curl h -d z=0 -d @a.txt", beside=beside)
    assert requests(found)[0].body == Form(rows(("z", "0"), ("x", "1"), ("y", "2")))
    assert one("curl h --data-binary @a.txt").body == File("a.txt", "application/x-www-form-urlencoded")


def test_a_range_of_urls_is_bounded() -> None:
    """A hundred requests of a range, and a line about the rest."""
    found = read("curl 'h/[1-1000000000]/[1-9]'")
    assert len(requests(found)) == 100
    assert any("more than 100" in line.why for line in found.report)


@pytest.mark.parametrize("text", ["", "wget h", "curl 'h", 'curl "h', "curl $'h", "{}", "GET http://h"])
def test_what_is_no_command_is_refused(text: str) -> None:
    """With a clause that says why."""
    with pytest.raises(FormatError):
        read(text)


def test_other_files_are_not_recognised() -> None:
    """A curl command in the middle of a document makes it no script."""
    for text in (b'{"a": "curl h"}', b"a: |\n  curl h\n", b"GET http://h\n# curl h\n", b"\xff\xfe\xff", b"curly h"):
        assert not IMPORTER.recognises(Source("-", text))


@bad_inputs(150, mutated(st.sampled_from([path.read_bytes() for path in sorted(GOLDEN.iterdir())])))
def test_damaged_scripts_are_read_or_refused(data: bytes) -> None:
    """Nothing but FormatError."""
    try:
        read_curl(data)
    except FormatError as error:
        assert error.reason


def test_a_command_within_another_is_read_before_it() -> None:
    """Scripts log in first and put what came into the next command: it stays a variable."""
    script = """TOKEN=$(curl -s -d '{"a": ")"}' http://h/login | jq -r .token)
ID=`curl http://h/id`
curl -H "Authorization: Bearer $TOKEN" http://h/me/$ID -H "X: $(curl -s http://h/x)" -H "D: $(date)"
"""
    found = read(script)
    *_, last = made = requests(found)
    assert [each.url for each in made] == ["http://h/login", "http://h/id", "http://h/x", "http://h/me/{{ID}}"]
    assert [row.value for row in last.headers] == ["Bearer {{TOKEN}}", "{{result}}", "$(date)"]
    assert [line.why for line in found.report if line.construct == "command substitution"] == [
        "its result is the variable TOKEN",
        "its result is the variable ID",
        "its result is the variable result",
        "it is not run; its text stands in the request",
    ]


def test_substitutions_without_end_are_read_in_bounded_steps() -> None:
    """Each would be looked through to its end, which never comes."""
    found = read("curl http://h/ -d '" + "x" * 10 + "' " + "$(curl " * 5_000)
    assert requests(found)[0].url == "http://h/"


@pytest.mark.parametrize("prompt", ["$ ", "% ", "└─$ ", "❯ "])
def test_a_prompt_before_a_command_is_passed_over(prompt: str) -> None:
    """People copy what stood in their terminal."""
    text = f"{prompt}curl http://h/a"
    assert one(text).url == "http://h/a"
    assert IMPORTER.recognises(Source("-", text.encode()))


def test_capitals_in_a_long_option_count_as_small_letters() -> None:
    """curl took them so for most of its life."""
    assert one("curl --data-urlEncode a=b http://h/") == one("curl --data-urlencode a=b http://h/")


def test_a_here_document_is_filled_unless_its_end_is_quoted() -> None:
    """As bash does: variables, and nothing but what may be escaped there; an indented end ends a copied one."""
    script = """TAG=v1
curl http://h/a -d @- << EOF
{"tag": "$TAG", "h": "${HOST}", "q": "\\"x\\"", "cost": "\\$5"}
EOF
curl http://h/b -d @- <<'EOF'
{"tag": "$TAG"}
EOF
  curl http://h/c -d @- <<END
  {"i": 1}
  END
"""
    bodies = [each.body.content for each in requests(read(script)) if isinstance(each.body, Text | Json)]
    assert bodies == [
        '{"tag": "v1", "h": "{{HOST}}", "q": "\\"x\\"", "cost": "$5"}',
        '{"tag": "$TAG"}',
        '  {"i": 1}',
    ]


def test_a_substitution_of_nothing_but_parentheses_is_read_at_once() -> None:
    """Each of them could be where a command begins."""
    found = read("curl http://h/ -d $(" + "(" * 20_000 + ")" * 20_000 + ")")
    assert requests(found)[0].url == "http://h/"
