"""Queries of Postman with nothing between two signs."""

import json

from tui_client.formats.postman import read_postman


def test_an_empty_row_keeps_its_place() -> None:
    """Both signs of `&&` are sent, so the row after them stands in the URL too."""
    item = {"name": "r", "request": {"method": "GET", "url": "http://x.test/q?&a=1&&b=2&c=3"}}
    document = {"info": {"name": "C"}, "item": [item]}
    request = read_postman(json.dumps(document).encode()).collections[0].requests[0].request
    assert request.url == "http://x.test/q?&a=1&&b=2"
    assert [(row.name, row.value) for row in request.params] == [("c", "3")]
