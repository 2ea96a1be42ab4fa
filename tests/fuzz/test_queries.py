"""Checks and captures against hostile replies: an answer, or the documented error, within bounded time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from fuzzing import TEXT, bad_inputs, mutated
from hypothesis import strategies as st

from tui_client.errors import QueryError, RequestFailed
from tui_client.kinds.checks import capture, check
from tui_client.kinds.filters import FILTERS, apply_filter
from tui_client.kinds.operators import OPERATORS
from tui_client.kinds.query import kinds
from tui_client.model.exchange import BytesBody, Exchange, Hop, Response, SentRequest, Timings
from tui_client.model.request import Assertion, Capture, Filter
from tui_client.replay.diff.ignore import Ignore

SENT: Final = SentRequest("GET", "http://h/", b"/", ())
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
EXPRESSIONS: Final = (
    *(
        "$",
        "$.a",
        "$..*",
        "$[?@.a]",
        "$[?match(@.a,'(a|aa)*b')]",
        "$[0:9:-1]",
        "$['\\ud800']",
        "$[?length(@)>1]",
        "$..[?@..a]",
    ),
    *(
        "//a",
        "//*[1]",
        "string(//a)",
        "count(//*)",
        "//@*",
        "namespace::*",
        "//_:a",
        "number('x')",
        "//text()",
        "1 div 0",
        "id('a')",
    ),
    *(
        "(.*)",
        "(a)|b",
        "a{2}",
        "(?i)É",
        "[",
        "\\p{L}+",
        "(?<n>a)",
        "^$",
        "Set-Cookie",
        "X",
        "a",
        "a[Expires]",
        "a[Max-Age]",
    ),
    *("", "\0", "\ud800", "document('/etc/passwd')", "//a/@*[re:test(., 'a')]", "$" + ".a" * 200, "(" * 300),
)
TYPES: Final = (
    b"application/json",
    b"text/html",
    b"text/xml",
    b"application/xml; charset=utf-16",
    b"text/plain; charset=idna",
    b"text/html; charset=latin-1",
    b"",
    b"\xff",
    b"application/xhtml+xml",
    b"text/xml; charset=x",
)
BODIES: Final = (
    b'{"a": {"a": [1, 1.10, 1e400, null, true, "\\u00e9", {"a": []}]}}',
    b"[[[[[[1]]]]]]",
    b'{"a": "aaaaaaaaaaaaaaaaaaaaaa"}',
    b"<html><a href='x'>t<b>u</b></a><!-- c --></html>",
    b"<?xml version='1.0'?><r xmlns='u' xmlns:p='v'><p:a p:b='c'>t</p:a></r>",
    b"<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;&x;'>]><a>&z;</a>",
    b"",
    b"\0",
    b"\xff\xfe<\0a\0/\0>\0",
    b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
    "<a>é</a>".encode("latin-1"),
    b"[" * 3000,
    b"<a>" * 3000,
)
HEADERS: Final = (
    b"a=1; Expires=Fri, 31 Dec 9999 23:59:59 -2359",
    b"a=1; Max-Age=" + b"9" * 40,
    b"a; Secure",
    b"=",
    b"a=\xff; Path=",
    b"",
)

queries = st.builds(
    lambda kind, expr: kind(expr) if "expr" in kind.__struct_fields__ else kind(),
    st.sampled_from(list(kinds().values())),
    st.sampled_from(EXPRESSIONS) | TEXT,
)
arguments = st.sampled_from(["a", "", ",", "%Y", "$", "(", "utf-8", "\ud800"]) | st.integers(-3, 3)
filters = st.lists(
    st.sampled_from(sorted(FILTERS)).flatmap(
        lambda name: st.tuples(*[arguments] * len(FILTERS[name].arguments)).map(lambda args: Filter(name, args))
    ),
    max_size=2,
).map(tuple)
asserted = st.builds(
    lambda *parts: Assertion(*parts),
    queries,
    st.sampled_from(sorted(OPERATORS)),
    TEXT | st.integers() | st.floats() | st.none(),
    filters,
    st.booleans(),
)


@st.composite
def replies(draw: st.DrawFn) -> Exchange:
    body = draw(mutated(st.sampled_from(BODIES)) | st.sampled_from(BODIES))
    headers = ((b"Content-Type", draw(st.sampled_from(TYPES))), (b"Set-Cookie", draw(st.sampled_from(HEADERS))))
    response = Response(draw(st.sampled_from([200, 0, 999])), "\x1b", "HTTP/9", headers, BytesBody(body))
    hops = (Hop(SENT, 302, "", (), Timings()),) * draw(st.integers(0, 1))
    return Exchange(SENT, draw(st.sampled_from([response, response, response, None])), Timings(), NOW, hops=hops)


@bad_inputs(300, replies(), st.lists(asserted, min_size=1, max_size=2))
def test_checks_always_have_a_result(reply: Exchange, asserts: list[Assertion]) -> None:
    """Each check that is switched on passed, failed, or says why it could not be asked."""
    results = check(asserts, reply)
    assert len(results) == sum(one.enabled for one in asserts)
    assert not any(result.passed and result.error for result in results)
    assert check(asserts, reply) == results or _has_nan(results)


def _has_nan(results: tuple[Any, ...]) -> bool:
    return "nan" in repr(results)


@bad_inputs(200, replies(), queries, filters)
def test_captures_have_a_value_or_say_why_not(reply: Exchange, query: Any, chain: tuple[Filter, ...]) -> None:
    """Nothing a server sends ends a replay."""
    try:
        assert set(capture([Capture("v", query, chain)], reply)) == {"v"}
    except RequestFailed as error:
        assert (error.failure.kind, error.failure.subject) == ("capture.failed", "v")


COSTLY: Final[dict[str, tuple[str, str, bytes, bytes]]] = {
    "regex": ("regex", "(a|aa)*[bc]", b"text/plain", b"a" * 5000),
    "regex of a long text": ("regex", "a" * 5000, b"text/plain", b"<a>" * 3000),
    "json of empty lists": ("json", "$[0]", b"application/json", b"[" + b"[]," * 1_900_000 + b"1]"),
    "json of too many": ("json", "$[0]", b"application/json", b"[" + b"{}," * 2_000_000 + b"1]"),
    "jsonpath with a query inside": (
        "json",
        "$..[?count($..*) > 0]",
        b"application/json",
        b"[" + b"[1]," * 3000 + b"1]",
    ),
    "laughs": (
        "xpath",
        "//a",
        b"text/xml",
        b"<!DOCTYPE a [<!ENTITY l0 'l'>"
        + b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"]><a>&l11;</a>",
    ),
    "nested elements": ("xpath", "//*", b"text/html", b"<a>" * 200_000),
    "attributes": ("xpath", "//@*", b"text/html", b"<a " + b"".join(b"a%d=1 " % n for n in range(20_000)) + b">"),
}


@pytest.mark.parametrize("case", COSTLY.values(), ids=COSTLY.keys())
def test_no_query_is_costly(case: tuple[str, str, bytes, bytes], cpu: Any) -> None:
    """Stopped after a second, or done before."""
    name, expr, media_type, body = case
    reply = Exchange(SENT, Response(200, "", "", ((b"Content-Type", media_type),), BytesBody(body)), Timings(), NOW)
    with cpu:
        (result,) = check([Assertion(kinds()[name](expr), "exists")], reply)
    assert result.passed != bool(result.error)


FILTERED: Final[dict[str, tuple[Filter, str]]] = {
    "split": (Filter("split", (",",)), "ab," * 5_000_000),
    "replace": (Filter("replace", ("a", "b" * 1000)), "a" * 5_000_000),
    "urlEncode": (Filter("urlEncode"), "é" * 5_000_000),
    "urlDecode": (Filter("urlDecode"), "%41" * 5_000_000),
    "regex": (Filter("regex", ("(a|aa)*[bc]",)), "a" * 5_000_000),
    "json": (Filter("json", ("$..*",)), "[" * 5_000_000),
    "toInt": (Filter("toInt"), "9" * 5_000_000),
    "toFloat": (Filter("toFloat"), "9" * 5_000_000),
    "toDate": (Filter("toDate", ("%Y" * 400,)), "2" * 900),
}


@pytest.mark.parametrize("case", FILTERED.values(), ids=FILTERED.keys())
def test_no_filter_is_costly(case: tuple[Filter, str], cpu: Any) -> None:
    """Fifteen megabytes are filtered or refused, in bounded time and memory; captures and asserts have the same."""
    item, text = case
    with cpu, pytest.raises(QueryError) as caught:
        apply_filter(item, text)
    assert caught.value.query == item.name


def test_all_ignored_paths_of_a_comparison_share_a_second(cpu: Any) -> None:
    """A batch may name thousands of them; what is left out is asked once for each reply."""
    wild = "$[?count($..*) > 0]"
    with cpu, pytest.raises(QueryError, match="took longer"):
        Ignore((wild,) * 1000).cuts([list(range(1000))] * 30)
