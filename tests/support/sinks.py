"""Places in the code that show text, and what they show; and which of that is not provably safe."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from tame_code import Code, Function, Module, assigned, own_nodes
from tame_text import MADE, Scope

# Methods and functions whose first argument is shown, or the one at this place.
_SHOWING: Final = {"update": 0, "notify": 0, "panic": 0, "copy_to_clipboard": 0, "muted": 0, "_styled": 0}
_ATTRIBUTES: Final = frozenset({"border_title", "border_subtitle", "tooltip", "sub_title"})
_FIRST: Final = frozenset({"styled", "from_text", "from_markup", "from_rich_text"})
MARKUP: Final = frozenset({"Static", "Label", "Button", "Option"})


class Found(NamedTuple):
    """One that is not provably safe. place: module and function, as the list of exceptions names them."""

    place: str
    line: int
    sink: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line} shows {self.text!r} ({self.sink})"


def unproven(code: Code, prefix: str, carriers: dict[str, frozenset[str]]) -> Iterator[Found]:
    """All in modules whose name begins like this."""
    for name, module in code.modules.items():
        if name.startswith(prefix):
            for label, function, owner, of in _owners(module.tree, name.removeprefix(f"{prefix}.")):
                if function is not None and function.name in _SHOWING:
                    continue  # whoever calls it is looked at
                scope = Scope(code, module, function, carriers, of)
                for node in own_nodes(owner):
                    for sink, shown in _shown(node, carriers, code):
                        if not scope.tame(shown):
                            yield Found(label, shown.lineno, sink, ast.unparse(shown))


class _Owner(NamedTuple):
    label: str
    function: Function | None
    node: ast.AST
    of: str


def _owners(node: ast.AST, label: str, function: Function | None = None, of: str = "") -> Iterator[_Owner]:
    yield _Owner(label, function, node, of)
    for inner in own_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _owners(inner, f"{label}.{inner.name}", inner, of)
        elif isinstance(inner, ast.ClassDef):
            yield from _owners(inner, f"{label}.{inner.name}", None, inner.name)


def _shown(node: ast.AST, carriers: dict[str, frozenset[str]], code: Code) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Call):
        yield from _of_call(node)
        if isinstance(node.func, ast.Name) and node.func.id in carriers:
            yield from _of_carrier(node, node.func.id, carriers[node.func.id], code)
        for word in node.keywords:
            if word.arg in _ATTRIBUTES:
                yield word.arg, word.value
    elif isinstance(node, ast.stmt):
        for target, value in assigned(node):
            if isinstance(target, ast.Attribute) and target.attr in _ATTRIBUTES:
                yield target.attr, value


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    match node.func:
        case ast.Name(id=name) if name in MADE:
            yield from ((name, shown) for shown in node.args[:1] if not isinstance(shown, ast.Starred))
            yield from (
                (name, word.value) for word in node.keywords if word.arg in ("content", "text", "label", "prompt")
            )
        case ast.Attribute(value=ast.Name(id="Content" | "Text" as owner), attr="assemble"):
            for shown in node.args:
                yield f"{owner}.assemble", shown.elts[0] if isinstance(shown, ast.Tuple) else shown
        case ast.Attribute(value=ast.Name(id="Content" | "Text" as owner), attr=attr) if attr in _FIRST:
            yield f"{owner}.{attr}", node.args[0]
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in _SHOWING and len(node.args) > _SHOWING[name]:
            yield name, node.args[_SHOWING[name]]


def _of_carrier(node: ast.Call, name: str, fields: frozenset[str], code: Code) -> Iterator[tuple[str, ast.expr]]:
    for field, value in zip(code.fields[name], node.args, strict=False):
        if field in fields:
            yield f"{name}.{field}", value
    for word in node.keywords:
        if word.arg in fields:
            yield f"{name}.{word.arg}", word.value


# Markup


def read_as_markup(code: Code, prefix: str) -> Iterator[Found]:
    """Texts that Textual would read as markup though they are no constants: `Static(x)`, `border_title = x`."""
    for name, module in code.modules.items():
        if name.startswith(prefix):
            for label, function, owner, of in _owners(module.tree, name.removeprefix(f"{prefix}.")):
                scope = Scope(code, module, function, {}, of)
                for node in own_nodes(owner):
                    for sink, value in _of_markup(node):
                        if not _is_plain(scope, module, value):
                            yield Found(label, value.lineno, sink, ast.unparse(value))


def _of_markup(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_], keywords=words) if name in MARKUP:
            if not any(word.arg == "markup" and ast.unparse(word.value) == "False" for word in words):
                yield name, first
        case ast.stmt():
            for target, value in assigned(node):
                if isinstance(target, ast.Attribute) and target.attr in _ATTRIBUTES:
                    yield target.attr, value


def _is_plain(scope: Scope, module: Module, value: ast.expr) -> bool:
    match value:
        case ast.Constant():
            return "[" not in str(value.value)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_plain(scope, module, body) and _is_plain(scope, module, orelse)
        case ast.Name(id=name) if values := scope.values(name):
            return all(_is_plain(scope, module, one) for one in values)
        case ast.Name(id=name) if name in module.constants:
            return _is_plain(scope, module, module.constants[name])
        case ast.Call(func=func) if ast.unparse(func).split(".")[0] == "Content":
            return True
    return scope.kind(value) == "Content"


# Fields, and what prints past the one place that does


def fields(code: Code, prefix: str) -> Iterator[Found]:
    """Fields of Textual's own kind: what is pasted into them would be drawn as it is."""
    for label, node in _calls(code, prefix):
        func = ast.unparse(node.func)
        if func in ("Input", "TextArea") and not any(word.arg == "restrict" for word in node.keywords):
            yield Found(label, node.lineno, func, ast.unparse(node))


def prints(code: Code, prefix: str, carriers: dict[str, frozenset[str]]) -> Iterator[Found]:
    """What reaches a terminal past cli/output.py: text that is not provably safe, and all writing to a stream."""
    for name, module in code.modules.items():
        if name.startswith(prefix) and not name.endswith(".output"):
            for label, function, owner, of in _owners(module.tree, name.removeprefix(f"{prefix}.")):
                scope = Scope(code, module, function, carriers, of)
                calls = [node for node in own_nodes(owner) if isinstance(node, ast.Call) and _printer(node)]
                for node in calls:
                    asks = _printer(node).startswith("click.")
                    if not (asks and node.args and scope.tame(node.args[0])):
                        yield Found(label, node.lineno, _printer(node), ast.unparse(node))


def _printer(node: ast.Call) -> str:
    func = ast.unparse(node.func)
    if func in ("click.echo", "click.secho", "click.prompt", "click.confirm", "print", "os.write"):
        return func
    is_stream = func.startswith(("sys.stdout.", "sys.stderr.", "sys.__stdout__.", "sys.__stderr__."))
    return func if (is_stream and "write" in func) or func.endswith("error.show") else ""


def _calls(code: Code, prefix: str) -> Iterator[tuple[str, ast.Call]]:
    for name, module in code.modules.items():
        if name.startswith(prefix):
            for label, _, owner, _ in _owners(module.tree, name.removeprefix(f"{prefix}.")):
                yield from ((label, node) for node in own_nodes(owner) if isinstance(node, ast.Call))
