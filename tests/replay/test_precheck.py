"""What is said of a plan before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tui_client.errors import BrokenFile, FailureKind, RequestFailed, UsageError

World = Any  # the fixture of conftest


async def test_a_missing_column_is_named_before_anything_is_sent(world: World) -> None:
    """The message has the variable, the request and the columns that there are."""
    world.write("a", 'url = "/echo"\n')
    world.write("b", 'url = "/echo"\n[params]\nname = "{{full_name}}"\n')
    data = world.data("users.csv", "id,name\n1,Ada\n")
    with pytest.raises(RequestFailed) as refused:
        await world.results("a", "b", data=data)
    failure = refused.value.failure
    assert (failure.kind, failure.subject) == (FailureKind.TEMPLATE_UNKNOWN_VARIABLE, "full_name")
    assert failure.place == "b; users.csv has the columns id, name"
    assert world.shop.arrived == []


async def test_of_very_many_columns_some_are_named(world: World) -> None:
    """A hundred thousand are read at once, and told by their number."""
    world.write("a", 'url = "/echo?name={{full_name}}"\n')
    names = ",".join(f"c{number:05}" for number in range(100_000))
    with pytest.raises(RequestFailed) as refused:
        await world.results("a", data=world.data("wide.csv", f"{names}\n{names}\n"))
    assert refused.value.failure.place.endswith("c00028, c00029 and 99,970 more")
    with pytest.raises(BrokenFile, match="the column c00000 stands twice"):
        await world.results("a", data=world.data("twice.csv", f"{names},c00000\n"))


@pytest.mark.parametrize(
    "param",
    [
        "{{name}}",  # a column
        "{{given}}",  # the command line
        "{{shared}}",  # the collection
        "{{t}}",  # captured by the step before
        "{{default(nobody, 'x')}}",  # can do without
        "{{int(age)}}",
    ],
)
async def test_what_something_else_provides_is_no_missing_column(world: World, param: str) -> None:
    """Captures, files and the command line count, and so does a default."""
    world.share('[variables]\nshared = "{{name}}"\n')
    world.write("one", 'url = "/login"\n[capture.t]\nquery = "json"\nexpr = "$.token"\n')
    world.write("two", f'url = "/echo"\n[params]\nname = "{param}"\n')
    data = world.data("users.csv", "name,age\nAda,36\n")
    results = await world.results("one", "two", data=data, given={"given": "x"})
    assert [result.passed for result in results] == [True, True]


async def test_a_column_reached_through_another_variable_is_checked_too(world: World) -> None:
    """The collection's variable needs the column, so the request does."""
    world.share('[variables]\ngreeting = "Hello {{nmae}}"\n')
    world.write("a", 'url = "/echo"\n[headers]\nX-Greeting = "{{greeting}}"\n')
    with pytest.raises(RequestFailed) as refused:
        await world.results("a", data=world.data("users.csv", "name\nAda\n"))
    assert refused.value.failure.subject == "nmae"


async def test_json_rows_may_differ_so_a_missing_name_is_that_rows_error(world: World) -> None:
    """Without a header the row that lacks the name fails, the others are sent."""
    world.write("a", 'url = "/echo"\n[params]\nname = "{{name}}"\n')
    data = world.data("users.jsonl", '{"name": "Ada"}\n{"nom": "Bob"}\n')
    results = await world.results("a", data=data)
    assert [result.passed for result in results] == [True, False]


async def test_an_empty_data_file_is_refused(world: World) -> None:
    """Nothing is sent for a file without rows."""
    world.write("a", 'url = "/echo"\n')
    with pytest.raises(UsageError):
        await world.results("a", data=world.data("users.csv", ""))


async def test_a_broken_request_is_left_for_its_own_step(world: World) -> None:
    """One broken file does not keep the rest of a plan from being sent."""
    world.write("a", "url = \n")
    world.write("b", 'url = "/echo"\n')
    results = await world.results("a", "b", data=world.data("users.csv", "x\n1\n"))
    assert [result.passed for result in results] == [False, True]
