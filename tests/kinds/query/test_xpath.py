"""XPath over HTML and XML bodies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui_client.errors import QueryError
from tui_client.kinds.query.xpath import XPath
from tui_client.model.exchange import Exchange
from tui_client.model.values import MISSING, QueryValue

_HTML = b"<title>T\xc3\xa9</title><ul><li>1<li>2</ul><!--note--><a href=/x>k</a><p/>"
_XML = b'<r xmlns="urn:a" xmlns:p="urn:b"><p:c>1</p:c><d n="5">2</d></r>'


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("//title", "T\u00e9"),
        ("string(//title)", "T\u00e9"),
        ("//li", ["1", "2"]),
        ("count(//li)", 2),
        ("count(//li) div 4", 0.5),
        ("//a/@href", "/x"),
        ("//li/text()", ["1", "2"]),
        ("//comment()", "note"),
        ("boolean(//a)", True),
        ("//nope", MISSING),
        ("string(//nope)", ""),
        ("count(//nope)", 0),
    ],
)
def test_html_is_read_as_browsers_read_it(exchange: Callable[..., Exchange], expr: str, value: QueryValue) -> None:
    """One node gives its text, several a list, none nothing; numbers and booleans are themselves."""
    found = XPath(expr).evaluate(exchange(_HTML, "text/html"))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("expr", "value"), [("//p:c", "1"), ("//_:d", "2"), ("//d", MISSING), ("number(//_:d/@n)", 5)])
def test_xml_prefixes_are_those_of_the_root(exchange: Callable[..., Exchange], expr: str, value: QueryValue) -> None:
    """The default namespace is "_", as in Hurl."""
    assert XPath(expr).evaluate(exchange(_XML, "application/xml")) == value


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', "text/xml"),
        (b"<a>\xe9</a>", "text/xml; charset=iso-8859-1"),
        (b"<a>\xc3\xa9</a>", "application/atom+xml"),
        (b"<meta charset=latin-1><a>\xe9</a>", "text/html"),
    ],
)
def test_the_charset_is_found(exchange: Callable[..., Exchange], body: bytes, content_type: str) -> None:
    """In the header, or in the document itself."""
    assert XPath("string(//a)").evaluate(exchange(body, content_type)) == "\u00e9"


@pytest.mark.parametrize(
    ("expr", "body", "content_type", "reason"),
    [
        ("//a[", b"<a/>", "text/xml", "can't be used"),
        ("//x:y", b"<a/>", "text/xml", "can't be used"),
        ("re:test('a', 'a')", b"<a/>", "text/xml", "can't be used"),
        ("//a\0", b"<a/>", "text/xml", "can't be used"),
        ("(" * 9000, b"<a/>", "text/xml", "can't be used"),
        ("x" * 20_000, b"<a/>", "text/xml", "longer than"),
        ("", b"<a/>", "text/xml", "needs an expression"),
        ("//a", b"<a>", "text/xml", "not valid XML"),
        ("//a", b"", "text/xml", "not valid XML|holds no element"),
        ("//a", b"", "text/html", "not valid HTML|holds no element"),
        ("//a", b"<a/>", "text/xml; charset=zlib", "not text"),
    ],
)
def test_what_can_not_be_asked_is_an_error(
    exchange: Callable[..., Exchange], expr: str, body: bytes, content_type: str, reason: str
) -> None:
    """Each reason is named; no exception of lxml gets through."""
    with pytest.raises(QueryError, match=reason):
        XPath(expr).evaluate(exchange(body, content_type))


def test_no_entity_reads_a_file(exchange: Callable[..., Exchange], tmp_path: Path) -> None:
    """A document can't bring a file of this machine into a value."""
    (tmp_path / "canary").write_text("canary-31337")
    body = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{(tmp_path / "canary").as_uri()}">]><a>x&e;</a>'.encode()
    assert XPath("string(/a)").evaluate(exchange(body, "text/xml")) == "x"


def test_a_bomb_of_entities_stays_small(exchange: Callable[..., Exchange]) -> None:
    """A billion laughs are an error, or nothing."""
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    body = f'<!DOCTYPE l [<!ENTITY a "ha">{entities}]><l>&j;</l>'.encode()
    with pytest.raises(QueryError, match="not valid XML"):
        XPath("string(/l)").evaluate(exchange(body, "text/xml"))


@pytest.mark.parametrize("expr", ["//title", "count(//li)", "//p:c"])
def test_what_can_be_read_has_no_problem(expr: str) -> None:
    """It is asked before there is a reply."""
    assert XPath(expr).problem() == ""


@pytest.mark.parametrize("expr", ["", "//[", "count(1", "/" * 20_000])
def test_what_can_not_be_read_is_a_problem(expr: str) -> None:
    """What is not an XPath is said in words before anything is sent."""
    assert XPath(expr).problem()
