"""A request with every template replaced by its value."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus

import msgspec

from tui_client.errors import FailureKind
from tui_client.model.effective import EffectiveRequest, ResolvedRequest, Scope
from tui_client.model.kinds import Auth, Body
from tui_client.model.request import Assertion, Capture, Filter, NameValue
from tui_client.model.values import Value
from tui_client.template.evaluate import Evaluator
from tui_client.template.fields import S, Spot, fill, is_constant, place_of
from tui_client.template.functions import Context
from tui_client.template.jsontext import json_text
from tui_client.template.parse import Variable, variables_in
from tui_client.template.url import BLANKS, Marked, is_absolute, marked, under_base, with_params, with_path
from tui_client.template.values import escaped
from tui_client.text import control_in

BASE_URL: Final = "base_url"
_SHORT: Final = 200  # longer values are not kept


def resolve(request: EffectiveRequest, scope: Scope, context: Context | None = None) -> ResolvedRequest:
    """The request with no template left and its URL absolute; only enabled rows.

    `scope` has the request's own layers below those of the caller; variables that must be fetched have a Constant in an
    upper layer, secrets in the layer of origin "secrets". A variable has one value throughout, also if it holds uuid().
    Raises RequestFailed (template.*, variable.*, trust.refused, url.invalid, header.invalid).
    """
    return _Resolver(request, Evaluator(scope, context or Context())).resolved()


class _Resolver:
    def __init__(self, request: EffectiveRequest, evaluator: Evaluator) -> None:
        self.request = request
        self.evaluator = evaluator
        self.secret_fields: set[str] = set()

    def resolved(self) -> ResolvedRequest:
        request = self.request
        url, headers = self._url(), self._headers()
        body, auth = self._body(request.body), self._auth(request.auth)
        return ResolvedRequest(
            key=request.key,
            method=self._method(),
            url=url,
            headers=headers,
            body=body,
            auth=auth,
            options=self._filled(request.options, place_of(request.key, "options")),
            captures=tuple(map(self._capture, request.captures)),
            asserts=tuple(self._assertion(i, a) for i, a in enumerate(request.asserts) if a.enabled),
            secrets=_with_forms(self.evaluator.secrets | self.secret_fields | _derived(auth)),
        )

    def _at(self, path: str) -> Evaluator:
        self.evaluator.place = place_of(self.request.key, path)
        return self.evaluator

    def _text(self, path: str, template: str) -> str:
        return self._at(path).text(template)

    def _method(self) -> str:
        text = self._text("method", self.request.method)
        self._refuse_controls(text, FailureKind.METHOD_INVALID, self.request.method, self.request.method)
        return text

    def _url(self) -> str:
        text = self._text("url", self.request.url).strip(BLANKS)
        url = marked(text) if is_absolute(text) else _below(self._base(), text)
        url = with_path(url, self._path_values())
        url = with_params(url, [self._param(row) for row in self.request.params if row.enabled])
        self._at("url")
        written = self.request.url if is_absolute(text) else f"{{{{{BASE_URL}}}}}{self.request.url}"
        self._refuse_controls(url.text, FailureKind.URL_INVALID, url.text, written)
        return url.text

    def _base(self) -> str:
        evaluator = self._at("url")
        variable = Variable(BASE_URL)
        base = evaluator.text_of(variable, evaluator.evaluate(variable)).strip(BLANKS)
        if not base:
            raise evaluator.failed(FailureKind.TEMPLATE_UNKNOWN_VARIABLE, BASE_URL)
        if not is_absolute(base):
            raise evaluator.failed(FailureKind.URL_INVALID, base, "base_url does not begin with http:// or https://")
        return base

    def _path_values(self) -> dict[str, Marked]:
        return {row.name: self._encoded(f"path.{row.name}", row.value) for row in self.request.path if row.enabled}

    def _param(self, row: NameValue) -> tuple[Marked, Marked]:
        path = f"params.{row.name}"
        return self._encoded(path, row.name), self._encoded(path, row.value)

    def _encoded(self, path: str, template: str) -> Marked:
        text = self._text(path, template)
        try:
            return _quoted(text) if len(text) < _SHORT else marked(quote(text, safe=""))
        except UnicodeEncodeError:
            raise self.evaluator.failed(FailureKind.URL_INVALID, path, "a value is not valid Unicode") from None

    def _headers(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._header(row) for row in self.request.headers if row.enabled)

    def _header(self, row: NameValue) -> tuple[str, str]:
        path = f"headers.{row.name}"
        name, value = self._text(path, row.name), self._text(path, row.value)
        for text, template in ((name, row.name), (value, row.value)):
            self._refuse_controls(text, FailureKind.HEADER_INVALID, row.name, template)
        return name, value

    def _refuse_controls(self, text: str, kind: FailureKind, subject: str, template: str) -> None:
        """CR, LF and NUL would end the line they stand in; the variable that brings one is named."""
        found = control_in(text)
        if not found:
            return
        bringers = [name for name in variables_in(template) if self._brings(name)]
        raise self.evaluator.failed(kind, subject, f"{bringers[0]} brings {found}" if bringers else f"it has {found}")

    def _brings(self, name: str) -> bool:
        text = self.evaluator.text(f"{{{{default({name}, '')}}}}")
        return bool(control_in(text))

    def _put(self, spot: Spot, template: str) -> str:
        self.evaluator.place = spot.path
        text = json_text(template, self.evaluator) if spot.mode == "json" else self.evaluator.text(template)
        if spot.secret and text:
            self.secret_fields.add(text)
        return text

    def _put_in_body(self, spot: Spot, template: str) -> str:
        text = self._put(spot, template)
        if spot.line:
            self._refuse_controls(text, FailureKind.BODY_INVALID, _field_of(spot), template)
        return text

    def _put_in_auth(self, spot: Spot, template: str) -> str:
        text = self._put(spot, template)
        self._refuse_controls(text, FailureKind.HEADER_INVALID, _field_of(spot), template)
        return text

    def _filled(self, struct: S, path: str) -> S:
        # Once a step of a replay, for every assert: most have no template.
        return struct if is_constant(struct) else fill(struct, path, self._put)

    def _body(self, body: Body | None) -> Body | None:
        return None if body is None else fill(body, place_of(self.request.key, "body"), self._put_in_body)

    def _auth(self, auth: Auth | None) -> Auth | None:
        origin = self.request.auth_origin or self.request.key
        return None if auth is None else fill(auth, place_of(origin, "auth"), self._put_in_auth)

    def _capture(self, capture: Capture) -> Capture:
        path = place_of(self.request.key, f"capture.{capture.name}")
        return msgspec.structs.replace(
            capture,
            query=self._filled(capture.query, path),
            filters=tuple(self._filter(path, each) for each in capture.filters),
        )

    def _assertion(self, index: int, assertion: Assertion) -> Assertion:
        path = place_of(self.request.key, f"assert[{index}]")
        return msgspec.structs.replace(
            assertion,
            query=self._filled(assertion.query, path),
            filters=tuple(self._filter(path, each) for each in assertion.filters),
            value=self._typed(f"{path}.value", assertion.value),
        )

    def _filter(self, path: str, each: Filter) -> Filter:
        spot = Spot(f"{path}.filters")
        args = tuple(self._put(spot, arg) if isinstance(arg, str) else arg for arg in each.args)
        return Filter(each.name, args)

    def _typed(self, path: str, value: Value) -> Value:
        """An expected value: a text that is one expression keeps its type; texts in lists and tables are filled too."""
        self.evaluator.place = path
        match value:
            case str():
                return self.evaluator.value(value).value
            case list():
                return [self._typed(path, each) for each in value]
            case dict():
                return {name: self._typed(path, each) for name, each in value.items()}
            case _:
                return value


# The same for every step of a replay, but for what a data row brings.
@lru_cache(maxsize=256)
def _below(base: str, url: str) -> Marked:
    return under_base(marked(base), marked(url))


@lru_cache(maxsize=1024)
def _quoted(text: str) -> Marked:
    return marked(quote(text, safe=""))


def _field_of(spot: Spot) -> str:
    """What a failure calls it: "auth.token"."""
    return spot.path.rpartition("$.")[2]


def _derived(auth: Auth | None) -> set[str]:
    return set() if auth is None else set(auth.derived_secrets())


def _with_forms(secrets: set[str]) -> frozenset[str]:
    """Each secret as it is, and as it looks in a URL, in a form and in JSON."""
    forms: set[str] = set()
    for secret in secrets - {""}:
        raw = secret.encode("utf-8", "surrogatepass")
        forms |= {secret, quote(raw, safe=""), quote_plus(raw), escaped(secret)}
    return frozenset(forms)
