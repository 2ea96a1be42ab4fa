"""XML and HTML that XPath is applied to: no network, no entities, no DTD, no extension functions."""

from __future__ import annotations

from typing import Final

from lxml import etree

from tui_client.tui.widgets.filters.json_source import Result, Unusable
from tui_client.tui.widgets.filters.messages import LARGEST, Tool

_EXACT_INTEGER: Final = 2**53


class MarkupSource:
    """One document. Raises Unusable for what can't be read as one."""

    def __init__(self, text: bytes, *, html: bool) -> None:
        parser: etree.XMLParser | etree.HTMLParser
        if html:
            parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        else:
            parser = etree.XMLParser(
                encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            )
        try:
            root = etree.fromstring(text, parser)
        except (etree.LxmlError, ValueError) as error:
            raise Unusable(f"not valid {'HTML' if html else 'XML'}: {error}") from error
        if root is None:
            raise Unusable("the body holds no element")
        self._root = root
        self._prefixes = {prefix or "_": uri for prefix, uri in root.nsmap.items()}

    def evaluate(self, expr: str, tool: Tool) -> Result:
        """What the XPath finds: elements, each from a new line, or texts. Raises Unusable."""
        try:
            # Without regexp=False, EXSLT's functions would run patterns of Python's re, which has no timeout.
            find = etree.XPath(expr.strip(), namespaces=self._prefixes, regexp=False, smart_strings=False)
            found = find(self._root)
        except (etree.LxmlError, ValueError, RecursionError) as error:
            raise Unusable(f"no XPath: {error}") from error
        nodes = found if isinstance(found, list) else [found]
        texts, total = [], 0
        for node in nodes:
            texts.append(_text(node))
            total += len(texts[-1])
            if total > LARGEST:
                raise Unusable("more than 64 MiB are found; narrow it")
        markup = any(isinstance(node, etree._Element) for node in nodes)
        return Result(len(nodes), b"\n".join(texts), markup=markup, plain=not markup)


def _text(node: object) -> bytes:
    match node:
        case etree._Element():
            return etree.tostring(node, encoding="utf-8", with_tail=False, pretty_print=True).rstrip(b"\n")
        case bool():
            return b"true" if node else b"false"
        case float() if node.is_integer() and abs(node) < _EXACT_INTEGER:
            return str(int(node)).encode()
        case tuple():  # a namespace and its prefix
            return str(node[1]).encode("utf-8", "replace")
        case _:
            return str(node).encode("utf-8", "replace")
