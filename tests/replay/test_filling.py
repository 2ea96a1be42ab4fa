"""Random requests and rows: the short way never makes another request than the long way."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from short_way import a_request, a_session, assert_never_differs, assert_same, long_way

from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.body.file import File
from tui_client.kinds.body.form import Form
from tui_client.kinds.body.graphql import GraphQL
from tui_client.kinds.body.json import Json
from tui_client.kinds.body.multipart import Multipart, Part
from tui_client.kinds.body.text import Text
from tui_client.kinds.query import header, status
from tui_client.kinds.query import json as json_query
from tui_client.model.effective import EffectiveRequest
from tui_client.model.options import SendOptions
from tui_client.model.request import Assertion, Capture, Filter, NameValue
from tui_client.model.variables import Constant
from tui_client.replay.recipe import Recipes
from tui_client.replay.session import Session

NAMES = st.sampled_from(["a", "b", "c"])
SIGNS: Final = ["", *' "\\%/?#&=+.:{}~@é\x7f*', "%4", ".."]
SAFE_HOLES: Final = [
    *("{{a}}", "{{a}}", "{{b}}", "{{b}}", "{{c}}", "{{v}}", "{{w}}", "{{int(a)}}", "{{int(b)}}", "{{url(a)}}"),
    *("{{string(b)}}", "{{url(string(c))}}", "{{int(string(a))}}", "{{string(int(a))}}"),
]
HOLES: Final = [
    *("{{lower(a)}}", "{{default(z, 'x')}}", "{{trim(b)}}", "{{uuid()}}", "{{'{{a}}'}}", "{{int(v)}}", "{{z}}"),
    *("{{string(v)}}", "{{json(a)}}"),
]
# Texts that look like stand-ins are among them.
WORDS: Final = ["x", "0", "1", "users", "Zq00v", 'Zq00v@ "é~Kx7Wm', "700310594827160", "Jw00Rt"]
TEXTS = st.lists(st.sampled_from(SAFE_HOLES * 3 + HOLES + SIGNS + WORDS), max_size=4).map("".join)
TAME = st.sampled_from(["x", "{{a}}", "{{b}}", "{{c}}", "{{v}}", "x-{{a}}", "{{a}}{{b}}", "{{int(a)}}", "{{url(b)}}"])
TEMPLATES = st.one_of(TAME, TAME, TAME, TEXTS)
ORIGINS = st.sampled_from(
    ["http://h", "http://{{a}}@h", "http://u:{{a}}@h/", "{{a}}://h", "https://h:", "http://h:{{a}}/"]
)
PATHS: Final = ["/users/{{a}}", "/{a}/:b", "/users?x={{a}}", "/:id/{{b}}", "/x#{{a}}", "/:{{a}}", "/{{{a}}}/{a}"]
URLS = st.one_of(
    st.sampled_from([*PATHS, "{{base_url}}/{{b}}"]),
    TEXTS.map(lambda text: f"/users/{text}"),
    TEXTS,
    st.tuples(ORIGINS, TEXTS).map("".join),
)
ROW_NAMES = st.one_of(st.sampled_from(["a", "b", "id", "X-Y", "Content-Type", "content-length"]), TEXTS)
PLENTY = st.lists(st.builds(NameValue, ROW_NAMES, TEMPLATES, st.sampled_from([True, True, False])), max_size=2).map(
    tuple
)
JSON_TEXTS = st.one_of(
    st.sampled_from(
        [
            *('{"a": "{{a}}", "b": {{b}}}', '{"n": {{int(a)}}, "v": "{{v}} {{b}}"}', '"{{a}}{{b}}"', "{{a}}"),
            *('{"n": {{a}}, "{{b}}": "-{{c}}"}', r'{"u": "\u{{a}}"}', r'{"u": "\\{{a}}"}', '{"x": {{int(a)}}1}'),
            *('{"x": -{{a}}}', '{"x": 1{{int(a)}}}', '{"x": [{{int(a)}}{{b}}]}'),
        ]
    ),
    TEXTS,
)
CHARSETS: Final = ["text/plain", "{{a}}/b", *(f"a/b; charset={name}" for name in ("utf-16", "hz", "utf-7", "latin-1"))]
BODIES = st.one_of(
    st.builds(Json, JSON_TEXTS, template=st.sampled_from([True, True, False])),
    st.builds(Text, TEXTS, st.sampled_from(CHARSETS)),
    st.builds(Form, PLENTY),
    st.builds(GraphQL, TEMPLATES, JSON_TEXTS, TEMPLATES),
    st.builds(Multipart, st.lists(st.builds(Part, TEXTS, TEXTS), max_size=2).map(tuple)),
    st.builds(File, TEXTS),
)
EXPECTED = st.one_of(
    TEMPLATES,
    st.sampled_from(["{{a}}", "{{a}}{{''}}", 1, True, None]),
    st.lists(TEMPLATES, max_size=2),
    st.dictionaries(st.just("k"), TEMPLATES),
)
QUERIES = st.one_of(st.just(status.KIND()), st.just(json_query.KIND("$.a")), st.builds(json_query.KIND, TEXTS))
FILTERS = st.sampled_from([(), (), (Filter("split", ("{{a}}",)),)])
# Not st.builds: it can't read the type of values.
ASSERTS = st.tuples(QUERIES, st.just("=="), EXPECTED, FILTERS, st.booleans(), st.sampled_from([True, True, False])).map(
    lambda fields: Assertion(*fields)
)
CAPTURES = st.builds(Capture, NAMES, st.one_of(st.just(status.KIND()), st.builds(header.KIND, TEMPLATES)))
AUTHS = st.one_of(st.just(NoAuth()), st.builds(Bearer, TEMPLATES), st.builds(Basic, TEMPLATES, TEMPLATES))
OPTIONS = st.builds(SendOptions, proxy=st.one_of(st.just(""), TEMPLATES), verify=st.booleans())
CONSTANTS = st.one_of(TEMPLATES, TEMPLATES, st.sampled_from([7, True, None, [1], 1.5])).map(Constant)
VARIABLES = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(("v", "w", "a", "b"), CONSTANTS), "base_url": TEXTS.map(Constant)}
)


@st.composite
def requests(draw: st.DrawFn) -> EffectiveRequest:
    def sometimes(strategy: st.SearchStrategy[Any], otherwise: Any) -> Any:
        return draw(strategy) if draw(st.booleans()) else otherwise

    return a_request(
        sometimes(URLS, "/users"),
        draw(VARIABLES),
        method=draw(st.sampled_from(["GET", "POST", "POST", "POST", "{{a}}"])) if draw(st.booleans()) else "POST",
        path=sometimes(PLENTY, ()),
        params=sometimes(PLENTY, ()),
        headers=sometimes(PLENTY, ()),
        body=sometimes(BODIES, None),
        auth=sometimes(AUTHS, None),
        options=sometimes(OPTIONS, SendOptions()),
        captures=sometimes(st.lists(CAPTURES, max_size=1).map(tuple), ()),
        asserts=sometimes(st.lists(ASSERTS, max_size=2).map(tuple), ()),
    )


PLAIN_TEXTS = st.sampled_from(["1", "22", "0", "abc", "a-b", "a", "b", "id", "x_1.y", "9999999999999999999"])
ODD: Final = [
    *("", " ", "a b", "a@b.c", 'q"q', "back\\slash", "%", "%41", "a/b", "?", "#f", "&x=1", "a+b", ".", "..", "..."),
    *("007", "-0", "+1", " 1 ", "1_0", "٣", "{{b}}", "{a}", ":id", "é", "\U0001f600", "\ud800", "a\nb", "a\rb", "\0"),
    *("\t", "\x7f", "\u2028", "~", "*", "x" * 1001, "é" * 999, "GET", "http", "base_url", "-", "_", "0041"),
    *("Zq00vKx7Wm", 'Zq00v@ "é~Kx7Wm', 'Jw01Rt~\\ü "+9sBn4uGh', "700310594827160"),
]
TYPED: Final = [
    *(1, 0, -5, 10**30, 10**5000, 1.0, -0.0, 0.0, 1.5, True, False, None),
    *([1], [True], {"a": 1, "b": 2}, {"b": 2, "a": 1}),
]
VALUES = st.one_of(PLAIN_TEXTS, PLAIN_TEXTS, st.sampled_from(ODD), st.text(max_size=6), st.sampled_from(TYPED))


def sessions(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Session]:
    others = dict.fromkeys(("c", "v", "z", "base_url"), values)
    rows = st.fixed_dictionaries({"a": values, "b": values}, optional=others)
    captured = st.dictionaries(st.sampled_from("abcvz"), values, max_size=2)
    return st.builds(
        a_session,
        st.one_of(rows, rows, rows, st.dictionaries(st.sampled_from("abc"), values)),
        captured=st.one_of(st.just({}), captured),
        given=st.sampled_from([{}, {}, {}, {}, {"a": "1"}, {"b": "x y"}]),
    )


SESSIONS = st.one_of(sessions(PLAIN_TEXTS), sessions(VALUES))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(requests(), SESSIONS, st.lists(SESSIONS, min_size=2, max_size=4))
def test_the_short_way_gives_what_the_long_way_gives(
    request: EffectiveRequest, learnt_in: Session, others: list[Session]
) -> None:
    """Whatever a request and its rows hold: a filled recipe is the request that resolving and preparing would make."""
    assert_never_differs(request, learnt_in, learnt_in, *others)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(requests(), st.lists(SESSIONS, min_size=3, max_size=8))
def test_what_a_run_has_learnt_never_makes_another_request(request: EffectiveRequest, run: list[Session]) -> None:
    """Sessions in any order, with values that come, go and change: each sends what the long way would make."""
    recipes = Recipes()
    for session in run:
        if not assert_same(recipes.ready(request, session), request, session) and long_way(request, session):
            recipes.learn(request, session)
