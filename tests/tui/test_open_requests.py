"""Open requests as a value."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tui_client.model.request import Request
from tui_client.storage.document import Fingerprint
from tui_client.storage.library import LoadedRequest
from tui_client.tui.screens._open_requests import OpenRequests
from tui_client.tui.state import Disk


def _loaded(key: str) -> LoadedRequest:
    request = Request(url=f"/{key}")
    return LoadedRequest(key=key, path=Path(f"{key}.toml"), request=request, text="", fingerprint=Fingerprint(0, 0, ""))


def _open(*keys: str) -> OpenRequests:
    requests = OpenRequests()
    for key in keys:
        requests = requests.open(_loaded(key), "shop")
    return requests


def _edited(requests: OpenRequests) -> OpenRequests:
    assert requests.current is not None
    return requests.replace(msgspec.structs.replace(requests.current, draft=Request(url="/edited")))


def test_an_opened_request_becomes_the_active_one() -> None:
    """What one opens is what one sees."""
    requests = _open("users/list", "users/get")
    assert [item.key for item in requests.items] == ["users/list", "users/get"]
    assert requests.current is not None and requests.current.key == "users/get"


def test_a_request_is_open_once() -> None:
    """Opening it again shows its tab, with its edit."""
    requests = _edited(_open("users/list"))
    again = requests.open(_loaded("users/get"), "shop").open(_loaded("users/list"), "shop")
    assert len(again.items) == 2
    assert again.current is not None and again.current.draft.url == "/edited"


def test_an_untouched_new_request_gives_way_to_what_is_opened() -> None:
    """No row of empty tabs."""
    requests = OpenRequests().open(None, "shop").open(_loaded("users/list"), "shop")
    assert [item.key for item in requests.items] == ["users/list"]


def test_an_edited_new_request_stays() -> None:
    """It is nowhere else."""
    requests = _edited(OpenRequests().open(None, "shop")).open(_loaded("users/list"), "shop")
    assert [item.key for item in requests.items] == ["", "users/list"]


def test_ids_are_never_used_again() -> None:
    """The reply of a closed request can't land in another one."""
    requests = OpenRequests().open(None, "shop")
    first = requests.active
    assert requests.close(first).open(None, "shop").active != first


@pytest.mark.parametrize(
    ("closed", "shown"), [("request-1", "request-3"), ("request-2", "request-3"), ("request-3", "request-2")]
)
def test_closing_shows_a_neighbour_only_if_it_was_shown(closed: str, shown: str) -> None:
    """The right one, at the end the left one; closing another changes nothing of what is seen."""
    assert _open("a", "b", "c").close(closed).active == shown


def test_closing_the_last_one_leaves_none() -> None:
    """And closing what is not open changes nothing."""
    requests = _open("a")
    assert requests.close("nobody") == requests
    assert requests.close("request-1").current is None


def test_stepping_goes_round() -> None:
    """From the last to the first and back."""
    requests = _open("a", "b")
    assert requests.step(1).current == requests.items[0]
    assert requests.step(1).step(-1) == requests
    assert OpenRequests().step(1) == OpenRequests()


def test_those_below_a_folder_are_found_by_whole_names() -> None:
    """A folder "use" doesn't hold "users/list"."""
    requests = _open("users/list", "users/admin/get", "usersx/a", "users")
    assert [item.key for item in requests.below("users")] == ["users/list", "users/admin/get"]


def test_tabs_show_edits_sends_and_the_disk() -> None:
    """A star, a dot and a word; never by colour alone."""
    requests = _edited(_open("users/list", "users/get"))
    assert requests.current is not None
    requests = requests.replace(msgspec.structs.replace(requests.current, disk=Disk.CHANGED))
    tabs = requests.tabs({"request-1"})
    assert [(tab.label, tab.note) for tab in tabs] == [("list", "●"), ("get*", "≠ disk")]


def test_tabs_of_one_name_show_their_folders() -> None:
    """Two "list" say which is which."""
    assert [tab.label for tab in _open("users/list", "orders/list", "users/get").tabs(())] == [
        "users/list",
        "orders/list",
        "get",
    ]


def test_emptying_a_saved_request_is_an_edit() -> None:
    """A draft equal to a new request is no reason to lose a change."""
    requests = _open("users/list")
    assert requests.current is not None
    emptied = requests.replace(msgspec.structs.replace(requests.current, draft=Request()))
    assert [item.key for item in emptied.dirty] == ["users/list"]
