"""From what is known of a workspace to rows."""

from __future__ import annotations

import msgspec

from tui_client.tui.panels._collection_rows import Detail, Node, NodeKind, TreeRows, TreeState, placed
from tui_client.tui.widgets.outline import OutlineRow, RowState

SHOP = Node(NodeKind.COLLECTION, "shop")
USERS = Node(NodeKind.FOLDER, "shop", "users")
LIST = Node(NodeKind.REQUEST, "shop", "users/list", "users/list")
PING = Node(NodeKind.REQUEST, "shop", "ping", "ping")
STATE = TreeState(roots=(SHOP,), children={SHOP.id: (USERS, PING), USERS.id: (LIST,)})


def rows(state: TreeState) -> list[OutlineRow]:
    """All rows, as they would be drawn."""
    found = TreeRows(placed(state), state)
    return [found[index] for index in range(len(found))]


def labels(state: TreeState) -> list[str]:
    """What the rows are called, by depth."""
    return ["  " * row.depth + row.label for row in rows(state)]


def test_a_single_collection_has_no_row_of_its_own() -> None:
    """The panel's title names it; its folders stand at the left."""
    assert labels(STATE) == ["users", "ping"]


def test_several_collections_have_a_row_each() -> None:
    """And fold like folders."""
    two = msgspec.structs.replace(STATE, roots=(SHOP, Node(NodeKind.COLLECTION, "other")), expanded={SHOP.id})
    assert labels(two) == ["shop", "  users", "  ping", "other"]


def test_an_unfolded_folder_shows_what_is_in_it() -> None:
    """Below it, one step to the right."""
    unfolded = msgspec.structs.replace(STATE, expanded={USERS.id})
    assert labels(unfolded) == ["users", "  list", "ping"]
    assert [row.state for row in rows(unfolded)] == [RowState.OPEN, RowState.LEAF, RowState.LEAF]


def test_a_folder_that_was_not_read_yet_is_empty() -> None:
    """Its requests come when the disk has answered."""
    assert labels(TreeState(roots=(SHOP,), children={SHOP.id: (USERS,)}, expanded={USERS.id})) == ["users"]


def test_a_request_shows_its_method_its_draft_and_its_last_status() -> None:
    """Each in its own place."""
    state = msgspec.structs.replace(
        STATE, details={"ping": Detail("GET")}, statuses={"ping": "200"}, drafts=frozenset({"ping"})
    )
    row = rows(state)[1]
    assert (row.badge, row.label, row.mark, row.note, row.state) == ("GET", "ping", "*", "200", RowState.LEAF)


def test_a_broken_request_shows_why_in_place_of_its_status() -> None:
    """What stood there before says nothing of the file as it is."""
    row = rows(msgspec.structs.replace(STATE, details={"ping": Detail(broken="line 4")}, statuses={"ping": "200"}))[1]
    assert (row.state, row.note) == (RowState.BROKEN, "line 4")


def test_matches_show_their_whole_path() -> None:
    """Two requests called list can be told apart."""
    assert labels(msgspec.structs.replace(STATE, matches=(LIST, PING))) == ["users/list", "ping"]
    assert labels(msgspec.structs.replace(STATE, matches=())) == []


def test_matches_of_several_collections_name_their_collection() -> None:
    """As the key does."""
    node = Node(NodeKind.REQUEST, "shop", "users/list", "shop:users/list")
    two = msgspec.structs.replace(STATE, roots=(SHOP, Node(NodeKind.COLLECTION, "other")), matches=(node,))
    assert labels(two) == ["shop:users/list"]


def test_a_node_is_found_by_its_id_and_by_its_place() -> None:
    """Folders and requests of one name have different ids."""
    state = msgspec.structs.replace(STATE, expanded={USERS.id})
    found = TreeRows(placed(state), state)
    assert [found.place(node.id) for node in (USERS, LIST, PING)] == [0, 1, 2]
    assert found.place("gone") is None
    assert found.node(1) == LIST
    assert found.node(9) is None
    assert found.node(-1) is None
    assert Node(NodeKind.FOLDER, "shop", "ping").id != PING.id


def test_a_folder_names_where_new_things_go() -> None:
    """Into itself, and beside a request."""
    assert [node.folder for node in (SHOP, USERS, LIST, PING)] == ["", "users", "users", ""]
