"""Test scripts of Postman's that only check and capture become asserts and captures; all others stay scripts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_client.formats._found import Report
from tui_client.formats._postman.checks import Checks, understood
from tui_client.formats._postman.words import Words
from tui_client.formats._postman.write_checks import write_script
from tui_client.kinds.query.body import BodyText
from tui_client.kinds.query.duration import Duration
from tui_client.kinds.query.header import Header
from tui_client.kinds.query.json import Json
from tui_client.kinds.query.status import Status
from tui_client.model.effective import Scope
from tui_client.model.request import Assertion, Capture

STATUS = Assertion(Status(), "==", 200)


def asserts_of(script: str) -> list[Assertion]:
    found = understood(script)
    assert found is not None
    return list(found.asserts)


def test_a_usual_script_is_understood_wholly() -> None:
    """Comments, both kinds of functions, names for parts of the reply: its checks and captures."""
    script = """
        // what comes back
        pm.test("Status code is 200", function () { pm.response.to.have.status(200); });
        /* the user */
        const body = pm.response.json();
        let user = body.data["user-data"];
        pm.test('Has a name', () => {
            pm.expect(user.names[0]).to.eql('Ann');
        });
        pm.collectionVariables.set("user id", user.id)
        postman.setEnvironmentVariable("first", JSON.parse(responseBody).x);
    """
    assert understood(script) == Checks(
        (STATUS, Assertion(Json("$.data['user-data'].names[0]"), "==", "Ann")),
        (Capture("user_id", Json("$.data['user-data'].id")), Capture("first", Json("$.x"))),
    )


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        ("pm.expect(pm.response.code).to.equal(200)", [STATUS]),
        ("pm.expect(pm.response.code).to.be.eql(200)", [STATUS]),
        ("pm.expect(pm.response.code).to.be.oneOf([200])", [STATUS]),
        (
            "pm.expect(pm.response.code).to.be.oneOf([200, 201, 203])",
            [Assertion(Status(), ">=", 200), Assertion(Status(), "<=", 203), Assertion(Status(), "!=", 202)],
        ),
        ('tests["ok"] = responseCode.code === 200', [STATUS]),
        ("pm.expect([200]).to.include(pm.response.code)", [STATUS]),
        ('tests["n"] = JSON.parse(responseBody).n === "a"', [Assertion(Json("$.n"), "==", "a")]),
        ("pm.response.to.be.success", [Assertion(Status(), ">=", 200), Assertion(Status(), "<", 300)]),
        ("pm.expect(pm.response.responseTime).to.be.below(200)", [Assertion(Duration(), "<", 200)]),
        ('pm.response.to.have.header("ETag")', [Assertion(Header("ETag"), "exists")]),
        (
            'pm.expect(pm.response.headers.get("Content-Type")).to.include("json")',
            [Assertion(Header("Content-Type"), "contains", "json")],
        ),
        ('pm.expect(pm.response.text()).to.include("{{a")', [Assertion(BodyText(), "contains", "{{'{{'}}a")]),
        ("pm.expect(pm.response.json().n).to.eql(-1.5)", [Assertion(Json("$.n"), "==", -1.5)]),
        ("pm.expect(pm.response.json().ok).to.be.true", [Assertion(Json("$.ok"), "==", True)]),
        ("pm.expect(pm.response.json().a).to.be.an('array')", [Assertion(Json("$.a"), "isList")]),
        ("pm.expect(pm.response.json()).to.have.property('id')", [Assertion(Json("$['id']"), "exists")]),
        ("pm.expect(pm.response.json().n).to.be.at.least(3)", [Assertion(Json("$.n"), ">=", 3)]),
    ],
)
def test_each_simple_statement_has_its_assert(statement: str, made: list[Assertion]) -> None:
    """Alone and inside of pm.test, with a semicolon and without."""
    assert asserts_of(statement) == made
    assert asserts_of(f'pm.test("x", function () {{\n  {statement};\n}});') == made
    assert asserts_of(f'pm.test("x", () => {statement});') == made


@pytest.mark.parametrize(
    "script",
    [
        "",
        "// nothing",
        "console.log(1)",
        "pm.response.to.have.status(200); console.log(1)",
        "pm.response.to.have.status(200) || fail()",
        "pm.response.to.have.status(2000)",
        "pm.test('a', () => { pm.response.to.have.status(200)",
        "pm.test('a', () => pm.response.to.have.status(200) && x)",
        "pm.test('a', () => pm.response.to.have.status(200)",
        "tests['n'] = JSON.parse(responseBody).n == 1",
        "pm.test.skip('a', () => { pm.response.to.have.status(200); })",
        "if (x) { pm.response.to.have.status(200); }",
        "pm.expect(other.x).to.eql(1)",
        "pm.test('a', () => { var j = pm.response.json(); }); pm.expect(j.x).to.eql(1)",
        "pm.expect(pm.response.json().items.length).to.eql(1)",
        "pm.expect(pm.response.json().n).to.not.eql(1)",
        "pm.expect(pm.response.json().n).to.eql(-007)",
        "pm.expect(pm.response.json().n).to.eql('a\\q')",
        "pm.environment.set('a', 1)",
        "pm.environment.set(name, pm.response.json().a)",
        "pm.environment.set('a', pm.response.json().a.trim())",
        "pm.expect(pm.response.code).to.be.oneOf([200, 500])",
        "pm.response.to.have.status(200);" + " " * 20_001,
    ],
)
def test_a_script_that_says_more_is_not_taken_apart(script: str) -> None:
    """One statement that is not covered leaves the whole script as it is."""
    assert understood(script) is None


TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "{{" not in text)
VALUES = st.none() | st.booleans() | st.integers(-999, 999) | TEXTS
STEPS = st.lists(st.sampled_from([".a", "[0]", "['b c']", ".x_1"]), max_size=3)
PATHS = STEPS.map(lambda steps: Json("$" + "".join(steps)))
CHECKS = st.tuples(PATHS, VALUES).map(lambda pair: Assertion(pair[0], "==", pair[1]))
NAMED = st.tuples(st.sampled_from("abc"), PATHS).map(lambda pair: Capture(*pair))


@settings(max_examples=60, deadline=None)
@given(st.lists(CHECKS, max_size=3), st.lists(NAMED, max_size=3, unique_by=lambda each: each.name))
def test_a_script_that_is_written_is_read_as_the_same(asserts: list[Assertion], captures: list[Capture]) -> None:
    """What an export says of checks and captures, an import takes back."""
    words = Words(Report(), "", Scope())
    script = "\n".join(write_script((*asserts, STATUS), tuple(captures), words))
    assert understood(script) == Checks((*asserts, STATUS), tuple(captures))
    assert words.report.lines == []
