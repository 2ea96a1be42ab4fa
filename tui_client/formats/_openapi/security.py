"""Security as our auth: the first alternative that can be had, its secrets as variables; the rest reported."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from tui_client.formats._found import Report
from tui_client.formats._openapi.names import Names
from tui_client.formats._openapi.references import Node, References, shown
from tui_client.formats._openapi.words import text_in
from tui_client.formats._templates import literal, variable
from tui_client.kinds.auth.api_key import ApiKey
from tui_client.kinds.auth.basic import Basic
from tui_client.kinds.auth.bearer import Bearer
from tui_client.kinds.auth.digest import Digest
from tui_client.kinds.auth.none import NoAuth
from tui_client.kinds.auth.oauth2 import OAuth2
from tui_client.model.kinds import Auth
from tui_client.model.request import NameValue
from tui_client.model.variables import Constant, Secret

_NOT_HERE: Final = "there is no such auth here"


class Secured(msgspec.Struct, frozen=True):
    """What a list of requirements became. auth None: none of it can be had. The rows go with it."""

    auth: Auth | None = None
    params: tuple[NameValue, ...] = ()
    headers: tuple[NameValue, ...] = ()


class Security:
    """Reads requirements; each scheme, and each list of requirements, is reported once."""

    def __init__(self, schemes: Node, base_url: str, references: References, names: Names, report: Report) -> None:
        self._schemes = schemes
        self._base_url = base_url
        self._references = references
        self._names = names
        self._report = report
        self._told: set[tuple[str, str]] = set()
        self._read: dict[int, Secured] = {}

    def of(self, requirements: Any) -> Secured | None:
        """What a list of the document requires; None where nothing is said."""
        if not isinstance(requirements, list):
            return None
        if id(requirements) not in self._read:
            made = self._secured([each for each in requirements[:50] if isinstance(each, dict)])
            self._read[id(requirements)] = made
        return self._read[id(requirements)]

    def _secured(self, alternatives: list[dict[str, Any]]) -> Secured:
        real = [each for each in alternatives if each]
        if not real:
            return Secured(NoAuth())
        if len(real) < len(alternatives):
            self._tell("security", "security: optional", "it is sent all the same; an auth of kind none leaves it out")
        chosen = None
        for each in real:
            made = self._together(each)
            if chosen is None and made is not None:
                chosen = made
            elif made is not None:
                self._tell("security", f"security: or {_named(each)}", "only the first that can be had is taken")
        return chosen or Secured()

    def _together(self, requirement: dict[str, Any]) -> Secured | None:
        """All schemes of one alternative; None if one of them can't be had."""
        made = [(name, self._scheme(str(name), scopes)) for name, scopes in list(requirement.items())[:20]]
        auths = [(name, auth) for name, auth in made if auth is not None]
        if not auths:
            return None
        if len(auths) < len(made):
            lost = ", ".join(shown(name) for name, auth in made if auth is None)
            self._tell("security", f"security: {_named(requirement)}", f"{lost} can't be had; the rest is sent alone")
        auths.sort(key=lambda pair: isinstance(pair[1], ApiKey))
        params: list[NameValue] = []
        headers: list[NameValue] = []
        for name, auth in auths[1:]:
            match auth:
                case ApiKey(place="query"):
                    params.append(NameValue(auth.name, auth.value))
                case ApiKey(place="cookie"):
                    headers.append(NameValue("Cookie", f"{auth.name}={auth.value}"))
                case ApiKey():
                    headers.append(NameValue(auth.name, auth.value))
                case _:
                    self._tell("security", f"security: and {shown(name)}", "a request has one auth", dropped=True)
        return Secured(auths[0][1], tuple(params), tuple(headers))

    def _scheme(self, name: str, scopes: Any) -> Auth | None:
        scheme = self._references.child(self._schemes, name).table()
        kind = text_in(scheme, "type").lower()
        asked = " ".join(each for each in scopes if isinstance(each, str)) if isinstance(scopes, list) else ""
        match kind:
            case "apikey":
                return self._api_key(name, scheme)
            case "http" | "basic":
                return self._http(name, text_in(scheme, "scheme").lower() if kind == "http" else kind)
            case "oauth2":
                return self._oauth2(name, scheme, literal(asked))
            case "openidconnect":
                self._tell(_at(name), "openIdConnect", "its token goes into a variable; there is no browser here")
                return self._bearer(name)
            case "mutualtls":
                self._tell(_at(name), "mutualTLS", "a certificate is set with client_cert in [options]", dropped=True)
            case _:
                why = _NOT_HERE if scheme else "no such scheme is described"
                self._tell(_at(name), f"auth: {shown(kind or name)}", why, dropped=True)
        return None

    def _http(self, name: str, scheme: str) -> Auth | None:
        match scheme:
            case "basic":
                return Basic(self._open("username", name), self._secret("password", name))
            case "digest":
                return Digest(self._open("username", name), self._secret("password", name))
            case "bearer":
                return self._bearer(name)
            case _:
                self._tell(_at(name), f"auth: http {shown(scheme)}", _NOT_HERE, dropped=True)
                return None

    def _bearer(self, name: str) -> Auth:
        return Bearer(self._secret("token", name))

    def _api_key(self, name: str, scheme: dict[str, Any]) -> Auth | None:
        place, key = scheme.get("in"), text_in(scheme, "name")
        if place not in ("header", "query", "cookie") or not key:
            why = "it says neither a name nor a place that is known"
            self._tell(_at(name), "auth: apiKey", why, dropped=True)
            return None
        return ApiKey(literal(key), self._secret("api_key", name), place)

    def _oauth2(self, name: str, scheme: dict[str, Any], scope: str) -> Auth:
        flows = _flows(scheme)
        application, password = flows.get("clientCredentials"), flows.get("password")
        chosen = "clientCredentials" if application else "password" if password else ""
        for flow in flows:
            if flow != chosen:
                why = f"{chosen} is taken" if chosen else "its token goes into a variable; there is no browser here"
                self._tell(_at(name), f"oauth2 flow {shown(flow)}", why)
        flow_said = application or password
        if flow_said is None:
            return self._bearer(name)
        client_id, secret = self._open("client_id", name), self._secret("client_secret", name)
        token_url = self._url(text_in(flow_said, "tokenUrl"))
        if application:
            return OAuth2("client_credentials", token_url, client_id, secret, scope=scope)
        user, word = self._open("username", name), self._secret("password", name)
        return OAuth2("password", token_url, client_id, secret, user, word, scope=scope)

    def _url(self, url: str) -> str:
        if "://" in url or not url:
            return literal(url)
        if "{{" in self._base_url:
            return "{{base_url}}" + literal(url if url.startswith("/") else f"/{url}")
        try:
            return literal(urljoin(f"{self._base_url}/", url))
        except ValueError:
            return literal(url)

    def _secret(self, name: str, scheme: str) -> str:
        return variable(self._names.claim(name, scheme, Secret()))

    def _open(self, name: str, scheme: str) -> str:
        return variable(self._names.claim(name, scheme, Constant("")))

    def _tell(self, origin: str, construct: str, why: str, *, dropped: bool = False) -> None:
        if (construct, origin) not in self._told:
            self._told.add((construct, origin))
            (self._report.dropped if dropped else self._report.approximated)(origin, construct, why)


def _at(name: str) -> str:
    return f"security scheme {shown(name)}"


def _named(requirement: dict[str, Any]) -> str:
    return " and ".join(shown(name) for name in list(requirement)[:20])


def _flows(scheme: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The flows of a scheme; Swagger 2 has one, and other names for some."""
    flows = scheme.get("flows")
    if isinstance(flows, dict):
        return {str(name): flow for name, flow in flows.items() if isinstance(flow, dict)}
    old = text_in(scheme, "flow")
    renamed = {"application": "clientCredentials", "accessCode": "authorizationCode"}
    return {renamed.get(old, old): scheme} if old else {}
