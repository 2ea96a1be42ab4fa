"""The code of a package as syntax trees: its classes with the types of their fields, its functions, its constants."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# What no text of outside can be in; a Content is looked at where it is made.
_NUMBERS: Final = frozenset(
    [
        "int",
        "float",
        "bool",
        "None",
        "datetime",
        "date",
        "timedelta",
        "Content",
        "Strip",
        "Style",
        "RichStyle",
        "VisualStyle",
        "Segment",
    ]
)
_HOLDERS: Final = re.compile(r"(?:list|tuple|set|frozenset|deque|Sequence|Iterable|Iterator)\[(.+)\]\Z")
_AROUND: Final = re.compile(r"(?:Final|Reactive|reactive|ClassVar|getters\.query_one)\[(.+)\]\Z")
_PROPERTIES: Final = frozenset({"property", "cached_property"})


class Module:
    """One file. imports: by the name they have here, the module and the name there."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.imports: dict[str, tuple[str, str]] = {}
        self.functions: dict[str, list[Function]] = {}
        self.constants: dict[str, ast.expr] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                self.imports |= {one.asname or one.name: (node.module, one.name) for one in node.names}
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.setdefault(node.name, []).append(node)
        for statement in self.tree.body:
            for target, value in assigned(statement):
                if isinstance(target, ast.Name):
                    self.constants[target.id] = value


class Code:
    """All modules of a package, and what is known of its classes."""

    def __init__(self, root: Path) -> None:
        self.modules: dict[str, Module] = {}
        self.fields: dict[str, dict[str, str]] = {}
        self.enums: set[str] = set()
        self.gives_tame: dict[int, bool] = {}  # by a function's id, once that was found out
        for path in sorted(root.rglob("*.py")):
            name = ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
            self.modules[name] = Module(name, path)
        for module in self.modules.values():
            # The parts of a foreign format never leave it, and their fields have names that others have too.
            own = ".formats._" in module.name and module.name.count(".") > 2
            for node in () if own else ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    self._learn(node)
        self._by_field: dict[str, set[str]] = {}
        for fields in self.fields.values():
            for field, kind in fields.items():
                self._by_field.setdefault(field, set()).add(kind)

    def _learn(self, node: ast.ClassDef) -> None:
        if any("Enum" in ast.unparse(base) for base in node.bases):
            self.enums.add(node.name)
        fields = self.fields.setdefault(node.name, {})
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                fields[item.target.id] = ast.unparse(item.annotation)
            elif (
                isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
                and item.returns
                and _PROPERTIES & set(map(ast.unparse, item.decorator_list))
            ):
                fields[item.name] = ast.unparse(item.returns)

    def is_number(self, kind: str) -> bool:
        """Whether a type, as written, holds no text of outside."""
        kind = bare(kind)
        if (held := _HOLDERS.match(kind)) is not None:
            return self.is_number(held[1].split(",")[0])
        return bool(kind) and all(self._is_plain(part.strip()) for part in kind.split("|"))

    def _is_plain(self, part: str) -> bool:
        return part in _NUMBERS or part in self.enums or part.startswith("Literal[")

    def field(self, owner: str, name: str) -> str:
        """The type of an attribute of this class; of an unknown one, where all of the name agree; else ""."""
        owner = bare(owner)
        if name in self.fields.get(owner, ()):
            return bare(self.fields[owner][name])
        if self.fields.get(owner):
            return ""
        kinds = self._by_field.get(name, set())
        return next(iter(kinds)) if len(kinds) == 1 else "int" if kinds and all(map(self.is_number, kinds)) else ""


def bare(kind: str) -> str:
    """A type without what stands around it and says nothing of what is in it."""
    kind = kind.strip().strip("'\"").removesuffix(" | None")
    around = _AROUND.match(kind)
    return bare(around[1]) if around else kind


def element(kind: str) -> str:
    """The type of what is in a list, a tuple and the like of this type; "" for others."""
    held = _HOLDERS.match(bare(kind))
    return held[1].split(",")[0].strip() if held else ""


def assigned(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets and values of an assignment, pair by pair where both are tuples."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _pairs(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
            yield target, value


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
    elif isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
        for each, its in zip(target.elts, value.elts, strict=True):
            yield from _pairs(each, its)
    else:
        for each in target.elts:
            yield from _pairs(each.value if isinstance(each, ast.Starred) else each, value)


def own_nodes(owner: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a function, a class or a module and to nothing inside it that has a name of its own."""
    waiting = list(getattr(owner, "body", ()))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
