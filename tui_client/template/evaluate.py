"""The values of expressions: variables looked up in a scope, functions applied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

from tui_client.errors import Failure, FailureKind, RequestFailed
from tui_client.model import variables as model
from tui_client.model.effective import Scope
from tui_client.model.values import Value
from tui_client.template.functions import FUNCTIONS, Context, Function
from tui_client.template.parse import Argument, Call, Literal, Segment, Text, Variable, names_in, parse
from tui_client.template.values import text_of

SECRETS_ORIGIN: Final = "secrets"  # the layer whose values are masked
MAX_VARIABLE_DEPTH: Final = 64  # variables inside variables
MAX_INSERTED: Final = 64 * 2**20  # characters that variables may bring into one text


class Result(NamedTuple):
    """A value, whether a secret is in it, and whether the next evaluation gives another."""

    value: Value
    secret: bool = False
    fresh: bool = False


class Evaluator:
    """Gives expressions their values; a variable has one value for as long as this lives.

    place: what failures name as their place. secrets: every secret value met, and what functions made of one.
    """

    def __init__(self, scope: Scope, context: Context) -> None:
        self.scope = scope
        self.context = context
        self.place = ""
        self.secrets: set[str] = set()
        self._known: dict[str, Result] = {}
        self._under_way: list[str] = []

    def text(self, template: str) -> str:
        """A template with the text of every value put in.

        Raises RequestFailed (template.*, variable.*, trust.refused).
        """
        return template if "{{" not in template else str(self._joined(parse(template, self._where())).value)

    def value(self, template: str) -> Result:
        """Like `text`, but a template that is one expression and nothing else keeps the type of its value."""
        if "{{" not in template:
            return Result(template)
        match parse(template, self._where()):
            case (Variable() | Call() as only,):
                return self.evaluate(only)
            case segments:
                return self._joined(segments)

    def evaluate(self, expression: Argument) -> Result:
        """The value of one expression."""
        match expression:
            case Literal(value=value):
                return Result(value)
            case Variable(name=name):
                return self._variable(name)
            case Call():
                return self._call(expression)

    def text_of(self, expression: Variable | Call, result: Result) -> str:
        """A value as text. Raises RequestFailed (template.conversion) where it has none."""
        try:
            return text_of(result.value)
        except ValueError as reason:
            raise self.unconvertible(expression, str(reason)) from None

    def unconvertible(self, expression: Variable | Call, reason: str) -> RequestFailed:
        """The failure that names the variable and where its value comes from."""
        name = next(names_in(expression), None)
        if name is None:
            subject = expression.function if isinstance(expression, Call) else ""
            return self.failed(FailureKind.TEMPLATE_CONVERSION, subject, reason)
        found = self.scope.find(name)
        origin = f" ({found[0]})" if found else ""
        return self.failed(FailureKind.TEMPLATE_CONVERSION, name, f"{reason}{origin}")

    def failed(self, kind: FailureKind, subject: str, detail: str = "") -> RequestFailed:
        """A failure at the place that is being filled."""
        return RequestFailed(Failure(kind, subject, self._where(), detail))

    def _where(self) -> str:
        return f"{self.place}, in {' → '.join(self._under_way)}" if self._under_way else self.place

    def _joined(self, segments: tuple[Segment, ...]) -> Result:
        parts: list[str] = []
        inserted, secret, fresh = 0, False, False
        for segment in segments:
            if isinstance(segment, Text):
                parts.append(segment.value)
                continue
            result = self.evaluate(segment)
            part = self.text_of(segment, result)
            inserted += len(part)
            if inserted > MAX_INSERTED:
                raise self.unconvertible(segment, f"the text grows past {MAX_INSERTED} characters")
            parts.append(part)
            secret, fresh = secret or result.secret, fresh or result.fresh
        return Result("".join(parts), secret, fresh)

    def _variable(self, name: str) -> Result:
        if name in self._known:
            return self._known[name]
        found = self.scope.find(name)
        if found is None:
            raise self.failed(FailureKind.TEMPLATE_UNKNOWN_VARIABLE, name)
        with self._entered(name):
            origin, variable = found
            result = self._valued(name, variable)
        if origin == SECRETS_ORIGIN:
            result = self._kept_secret(result)
        self._known[name] = result
        return result

    @contextmanager
    def _entered(self, name: str) -> Iterator[None]:
        if name in self._under_way:
            loop = [*self._under_way[self._under_way.index(name) :], name]
            raise self.failed(FailureKind.TEMPLATE_LOOP, name, " → ".join(loop))
        if len(self._under_way) >= MAX_VARIABLE_DEPTH:
            raise self.failed(FailureKind.TEMPLATE_LOOP, name, f"more than {MAX_VARIABLE_DEPTH} variables deep")
        self._under_way.append(name)
        try:
            yield
        finally:
            self._under_way.pop()

    def _valued(self, name: str, variable: model.Variable) -> Result:
        match variable:
            case model.Constant(value=str() as text, literal=False):
                return self.value(text)
            case model.Constant(value=value):
                return Result(value)
            case model.Choice(options=(first, *_)):
                return self.value(first) if isinstance(first, str) else Result(first)
            case _:
                raise self._not_fetched(name, variable)

    def _not_fetched(self, name: str, variable: model.Variable) -> RequestFailed:
        match variable:
            case model.FromRequest(key=key):
                return self.failed(FailureKind.VARIABLE_FROM, name, f"{key} was not sent")
            case model.Prompt():
                return self.failed(FailureKind.VARIABLE_PROMPT, name)
            case model.Secret():
                return self.failed(FailureKind.VARIABLE_SECRET, name)
            case model.HostVariable(name=host_name):
                return self.failed(FailureKind.TRUST_REFUSED, f"env:{host_name}", f"the variable {name} needs it")
            case _:
                return self.failed(FailureKind.VARIABLE_OPTIONS, name)

    def _call(self, call: Call) -> Result:
        function = FUNCTIONS.get(call.function)
        if function is None:
            raise self.failed(FailureKind.TEMPLATE_UNKNOWN_FUNCTION, call.function)
        if not function.least <= len(call.args) <= function.most:
            raise self.failed(FailureKind.TEMPLATE_SYNTAX, call.function, f"it is used as {function.usage}")
        args = [self._argument(function, index, argument) for index, argument in enumerate(call.args)]
        secret = any(arg.secret for arg in args)
        try:
            value = function.apply(self.context, *(arg.value for arg in args))
        except (ValueError, OverflowError) as reason:
            # The reason quotes the value.
            raise self.unconvertible(call, "the value does not fit" if secret else f"{reason}") from None
        result = Result(value, secret, function.fresh or any(arg.fresh for arg in args))
        return self._kept_secret(result) if secret else result

    def _argument(self, function: Function, index: int, argument: Argument) -> Result:
        try:
            return self.evaluate(argument)
        except RequestFailed as error:
            forgiven = function.name == "default" and index == 0
            if forgiven and error.failure.kind is FailureKind.TEMPLATE_UNKNOWN_VARIABLE:
                return Result(None)
            raise

    def _kept_secret(self, result: Result) -> Result:
        # "true" would be masked in every reply.
        if not isinstance(result.value, bool) and result.value is not None and result.value != "":
            with suppress(ValueError):
                self.secrets.add(text_of(result.value))
        return result._replace(secret=True)
