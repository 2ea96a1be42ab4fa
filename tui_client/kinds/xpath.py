"""XPath over HTML and XML, bounded in time: no network, no entities, no DTD, no extension functions."""

from __future__ import annotations

from typing import Final

from lxml import etree

from tui_client.errors import QueryError
from tui_client.kinds.bounded import Deadline, OutOfTime, check_expression, out_of_time, run_bounded
from tui_client.kinds.reply import body_bytes, body_text, content_type, once, refuse, response_of
from tui_client.model.charset import declared_charset
from tui_client.model.exchange import Exchange
from tui_client.model.values import MISSING, QueryValue

MAX_XPATH_BYTES: Final = 16 * 1024 * 1024
_EXACT_INTEGER: Final = 2**53


def select(expr: str, exchange: Exchange) -> QueryValue:
    """What an XPath finds in the body: text, number, boolean, text of one node, or a list; MISSING for no node.

    Raises QueryError for a body that can't be parsed, an expression that can't be read, or more than a second.
    """
    check_expression(expr, "xpath")
    root = once(exchange, "xml", lambda: _parse(exchange))
    try:
        return run_bounded(lambda: _evaluate(expr, root), "xpath")
    except OutOfTime as error:
        raise out_of_time("xpath") from error
    except QueryError as error:
        # The thread that was left behind still reads this tree; nobody else may.
        refuse(exchange, "xml", error)
        raise
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise QueryError("xpath", f"{expr!r} can't be used: {error}") from error


def expression_problem(expr: str) -> str:
    """Why an XPath can't be read; "" if it can. Prefixes and functions are known only with a document."""
    try:
        check_expression(expr, "xpath")
        etree.XPath(expr, regexp=False, smart_strings=False)
    except QueryError as error:
        return error.reason
    except (etree.LxmlError, ValueError, RecursionError) as error:
        return f"{expr!r} can't be used: {error}"
    return ""


def _parse(exchange: Exchange) -> etree._Element:
    media_type = content_type(response_of(exchange, "xpath"))
    data = body_bytes(exchange, "xpath", MAX_XPATH_BYTES)
    is_xml = "xml" in media_type.lower() and "html" not in media_type.lower()
    if is_xml and not declared_charset(media_type):
        # The document says its charset itself.
        encoding = None
    else:
        data, encoding = body_text(exchange, "xpath").encode("utf-8", "replace"), "utf-8"
    try:
        root = run_bounded(lambda: etree.fromstring(data, _parser(encoding, is_xml=is_xml)), "xpath")
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise QueryError("xpath", f"not valid {'XML' if is_xml else 'HTML'}: {error}") from error
    if root is None:
        raise QueryError("xpath", "the body holds no element")
    return root


def _parser(encoding: str | None, *, is_xml: bool) -> etree.XMLParser | etree.HTMLParser:
    if is_xml:
        return etree.XMLParser(
            encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
    return etree.HTMLParser(encoding=encoding, no_network=True, huge_tree=False)


def _evaluate(expr: str, root: etree._Element) -> QueryValue:
    prefixes = {prefix or "_": uri for prefix, uri in root.nsmap.items()}
    # Without regexp=False, EXSLT's functions would run patterns of Python's re, which has no timeout.
    found = etree.XPath(expr, namespaces=prefixes, regexp=False, smart_strings=False)(root)
    if isinstance(found, list):
        deadline = Deadline()
        texts = [_text(node, deadline) for node in found]
        return (texts[0] if len(texts) == 1 else list(texts)) if texts else MISSING
    if isinstance(found, float) and found.is_integer() and abs(found) < _EXACT_INTEGER:
        # XPath knows doubles only; a count is an integer to everyone else.
        return int(found)
    scalar: QueryValue = found
    return scalar


def _text(node: object, deadline: Deadline) -> str:
    deadline.tick()
    if isinstance(node, etree._Comment | etree._ProcessingInstruction):
        return node.text or ""
    if isinstance(node, etree._Element):
        return str(etree.XPath("string()", smart_strings=False)(node))
    # Attributes and text nodes are text already; a namespace node is a pair.
    return str(node[1]) if isinstance(node, tuple) else str(node)
