"""XML and HTML that is filtered, without the process."""

from __future__ import annotations

import pytest

from tui_client.tui.widgets.filters.json_source import Unusable
from tui_client.tui.widgets.filters.markup_source import MarkupSource
from tui_client.tui.widgets.filters.messages import Tool

XML = '<?xml version="1.0" encoding="latin-1"?><a xmlns="u"><b n="1">ä</b>tail<b/></a>'.encode()


@pytest.mark.parametrize(
    ("expr", "nodes", "document", "markup"),
    [
        ("//_:b", 2, '<b xmlns="u" n="1">ä</b>\n<b xmlns="u"/>', True),
        ("//_:b/text() | //@n", 2, "1\nä", False),
        ("count(//_:b)", 1, "2", False),
        ("count(//_:b) > 3", 1, "false", False),
        ("//_:nothing", 0, "", False),
    ],
)
def test_elements_and_texts_are_shown(expr: str, nodes: int, document: str, markup: bool) -> None:
    """An XPath may find either, or compute something."""
    found = MarkupSource(XML, html=False).evaluate(expr, Tool.XPATH)
    assert (found.nodes, found.document.decode(), found.markup) == (nodes, document, markup)


def test_html_is_read_as_browsers_do() -> None:
    """What is not closed is closed."""
    assert MarkupSource(b"<p>one<p>two", html=True).evaluate("//p[2]", Tool.XPATH).document == b"<p>two</p>"


def test_what_can_not_be_used_says_why() -> None:
    """The body, or the expression; entities are not expanded."""
    with pytest.raises(Unusable, match="not valid XML"):
        MarkupSource(b"<a>", html=False)
    with pytest.raises(Unusable, match="no XPath: Invalid expression"):
        MarkupSource(XML, html=False).evaluate("//[", Tool.XPATH)
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert MarkupSource(bomb, html=False).evaluate("string(/a)", Tool.XPATH).document == b""
