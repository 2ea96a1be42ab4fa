"""Nothing in a collection of Slumber's is lost without a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_client.formats._found import Found, Outcome
from tui_client.formats.slumber import read_slumber
from tui_client.kinds.body.file import File
from tui_client.kinds.body.json import Json
from tui_client.kinds.query.json import Json as JsonQuery
from tui_client.model.request import Capture
from tui_client.model.variables import FromRequest, HostVariable, Prompt

LOGIN = {"method": "POST", "url": "http://h/login"}


def of_url(*templates: str) -> Found:
    """A collection whose second recipe has these templates as rows."""
    query = {f"q{at}": f"{{{{ {each} }}}}" for at, each in enumerate(templates)}
    recipes = {"login": LOGIN, "b": {"method": "GET", "url": "http://h/", "query": query}}
    return read_slumber(json.dumps({"profiles": {"p": {"data": {"host": "h"}}}, "requests": recipes}).encode())


def of_chains(chains: str, url: str) -> Found:
    return read_slumber(f'chains:\n{chains}\nrequests:\n  a: !request\n    url: "{url}"\n'.encode())


def values(found: Found) -> list[str]:
    return [row.value for row in found.collections[0].requests[-1].request.params]


def told(found: Found) -> list[tuple[str, Outcome]]:
    return [(line.construct, line.outcome) for line in found.report]


@pytest.mark.parametrize(
    ("template", "construct"),
    [
        ("env('X', default='y')", "env('X', default='y')"),
        ("env('X', default=host)", "env('X', default=host)"),
        ("response('login', trigger='1h') | jsonpath('$.x', mode='array')", "jsonpath('$.x', mode='array')"),
        ("response('login', trigger='1h') | jsonpath('$.x[*]')", "jsonpath('$.x[*]')"),
        ("response('login', trigger='1h') | jsonpath('$.x', mode='most')", "jsonpath('$.x', mode='most')"),
        ("response('login', trigger='soon')", "trigger='soon'"),
        ("response('login', trigger=host)", "response('login', trigger=host)"),
        ("response('login', trigger='1h', force=true)", "response: force=true"),
        ("prompt(message='Q', default=host)", "prompt default host"),
        ("prompt(message=concat(['Q', host]))", "prompt(message=concat(['Q', host]))"),
        ("select(['a', host])", "select(['a', host])"),
        ("host | trim(mode='start')", "trim(mode='start')"),
        ("'hunter2' | sensitive()", "sensitive"),
    ],
)
def test_what_means_only_nearly_the_same_is_told(template: str, construct: str) -> None:
    """Options of functions are never left out silently."""
    assert told(of_url(template)) == [(construct, Outcome.APPROXIMATED)]


@pytest.mark.parametrize(
    "template",
    [
        "response('login', trigger='1h') | jsonpath('$.x', mode='single')",
        "response('login', trigger='1h') | jsonpath('$.x', mode='auto')",
        "response('login', trigger='1h') | jsonpath('$.x[*]', mode='array')",
        "response('login', trigger='no_history') | json() | jsonpath('$.x')",
        "jsonpath('$.x', response('login', trigger='1h'))",
    ],
)
def test_what_means_the_same_is_not_told(template: str) -> None:
    """A path to one place gives its value, any other a list."""
    assert told(of_url(template)) == []


@pytest.mark.parametrize(
    "template",
    [
        "response('login') | jsonpath('$.a') | jsonpath('$.b')",
        "response('login') | trim() | jsonpath('$.a')",
        "prompt() | jsonpath('$.a')",
        "response_header('login', 'X') | jsonpath('$.a')",
    ],
)
def test_queries_of_anything_but_a_reply_stay_as_text(template: str) -> None:
    """A captured value is never another one than what was meant."""
    found = of_url(template)
    assert told(found) == [(f"{{{{ {template} }}}}", Outcome.DROPPED)]
    assert values(found) == [f"{{{{'{{{{'}}}} {template} }}}}"]
    assert found.collections[0].shared.variables == {}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("concat(['a-', host, 1, upper(host)])", "a-{{host}}1{{upper(host)}}"),
        ("sensitive('hunter2')", "hunter2"),
        ("trim(host)", "{{trim(host)}}"),
        ("base64('x') ", None),
        ("host | base64(decode=true)", "{{base64_decode(host)}}"),
        ("host | sensitive() | string()", "{{host}}"),
    ],
)
def test_functions_are_called_in_either_form(template: str, value: str | None) -> None:
    """`trim(x)` is `x | trim()`; texts that are put together are a template."""
    found = of_url(template)
    assert values(found) == [value or f"{{{{'{{{{'}}}} {template} }}}}"]


def test_replies_of_another_age_are_variables_of_their_own() -> None:
    """So are paths that look alike."""
    asked = "response('login', trigger='{}') | jsonpath('{}')"
    found = of_url(
        *(asked.format(*each) for each in (("1h5m", "$.t"), ("2d", "$.t"), ("2d", "$.a.b"), ("2d", "$.a_b")))
    )
    assert values(found) == ["{{login_t}}", "{{login_t_2}}", "{{login_a_b}}", "{{login_a_b_2}}"]
    collection = found.collections[0]
    assert collection.shared.variables["login_t"] == FromRequest("login", 3900.0)
    assert collection.shared.variables["login_t_2"] == FromRequest("login", 172800.0)
    assert collection.requests[0].request.captures == (
        Capture("login_t", JsonQuery("$.t")),
        Capture("login_t_2", JsonQuery("$.t")),
        Capture("login_a_b", JsonQuery("$.a.b")),
        Capture("login_a_b_2", JsonQuery("$.a_b")),
    )


def test_commands_are_told_with_their_words() -> None:
    """In pipes, within other functions and in chains, whether they are used or not."""
    piped = "concat(['a', command(['id', '-u']) | trim()])"
    assert told(of_url(piped)) == [(f"{{{{ {piped} }}}}", Outcome.KEPT)]
    chains = "  who: {source: !command {command: [whoami]}, trim: end}\n  idle: {source: !command {command: [id]}}"
    assert told(of_chains(chains, "{{chains.who}}")) == [
        ('{{chains.who}}: !command {"command": ["whoami"]} {"trim": "end"}', Outcome.KEPT),
        ('chains.idle: !command {"command": ["id"]}', Outcome.KEPT),
    ]


def test_chains_that_nothing_uses_are_told() -> None:
    """Also those of a list, as they stood long ago."""
    found = of_chains(
        "  - {id: a, source: !env {variable: A}}\n  - {id: b, source: !prompt {message: B}}", "{{chains.a}}"
    )
    assert told(found) == [('chains.b: !prompt {"message": "B"}', Outcome.DROPPED)]


def test_fields_of_chains_that_have_no_place_are_told() -> None:
    """Each once, however often the chain is used."""
    chains = "  a: {source: !env {variable: A, other: 1}, content_type: json}"
    assert told(of_chains(chains, "{{chains.a}}{{chains.a}}")) == [
        ("chains.a: content_type: json", Outcome.APPROXIMATED),
        ("chains.a: other: 1", Outcome.APPROXIMATED),
    ]


def test_a_file_within_text_is_told_with_its_path() -> None:
    """It stays as text."""
    found = of_chains("  f: {source: !file {path: ./a.txt}}", "http://h/{{chains.f}}")
    assert told(found) == [('{{chains.f}}: !file {"path": "./a.txt"}', Outcome.DROPPED)]
    assert "file is read only as a whole body" in found.report[0].why


def test_templates_in_questions_are_told() -> None:
    """They are shown as they stand."""
    found = of_chains('  q: {source: !prompt {message: "For {{host}}"}}', "{{chains.q}}")
    assert told(found) == [("message 'For {{host}}'", Outcome.APPROXIMATED)]


def test_fields_with_one_name_here_and_unknown_parts_are_told() -> None:
    """The first of the fields stays."""
    found = read_slumber(
        b"profiles: {p: {data: {a b: one, a_b: two}}}\nrequests: {}\nparts: {x: 1}\nmore: [2]\n.x: {y: 3}"
    )
    assert told(found) == [
        ("a_b: two", Outcome.DROPPED),
        ('parts: {"x": 1}', Outcome.APPROXIMATED),
        ("more: [2]", Outcome.DROPPED),
    ]


def test_a_question_may_be_left_out_and_a_selector_has_a_mode() -> None:
    """Only what differs is told."""
    found = of_chains("  q: {source: !prompt {}}", "{{chains.q}}")
    assert found.collections[0].shared.variables == {"value": Prompt("Value")}
    assert told(found) == []
    chains = "  r: {source: !request {recipe: a, trigger: !no_history }, selector: $.t, selector_mode: %s}"
    assert told(of_chains(chains % "single", "{{chains.r}}")) == []
    assert told(of_chains(chains % "array", "{{chains.r}}")) == [
        ("jsonpath('$.t', mode='array')", Outcome.APPROXIMATED)
    ]


def test_sources_that_are_a_bare_word_mean_what_they_did() -> None:
    """As they were written before they had fields."""
    chains = "  q: {source: !prompt Password}\n  r: {source: !request a, selector: $.t}\n  e: {source: !env HOME}"
    found = of_chains(chains, "http://h/{{chains.q}}/{{chains.r}}/{{chains.e}}")
    assert found.collections[0].shared.variables == {
        "password": Prompt("Password"),
        "a_t": FromRequest("a"),
        "home": HostVariable("HOME"),
    }


def test_a_path_of_version_3_is_a_template() -> None:
    """Of later ones it is as it stands."""
    found = read_slumber(
        b'chains: {f: {source: !file {path: "{{env.DIR}}/x"}}}\nrequests: {a: {url: http://h/, body: "{{chains.f}}"}}'
    )
    assert found.collections[0].requests[0].request.body == File("{{dir}}/x")


def test_parts_that_are_put_together_are_text_in_json() -> None:
    """Numbers and single values are what they are."""
    data = {"a": "{{ concat([host, 'x']) }}", "b": "{{ 5 }}", "c": "{{ host }}", "d": "{{ 'x' }}", "e": " {{ host }}"}
    body = {"type": "json", "data": data}
    found = read_slumber(json.dumps({"requests": {"a": {"url": "http://h/", "body": body}}}).encode())
    made = found.collections[0].requests[0].request.body
    assert made == Json('{\n  "a": "{{host}}x",\n  "b": 5,\n  "c": {{host}},\n  "d": "x",\n  "e": " {{host}}"\n}')


def test_bodies_and_authentication_may_be_referred_to() -> None:
    """`$ref` stands for them as for any part."""
    found = read_slumber(b'.b: {type: json, data: 1}\nrequests: {a: {url: http://h/, body: {$ref: "#/.b"}}}')
    assert found.collections[0].requests[0].request.body == Json("1")
    assert found.report == ()


def leaves(value: object) -> Iterator[str]:
    """All texts in a value."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from leaves(each)
        case list():
            for each in value:
                yield from leaves(each)


TEXTS = st.integers(0, 10**6).map(lambda number: f"leaf{number}z")
FUNCTIONS = ("prompt(message='{}')", "env('{}')", "command(['{}'])", "file('{}')", "concat(['{}', a])",
             "sensitive('{}')", "unheard('{}')", "response('{}')", "select(['{}', 1])",
             "env('A', default='{}')", "a | trim(mode='{}')",
             "response('a', trigger='{}')", "prompt(default='{}')", "response('a') | jsonpath('$.{}')",
             "response('a') | jq('.x | {}')", "response_header('a', '{}')", "a | split('{}')")  # fmt: skip
TEMPLATES = TEXTS | st.builds(lambda form, leaf: f"-{{{{ {form.format(leaf)} }}}}", st.sampled_from(FUNCTIONS), TEXTS)
ROWS = st.dictionaries(TEXTS, TEMPLATES | st.lists(TEMPLATES, max_size=2), max_size=2)
KINDS = st.sampled_from(["json", "form_urlencoded", "form_multipart", "other"])
BODIES = TEMPLATES | st.fixed_dictionaries({"type": KINDS, "data": ROWS}, optional={"unknown": TEXTS})
AUTHS = st.fixed_dictionaries({"type": st.just("basic"), "username": TEMPLATES, "password": TEMPLATES}) | (
    st.fixed_dictionaries({"type": st.just("bearer"), "token": TEMPLATES})
)
RECIPES = st.fixed_dictionaries(
    {"method": st.just("GET"), "url": TEMPLATES},
    optional={"query": ROWS, "headers": ROWS, "body": BODIES, "authentication": AUTHS, "unknown": TEXTS, "name": TEXTS},
)
FOLDERS = st.fixed_dictionaries({"requests": st.dictionaries(TEXTS, RECIPES, max_size=2)}, optional={"unknown": TEXTS})
PROFILES = st.fixed_dictionaries({"data": ROWS}, optional={"name": TEXTS, "unknown": TEXTS})


SOURCES = (
    "!prompt {message: '%s', default: '%s'}",
    "!select {message: '%s', options: ['%s', x]}",
    "!env {variable: '%s', other: '%s'}",
    "!file {path: '%s', other: '%s'}",
    "!command {command: ['%s'], stdin: '%s'}",
    "!request {recipe: '%s', trigger: !expire '%s'}",
    "!request {recipe: a, trigger: '%s', section: !header '%s'}",
    "!unheard {of: '%s', other: ['%s']}",
    "{plain: ['%s'], other: '%s'}",
    "!prompt '%s %s'",
    "!env '%s %s'",
    "!file '%s %s'",
    "!command ['%s', '%s']",
    "!request '%s %s'",
)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("url", ["{{chains.c}}", "http://h/{{chains.c}}/{{chains.c}}", "http://h/"])
@pytest.mark.parametrize("more", ["", ", selector: $.leaf3", ", trim: !start, content_type: leaf4, leaf: leaf5"])
@pytest.mark.parametrize("as_list", [False, True])
def test_every_text_of_a_chain_is_in_the_result_or_in_a_line(
    source: str, url: str, more: str, *, as_list: bool
) -> None:
    """Used or not, and whatever its source is."""
    chain = f"source: {source % ('leaf1', 'leaf2')}{more}"
    found = of_chains(f"  - {{id: c, {chain}}}" if as_list else f"  c: {{{chain}}}", url)
    everything = msgspec.json.encode(msgspec.to_builtins(found, enc_hook=dict)).decode()
    assert [leaf for leaf in re.findall(r"leaf\d", chain) if leaf not in everything] == []


@given(st.dictionaries(TEXTS, RECIPES | FOLDERS, max_size=3), st.dictionaries(TEXTS, PROFILES, max_size=2), TEXTS)
def test_every_text_is_in_the_result_or_in_a_line(
    recipes: dict[str, object], profiles: dict[str, object], name: str
) -> None:
    """Whatever stands where; the text of a template is that of what it is given."""
    root = {"name": name, "unknown": f"{name}2", "profiles": profiles, "requests": {"a": LOGIN, **recipes}}
    found = read_slumber(json.dumps(root).encode())
    everything = msgspec.json.encode(msgspec.to_builtins(found, enc_hook=dict)).decode()
    for leaf in leaves(root):
        for word in leaf.replace("'", " ").replace("$.", " ").split():
            assert not word.startswith("leaf") or word in everything, leaf
