"""What a request inherits, and from whom."""

from __future__ import annotations

import msgspec
import pytest

from tui_client.model.collection import Collection, Environment, Folder, Surroundings
from tui_client.model.effective import Scope, inherit, merge_headers, merge_options
from tui_client.model.kinds import Auth
from tui_client.model.options import Options, SendOptions, TimeoutOptions, Timeouts
from tui_client.model.request import NameValue, Request
from tui_client.model.variables import Constant


class Token(Auth, frozen=True, tag="token"):
    """An auth for these tests."""

    value: str = ""


def rows(*pairs: tuple[str, str]) -> tuple[NameValue, ...]:
    return tuple(NameValue(name, value) for name, value in pairs)


def values(**given: str) -> dict[str, Constant]:
    return {name: Constant(value) for name, value in given.items()}


AROUND = Surroundings(
    collection=Collection(
        id="shop",
        base_url="http://collection",
        root=Folder(
            headers=rows(("A", "collection"), ("B", "collection"), ("C", "collection"), ("D", "collection")),
            auth=Token("collection"),
            options=Options(max_redirects=1, proxy="http://p", timeout=TimeoutOptions(read=1, total=1)),
            variables=values(a="collection", b="collection", c="collection"),
        ),
    ),
    folders=(
        Folder(
            path="users",
            headers=rows(("b", "users"), ("c", "users"), ("d", "users")),
            options=Options(max_redirects=2, verify=False, timeout=TimeoutOptions(read=2)),
            variables=values(b="users", c="users"),
        ),
        Folder(path="users/admin", auth=Token("admin"), variables=values(c="admin")),
    ),
    environment=Environment(
        name="local", base_url="http://local", headers=rows(("c", "env"), ("d", "env")), variables=values(e="env")
    ),
)


def test_the_nearest_header_wins() -> None:
    """Collection, folders, environment, request: a nearer one replaces the name, whatever its case."""
    effective = inherit("users/admin/x", Request(headers=rows(("D", "own"))), AROUND, SendOptions())
    assert [(row.name, row.value) for row in effective.headers] == [
        ("A", "collection"),
        ("b", "users"),
        ("c", "env"),
        ("D", "own"),
    ]


def test_repeats_of_a_nearer_header_stay_together() -> None:
    """Two rows of one name replace all farther ones and are both sent, in order."""
    far, near = rows(("X", "1"), ("Y", "1"), ("x", "2")), rows(("X", "3"), ("X", "4"))
    assert merge_headers(far, near) == rows(("Y", "1"), ("X", "3"), ("X", "4"))
    assert merge_headers(far) == far


def test_a_disabled_header_neither_counts_nor_replaces() -> None:
    """Switching off one's own row brings back what is inherited."""
    off = (NameValue("X", "2", enabled=False),)
    assert merge_headers(rows(("X", "1")), off) == rows(("X", "1"))


def test_options_fall_back_one_by_one() -> None:
    """Each option is the nearest that was given: request, folder, collection, then the user's own."""
    defaults = SendOptions(http2=True, timeouts=Timeouts(pool=9))
    request = Request(options=Options(verify=True, timeout=TimeoutOptions(total=0)))
    options = inherit("x", request, AROUND, defaults).options
    assert options == SendOptions(
        http2=True,
        max_redirects=2,
        proxy="http://p",
        verify=True,
        timeouts=Timeouts(connect=5.0, read=2, write=30.0, pool=9, total=None, given=frozenset({"read", "total"})),
    )


@pytest.mark.parametrize("name", [field.name for field in msgspec.structs.fields(TimeoutOptions)])
def test_a_timeout_of_zero_means_none(name: str) -> None:
    """0 takes a limit away; not given leaves the inherited one."""
    timeouts = merge_options(SendOptions(), Options(timeout=TimeoutOptions(**{name: 0}))).timeouts
    assert getattr(timeouts, name) is None
    assert timeouts == msgspec.structs.replace(Timeouts(), **{name: None}, given=frozenset({name}))


def test_false_and_empty_are_values() -> None:
    """An option that is given as false, 0 or "" wins over an inherited one."""
    base = SendOptions(proxy="http://p", verify=True, max_redirects=5)
    over = Options(proxy="", verify=False, max_redirects=0)
    assert merge_options(base, over) == SendOptions(proxy="", verify=False, max_redirects=0)


@pytest.mark.parametrize(
    ("own", "folders", "auth", "origin"),
    [
        (Token("own"), AROUND.folders, Token("own"), ""),
        (None, AROUND.folders, Token("admin"), "users/admin"),
        (None, AROUND.folders[:1], Token("collection"), "shop"),
        (None, (), Token("collection"), "shop"),
    ],
)
def test_the_nearest_auth_wins_and_says_whence(
    own: Auth | None, folders: tuple[Folder, ...], auth: Auth, origin: str
) -> None:
    """Its own, then the folder it is in, then those around it, then the collection."""
    around = msgspec.structs.replace(AROUND, folders=folders)
    effective = inherit("x", Request(auth=own), around, SendOptions())
    assert (effective.auth, effective.auth_origin) == (auth, origin)


def test_without_any_auth_there_is_none() -> None:
    """And it has no origin."""
    effective = inherit("x", Request(), Surroundings(Collection(id="bare")), SendOptions())
    assert (effective.auth, effective.auth_origin) == (None, "")


@pytest.mark.parametrize(
    ("name", "origin", "value"),
    [
        ("a", "collection shop", "collection"),
        ("b", "folder users", "users"),
        ("c", "folder users/admin", "admin"),
        ("e", "env local", "env"),
        ("base_url", "env local", "http://local"),
    ],
)
def test_variables_are_found_in_the_nearest_layer(name: str, origin: str, value: str) -> None:
    """Environment, folders from the nearest out, collection; base_url is a variable like others."""
    assert inherit("x", Request(), AROUND, SendOptions()).scope.find(name) == (origin, Constant(value))


def test_an_environment_without_base_url_leaves_the_collections() -> None:
    """An empty one doesn't hide it."""
    around = msgspec.structs.replace(AROUND, environment=Environment(name="other"))
    scope = inherit("x", Request(), around, SendOptions()).scope
    assert scope.find("base_url") == ("collection shop", Constant("http://collection"))


def test_a_layer_over_others_wins_and_changes_none() -> None:
    """Captures and the command line come first; the scope they are laid over stays as it was."""
    scope = Scope().over("row 7", values(a="row"))
    above = scope.over("command line", values(a="given"))
    assert above.find("a") == ("command line", Constant("given"))
    assert scope.find("a") == ("row 7", Constant("row"))
    assert above.over("captured", {}) is above
    assert above.find("nope") is None


def test_what_is_the_requests_own_is_kept() -> None:
    """Everything that isn't inherited comes through as written."""
    request = Request(
        name="n", method="propfind", url="/u", tags=("t",), path=rows(("id", "1")), params=rows(("p", "1"))
    )
    effective = inherit("users/x", request, AROUND, SendOptions())
    assert effective.key == "users/x"
    for name in ("name", "method", "url", "tags", "path", "params", "body", "captures", "asserts"):
        assert getattr(effective, name) == getattr(request, name)
