"""Some of the requests of a document."""

from __future__ import annotations

import pytest

from tui_client.errors import UsageError
from tui_client.formats._found import Found, FoundCollection, FoundFolder, FoundRequest, Line, Outcome
from tui_client.interop.filtering import Wanted, filtered
from tui_client.model.collection import Environment, Folder
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant, Secret


def request(name: str, url: str, *media: str, method: str = "GET", folder: str = "") -> FoundRequest:
    headers = (NameValue("Cookie", f"{{{{cookie_{name}}}}}"),)
    made = Request(name=name, url=url, method=method, headers=headers)
    return FoundRequest(request=made, folder=(folder,) if folder else (), media=media)


ONE = request("one", "https://api.example:8443/1", "xhr", "application/json", method="post", folder="api")
TWO = request("two", "https://www.example/2", "image", "image/png", folder="www")
FOUND = Found(
    format="har",
    collections=(
        FoundCollection(
            title="A",
            shared=Folder(variables={"cookie_one": Secret(), "cookie_two": Secret(), "plain": Constant("1")}),
            folders=(FoundFolder(path=("www",)), FoundFolder(path=("empty",))),
            requests=(ONE, TWO),
        ),
    ),
    report=(
        Line("api / one", "x", Outcome.DROPPED, "w"),
        Line("www / two", "x", Outcome.DROPPED, "w"),
        Line("variable cookie_two", "x", Outcome.IMPORTED, "w"),
        Line("log", "x", Outcome.DROPPED, "w"),
    ),
)


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(hosts=("API.*",)), [ONE]),
        (Wanted(hosts=("api.example:8443", "nobody")), [ONE]),
        (Wanted(hosts=("*.example",)), [ONE, TWO]),
        (Wanted(methods=("POST",)), [ONE]),
        (Wanted(types=("json",)), [ONE]),
        (Wanted(types=("xhr", "image/*")), [ONE, TWO]),
        (Wanted(hosts=("*",), methods=("get",), types=("png",)), [TWO]),
    ],
)
def test_each_kind_of_filter_leaves_what_fits(wanted: Wanted, left: list[FoundRequest]) -> None:
    """One of each kind is enough, and every kind must fit."""
    assert list(filtered(FOUND, wanted)[0].collections[0].requests) == left


def test_what_only_the_others_need_goes_with_them() -> None:
    """Their folders, their secrets and what was said of them; a sentence counts them."""
    found, said = filtered(FOUND, Wanted(hosts=("api.*",)))
    (collection,) = found.collections
    assert list(collection.shared.variables) == ["cookie_one", "plain"]
    assert [folder.path for folder in collection.folders] == [("empty",)]
    assert [line.origin for line in found.report] == ["api / one", "log", "filter"]
    assert said == "1 of 2 requests are imported, the others left out: --host api.*."


def test_hosts_are_seen_through_variables() -> None:
    """The base URL, of an environment too, and constants."""
    collection = FoundCollection(
        title="A",
        base_url="https://a.example/v1",
        shared=Folder(variables={"host": Constant("c.example")}),
        environments=(Environment(name="local", base_url="http://127.0.0.1:8000"),),
        requests=(request("a", "/x"), request("b", "{{base_url}}/y"), request("c", "https://{{host}}/z")),
    )
    found = Found(format="postman", collections=(collection,))
    for glob, names in (("a.example", "ab"), ("127.0.0.1", "ab"), ("c.*", "c")):
        left = filtered(found, Wanted(hosts=(glob,)))[0].collections[0].requests
        assert "".join(each.request.name for each in left) == names


def test_nothing_left_and_types_of_no_recording_are_refused() -> None:
    """Rather than an empty collection."""
    with pytest.raises(UsageError, match="None of the 2 requests is left with --host nobody"):
        filtered(FOUND, Wanted(hosts=("nobody",)))
    plain = FoundCollection(title="A", requests=(request("a", "/x"),))
    with pytest.raises(UsageError, match="--type is for recordings"):
        filtered(Found(format="curl", collections=(plain,)), Wanted(types=("json",)))
