"""The chains of version 3 as the expressions that replaced them in version 4."""

from __future__ import annotations

from typing import Final

from tui_client.formats._slumber.expressions import Call, Expression, Items, Literal, Name, NotUnderstood, Pipe
from tui_client.formats._slumber.tagged import tag_of, untagged
from tui_client.formats._values import Table, is_true, table, text
from tui_client.formats._yaml import Tagged

_FIELDS: Final = frozenset({"id", "source", "selector", "selector_mode", "trim", "sensitive"})
_FIRST: Final = {
    "prompt": "message",
    "request": "recipe",
    "env": "variable",
    "environment": "variable",
    "file": "path",
    "command": "command",
}
_READ: Final = {
    "prompt": frozenset({"message", "default"}),
    "select": frozenset({"message", "options"}),
    "request": frozenset({"recipe", "trigger", "section"}),
    "env": frozenset({"variable"}),
    "file": frozenset({"path"}),
    "command": frozenset({"command"}),
}


def expression_of(chain: Table) -> Expression:
    """What a chain gives. Raises NotUnderstood for a source that is not known."""
    kind, fields = tag_of(chain.get("source"))
    made = _source(kind, fields, chain)
    filters: list[Call] = []
    if selector := text(chain.get("selector")):
        mode = tag_of(chain.get("selector_mode"))[0]
        filters.append(Call("jsonpath", (Literal(selector),), (("mode", Literal(mode)),) if mode else ()))
    trim = tag_of(chain.get("trim"))[0]
    if trim in ("start", "end", "both"):
        filters.append(Call("trim", (), () if trim == "both" else (("mode", Literal(trim)),)))
    return Pipe(made, tuple(filters)) if filters else made


def _source(kind: str, fields: object, chain: Table) -> Expression:
    # Long ago a source was a bare word: `!prompt Password`.
    given: Table = {_FIRST.get(kind, ""): fields} if isinstance(fields, str | list) else table(fields)
    match kind:
        case "prompt":
            named: list[tuple[str, Expression]] = [("message", Literal(text(given.get("message"))))]
            if given.get("default") is not None:
                named.append(("default", Literal(text(given["default"]))))
            if is_true(chain.get("sensitive")):
                named.append(("sensitive", Literal(True)))
            return Call("prompt", (), tuple(named))
        case "select":
            options = given.get("options")
            items = [Literal(text(each)) for each in options] if isinstance(options, list) else []
            return Call("select", (Items(tuple(items)),), (("message", Literal(text(given.get("message")))),))
        case "request":
            return _request(given)
        case "env" | "environment":
            return Call("env", (Literal(text(given.get("variable"))),))
        case "file":
            return Call("file", (Literal(text(given.get("path"))),))
        case "command":
            return Call("command", (Literal(text(given.get("command"))),))
        case _:
            raise NotUnderstood


def _request(given: Table) -> Expression:
    recipe = (Literal(text(given.get("recipe"))),)
    trigger_kind, after = tag_of(given.get("trigger"))
    trigger = text(after) if trigger_kind == "expire" else trigger_kind
    named = (("trigger", Literal(trigger)),) if trigger else ()
    section, header = tag_of(given.get("section"))
    if section == "header":
        return Call("response_header", (*recipe, Literal(text(untagged(header)))), named)
    return Call("response", recipe, named)


def chains_of(value: object) -> Table:
    """Chains by their names; long ago they stood in a list."""
    if isinstance(value, list):
        return {text(table(each).get("id")): each for each in value}
    return table(value)


def told(chain: object) -> str:
    """A whole chain as it is named in the report: `!command {"command": ["whoami"]}`."""
    fields = table(chain)
    kind, inner = tag_of(fields.get("source"))
    rest = {name: each for name, each in fields.items() if name not in ("source", "id")}
    words = [f"!{kind}" if kind else "", text(_plain(inner or None)), text(_plain(rest or None))]
    return " ".join(each for each in words if each) or text(_plain(chain))


def _plain(value: object) -> object:
    """Tags within a value as tables of one row."""
    match value:
        case Tagged(tag, inner):
            return {tag: _plain(inner)}
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case _:
            return value


def is_command(chain: object) -> bool:
    """Whether it runs something."""
    return tag_of(table(chain).get("source"))[0] == "command"


def left_over(chain: Table) -> dict[str, str]:
    """What of a chain plays no part in its expression."""
    kind, inner = tag_of(chain.get("source"))
    read = _READ.get("env" if kind == "environment" else kind, frozenset())
    rows = [(name, each) for name, each in chain.items() if name not in _FIELDS]
    rows += [(name, each) for name, each in table(inner).items() if name not in read]
    return {name: text(_plain(each)) for name, each in rows}


def of_version_3(name: str, chains: Table) -> Expression:
    """What `chains.token` and `env.HOME` mean there. Raises NotUnderstood."""
    kind, _, rest = name.partition(".")
    if kind == "env" and rest:
        return Call("env", (Literal(rest),))
    if kind != "chains":
        return Name(name)
    if rest not in chains:
        raise NotUnderstood
    return expression_of(table(chains[rest]))
