"""Requests as plain TOML data, in the form in which they were written where that still says the same."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from tui_client.model.collection import Environment
from tui_client.model.kinds import Auth, Body
from tui_client.model.options import Options
from tui_client.model.request import Assertion, Capture, Filter, NameValue, Request
from tui_client.model.variables import Variable
from tui_client.storage.document import FloatText
from tui_client.storage.fields import fields_of
from tui_client.storage.node import plain, scalar_text
from tui_client.storage.rows import row_kind
from tui_client.storage.variables import write_variable

T = TypeVar("T")

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")


def request_tree(request: Request, raw: dict[str, Any], old: Request) -> dict[str, Any]:
    """All keys of a request file. `raw` is the table that was read, `old` the request in it."""
    fresh: dict[str, tuple[Any, Any, Callable[[], Any]]] = {
        "name": (request.name, old.name, lambda: request.name),
        "method": (request.method, old.method, lambda: request.method),
        "url": (request.url, old.url, lambda: request.url),
        "description": (request.description, old.description, lambda: request.description),
        "tags": (request.tags, old.tags, lambda: list(request.tags)),
        "path": (request.path, old.path, lambda: rows_tree(request.path, raw.get("path"))),
        "params": (request.params, old.params, lambda: rows_tree(request.params, raw.get("params"))),
        "headers": (request.headers, old.headers, lambda: rows_tree(request.headers, raw.get("headers"))),
        "body": (request.body, old.body, lambda: kind_tree(request.body, raw.get("body"), old.body)),
        "auth": (request.auth, old.auth, lambda: kind_tree(request.auth, raw.get("auth"), old.auth)),
        "options": (request.options, old.options, lambda: options_tree(request.options, raw.get("options"))),
        "capture": (request.captures, old.captures, lambda: captures_tree(request.captures, raw, old)),
        "assert": (request.asserts, old.asserts, lambda: asserts_tree(request.asserts, raw, old)),
    }
    new: dict[str, Any] = {}
    for key, (value, before, make) in fresh.items():
        if value == before:
            # What wasn't said is not said now.
            new |= {key: raw[key]} if key in raw else {}
        elif (value or (key == "method" and key in raw)) and (made := make()) != {}:
            new[key] = made
    return in_order(new | {key: value for key, value in raw.items() if key not in fresh}, raw)


def in_order(new: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """The keys of `raw` first, as they stood; the others behind those they follow in `new`."""
    out = {key: new[key] for key in raw if key in new}
    return out | {key: value for key, value in new.items() if key not in out}


# Rows


def rows_tree(rows: Sequence[Any], raw: Any) -> Any:
    """Rows as a table where a table can say it, unless they were a list; scalars keep their form."""
    if not isinstance(raw, list) and _fits_table(rows):
        return _table(rows, raw if isinstance(raw, dict) else {})
    before = raw if isinstance(raw, list) else []
    wanted = [_list_item(row) for row in rows]
    for index, partner in align([_list_value(item) for item in before], [_list_value(item) for item in wanted]):
        if partner is not None:
            old = before[partner]
            wanted[index] = old if _list_value(old) == _list_value(wanted[index]) else _like(wanted[index], old)
    return wanted


def _fits_table(rows: Sequence[Any]) -> bool:
    seen: set[str] = set()
    for before, row in zip((None, *rows), rows, strict=False):
        repeated = row.name in seen
        if repeated and (before.name != row.name or not _is_simple(row) or not _is_simple(before)):
            return False
        seen.add(row.name)
    return True


def _is_simple(row: Any) -> bool:
    return not _extras(row)


def _extras(row: Any) -> dict[str, Any]:
    """What a row says besides name and value."""
    return {
        field.encode_name: msgspec.to_builtins(getattr(row, field.name))
        for field in fields_of(type(row))
        if field.name not in ("name", "value") and getattr(row, field.name) != field.default
    }


def _as_dict(row: Any) -> dict[str, Any]:
    extras = _extras(row)
    value = {"value": row.value} if row.value or not extras or isinstance(row, NameValue) else {}
    return value | extras


def _table(rows: Sequence[Any], raw: dict[str, Any]) -> dict[str, Any]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.name, []).append(row)
    return {name: _cell(group, raw.get(name)) for name, group in grouped.items()}


def _cell(group: list[Any], raw: Any) -> Any:
    if len(group) > 1 or (isinstance(raw, list) and _is_simple(group[0])):
        before = raw if isinstance(raw, list) else []
        texts = [row.value for row in group]
        partners = dict(align([scalar_text(item) for item in before], texts))
        return [
            scalar(text, None if (at := partners[index]) is None else before[at]) for index, text in enumerate(texts)
        ]
    row = group[0]
    if _is_simple(row) and not isinstance(raw, dict):
        return scalar(row.value, raw)
    made = _as_dict(row)
    if isinstance(raw, dict):
        return _merged(made, raw, row)
    return made | ({"value": scalar(row.value, raw)} if "value" in made else {})


def _merged(made: dict[str, Any], raw: dict[str, Any], row: Any) -> dict[str, Any]:
    defaults = {field.encode_name: field.default for field in fields_of(type(row))}
    # A default that was spelled out stays spelled out.
    kept = {key: made.get(key, defaults.get(key)) for key in raw if key in defaults}
    merged = {key: value for key, value in (kept | made).items() if value is not None}
    if "value" in merged:
        merged["value"] = scalar(row.value, raw.get("value"))
    return in_order(merged, raw)


def scalar(text: str, raw: Any) -> Any:
    """A row's text as it was written: a bare number stays bare, also with another value."""
    if raw is None or isinstance(raw, str | list | dict):
        return text
    if scalar_text(raw) == text:
        return raw
    if isinstance(raw, bool):
        return text == "true" if text in ("true", "false") else text
    if _INTEGER.fullmatch(text) and text != "-0":
        return int(text)
    return FloatText.read(text) if _FLOAT.fullmatch(text) else text


def _list_item(row: Any) -> Any:
    return [row.name, row.value] if _is_simple(row) else {"name": row.name, **_as_dict(row)}


def _list_value(item: Any) -> Any:
    if isinstance(item, list):
        return {"name": item[0], "value": scalar_text(item[1])}
    return {key: scalar_text(value) if key == "value" else value for key, value in item.items()}


def _like(item: Any, old: Any) -> Any:
    if isinstance(item, list):
        if isinstance(old, list):
            return [item[0], scalar(item[1], old[1])]
        return in_order({"name": item[0], "value": scalar(item[1], old.get("value"))}, old)
    return in_order(item, old) if isinstance(old, dict) else item


def align(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[int, int | None]]:
    """For each index of `after`, the index in `before` that it came from, or None if it is new."""
    matcher = difflib.SequenceMatcher(None, [repr(x) for x in before], [repr(x) for x in after], autojunk=False)
    out: list[tuple[int, int | None]] = []
    for _, start, end, at, stop in matcher.get_opcodes():
        out += [(at + n, start + n if start + n < end else None) for n in range(stop - at)]
    return out


# Kinds and options


def kind_tree(value: Body | Auth | None, raw: Any, old: Body | Auth | None) -> dict[str, Any]:
    """A body or auth: its kind, and what differs from the defaults or was spelled out."""
    if value is None:
        return {"kind": "inherit"}
    same = type(old) is type(value) and isinstance(raw, dict)
    table: dict[str, Any] = {"kind": value.__struct_config__.tag}
    for field in fields_of(type(value)):
        name, new = field.encode_name, getattr(value, field.name)
        said = same and name in raw
        if said and getattr(old, field.name) == new:
            table[name] = raw[name]
        elif said or field.required or new != _default(field):
            table[name] = _field(field, new, raw[name] if said else None)
    kept = {key: item for key, item in table.items() if item is not None}
    return in_order(kept, raw) if same else kept


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default


def _field(field: msgspec.structs.FieldInfo, value: Any, raw: Any) -> Any:
    return rows_tree(value, raw) if row_kind(field.type) else _kept_form(msgspec.to_builtins(value), raw)


def options_tree(options: Options, raw: Any) -> dict[str, Any]:
    """Options that are set; timeouts as one inline table."""
    before = raw if isinstance(raw, dict) else {}
    given = {key: value for key, value in msgspec.structs.asdict(options).items() if value is not None}
    times = msgspec.structs.asdict(given.pop("timeout"))
    old_times = before.get("timeout", {})
    timeout = {key: _number(value, old_times.get(key)) for key, value in times.items() if value is not None}
    made = ({"timeout": in_order(timeout, old_times)} if timeout else {}) | given
    return in_order(made, before)


def _number(value: float, raw: Any) -> Any:
    return raw if isinstance(raw, int | float) and raw == value else value


# Captures and asserts


def captures_tree(captures: tuple[Capture, ...], raw: dict[str, Any], old: Request) -> dict[str, Any]:
    """`[capture.NAME]` tables, in order."""
    tables = raw.get("capture", {})
    before = {capture.name: capture for capture in old.captures}
    return {
        capture.name: tables[capture.name]
        if before.get(capture.name) == capture
        else kept_forms(_query_tree(capture), tables.get(capture.name, {}), {"filters": []})
        for capture in captures
    }


def asserts_tree(asserts: tuple[Assertion, ...], raw: dict[str, Any], old: Request) -> list[dict[str, Any]]:
    """`[[assert]]` tables; unchanged ones as they were written."""
    tables = raw.get("assert", [])
    out: list[dict[str, Any]] = []
    for index, partner in align(old.asserts, asserts):
        check = asserts[index]
        if partner is None:
            out.append(_assert_tree(check))
        elif old.asserts[partner] == check:
            out.append(tables[partner])
        else:
            spelled_out = {"filters": [], "not": check.negated, "enabled": check.enabled}
            out.append(kept_forms(_assert_tree(check), tables[partner], spelled_out))
    return out


def kept_forms(new: dict[str, Any], raw: dict[str, Any], spelled_out: dict[str, Any]) -> dict[str, Any]:
    """A new table in the order and the notation of the old one, where both say the same."""
    new = {key: value for key, value in spelled_out.items() if key in raw} | new
    return in_order({key: _kept_form(value, raw.get(key)) for key, value in new.items()}, raw)


def _kept_form(new: Any, raw: Any) -> Any:
    before = plain(raw)
    return raw if type(before) is type(new) and repr(before) == repr(new) else new


def _assert_tree(check: Assertion) -> dict[str, Any]:
    tree = _query_tree(check) | {"op": check.op}
    tree |= {"value": check.value} if check.value is not None else {}
    tree |= {"not": True} if check.negated else {}
    return tree | ({} if check.enabled else {"enabled": False})


def _query_tree(item: Capture | Assertion) -> dict[str, Any]:
    tree: dict[str, Any] = {"query": item.query.__struct_config__.tag}
    for field in fields_of(type(item.query)):
        value = getattr(item.query, field.name)
        if field.required or value != _default(field):
            tree[field.encode_name] = msgspec.to_builtins(value)
    return tree | ({"filters": [_filter_tree(part) for part in item.filters]} if item.filters else {})


def _filter_tree(part: Filter) -> Any:
    return [part.name, *part.args] if part.args else part.name


# Environments


def environment_tree(environment: Environment, raw: dict[str, Any], old: Environment) -> dict[str, Any]:
    """All keys of an environment file, unchanged values as they were written."""
    new: dict[str, Any] = {
        "base_url": environment.base_url,
        "variables": {
            name: raw["variables"][name] if _unchanged(old.variables, name, variable) else write_variable(variable)
            for name, variable in environment.variables.items()
        },
        "headers": raw.get("headers")
        if environment.headers == old.headers
        else rows_tree(environment.headers, raw.get("headers")),
    }
    kept = {key: value for key, value in new.items() if value or (key in raw and raw[key] == value)}
    return in_order(kept | {key: value for key, value in raw.items() if key not in new}, raw)


def _unchanged(before: Mapping[str, Variable], name: str, variable: Variable) -> bool:
    return name in before and repr(before[name]) == repr(variable)
