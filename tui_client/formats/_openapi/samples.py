"""Sample values for schemas: what their authors gave as examples where that fits, else what keeps to their limits.

A schema that is met within itself is left out where it is optional. Values are shared, never copied.
"""

from __future__ import annotations

from typing import Any, Final

from tui_client.formats._openapi.fitting import Fitting
from tui_client.formats._openapi.references import Node, References
from tui_client.formats._openapi.scalars import sample_number, sample_text
from tui_client.formats._openapi.schema import Choice, Schema, put_together

MAX_DEPTH: Final = 24
MAX_STEPS: Final = 10_000
LEAN: Final = (0, MAX_STEPS)
# How deep optional values go, and how many values that may make; a larger one is tried less deep.
FULL: Final = ((8, 300), (3, 500), (2, 1000), (1, 4000), LEAN)
MAX_ITEMS: Final = 100
MAX_TRIES: Final = 8  # of the options of a choice
FULL_TOTAL: Final = 400_000  # steps for one document; then samples have only what is required
MAX_TOTAL: Final = 600_000  # then there are none

# There is no value, or none that ends.
CUT: Final = object()


class Sampler:
    """Makes samples for the schemas of one document."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._made: dict[tuple[int, str], tuple[Any, bool]] = {}
        self._steps = 0

    def sample(self, node: Node) -> tuple[Any, bool]:
        """A value for a schema, and whether it is valid as far as can be told; None where there is none."""
        target = self._references.follow(node)
        key = (id(target.value), target.file)
        if key not in self._made:
            self._made[key] = self._sampled(target)
        return self._made[key]

    def _sampled(self, target: Node) -> tuple[Any, bool]:
        """A sample as deep as is still of use to a reader; at last with nothing but what is required."""
        for depth, steps in FULL if self._steps < FULL_TOTAL else (LEAN,):
            if self._steps > MAX_TOTAL:
                break
            run = _Run(self._references, depth, steps)
            value = run.value((target,), lean=depth == 0)
            self._steps += run.steps
            if value is not CUT and run.steps <= steps:
                return value, not run.doubtful
        return None, False


class _Run:
    """One sample. active: the schemas it is inside of. doubtful: something in it may not be valid.

    full: how deep optional values go. most: how many steps it may take.
    """

    def __init__(self, references: References, full: int, most: int) -> None:
        self._references = references
        self._full = full
        self._most = most
        self._active: set[int] = set()
        self.steps = 0
        self.doubtful = False

    def value(self, nodes: tuple[Node, ...], *, lean: bool, depth: int = 0, variant: int = 0) -> Any:
        """A value for all these schemas, or CUT. lean: with nothing that is optional."""
        self.steps += 1
        if len(nodes) == 1 and self.steps <= self._most and depth <= MAX_DEPTH:
            schema = put_together(nodes, self._references)
            if not schema.has_members:
                return self._plain(schema, nodes, variant)
        entered = {id(each.value) for each in map(self._references.follow, nodes) if isinstance(each.value, dict)}
        if depth > MAX_DEPTH or self.steps > self._most or entered & self._active:
            return CUT
        lean = lean or depth >= self._full
        self._active |= entered
        try:
            return self._chosen(nodes, frozenset(), lean=lean, depth=depth, variant=variant)
        finally:
            self._active -= entered

    def _plain(self, schema: Schema, nodes: tuple[Node, ...], variant: int) -> Any:
        """A value that is the same wherever its schema is met."""
        known = schema.plain.get(variant)
        if known is None:
            before, self.steps, self.doubtful = (self.steps, self.doubtful), 0, False
            value = self._chosen(nodes, frozenset(), lean=True, depth=0, variant=variant)
            known = value, self.steps, self.doubtful
            if self.steps <= self._most:
                schema.plain[variant] = known
            self.steps, self.doubtful = before
        value, steps, doubtful = known
        self.steps += steps
        self.doubtful |= doubtful
        return value if self.steps <= self._most else CUT

    def _chosen(self, nodes: tuple[Node, ...], decided: frozenset[int], *, lean: bool, depth: int, variant: int) -> Any:
        """A value once one option of each choice is taken."""
        self.steps += bool(decided)
        if self.steps > self._most:
            return CUT
        schema = put_together(nodes, self._references)
        # Wide schemas, and those of many parts, take as long as many small ones.
        self.steps += len(schema.parts) // 4 + len(schema.properties) // 16
        if schema.impossible or self.steps > self._most:
            return CUT
        given = self._given(schema, nodes, variant)
        if given is not CUT:
            return given
        choice = next((each for each in schema.choices if each.identity not in decided), None)
        if choice is None:
            made = self._by_type(schema, lean=lean, depth=depth, variant=variant)
            return None if made is CUT and schema.nullable else made
        decided |= {choice.identity}
        last: Any = CUT
        for option, as_lean in self._options(schema, choice, lean=lean):
            made = self._chosen((*nodes, *option), decided, lean=as_lean, depth=depth, variant=variant)
            if made is CUT:
                continue
            if not choice.exclusive or not self._fits_another(made, option, choice):
                return made
            last = made if last is CUT else last
        if last is CUT and schema.nullable:
            return None
        self.doubtful |= last is not CUT
        return last

    def _options(self, schema: Schema, choice: Choice, *, lean: bool) -> list[tuple[tuple[Node, ...], bool]]:
        """The options in the order in which they are tried, each with whether it is tried without optional ones."""
        options: list[tuple[Node, ...]] = []
        for option in choice.options[:MAX_TRIES]:
            target = self._references.follow(option)
            if id(target.value) in schema.parts:
                return [((), lean)]
            if id(target.value) not in self._active:
                options.append(_tagged(option, target, choice))
        options.sort(key=lambda each: self._references.follow(each[0]).table().get("type") == "null")
        # An optional property of one may be what makes it fit another.
        return [(each, lean) for each in options] + ([] if lean else [(each, True) for each in options])

    def _fits_another(self, value: Any, option: tuple[Node, ...], choice: Choice) -> bool:
        if not option:
            return False
        own = self._references.follow(option[0]).value
        others = (each for each in choice.options[:MAX_TRIES] if self._references.follow(each).value is not own)
        return any(self._fits(value, (each,)) for each in others)

    def _fits(self, value: Any, nodes: tuple[Node, ...]) -> bool:
        fitting = Fitting(self._references)
        held = fitting.fits(value, nodes)
        self.steps += fitting.steps // 8
        return held

    def _given(self, schema: Schema, nodes: tuple[Node, ...], variant: int) -> Any:
        """What the document itself gives as an example, a default, a constant."""
        if variant == 0:
            for value in _examples(schema.says):
                if self._usable(value, schema, nodes):
                    return self._without_read_only(value, schema)
        if "const" in schema.says:
            return schema.says["const"] if variant == 0 else CUT
        if schema.enum is None:
            return CUT
        fitting = [each for each in schema.enum[:MAX_ITEMS] if self._usable(each, schema, nodes)]
        return fitting[variant] if variant < len(fitting) else CUT

    def _usable(self, value: Any, schema: Schema, nodes: tuple[Node, ...]) -> bool:
        if value is None or (value in ({}, []) and (schema.properties or schema.items)):
            return False
        self.steps += _weight(value)
        return self.steps <= self._most and self._fits(value, nodes)

    def _without_read_only(self, value: Any, schema: Schema) -> Any:
        if not isinstance(value, dict):
            return value
        hidden = {name for name in value if self._read_only(schema.properties.get(name, []))}
        return {name: each for name, each in value.items() if name not in hidden} if hidden else value

    def _read_only(self, nodes: list[Node]) -> bool:
        return any(
            node.table().get("readOnly") is True or self._references.follow(node).table().get("readOnly") is True
            for node in nodes
        )

    def _by_type(self, schema: Schema, *, lean: bool, depth: int, variant: int) -> Any:
        if schema.enum is not None or "const" in schema.says:
            return CUT  # none of what it may be fits
        match _kind(schema):
            case "object":
                return self._table(schema, lean=lean, depth=depth)
            case "array":
                return self._list(schema, lean=lean, depth=depth)
            case "boolean":
                return variant == 0 if variant < 2 else CUT
            case "null":
                return None
            case "integer" | "number" as kind:
                return self._number(schema, kind, variant)
            case _:
                return self._text(schema, variant)

    def _number(self, schema: Schema, kind: str, variant: int) -> Any:
        try:
            made = sample_number(schema.says, variant, whole=kind == "integer")
        except (OverflowError, ZeroDivisionError):
            made = None
        return CUT if made is None else made

    def _text(self, schema: Schema, variant: int) -> Any:
        made = sample_text(schema.says, variant)
        if made is None and variant == 0:
            self.doubtful = True
            return sample_text({**schema.says, "pattern": None, "format": None}) or "string"
        self.steps += len(made or "") // 50
        return CUT if made is None else made

    def _table(self, schema: Schema, *, lean: bool, depth: int) -> Any:
        table: dict[str, Any] = {}
        for name, nodes in schema.properties.items():
            needed = name in schema.required
            if (lean and not needed) or self._read_only(nodes):
                continue
            value = self.value(tuple(nodes), lean=lean, depth=depth + 1)
            if value is not CUT:
                table[name] = value
            elif needed:
                return CUT
        least, most = schema.says.get("minProperties", 0), schema.says.get("maxProperties", len(table))
        for name in [name for name in table if name not in schema.required]:
            if len(table) > most:
                del table[name]
        missing = [name for name in schema.required if name not in schema.properties]
        missing += [f"additional{number}" for number in range(1, int(min(least, MAX_ITEMS)) + 1)]
        for name in missing:
            if name not in schema.required and len(table) >= least:
                break
            table[name] = self._further(schema, depth)
        return CUT if any(value is CUT for value in table.values()) else table

    def _further(self, schema: Schema, depth: int) -> Any:
        if schema.additional is None or not isinstance(schema.additional.value, dict):
            return "string"
        return self.value((schema.additional,), lean=True, depth=depth + 1)

    def _list(self, schema: Schema, *, lean: bool, depth: int) -> Any:
        least, most = schema.says.get("minItems", 0), schema.says.get("maxItems", MAX_ITEMS)
        if least > MAX_ITEMS or least > most:
            return CUT
        made: list[Any] = []
        for node in schema.prefix[: int(min(most, MAX_ITEMS))]:
            made.append(self.value((node,), lean=lean, depth=depth + 1))
        if CUT in made:
            return CUT if least else []
        wanted = max(int(least), 0 if made or lean else 1)
        varied = schema.says.get("uniqueItems") is True
        while len(made) < min(wanted, most):
            variant = len(made) if varied else 0
            value = self.value(tuple(schema.items), lean=lean, depth=depth + 1, variant=variant)
            if value is CUT:
                return made if len(made) >= least else CUT
            made.append(value)
        return made


def _tagged(option: Node, target: Node, choice: Choice) -> tuple[Node, ...]:
    """An option, and what its discriminator has to say."""
    reference = option.table().get("$ref")
    if not choice.tag or not isinstance(reference, str):
        return (option,)
    name = reference.rpartition("/")[2]
    value = next((key for key, to in choice.mapping.items() if to in (reference, name)), name)
    own = target.table().get("properties")
    said = own.get(choice.tag) if isinstance(own, dict) else None
    if isinstance(said, dict) and ("enum" in said or "const" in said):
        return (option,)
    return option, Node({"properties": {choice.tag: {"enum": [value]}}, "required": [choice.tag]}, option.file)


def _examples(says: dict[str, Any]) -> list[Any]:
    several = says.get("examples")
    found = [says["example"]] if "example" in says else []
    found += several[:MAX_TRIES] if isinstance(several, list) else []
    found += [says[key] for key in ("x-example", "default") if key in says]
    return found


def _kind(schema: Schema) -> str:
    if schema.types is not None:
        return schema.types[0] if schema.types else "null"
    if schema.properties or schema.required or isinstance(getattr(schema.additional, "value", None), dict):
        return "object"
    says = schema.says
    if schema.items or schema.prefix or "minItems" in says:
        return "array"
    if "minProperties" in says:
        return "object"
    return "number" if any(key in says for key in ("minimum", "maximum", "multipleOf")) else "string"


def _weight(value: Any) -> int:
    """How much of a sample's allowance a given value takes."""
    size, waiting = 0, [value]
    while waiting and size <= MAX_STEPS:
        each = waiting.pop()
        size += 1
        if isinstance(each, str):
            size += len(each) // 50
        elif isinstance(each, dict | list):
            waiting.extend(each.values() if isinstance(each, dict) else each)
    return size
