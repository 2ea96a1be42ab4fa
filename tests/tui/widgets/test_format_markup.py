"""XML and HTML, indented."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.tui.widgets.format_markup import TEXT, indent, scan

_PIECES = st.lists(
    st.sampled_from(
        b"<a>|</a>|<b x='1 > 2'>|</b>|<br>|<br/>|<p>|<li>|</ul>|<ul>|<pre>|</pre>|<script>|</script>|<!-- c -->|<!--"
        b"|-->|<![CDATA[ <x> ]]>|<?p i?>|<!DOCTYPE a [<!ENTITY x 'y'>]>|<|>|text|&amp;| |\n  |\t|<a b=\"|'|<td>|<tr>"
        b"|</|<!A [|<x xml:space='preserve'>|</x>|\xff|\x00".split(b"|")
    ),
    max_size=16,
).map(b"".join)


def indented(data: bytes, *, html: bool = False) -> bytes:
    out = io.BytesIO()
    indent(data, out.write, html=html)
    return out.getvalue()


def content(data: bytes, *, html: bool) -> list[bytes]:
    """All tokens but blanks between tags, and at both ends."""
    tokens = [(token.kind, data[token.start : token.end]) for token in scan(data, html=html)]
    return [text for kind, text in tokens if kind != TEXT or not text.isspace()]


@settings(max_examples=200, deadline=None)
@given(_PIECES, st.booleans())
def test_only_blanks_between_tags_are_changed(data: bytes, html: bool) -> None:
    """Nothing else is lost, changed or moved, however broken the document is."""
    assert content(indented(data, html=html), html=html) == content(data, html=html)


@settings(max_examples=100, deadline=None)
@given(_PIECES, st.booleans())
def test_tokens_are_the_whole_document(data: bytes, html: bool) -> None:
    """They follow each other without a gap."""
    tokens = list(scan(data, html=html))
    assert all(one.end == other.start for one, other in pairwise(tokens))
    assert b"".join(data[token.start : token.end] for token in tokens) == data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            "<?xml version='1.0'?><!-- c --><a><b>x</b><c/></a>",
            "<?xml version='1.0'?>|<!-- c -->|<a>|  <b>x</b>|  <c/>|</a>",
        ),
        ("<a>\n\n<b>\n</b></a>\n", "<a>|  <b>|</b>|</a>"),
        ("<p>Some <b>bold</b> <i>text</i></p>", "<p>Some <b>bold</b> <i>text</i></p>"),
        ("<p>Some <b><c/> <d/></b></p>", "<p>Some <b><c/> <d/></b></p>"),
        ("<a><![CDATA[<b>]]><c/></a>", "<a><![CDATA[<b>]]><c/></a>"),
        ("<a xml:space='preserve'> <b/> </a>", "<a xml:space='preserve'> <b/> </a>"),
        ("<a><b>&e;&#10;</b><c/></a>", "<a>|  <b>&e;&#10;</b>|  <c/>|</a>"),
        ("</b><a><c></a>", "</b>|<a>|  <c></a>"),
    ],
)
def test_xml_is_indented(data: str, text: str) -> None:
    """Elements begin lines, text with tags in it stays as it is, entities are not looked into."""
    assert indented(data.encode()).decode() == text.replace("|", "\n")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            "<!doctype html><HTML><head><meta><link></HTML>",
            "<!doctype html>|<HTML>|  <head>|    <meta>|    <link>|</HTML>",
        ),
        (
            "<div><script>if (a<b) '</div>'</script><p>x</div>",
            "<div>|  <script>if (a<b) '</div>'</script>|  <p>x</div>",
        ),
        ("<div><pre>\n <b>x</b>\n</pre></div>", "<div>|  <pre>| <b>x</b>|</pre>|</div>"),
        ("<div><textarea>\n <b> </textarea></div>", "<div><textarea>| <b> </textarea></div>"),
        ("<ul><li><a>1</a><li><a>2</a></ul>", "<ul>|  <li>|    <a>1</a>|  <li>|    <a>2</a>|</ul>"),
        (
            "<table><tr><td><br><td><br><tr></table>",
            "<table>|  <tr>|    <td>|      <br>|    <td>|      <br>|  <tr></table>",
        ),
        ("<p>A <b>bold</b><i>x</i> word<div></div>", "<p>A <b>bold</b><i>x</i> word<div></div>"),
        ("<ul><li><a>1</a> <b>x</b></li></ul>", "<ul>|  <li><a>1</a> <b>x</b></li>|</ul>"),
        ("<div><p>Some <b>x</b></p><a>y</a></div>", "<div>|  <p>Some <b>x</b></p>|  <a>y</a>|</div>"),
    ],
)
def test_html_is_indented(data: str, text: str) -> None:
    """Void elements, raw text and tags that were left out are known."""
    lines = indented(data.encode(), html=True).decode()
    assert lines == text.replace("|", "\n")


def test_depth_is_no_problem() -> None:
    """20,000 levels are a few megabytes."""
    data = b"<a>" * 20_000 + b"</a>" * 20_000
    assert len(indented(data)) < 10_000_000


@pytest.mark.parametrize("data", [b'<a ="', b"<!--", b"<", b"<![CDATA[", b"<!A [", b"<script>", b'<a x="<', b"</a"])
@pytest.mark.parametrize("html", [False, True])
def test_markup_without_an_end_takes_no_longer_than_its_length(data: bytes, html: bool) -> None:
    """A hostile reply costs no more than a large one: a quadratic search would take minutes here."""
    indented(data * 20_000, html=html)
