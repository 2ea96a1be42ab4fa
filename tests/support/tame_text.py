"""Whether an expression can hold text of outside that nobody made safe; told from the code alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tame_code import Code, Function, Module, assigned, element, own_nodes

# Make any text safe, or make numbers of it, or words of their own.
SAFE: Final = frozenset(
    [
        "safe",
        "safe_line",
        "safe_signs",
        "describe",
        "describe_error",
        "len",
        "int",
        "round",
        "sum",
        "float",
        "ord",
        "hash",
        "format_bytes",
        "format_count",
        "format_duration_ms",
        "format_ahead",
        "match_text",
    ]
)
# Hold what they are given, which is looked at where they are made.
MADE: Final = frozenset({"Content", "Text", "Segment", "Strip", "Static", "Label", "Button", "Option"})
# Give back what they are given, or a part of it.
_THROUGH: Final = frozenset(
    [
        "str",
        "max",
        "min",
        "abs",
        "list",
        "tuple",
        "sorted",
        "reversed",
        "next",
        "chain",
        "enumerate",
        "repr",
        "iter",
        "dict",
        "zip",
        "map",
        "filter",
    ]
)
_CUT: Final = frozenset({"set_cell_size", "cut"})
_METHODS: Final = frozenset(
    [
        "stylize",
        "truncate",
        "rstrip",
        "strip",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "upper",
        "lower",
        "capitalize",
        "title",
        "ljust",
        "rjust",
        "splitlines",
        "split",
        "partition",
        "rpartition",
        "expandtabs",
        "items",
        "values",
        "keys",
        "pop",
        "copy",
        "center",
        "zfill",
    ]
)
_MERGING: Final = frozenset({"join", "replace", "get", "format"})
_OWN: Final = frozenset({"strftime", "isoformat", "cell_length"})
_NUMERIC: Final = frozenset("gdfexX,%")
_ADDING: Final = frozenset({"append", "insert", "extend", "add"})


class Scope:
    """What the names of a function stand for. carriers: by class, the fields in which only safe text is put."""

    def __init__(
        self,
        code: Code,
        module: Module,
        function: Function | None,
        carriers: dict[str, frozenset[str]],
        owner: str = "",
    ) -> None:
        """owner: the class that the function is in."""
        self._code, self._module, self._carriers = code, module, carriers
        self._kinds: dict[str, str] = {}
        self._values: dict[str, list[ast.expr]] = {}
        self._inside: dict[str, list[ast.expr]] = {}  # of which it is an element
        self._busy: set[str] = set()
        if function is not None:
            args = function.args
            for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
                self._kinds[arg.arg] = ast.unparse(arg.annotation) if arg.annotation else ""
            if self._kinds.get("self") == "":
                self._kinds["self"] = owner
            for node in ast.walk(function):
                self._learn(node)

    def _learn(self, node: ast.AST) -> None:
        match node:
            case ast.stmt() if pairs := list(assigned(node)):
                for target, value in pairs:
                    self._bind(self._values, target, value)
            case ast.NamedExpr(target=target, value=value):
                self._bind(self._values, target, value)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._loop(node.target, node.iter)
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=attr), args=[*_, last]) if attr in _ADDING:
                self._bind(self._values, name, last)
            case ast.MatchAs(name=str() as name, pattern=ast.MatchClass(cls=kind)):
                self._kinds.setdefault(name, ast.unparse(kind))
            case ast.MatchClass(cls=kind, kwd_attrs=attrs, kwd_patterns=patterns):
                for attr, pattern in zip(attrs, patterns, strict=True):
                    if isinstance(pattern, ast.MatchAs) and pattern.name and pattern.pattern is None:
                        self._kinds.setdefault(pattern.name, self._code.field(ast.unparse(kind), attr) or "str")

    def _loop(self, target: ast.expr, source: ast.expr) -> None:
        match source, target:
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]), ast.Tuple(elts=[number, each]):
                self._bind(self._values, number, ast.Constant(0))
                self._loop(each, inner)
            case ast.Call(func=ast.Name(id="zip"), args=sources), ast.Tuple(elts=targets):
                for each, inner in zip(targets, sources, strict=False):
                    self._loop(each, inner)
            case _:
                self._bind(self._inside, target, source)

    def _bind(self, where: dict[str, list[ast.expr]], target: ast.expr, value: ast.expr) -> None:
        match target:
            case ast.Name(id=name):
                where.setdefault(name, []).append(value)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for each in elts:
                    self._bind(where, each.value if isinstance(each, ast.Starred) else each, value)

    # Types

    def kind(self, node: ast.expr) -> str:
        """The type of an expression as it is written somewhere; "" where that is not known."""
        match node:
            case ast.Name(id=name):
                if self._kinds.get(name) or name in self._busy:
                    return self._kinds.get(name, "")
                return self._kind_of_name(name)
            case ast.Attribute(value=owner, attr=attr):
                return self._code.field(self.kind(owner) or "?", attr)
            case ast.Call(func=ast.Name(id=name)) if name in self._code.fields:
                return name
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "reversed"), args=[first, *_]):
                return self.kind(first)
            case ast.Call(func=ast.Name(id=name)):
                return next((ast.unparse(one.returns) for one in self._functions(name) if one.returns), "")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                given = self._module.functions.get(name, [])
                return next((ast.unparse(one.returns) for one in given if one.returns), "")
            case ast.Subscript(value=owner) if not isinstance(node.slice, ast.Slice):
                return element(self.kind(owner))
            case ast.Subscript(value=owner):
                return self.kind(owner)
            case ast.IfExp(body=body, orelse=orelse):
                return self.kind(body) or self.kind(orelse)
        return ""

    def values(self, name: str) -> list[ast.expr]:
        """What is put into a name of this function."""
        return self._values.get(name, [])

    def _kind_of_name(self, name: str) -> str:
        self._busy.add(name)
        kinds = [self.kind(value) for value in self._values.get(name, ())]
        kinds += [element(self.kind(value)) for value in self._inside.get(name, ())]
        self._busy.discard(name)
        return next(filter(None, kinds), "")

    def _functions(self, name: str, module: Module | None = None) -> list[Function]:
        """The functions of this name that are meant here, wherever they stand."""
        module = module or self._module
        if name in module.functions:
            return module.functions[name]
        where, there = module.imports.get(name, ("", ""))
        return self._functions(there, self._code.modules[where]) if where in self._code.modules else []

    # Whether it is tame

    def tame(self, node: ast.expr) -> bool:
        """Whether no text of outside can be in it but one that was made safe."""
        match node:
            case ast.Constant() | ast.Compare() | ast.UnaryOp():
                return True
            case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
                return all(map(self.tame, parts))
            case ast.FormattedValue(value=value, format_spec=spec):
                return (spec is not None and ast.unparse(spec).strip("'\"f")[-1:] in _NUMERIC) or self.tame(value)
            case ast.BinOp(left=left, op=op, right=right):
                return (any if isinstance(op, ast.Mult) else all)((self.tame(left), self.tame(right)))
            case ast.IfExp(body=body, orelse=orelse):
                return self.tame(body) and self.tame(orelse)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
                return all(map(self.tame, parts))
            case (
                ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner) | ast.SetComp(elt=inner) | ast.Lambda(body=inner)
            ):
                return self.tame(inner)
            case (
                ast.Starred(value=inner)
                | ast.NamedExpr(value=inner)
                | ast.Await(value=inner)
                | ast.Subscript(value=inner)
            ):
                return self.tame(inner)
            case ast.Name(id=name):
                return self._tame_name(name)
            case ast.Attribute():
                return self._tame_attribute(node)
            case ast.Call():
                return self._tame_call(node)
        return False

    def _tame_name(self, name: str) -> bool:
        if name in self._busy:
            return True  # the rest of what it is made of decides
        if self._code.is_number(self.kind(ast.Name(id=name))):
            return True
        values = [*self._values.get(name, ()), *self._inside.get(name, ())]
        if name in self._kinds or not values:
            return name not in self._kinds and self._tame_constant(self._module, name)
        self._busy.add(name)
        found = all(map(self.tame, values))
        self._busy.discard(name)
        return found

    def _tame_constant(self, module: Module, name: str) -> bool:
        if name in module.constants:
            return Scope(self._code, module, None, self._carriers).tame(module.constants[name])
        where, there = module.imports.get(name, ("", ""))
        return where in self._code.modules and self._tame_constant(self._code.modules[where], there)

    def _tame_attribute(self, node: ast.Attribute) -> bool:
        owner = self.kind(node.value).strip("'\"").removesuffix(" | None")
        if node.attr in self._carriers.get(owner, ()):
            return True
        if isinstance(node.value, ast.Name) and node.value.id in self._code.enums:
            return True
        if node.attr in ("value", "name") and owner in self._code.enums:
            return True
        return self._code.is_number(self.kind(node))

    def _tame_call(self, node: ast.Call) -> bool:
        match node.func:
            case ast.Name(id=name):
                if name in SAFE or name in MADE:
                    return True
                if name in _CUT:
                    return self.tame(node.args[0])
                if name in _THROUGH:
                    return all(map(self.tame, node.args[1:] if name in ("map", "filter") else node.args))
                return self._tame_functions(self._functions(name), name)
            case ast.Attribute(value=ast.Name(id="Content" | "Text" | "Strip")):
                return True
            case ast.Attribute(attr=attr) if attr in _OWN or attr in SAFE:
                return True
            case ast.Attribute(value=owner, attr=attr) if attr in _METHODS:
                return self.tame(owner)
            case ast.Attribute(value=owner, attr=attr) if attr in _MERGING:
                return self.tame(owner) and all(map(self.tame, [*node.args, *(word.value for word in node.keywords)]))
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr):
                return self._tame_functions(self._module.functions.get(attr, []), attr)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in self._module.imports:
                where = ".".join(self._module.imports[owner])
                found = self._code.modules.get(where)
                return found is not None and self._tame_functions(found.functions.get(attr, []), attr)
        return False

    def _tame_functions(self, functions: list[Function], name: str) -> bool:
        return bool(functions) and all(self._gives_tame(one) for one in functions)

    def _gives_tame(self, function: Function) -> bool:
        if function.returns is not None and self._code.is_number(ast.unparse(function.returns)):
            return True
        if id(function) in self._code.gives_tame:
            return self._code.gives_tame[id(function)]
        self._code.gives_tame[id(function)] = True  # what calls itself is decided by the rest of it
        module = next(one for one in self._code.modules.values() if function in one.functions.get(function.name, ()))
        scope = Scope(self._code, module, function, self._carriers)
        given = list(_given(function))
        found = bool(given) and all(map(scope.tame, given))
        self._code.gives_tame[id(function)] = found
        return found


def _given(function: Function) -> Iterator[ast.expr]:
    for node in own_nodes(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            yield node.value
