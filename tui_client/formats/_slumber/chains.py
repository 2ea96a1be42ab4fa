"""The chains of version 3 as the expressions that replaced them in version 4."""

from __future__ import annotations

from tui_client.formats._slumber.expressions import Call, Expression, Items, Literal, Name, NotUnderstood, Pipe
from tui_client.formats._slumber.tagged import tag_of, untagged
from tui_client.formats._values import Table, is_true, table, text


def expression_of(chain: Table) -> Expression:
    """What a chain gives. Raises NotUnderstood for a source that is not known."""
    kind, fields = tag_of(chain.get("source"))
    made = _source(kind, fields, chain)
    filters: list[Call] = []
    if selector := text(chain.get("selector")):
        filters.append(Call("jsonpath", (Literal(selector),)))
    if text(chain.get("trim")) in ("start", "end", "both"):
        filters.append(Call("trim"))
    return Pipe(made, tuple(filters)) if filters else made


def _source(kind: str, fields: object, chain: Table) -> Expression:
    given = table(fields)
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
            return Call("env", (Literal(text(given.get("variable")) or text(fields)),))
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
